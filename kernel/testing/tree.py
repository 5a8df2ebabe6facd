"""A made-up tree of units with the numbering of the real one, and callers in it: officials, applicants, the public."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from kernel.context import EVERYTHING, NOTHING, Actor, Scope
from kernel.ids import new_id

GAP = 1000
"""Units are numbered in pre-order with gaps of this size."""
FOUNDED = date(2000, 1, 1)

Place = tuple[str, str, str | None]
"""Key, level, key of the parent. Parents stand before their children, whole subtrees together (pre-order)."""

FIVE_LEVELS: Sequence[Place] = (
    ("region", "region", None),
    ("league", "league", "region"),
    ("county", "county", "league"),
    ("township", "township", "county"),
    ("community", "community", "township"),
    ("other_community", "community", "township"),
    ("other_township", "township", "county"),
    ("sibling_county", "county", "league"),
    ("sibling_township", "township", "sibling_county"),
    ("sibling_community", "community", "sibling_township"),
    ("other_league", "league", "region"),
)
"""Region to community, with a sibling at each level to prove that it sees nothing."""

THREE_LEVELS: Sequence[Place] = (
    ("league", "league", None),
    ("township", "township", "league"),
    ("community", "community", "township"),
    ("other_community", "community", "township"),
    ("sibling_township", "township", "league"),
    ("sibling_community", "community", "sibling_township"),
    ("direct_community", "community", "league"),
)
"""Division-city, regiments and communities without a county, one community right under the division-city (SH)."""


@dataclass(frozen=True, slots=True)
class TestUnit:
    """A unit as the read model keeps it."""

    __test__ = False

    key: str
    id: UUID
    unit_no: int
    last_no: int
    level: str
    code: str
    parent_id: UUID | None

    @property
    def title(self) -> str:
        """A made-up name."""
        return f"测试{self.key}"


def numbered(places: Sequence[Place]) -> dict[str, TestUnit]:
    """The units by key, numbered in pre-order; `last_no` ends each subtree."""
    ids = {key: new_id() for key, _, _ in places}
    parents = {key: parent for key, _, parent in places}
    last = dict.fromkeys(ids, 0)
    for index, (key, _, _) in enumerate(places):
        above: str | None = key
        while above is not None:
            last[above] = (index + 2) * GAP - 1
            above = parents[above]
    return {
        key: TestUnit(
            key,
            ids[key],
            (index + 1) * GAP,
            last[key],
            level,
            f"99{index:04d}",
            ids[parent] if parent else None,
        )
        for index, (key, level, parent) in enumerate(places)
    }


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a test calls as: the actor, and how far it sees."""

    actor: Actor
    scope: Scope
    client_grants: tuple[str, ...] = ()


PUBLIC = Caller(Actor("public"), NOTHING)
SYSTEM = Caller(Actor("system"), EVERYTHING)


def person(person_id: UUID | None = None) -> Caller:
    """A signed-in applicant or worker; a new one unless named."""
    made = person_id or new_id()
    return Caller(Actor("person", user=made, person=made), NOTHING)


def official(
    unit: TestUnit,
    department: str,
    duty: str = "handler",
    *,
    post: UUID | None = None,
    user: UUID | None = None,
) -> Caller:
    """An official in a post of that unit; sees the unit's subtree."""
    actor = Actor(
        "official",
        user=user or new_id(),
        post=post or new_id(),
        unit_no=unit.unit_no,
        department_kind=department,
        level=unit.level,
        duty=duty,
    )
    return Caller(actor, Scope(unit.unit_no, unit.last_no))


@dataclass(slots=True)
class Tree:
    """The units of one made-up tenant by key."""

    units: Mapping[str, TestUnit] = field(default_factory=lambda: numbered(FIVE_LEVELS))

    def __getitem__(self, key: str) -> TestUnit:
        return self.units[key]

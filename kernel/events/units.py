"""News told before a reorganisation and applied after it: its numbers of units are brought up to date at the door.

By the read model's table of old numbers, in the transaction that applies the event. News of the tree itself is left
as it is: it says what the tree was. So is an audit entry: it says where somebody stood when he acted, and is chained
as it was written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from kernel.events.audit import AUDIT
from kernel.events.envelope import Envelope
from kernel.events.event import Event

Renewed = Sequence[str]
"""Whether a number or a unit, which it was, which it is now."""
TREE = "gateway"
"""The publisher of the tree of units."""


def renewed(first: int) -> str:
    """The query for those of `Named.values` that are others now; they are its parameters from $first on.
    `Named.renewed` takes the rows."""
    return (
        "select 'number' as what, old_no::text as was, unit_no::text as now from k_org_number"  # noqa: S608 - numbers
        f" where old_no = any(${first}::integer[])"
        " union all select 'unit', id::text, successor_id::text from k_org_unit"
        f" where id = any(${first + 1}::uuid[]) and successor_id is not null"
    )


@dataclass(frozen=True, slots=True)
class Named:
    """The units that an event names, by the names of its members."""

    about: UUID
    numbers: dict[str, int]
    units: dict[str, object]
    others: set[str]
    """The ids among `units` but for the one that the event is about."""

    def __bool__(self) -> bool:
        return bool(self.numbers or self.others)

    @property
    def values(self) -> tuple[list[int], list[UUID]]:
        """The parameters of `renewed`."""
        return list(self.numbers.values()), [UUID(each) for each in self.others]

    def renewed(self, data: Event, rows: Sequence[Renewed]) -> Event:
        """The event with present numbers, and with the successors of units that were merged meanwhile.

        What happened to a unit itself (it is the event's aggregate) keeps that unit.
        """
        if not rows:
            return data
        number_now = {int(was): int(now) for what, was, now in rows if what == "number"}
        unit_now = {was: now for what, was, now in rows if what == "unit"}
        changes: dict[str, object] = {
            name: number_now[value]
            for name, value in self.numbers.items()
            if value in number_now and str(self.about) not in unit_now
        }
        for name, value in self.units.items():
            if isinstance(value, list):
                changes[name] = [unit_now.get(each, each) for each in value]
            elif value in unit_now:
                changes[name] = unit_now[value]
        return msgspec.structs.replace(data, **changes)


def named(envelope: Envelope, data: Event) -> Named:
    """The units to bring up to date; none in news of the tree and in audit entries."""
    about = envelope.aggregate_id
    if envelope.source == TREE or envelope.aggregate_type == AUDIT:
        return Named(about, {}, {}, set())
    numbers = {name: value for name in data.__struct_fields__ if isinstance(value := getattr(data, name), int)}
    numbers = {name: value for name, value in numbers.items() if name == "unit_no" or name.endswith("_unit_no")}
    units = {name: getattr(data, name) for name in data.__struct_fields__ if _names_units(name)}
    others = {each for value in units.values() for each in _listed(value) if each != str(about)}
    return Named(about, numbers, units, others)


def _names_units(name: str) -> bool:
    return name in ("unit_id", "unit_ids") or name.endswith("_unit_id")


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [each for each in value if isinstance(each, str)]
    return [value] if isinstance(value, str) else []

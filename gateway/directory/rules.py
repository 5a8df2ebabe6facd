"""Pure decisions of the directory: numbering of the tree, separation of the three administrators (三员分立)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

GAP = 1_000
"""Numbers left behind each unit, so that a new one finds room without renumbering its neighbours."""

ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})


def number(parents: Mapping[str, str | None]) -> dict[str, tuple[int, int]]:
    """Number a forest in pre-order with gaps: key → (unit_no, last_no).

    `parents` maps each unit to its parent, None for a root; siblings keep the order of the mapping. A unit's
    subtree is exactly the units whose number lies in its range. Raises ValueError for an unknown parent or a cycle.
    """
    children: dict[str | None, list[str]] = {}
    for unit, parent in parents.items():
        if parent is not None and parent not in parents:
            raise ValueError(f"unit {unit} names the unknown parent {parent}")
        children.setdefault(parent, []).append(unit)
    numbered: dict[str, tuple[int, int]] = {}
    opened: dict[str, int] = {}
    following = GAP
    stack: list[tuple[str, bool]] = [(unit, False) for unit in reversed(children.get(None, ()))]
    while stack:
        unit, closing = stack.pop()
        if closing:
            numbered[unit] = (opened[unit], following - 1)
            continue
        opened[unit] = following
        following += GAP
        stack.append((unit, True))
        stack.extend((child, False) for child in reversed(children.get(unit, ())))
    if len(numbered) != len(parents):
        raise ValueError("the units form a cycle")
    return numbered


def mixes_administrators(kinds: Iterable[str]) -> bool:
    """Whether one user would hold two of the three administrators' departments, or one beside other posts."""
    held = set(kinds)
    return bool(held & ADMINISTRATORS) and len(held) > 1


def within(inner: tuple[date | None, date | None], outer: tuple[date | None, date | None]) -> bool:
    """Whether a half-open period lies in another; None is open on that side."""
    starts = outer[0] is None or (inner[0] is not None and inner[0] >= outer[0])
    ends = outer[1] is None or (inner[1] is not None and inner[1] <= outer[1])
    return starts and ends


def meet(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Whether two half-open periods have a day in common; None is open on that side, and an empty one has no day."""

    def before(end: date | None, start: date | None) -> bool:
        return end is not None and start is not None and end <= start

    empty = before(one[1], one[0]) or before(other[1], other[0])
    return not (empty or before(one[1], other[0]) or before(other[1], one[0]))


def by_parent_first(units: Sequence[tuple[str, str | None]]) -> list[str]:
    """The units in an order in which every parent comes before its children (for inserting)."""
    known = dict(units)
    return sorted(known, key=lambda key: _depth(key, known))


def _depth(key: str, parents: Mapping[str, str | None]) -> int:
    depth, parent = 0, parents[key]
    while parent is not None:
        depth, parent = depth + 1, parents[parent]
    return depth

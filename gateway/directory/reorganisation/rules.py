"""Pure decisions on the tree: where a subtree is numbered, which level lies under which, what a code looks like.

Numbers are in pre-order with gaps; a number that was given once is never given to another unit. So a scope that is
older or newer than the rows it meets shows fewer of them, never another unit's.
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from gateway.directory.rules import GAP

K = TypeVar("K", bound=Hashable)
Range = tuple[int, int]
"""First and last number of a unit's subtree."""

LIMIT = 2**31 - 2
"""The scope of everything ends there (PostgreSQL's integer)."""
SPARE = 8
"""A subtree takes at most this part of the room it is put into, so that others find room after it."""
ENOUGH = 16
"""Numbers per unit below which a subtree is put behind all others rather than squeezed in, where that is possible."""

CODE = re.compile(r"\d{6}|\d{12}")
"""GB/T 2260 down to the county; the twelve digits of the statistical code for townships and communities."""


class TreeFull(ValueError):
    """There is no number left."""


def place(parents: Mapping[K, K | None], ranges: Mapping[K, Range], retired: Sequence[Range], top: K) -> dict[K, Range]:
    """Number the subtree of `top` anew under its parent: the ranges that change, by unit.

    parents: of all units as they will be; ranges: of all that have numbers; retired: ranges that were given once.
    Only the subtree gets new numbers; units above it may reach farther than before. Where its parent has no room and
    does not end the numbering, the parent's whole subtree is numbered anew in the same way. Raises `TreeFull`.
    """
    children = _children(parents)
    end = max((last for _, last in (*ranges.values(), *retired)), default=GAP - 1)
    while True:
        moved = _preorder(children, top)
        size = len(moved)
        parent = parents[top]
        if parent is None:
            return _number(children, top, end + 1, GAP)
        # What the subtree has now is not free either: it is given up, and what is given up is not given again.
        taken = [ranges[each] for each in (*children[parent], *moved) if each in ranges]
        taken.extend((*retired, (ranges[parent][0], ranges[parent][0])))
        start, room = _widest(ranges[parent], taken)
        gap = min(GAP, max(room // (SPARE * size), 1))
        if room >= size and gap >= ENOUGH:
            return _number(children, top, start, gap)
        if ranges[parent][1] == end:
            return _number(children, top, end + 1, GAP) | _widened(parents, ranges, parent, end + size * GAP)
        if room >= size:
            return _number(children, top, start, gap)
        top = parent


def _children(parents: Mapping[K, K | None]) -> dict[K | None, list[K]]:
    children: dict[K | None, list[K]] = {}
    for unit, parent in parents.items():
        children.setdefault(parent, []).append(unit)
    return children


def _preorder(children: Mapping[K | None, Sequence[K]], top: K) -> list[K]:
    found: list[K] = []
    waiting = [top]
    while waiting:
        unit = waiting.pop()
        found.append(unit)
        waiting.extend(reversed(children.get(unit, ())))
    return found


def subtree(parents: Mapping[K, K | None], top: K) -> list[K]:
    """The unit and all below it, parents first."""
    return _preorder(_children(parents), top)


def _number(children: Mapping[K | None, Sequence[K]], top: K, start: int, gap: int) -> dict[K, Range]:
    order = _preorder(children, top)
    if start + len(order) * gap - 1 > LIMIT:
        raise TreeFull("the numbers of units are used up")
    sizes: dict[K, int] = {}
    for unit in reversed(order):
        sizes[unit] = 1 + sum(sizes[child] for child in children.get(unit, ()))
    return {unit: (start + index * gap, start + (index + sizes[unit]) * gap - 1) for index, unit in enumerate(order)}


def _widened(parents: Mapping[K, K | None], ranges: Mapping[K, Range], unit: K | None, last: int) -> dict[K, Range]:
    """The units above what was put behind everything: they reach as far. Each of them ended the numbering before."""
    found: dict[K, Range] = {}
    while unit is not None:
        found[unit] = (ranges[unit][0], last)
        unit = parents[unit]
    return found


def _widest(within: Range, taken: Sequence[Range]) -> Range:
    """Start and length of the longest run of free numbers in a range."""
    best, following = (within[0], 0), within[0]
    for first, last in sorted(taken):
        if last < following or first > within[1]:
            continue
        best = max(best, (following, first - following), key=lambda run: run[1])
        following = last + 1
    return max(best, (following, within[1] - following + 1), key=lambda run: run[1])


def lies_under(levels: Sequence[str], level: str, above: str) -> bool:
    """Whether a unit of a level may lie right under one of another; `levels` are the regulation's, from the top."""
    return level in levels and above in levels and levels.index(level) > levels.index(above)


def is_code(code: str) -> bool:
    """Whether it is written as GB/T 2260 or the statistical code has it."""
    return CODE.fullmatch(code) is not None


class Numbering(Generic[K]):
    """The numbers of one tree while it is changed: what was, what is, and what must not be given again.

    parents: under which unit each is numbered (its parent; the successor of a merged unit).
    """

    def __init__(self, parents: Mapping[K, K | None], ranges: Mapping[K, Range], retired: Sequence[Range] = ()) -> None:
        self.parents: dict[K, K | None] = dict(parents)
        self.ranges: dict[K, Range] = dict(ranges)
        self.before: dict[K, Range] = dict(ranges)
        self._retired = list(retired)

    def put(self, unit: K, parent: K | None) -> None:
        """Number a unit, new or with all that lies below it, under a parent."""
        self.parents[unit] = parent
        for each, found in place(self.parents, self.ranges, self._retired, unit).items():
            known = self.ranges.get(each)
            if known is not None and known[0] != found[0]:
                self._retired.append(known)
            self.ranges[each] = found

    def renumbered(self) -> list[K]:
        """The units that had a number and have another one."""
        return [unit for unit, was in self.before.items() if self.ranges[unit][0] != was[0]]

    def widened(self) -> list[K]:
        """The units that kept their number and reach farther."""
        return [
            unit
            for unit, was in self.before.items()
            if self.ranges[unit][0] == was[0] and self.ranges[unit][1] != was[1]
        ]

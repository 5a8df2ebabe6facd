"""Numbers of the tree after any sequence of changes, and what may lie under what (T2)."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.directory.reorganisation.rules import (
    LIMIT,
    Numbering,
    Range,
    TreeFull,
    is_code,
    lies_under,
    place,
    subtree,
)
from gateway.directory.rules import GAP, number

LEVELS = ("region", "league", "county", "township", "community")


class Town:
    """A tree under change, and every range that each unit ever had."""

    def __init__(self, parents: dict[int, int | None]) -> None:
        self.parents = parents
        self.ranges: dict[int, Range] = number_of(parents)
        self.retired: list[Range] = []
        self.given: dict[int, int] = {lo: unit for unit, (lo, _) in self.ranges.items()}

    def begin(self) -> Numbering[int]:
        return Numbering(self.parents, self.ranges, self.retired)

    def end(self, work: Numbering[int]) -> None:
        self.retired.extend(work.before[unit] for unit in work.renumbered())
        self.parents, self.ranges = work.parents, work.ranges
        for unit, (lo, _) in self.ranges.items():
            assert self.given.setdefault(lo, unit) == unit, "a number was given to another unit"

    def check(self) -> None:
        for unit, (lo, hi) in self.ranges.items():
            assert lo <= hi
            inside = {each for each, (no, _) in self.ranges.items() if lo <= no <= hi}
            assert inside == set(subtree(self.parents, unit)), "a range holds the subtree and nothing else"
        for lo, _ in self.ranges.values():
            assert not any(first <= lo <= last for first, last in self.retired), "a retired number came back"


def number_of(parents: dict[int, int | None]) -> dict[int, Range]:
    named = {str(unit): None if parent is None else str(parent) for unit, parent in parents.items()}
    return {int(unit): found for unit, found in number(named).items()}


def change(town: Town, rng: Random, fresh: int) -> None:
    """One act: a new unit, a move, a merger with all that lies below, or a split."""
    work = town.begin()
    units = list(work.parents)
    unit, other = rng.choice(units), rng.choice(units)
    what = rng.choice(("make", "move", "merge", "split"))
    if what == "make" or work.parents[unit] is None:
        work.put(fresh, other)
    elif what == "split":
        work.put(fresh, work.parents[unit])
        for child in [each for each in units if work.parents[each] == unit][:2]:
            work.put(child, fresh)
    elif other not in subtree(work.parents, unit):
        if what == "merge":
            for child in [each for each in units if work.parents[each] == unit]:
                work.put(child, other)
        work.put(unit, other)
    town.end(work)


@settings(max_examples=60, deadline=None)
@given(rng=st.randoms(use_true_random=False), size=st.integers(2, 25), roots=st.integers(1, 2), acts=st.integers(1, 25))
def test_after_any_changes_a_range_holds_exactly_the_subtree_and_no_number_comes_back(
    rng: Random, size: int, roots: int, acts: int
) -> None:
    town = Town({unit: None if unit < roots else rng.randrange(unit) for unit in range(size)})
    town.check()
    for act in range(acts):
        change(town, rng, 1_000 + act)
        town.check()


@settings(max_examples=20, deadline=None)
@given(rng=st.randoms(use_true_random=False))
def test_many_units_under_one_parent_find_room(rng: Random) -> None:
    """More than fit between two numbers: the parent is numbered anew with them."""
    town = Town({0: None, 1: 0, 2: 1, 3: 0})
    for act in range(60):
        work = town.begin()
        work.put(100 + act, rng.choice((1, 2)))
        town.end(work)
    town.check()


def test_a_move_renumbers_the_moved_subtree_alone() -> None:
    parents: dict[int, int | None] = {0: None, 1: 0, 2: 1, 3: 2, 4: 2, 5: 0, 6: 5}
    ranges = number_of(parents)
    work = Numbering(parents, ranges)
    work.put(2, 5)
    assert set(work.renumbered()) == {2, 3, 4}
    assert work.widened() == []
    lo, hi = work.ranges[5]
    assert all(lo < work.ranges[unit][0] <= hi for unit in (2, 3, 4))
    # The county it left keeps its range; nobody is given what became free in it.
    work.put(7, 1)
    assert not ranges[2][0] <= work.ranges[7][0] <= ranges[2][1]


def test_numbers_end_where_the_scope_of_everything_ends() -> None:
    parents: dict[int, int | None] = {0: None, 1: 0}
    with pytest.raises(TreeFull):
        place(parents, {0: (LIMIT - 1, LIMIT)}, [(LIMIT, LIMIT)], 1)
    # The last full gap can be given.
    assert place(parents, {0: (LIMIT - GAP, LIMIT - GAP)}, [], 1)[1] == (LIMIT - GAP + 1, LIMIT)


def test_gaps_of_a_new_tree_are_as_wide_as_they_were() -> None:
    ranges = number_of({0: None, 1: 0, 2: 0})
    assert [second - first for first, second in pairwise(sorted(lo for lo, _ in ranges.values()))] == [GAP, GAP]


@pytest.mark.parametrize(
    ("level", "above", "allowed"),
    [
        ("community", "township", True),
        ("community", "league", True),
        ("township", "township", False),
        ("county", "township", False),
        ("village", "township", False),
        ("community", "village", False),
    ],
)
def test_a_level_lies_under_one_above_it(level: str, above: str, allowed: bool) -> None:
    assert lies_under(LEVELS, level, above) is allowed


@pytest.mark.parametrize(
    ("code", "good"),
    [("150102", True), ("150102091091", True), ("15010", False), ("1501020", False), ("15010A", False), ("", False)],
)
def test_codes_are_of_six_or_twelve_digits(code: str, good: bool) -> None:
    assert is_code(code) is good

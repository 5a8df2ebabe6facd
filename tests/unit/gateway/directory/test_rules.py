"""Numbering of the tree: ranges nest exactly as the tree does; the three administrators stay apart (T2, T3)."""

import itertools
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.directory.rules import ADMINISTRATORS, GAP, by_parent_first, mixes_administrators, number

Forest = Mapping[str, str | None]


@st.composite
def forests(draw: st.DrawFn) -> Forest:
    """Units in any order, each under a root or under another unit, without a circle."""
    count = draw(st.integers(0, 40))
    parents: dict[str, str | None] = {}
    for place in range(count):
        above = draw(st.integers(-1, place - 1))
        parents[f"u{place}"] = None if above < 0 else f"u{above}"
    order = draw(st.permutations(list(parents)))
    return {unit: parents[unit] for unit in order}


def ancestors(parents: Forest, unit: str) -> set[str]:
    """The unit and all above it."""
    found = {unit}
    above = parents[unit]
    while above is not None:
        found.add(above)
        above = parents[above]
    return found


@given(forests())
def test_a_unit_lies_in_the_range_of_another_exactly_when_it_is_below_it(parents: Forest) -> None:
    numbers = number(parents)
    assert numbers.keys() == parents.keys()
    for upper, lower in itertools.product(parents, repeat=2):
        lo, hi = numbers[upper]
        assert (lo <= numbers[lower][0] <= hi) is (upper in ancestors(parents, lower))


@given(forests())
def test_ranges_nest_or_lie_apart_and_never_cross(parents: Forest) -> None:
    for (lo, hi), (other_lo, other_hi) in itertools.combinations(number(parents).values(), 2):
        assert (
            hi < other_lo or other_hi < lo or (lo < other_lo and other_hi <= hi) or (other_lo < lo and hi <= other_hi)
        )


@given(forests())
def test_each_unit_leaves_a_gap_for_new_ones_behind_it(parents: Forest) -> None:
    numbers = number(parents)
    taken = sorted(lo for lo, _ in numbers.values())
    assert taken == [GAP * place for place in range(1, len(parents) + 1)]
    assert all(hi - lo >= GAP - 1 for lo, hi in numbers.values())


@given(forests())
def test_siblings_keep_the_order_in_which_they_are_given(parents: Forest) -> None:
    numbers = number(parents)
    for one, other in itertools.combinations(parents, 2):
        if parents[one] == parents[other]:
            assert numbers[one] < numbers[other]


@given(forests(), st.data())
def test_a_circle_is_refused(parents: Forest, data: st.DataObject) -> None:
    if not parents:
        return
    lower = data.draw(st.sampled_from(sorted(parents)))
    upper = data.draw(st.sampled_from(sorted(ancestors(parents, lower))))
    with pytest.raises(ValueError, match="cycle"):
        number({**parents, upper: lower})


def test_an_unknown_parent_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown parent"):
        number({"a": "b"})


@given(forests())
def test_parents_come_before_their_children(parents: Forest) -> None:
    ordered = by_parent_first(list(parents.items()))
    assert sorted(ordered) == sorted(parents)
    for unit, parent in parents.items():
        assert parent is None or ordered.index(parent) < ordered.index(unit)


@given(st.sets(st.sampled_from([*sorted(ADMINISTRATORS), "society_work", "organization"])))
def test_an_administrator_holds_nothing_else(kinds: set[str]) -> None:
    """GB/T 22239-2019 8.1.5: no two administrators in one person, and none beside the work they watch."""
    administrators = kinds & ADMINISTRATORS
    assert mixes_administrators(kinds) is (len(administrators) > 1 or bool(administrators and kinds - ADMINISTRATORS))


@pytest.mark.parametrize("kind", sorted(ADMINISTRATORS))
def test_two_posts_of_one_administrator_are_no_mixture(kind: str) -> None:
    assert not mixes_administrators([kind, kind])
    assert mixes_administrators([kind, "society_work"])

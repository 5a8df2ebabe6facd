"""Places of a community, who is assigned, one place at a time (SH-4, SH-9, SH-10)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Conflict, InvalidInput, RuleRefused, WrongState
from kernel.regulation.figures import NotRegulated
from services.roster.structure import rules
from tests.unit.services.roster.packs import inner_mongolia, shuanghe

DAY = date(2025, 2, 3)
ONE = timedelta(days=1)


@pytest.mark.article("SH-9")
def test_one_branch_and_four_centres_and_no_other_place() -> None:
    pack = shuanghe()
    written = rules.places(pack)
    assert [item.label.zh for item in written.items.values()] == [
        "社区党支部",
        "党建工作中心",
        "综治维稳中心",
        "群众工作中心",
        "社会事务中心",
    ]
    rules.check_place(pack, "branch")
    with pytest.raises(InvalidInput) as refused:
        rules.check_place(pack, "fifth_centre")
    assert refused.value.errors[0].article == "SH-9"
    assert rules.silent(pack) is None


def test_a_regulation_without_places_regulates_none() -> None:
    with pytest.raises(NotRegulated) as refused:
        rules.check_place(inner_mongolia(), "branch")
    [finding] = refused.value.findings
    assert finding["outcome"] == "not_regulated"
    with pytest.raises(NotRegulated):
        rules.assigned_categories(inner_mongolia(), DAY)


@pytest.mark.article("SH-10")
def test_everybody_of_every_category_is_assigned() -> None:
    pack = shuanghe()
    assert rules.assigned_categories(pack, DAY) == frozenset(pack.document.categories)
    assert rules.everybody(pack, DAY, 7, 0).outcome == "met"
    short = rules.everybody(pack, DAY, 7, 1)
    assert (short.outcome, short.article, short.value) == ("not_met", "SH-10", 1)


@pytest.mark.article("SH-4")
def test_kinds_of_post_are_six_and_open_and_for_staff_alone() -> None:
    pack = shuanghe()
    kinds = pack.item_list(rules.POST_KINDS)
    assert kinds is not None
    assert (len(kinds.items), kinds.open) == (6, True)
    for kind in (None, *kinds.items, "other"):
        rules.check_post_kind(pack, kind, ["community_staff"], DAY)
    with pytest.raises(InvalidInput):
        rules.check_post_kind(pack, "gardening", ["community_staff"], DAY)
    with pytest.raises(RuleRefused) as refused:
        rules.check_post_kind(pack, "health", ["community_police"], DAY)
    assert refused.value.article == "SH-4"
    with pytest.raises(NotRegulated):
        rules.check_post_kind(inner_mongolia(), "health", ["community_staff"], DAY)


@pytest.mark.article("SH-10")
def test_a_place_needs_a_post_on_its_first_day_and_today() -> None:
    rules.check_first_day([(DAY - ONE, None)], DAY - ONE, DAY)
    rules.check_first_day([(DAY, DAY + ONE)], DAY, DAY)
    rules.check_first_day([(DAY - 2 * ONE, DAY - ONE), (DAY, None)], DAY - 2 * ONE, DAY)
    for posts, first in (
        ([], DAY),
        ([(DAY, None)], DAY - ONE),
        ([(DAY - ONE, DAY)], DAY - ONE),
    ):
        with pytest.raises(WrongState):
            rules.check_first_day(posts, first, DAY)
    with pytest.raises(InvalidInput):
        rules.check_first_day([(DAY, None)], DAY + ONE, DAY)


@pytest.mark.article("SH-10")
@given(st.integers(0, 400), st.integers(1, 400) | st.none(), st.integers(0, 400))
def test_a_new_place_never_overlaps_one_that_cannot_be_cut(start: int, length: int | None, new: int) -> None:
    """What passes leaves two periods without a common day: the one before ends where the new one begins."""
    first = DAY + start * ONE
    before = None if length is None else first + length * ONE
    begins = DAY + new * ONE
    free = first < begins and (before is None or before <= begins)
    if free:
        rules.check_free([(first, before)], begins)
    else:
        with pytest.raises(Conflict):
            rules.check_free([(first, before)], begins)


def test_a_place_lasts_for_its_first_day_at_least() -> None:
    assert rules.end_of(DAY, DAY + ONE) == DAY + ONE
    assert rules.end_of(DAY, DAY + 9 * ONE) == DAY + 9 * ONE
    assert rules.end_of(DAY, DAY) == DAY + ONE

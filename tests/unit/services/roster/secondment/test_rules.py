"""Who may borrow, and the last day of three months (NM-24)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import add_months
from kernel.errors import InvalidInput, RuleRefused, WrongState
from kernel.regulation.figures import NotRegulated
from services.roster.secondment import rules
from tests.unit.services.roster.packs import changed, inner_mongolia

ONE = timedelta(days=1)
SILENT = changed({path: {"absent": True} for path in (rules.BARRED, rules.BORROWERS, rules.MONTHS)})


@pytest.mark.article("NM-24")
@pytest.mark.parametrize(
    ("start", "last_day"),
    [
        (date(2026, 1, 15), date(2026, 4, 14)),
        (date(2026, 3, 1), date(2026, 5, 31)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2026, 11, 28), date(2027, 2, 27)),
    ],
)
def test_exactly_three_months_pass_and_one_day_more_fails(start: date, last_day: date) -> None:
    rules.check_length(inner_mongolia(), start, last_day + ONE)
    with pytest.raises(RuleRefused) as refused:
        rules.check_length(inner_mongolia(), start, last_day + 2 * ONE)
    assert refused.value.article == "NM-24"
    assert refused.value.findings[0]["facts"]["last_day_allowed"] == last_day.isoformat()


@given(start=st.dates(date(2024, 8, 21), date(2090, 1, 1)))
def test_a_ceiling_never_overshoots_and_never_shrinks_with_a_later_start(start: date) -> None:
    figure = inner_mongolia().parameter(rules.MONTHS)
    latest = rules.latest_end(figure, start)
    due = add_months(start, figure.integer())
    last = latest - ONE
    # The day before the same day-number, or the end of a month that has no such day.
    assert last == (due - ONE if due.day == start.day else due)
    assert last <= due
    assert (last + ONE).day in (start.day, 1)
    assert rules.latest_end(figure, start + ONE) >= latest


@pytest.mark.article("NM-24")
@pytest.mark.parametrize("level", ["county", "league", "region"])
def test_county_and_above_never_borrow(level: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        rules.check_borrower(inner_mongolia(), level, level, date(2025, 1, 1))
    assert refused.value.article == "NM-24"
    [finding] = refused.value.findings
    assert (finding["rule"], finding["outcome"]) == (rules.BARRED, "not_met")
    assert finding["words"] == "旗县级以上机关事业单位不得借调社区工作者"


@pytest.mark.article("NM-24")
def test_a_township_may_borrow_for_itself_and_a_community_not() -> None:
    pack, day = inner_mongolia(), date(2025, 1, 1)
    rules.check_borrower(pack, "township", "街道", day)
    with pytest.raises(RuleRefused) as refused:
        rules.check_borrower(pack, "community", "社区", day)
    assert refused.value.findings[0]["rule"] == rules.BORROWERS
    rules.check_applicant(pack, 4000, 4000, day)
    with pytest.raises(RuleRefused):
        rules.check_applicant(pack, 4000, 7000, day)


def test_a_regulation_that_does_not_write_of_it_answers_not_regulated() -> None:
    with pytest.raises(NotRegulated):
        rules.check_borrower(SILENT, "township", "街道", date(2025, 1, 1))
    with pytest.raises(NotRegulated):
        rules.check_length(SILENT, date(2025, 1, 1), date(2025, 1, 2))


def test_it_is_asked_for_beforehand() -> None:
    rules.check_start(date(2025, 1, 2), date(2025, 1, 2))
    with pytest.raises(InvalidInput):
        rules.check_start(date(2025, 1, 1), date(2025, 1, 2))


def test_what_the_same_unit_had_before_is_summed() -> None:
    day = date(2025, 1, 1)
    assert rules.summed([(day, day + 3 * ONE), (day + 9 * ONE, day + 10 * ONE)]) == rules.Earlier(2, 4)
    assert rules.summed([]) == rules.Earlier(0, 0)


def test_only_a_running_secondment_ends_early_and_within_its_time() -> None:
    day = date(2025, 1, 10)
    rules.check_endable("approved", day, day, day + 5 * ONE)
    rules.check_endable("approved", day, day + 4 * ONE, day + 5 * ONE)
    for last_day in (day - ONE, day + 5 * ONE):
        with pytest.raises(InvalidInput):
            rules.check_endable("approved", day, last_day, day + 5 * ONE)
    with pytest.raises(WrongState):
        rules.check_endable("applied", None, day, day + 5 * ONE)

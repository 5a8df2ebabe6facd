"""What the receiving side's answer must be, and which days it takes over (NM-23)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInput, RuleRefused, WrongState
from services.roster.incoming import rules
from tests.unit.services.roster.packs import inner_mongolia

ENDS = date(2025, 11, 24)
DAY = timedelta(1)


@pytest.mark.article("NM-7")
def test_an_elected_office_is_not_given_by_a_move() -> None:
    assert rules.check_role(inner_mongolia(), "staff").category == "community_staff"
    with pytest.raises(RuleRefused):
        rules.check_role(inner_mongolia(), "secretary")
    with pytest.raises(InvalidInput):
        rules.check_role(inner_mongolia(), "mayor")


def test_the_place_is_where_workers_serve() -> None:
    rules.check_community("community", "community")
    rules.check_community("township", None)
    with pytest.raises(InvalidInput):
        rules.check_community("township", "community")


@pytest.mark.article("NM-23")
@pytest.mark.parametrize(("offered", "answered"), [(True, False), (False, True)])
def test_the_answer_speaks_of_a_rank_where_there_is_one_and_only_then(offered: bool, answered: bool) -> None:
    rules.check_rank_answered(offered, offered)
    with pytest.raises(InvalidInput):
        rules.check_rank_answered(offered, answered)


def test_states() -> None:
    rules.check_state("offered", ("offered",))
    with pytest.raises(WrongState):
        rules.check_state("accepted", ("offered",))


@pytest.mark.article("NM-23")
def test_days_that_last_end_with_the_service_elsewhere() -> None:
    start = date(2021, 3, 1)
    assert rules.closed([(start, None)], ENDS) == [(start, ENDS)]
    assert rules.closed([(start, ENDS - DAY)], ENDS) == [(start, ENDS - DAY)]
    assert rules.closed([(start, ENDS + DAY)], ENDS) == [(start, ENDS)]
    assert rules.closed([(ENDS - DAY, None), (ENDS, None)], ENDS) == [(ENDS - DAY, ENDS)]


_DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))


@given(st.lists(st.tuples(_DAYS, st.none() | _DAYS), max_size=6), _DAYS)
def test_no_day_after_the_end_is_taken_over_and_none_is_made_up(
    spans: list[tuple[date, date | None]], ends: date
) -> None:
    for start, before in rules.closed(spans, ends):
        assert start < before <= ends
        assert any(start == given and (last is None or before <= last) for given, last in spans)

"""The hours before the post: off the job only, the bound suffices, nothing is lost or doubled (NM-20)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import ParameterNotSet
from services.training.need.rules import Standing, balance, pre_service
from tests.unit.services.training.packs import changed, inner_mongolia

DAY = date(2025, 3, 3)
REQUIRED = Decimal(24)
OFF_JOB = ("off_job",)


def off_job(hours: str, day: date = DAY) -> Standing:
    return Standing("off_job", day, Decimal(hours))


@pytest.mark.article("NM-20")
def test_a_new_worker_owes_the_hours_of_the_article_off_the_job() -> None:
    owed = pre_service(inner_mongolia(), DAY)
    assert owed is not None
    assert (owed.hours, owed.forms, owed.article) == (REQUIRED, OFF_JOB, "NM-20")


def test_a_regulation_that_asks_for_none_opens_no_need() -> None:
    assert pre_service(changed({"training.pre_service_hours": {"absent": True}}), DAY) is None


def test_hours_left_to_a_level_that_has_not_spoken_are_never_zero() -> None:
    left_open = {"deferred": "league", "article": "NM-20", "words": "新选聘的社区工作者"}
    with pytest.raises(ParameterNotSet):
        pre_service(changed({"training.pre_service_hours": left_open}), DAY)


def test_without_the_words_other_forms_count_and_online_only_where_it_is_said() -> None:
    silent = {"training.pre_service_off_job": {"absent": True}, "training.pre_service_online_counts": {"absent": True}}
    owed = pre_service(changed(silent), DAY)
    assert owed is not None
    assert owed.forms == ("off_job", "other")
    said = {"value": True, "article": "NM-20", "words": "集中脱产培训"}
    owed = pre_service(changed({"training.pre_service_online_counts": said}), DAY)
    assert owed is not None
    assert owed.forms == ("off_job", "online")


@pytest.mark.article("NM-20")
def test_half_an_hour_short_is_short_whatever_was_learnt_online() -> None:
    online = Standing("online", DAY, Decimal(10))
    assert balance([off_job("16"), off_job("7.5"), online], REQUIRED, OFF_JOB).met_on is None
    assert balance([off_job("16"), off_job("7.5"), online], REQUIRED, OFF_JOB).credited == Decimal("23.5")


@pytest.mark.article("NM-20")
def test_the_hours_themselves_suffice() -> None:
    assert balance([off_job("16"), off_job("8.0")], REQUIRED, OFF_JOB).met_on == DAY


@pytest.mark.article("NM-20")
def test_the_day_is_that_of_the_class_that_completed_the_hours_in_whatever_order_they_were_entered() -> None:
    late = off_job("8", DAY + timedelta(days=9))
    assert balance([late, off_job("8"), off_job("8", DAY + timedelta(days=4))], REQUIRED, OFF_JOB).met_on == (
        DAY + timedelta(days=9)
    )


standings = st.lists(
    st.builds(
        Standing,
        st.sampled_from(["off_job", "online", "other"]),
        st.dates(date(2025, 1, 1), date(2025, 12, 31)),
        st.integers(0, 40).map(lambda halves: Decimal(halves) / 2),
    ),
    max_size=12,
)


@pytest.mark.article("NM-20")
@given(standings=standings)
def test_what_counts_is_exactly_the_sum_of_the_counting_forms(standings: list[Standing]) -> None:
    now = balance(standings, REQUIRED, OFF_JOB)
    assert now.credited == sum((each.hours for each in standings if each.form == "off_job"), Decimal(0))
    assert (now.met_on is not None) == (now.credited >= REQUIRED)


@given(standings=standings, seed=st.randoms(use_true_random=False))
def test_the_order_of_entry_changes_nothing(standings: list[Standing], seed: object) -> None:
    shuffled = list(standings)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert balance(shuffled, REQUIRED, OFF_JOB) == balance(standings, REQUIRED, OFF_JOB)


@given(standings=standings, hours=st.integers(1, 40))
def test_online_hours_never_meet_the_need(standings: list[Standing], hours: int) -> None:
    before = balance(standings, REQUIRED, OFF_JOB)
    assert balance([*standings, Standing("online", DAY, Decimal(hours))], REQUIRED, OFF_JOB) == before


@given(standings=standings)
def test_on_the_day_it_was_met_the_hours_up_to_that_day_suffice_and_the_day_before_they_did_not(
    standings: list[Standing],
) -> None:
    met_on = balance(standings, REQUIRED, OFF_JOB).met_on
    if met_on is None:
        return

    def until(day: date) -> Decimal:
        counted = (each.hours for each in standings if each.form == "off_job" and each.ended_on <= day)
        return sum(counted, Decimal(0))

    assert until(met_on) >= REQUIRED
    assert until(met_on - timedelta(days=1)) < REQUIRED

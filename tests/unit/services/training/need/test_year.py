"""Hours before the post stand apart from the year, and the rounds that run on (NM-20)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.need.rules import Round, Standing, of_year, round_of, set_aside

DAY = date(2025, 3, 7)
SINCE = date(2024, 8, 21)


def held(form: str, hours: str, day: date = DAY) -> Standing:
    return Standing(form, day, Decimal(hours))


@pytest.mark.article("NM-20")
def test_hours_before_the_post_are_taken_from_the_earliest_classes_and_the_rest_of_a_class_is_kept() -> None:
    later = DAY + timedelta(days=30)
    left = set_aside(
        [held("off_job", "8", later), held("off_job", "23.5"), held("online", "10")], Decimal(24), ("off_job",)
    )
    assert sorted((each.form, each.hours) for each in left) == [
        ("off_job", Decimal(0)),
        ("off_job", Decimal("7.5")),
        ("online", Decimal(10)),
    ]


standings = st.lists(
    st.builds(
        Standing,
        st.sampled_from(["off_job", "online", "other"]),
        st.dates(date(2024, 1, 1), date(2027, 12, 31)),
        st.integers(0, 80).map(lambda halves: Decimal(halves) / 2),
        st.booleans(),
    ),
    max_size=12,
)


@pytest.mark.article("NM-20")
@given(standings=standings, hours=st.integers(0, 60).map(Decimal))
def test_no_hour_counts_twice_and_none_is_lost(standings: list[Standing], hours: Decimal) -> None:
    left = set_aside(standings, hours, ("off_job",))
    off_job = sum((each.hours for each in standings if each.form == "off_job"), Decimal(0))
    total = sum((each.hours for each in standings), Decimal(0))
    assert total - sum((each.hours for each in left), Decimal(0)) == min(hours, off_job)
    assert all(each.hours >= 0 for each in left)


@given(standings=standings)
def test_each_class_belongs_to_exactly_one_year(standings: list[Standing]) -> None:
    assert sum(len(of_year(standings, year)) for year in range(2024, 2028)) == len(standings)


def training(day: date, hours: str = "8") -> Standing:
    return Standing("off_job", day, Decimal(hours), training=True)


@pytest.mark.article("NM-20")
def test_once_a_year_is_once_in_each_calendar_year() -> None:
    last = training(date(2024, 12, 31))
    assert round_of([last], 1, SINCE, 2024) == Round(date(2024, 12, 31), None)
    assert round_of([last], 1, SINCE, 2025) == Round(date(2024, 12, 31), date(2025, 12, 31))
    assert round_of([last, training(date(2025, 1, 1))], 1, SINCE, 2025).train_by is None


@pytest.mark.article("NM-20")
def test_once_in_three_years_runs_on_from_the_last_round() -> None:
    round_day = date(2025, 3, 7)
    for year, due in ((2025, None), (2027, None), (2028, date(2028, 3, 7))):
        assert round_of([training(round_day)], 3, SINCE, year) == Round(round_day, due)
    assert round_of([], 3, SINCE, 2026).train_by is None
    assert round_of([], 3, SINCE, 2027).train_by == date(2027, 8, 21)


@pytest.mark.article("NM-20")
def test_hours_alone_a_class_taken_back_and_a_later_year_are_no_training_of_the_year() -> None:
    for standing in (held("off_job", "8"), training(DAY, "0"), training(date(2026, 1, 1))):
        assert round_of([standing], 1, SINCE, 2025) == Round(None, date(2025, 12, 31))


def test_a_regulation_without_frequency_owes_no_training() -> None:
    assert round_of([], None, SINCE, 2030) == Round(None, None)

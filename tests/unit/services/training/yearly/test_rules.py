"""What a year asks: the post with the most hours decides, both posts owe once, the bound suffices (NM-20)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import ParameterNotSet
from services.training.need.rules import Standing, balance
from services.training.yearly.rules import (
    Held,
    held_in,
    months_held,
    owed,
    stage,
    warning_on,
    whole_year,
)
from tests.unit.services.training.packs import changed, inner_mongolia

YEAR = 2025
DAY = date(2025, 6, 1)
LONG_AGO = date(2021, 3, 1)
CHIEFS = ("secretary", "director")
OTHERS = ("deputy_secretary", "deputy_director", "member", "staff")


def since_long(*roles: str) -> list[Held]:
    return [Held(role, LONG_AGO, None) for role in roles]


def hours_of(*posts: Held) -> Decimal | None:
    found = owed(inner_mongolia(), posts, YEAR, DAY)
    return found.hours if found else None


@pytest.mark.article("NM-20")
@pytest.mark.parametrize("role", CHIEFS)
def test_a_chief_owes_fifty_six_hours_in_any_form_and_a_training_each_year(role: str) -> None:
    found = owed(inner_mongolia(), since_long(role), YEAR, DAY)
    assert found is not None
    assert (found.hours, found.role, found.article, found.every_years) == (56, role, "NM-20", 1)
    assert found.forms == ("off_job", "online", "other")
    assert found.apart
    assert not found.part_year


@pytest.mark.article("NM-20")
@pytest.mark.parametrize("role", OTHERS)
def test_every_other_worker_deputies_included_owes_forty_and_a_round_in_three_years(role: str) -> None:
    found = owed(inner_mongolia(), since_long(role), YEAR, DAY)
    assert found is not None
    assert (found.hours, found.every_years) == (40, 3)


@pytest.mark.article("NM-20")
def test_one_person_with_both_posts_owes_once() -> None:
    assert hours_of(*since_long(*CHIEFS)) == 56


@pytest.mark.article("NM-20")
@pytest.mark.parametrize(
    ("role", "short", "enough"), [("director", "55.5", "56"), ("staff", "39.5", "40"), ("secretary", "55.5", "56")]
)
def test_half_an_hour_short_is_short_and_the_hours_themselves_suffice(role: str, short: str, enough: str) -> None:
    found = owed(inner_mongolia(), since_long(role), YEAR, DAY)
    assert found is not None
    for hours, met in ((short, None), (enough, DAY)):
        assert balance([Standing("online", DAY, Decimal(hours))], found.hours, found.forms).met_on == met


@pytest.mark.article("NM-20")
def test_the_most_hours_of_any_post_of_the_year_stay_owed_after_a_change() -> None:
    risen = [Held("staff", LONG_AGO, date(2025, 12, 31)), Held("director", date(2025, 12, 31), None)]
    fallen = [Held("director", LONG_AGO, date(2025, 1, 2)), Held("staff", date(2025, 1, 2), None)]
    before = [Held("director", LONG_AGO, date(2025, 1, 1)), Held("staff", date(2025, 1, 1), None)]
    after = [Held("staff", LONG_AGO, None), Held("director", date(2026, 1, 1), None)]
    assert [hours_of(*posts) for posts in (risen, fallen, before, after)] == [56, 56, 40, 40]


@pytest.mark.article("NM-20")
def test_a_part_of_the_year_is_marked_and_owes_the_whole_of_it() -> None:
    found = owed(inner_mongolia(), [Held("staff", date(2025, 9, 1), None)], YEAR, DAY)
    assert found is not None
    assert (found.hours, found.part_year) == (40, True)
    assert found.since == date(2025, 9, 1)


def test_a_regulation_that_says_so_counts_in_proportion_to_the_months_begun() -> None:
    pro_rata = changed(
        {"training.part_year_pro_rata": {"value": True, "ours": {"zh": "按月折算", "en": "In proportion"}}}
    )
    found = owed(pro_rata, [Held("staff", date(2025, 9, 30), None)], YEAR, DAY)
    assert found is not None
    assert found.hours == 14  # 4 of 12 months of 40, rounded up
    whole = owed(pro_rata, since_long("staff"), YEAR, DAY)
    assert whole is not None
    assert whole.hours == 40


def test_no_post_no_hours() -> None:
    assert owed(inner_mongolia(), [], YEAR, DAY) is None
    assert hours_of(Held("staff", LONG_AGO, date(2025, 1, 1))) is None
    assert hours_of(Held("staff", date(2026, 1, 1), None)) is None
    assert hours_of(Held("volunteer", LONG_AGO, None)) is None


def test_silence_asks_nothing_and_what_is_left_open_is_never_zero() -> None:
    silent = changed({"training.yearly_hours": {"absent": True}})
    assert owed(silent, since_long("staff"), YEAR, DAY) is None
    without_rounds = owed(changed({"training.frequency": {"absent": True}}), since_long("staff"), YEAR, DAY)
    assert without_rounds is not None
    assert without_rounds.every_years is None
    left = {"deferred": "league", "article": "NM-20", "words": "不少于40学时"}
    with pytest.raises(ParameterNotSet):
        owed(changed({"training.yearly_hours": left}), since_long("staff"), YEAR, DAY)


@pytest.mark.article("NM-20")
def test_the_first_round_counts_from_the_regulation_not_from_a_post_before_it() -> None:
    found = owed(inner_mongolia(), since_long("member"), YEAR, DAY)
    assert found is not None
    assert found.since == date(2024, 8, 21)


def test_a_shortage_is_warned_of_from_its_day_on() -> None:
    first = warning_on(inner_mongolia(), YEAR, DAY)
    assert first == date(2025, 10, 2)
    assert stage(YEAR, first - timedelta(days=1), first, short=True) == "running"
    assert stage(YEAR, first, first, short=True) == "warned"
    assert stage(YEAR, date(2025, 12, 31), first, short=True) == "warned"
    assert stage(YEAR, date(2026, 1, 1), first, short=True) == "over"
    assert stage(YEAR, date(2026, 1, 1), first, short=False) == "met"
    assert warning_on(changed({"training.warning_days": {"absent": True}}), YEAR, DAY) is None
    assert stage(YEAR, date(2025, 12, 31), None, short=True) == "running"


days = st.dates(date(2023, 1, 1), date(2027, 12, 31))
posts = st.lists(
    st.builds(
        lambda role, start, length: Held(role, start, start + timedelta(days=length) if length else None),
        st.sampled_from(CHIEFS + OTHERS),
        days,
        st.integers(0, 900),
    ),
    max_size=5,
)


@pytest.mark.article("NM-20")
@given(posts=posts)
def test_the_hours_are_the_most_that_any_day_of_the_year_asks(posts: list[Held]) -> None:
    def held_on(day: date) -> set[str]:
        return {p.role for p in posts if p.valid_from <= day and (p.valid_before is None or day < p.valid_before)}

    year = [held_on(date(2025, 1, 1) + timedelta(days=offset)) for offset in range(365)]
    roles = set().union(*year)
    expected = None if not roles else 56 if roles & set(CHIEFS) else 40
    assert hours_of(*posts) == expected
    found = held_in(posts, YEAR)
    assert whole_year(found, YEAR) == all(year)
    assert months_held(found, YEAR) == {
        (date(2025, 1, 1) + timedelta(days=offset)).month for offset, held in enumerate(year) if held
    }

"""Counting leave and its limits: units, boundaries of each kind, annual leave by years and by share (NM-27)."""

from datetime import date, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import CalendarMissing
from kernel.errors import Conflict, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.figures import NotRegulated
from kernel.regulation.pack import Pack
from services.roster.leave import rules
from tests.unit.services.roster.packs import changed, inner_mongolia, shuanghe

DAY = date(2025, 3, 10)
LABEL = Text("假", "leave")
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def test_every_kind_has_the_figures_that_counting_reads() -> None:
    pack = inner_mongolia()
    for kind in rules.kinds(pack):
        assert rules.unit_of(pack, kind, DAY) in ("calendar", "working")
        rules.limit_of(pack, kind, {}, DAY)


@pytest.mark.article("NM-27")
@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("marriage", 18),
        ("maternity", 158),
        ("paternity", 25),
        ("bereavement", 3),
        ("miscarriage_early", 15),
        ("miscarriage_late", 42),
        ("personal", None),
        ("sick", None),
    ],
)
def test_a_leave_has_as_many_days_as_law_and_region_give(kind: str, limit: int | None) -> None:
    found = rules.limit_of(inner_mongolia(), kind, {}, DAY)
    assert found.days == limit
    if limit is not None:
        rules.check_limit(kind, LABEL, found, limit, "calendar")
        with pytest.raises(RuleRefused) as refused:
            rules.check_limit(kind, LABEL, found, limit + 1, "calendar")
        assert refused.value.findings[0]["value"] == limit


@pytest.mark.article("SH-17")
@pytest.mark.parametrize(
    ("kind", "days", "every"),
    [("home_spouse", 30, 1), ("home_parents_unmarried", 20, 1), ("home_parents_married", 20, 4)],
)
def test_home_leave_has_its_days_its_years_and_a_year_of_work_before_it(kind: str, days: int, every: int) -> None:
    found = rules.limit_of(shuanghe(), kind, {}, DAY)
    assert (found.days, rules.span_of(shuanghe(), kind, DAY)) == (days, every)
    asked = rules.years_asked(shuanghe(), kind, DAY)
    assert asked is not None
    rules.check_years(LABEL, asked, 1)
    with pytest.raises(RuleRefused) as refused:
        rules.check_years(LABEL, asked, 0)
    assert refused.value.article == "SH-17"


@pytest.mark.article("FEL-7")
def test_a_difficult_birth_and_each_further_child_add_days() -> None:
    pack = inner_mongolia()
    assert rules.limit_of(pack, "maternity", {"difficult_birth": 1}, DAY).days == 173
    found = rules.limit_of(pack, "maternity", {"difficult_birth": 1, "extra_child": 2}, DAY)
    assert (found.days, found.articles) == (203, ("FEL-7",))
    for kind, supplements in (
        ("maternity", {"difficult_birth": 2}),
        ("maternity", {"other": 1}),
        ("sick", {"extra_child": 1}),
    ):
        with pytest.raises(InvalidInput):
            rules.limit_of(pack, kind, supplements, DAY)


def test_without_the_region_national_law_stands_alone_and_silence_is_never_zero() -> None:
    bare = changed({"leave.maternity_extra_days": {"absent": True}, "leave.paternity_unit": {"absent": True}})
    assert rules.limit_of(bare, "maternity", {}, DAY).days == 98
    with pytest.raises(NotRegulated):
        rules.unit_of(bare, "paternity", DAY)


def test_an_unknown_kind_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.check_kind(inner_mongolia(), "sabbatical")
    assert "annual" in refused.value.errors[0].message.en


@given(start=days, length=st.integers(1, 400))
def test_calendar_days_are_the_days_of_the_period_and_split_over_years(start: date, length: int) -> None:
    before = start + timedelta(days=length)
    calendar = inner_mongolia().calendar
    assert rules.count("calendar", start, before, calendar) == length
    by_year = rules.count_by_year("calendar", start, before, calendar)
    assert sum(by_year.values()) == length
    assert all(days > 0 for days in by_year.values())


@given(start=days, cut=st.integers(0, 60), length=st.integers(1, 60))
def test_working_days_add_up_over_any_cut_and_never_exceed_calendar_days(start: date, cut: int, length: int) -> None:
    calendar = inner_mongolia().calendar
    before = min(start + timedelta(days=length), date(2027, 1, 1))
    middle = min(start + timedelta(days=cut), before)
    whole = rules.count("working", start, before, calendar)
    assert whole == rules.count("working", start, middle, calendar) + rules.count("working", middle, before, calendar)
    assert whole == sum(rules.count_by_year("working", start, before, calendar).values())
    assert whole <= (before - start).days


@pytest.mark.article("AL-3")
def test_holidays_and_rest_days_are_no_annual_leave_but_make_up_days_are() -> None:
    calendar = inner_mongolia().calendar
    # 2026-09-25 to 27 are off, Sunday 20 September is worked.
    assert rules.count("working", date(2026, 9, 19), date(2026, 9, 28), calendar) == 5
    rules.check_some(1)
    with pytest.raises(InvalidInput):
        rules.check_some(rules.count("working", date(2026, 9, 25), date(2026, 9, 28), calendar))


def test_working_days_of_a_year_without_calendar_are_refused_and_calendar_days_are_not() -> None:
    calendar = inner_mongolia().calendar
    assert rules.count("calendar", date(2026, 12, 20), date(2027, 5, 20), calendar) == 151
    assert rules.count("working", date(2026, 12, 28), date(2027, 1, 1), calendar) == 4
    with pytest.raises(CalendarMissing) as missing:
        rules.count("working", date(2026, 12, 28), date(2027, 1, 2), calendar)
    assert missing.value.year == 2027


@pytest.mark.article("AL-3")
@pytest.mark.parametrize(("years", "entitled"), [(0, 0), (1, 5), (9, 5), (10, 10), (19, 10), (20, 15), (40, 15)])
def test_annual_leave_follows_cumulative_years(years: int, entitled: int) -> None:
    found = rules.annual(inner_mongolia(), 2026, date(2026, 6, 1), years, date(2020, 1, 1))
    assert (found.days, found.pro_rata) == (entitled, False)
    assert found.findings[0].article == "AL-3"


@pytest.mark.article("ALM-5")
@pytest.mark.parametrize(
    ("joined", "years", "share"),
    [
        (date(2026, 7, 1), 1, 2),
        (date(2026, 10, 15), 1, 1),
        (date(2026, 3, 1), 10, 8),
        (date(2026, 12, 1), 20, 1),
        (date(2026, 1, 1), 1, 5),
        (date(2026, 12, 1), 0, 0),
    ],
)
def test_the_first_year_gives_a_share_rounded_down(joined: date, years: int, share: int) -> None:
    found = rules.annual(inner_mongolia(), 2026, date(2026, 12, 31), years, joined)
    assert found.days == share
    assert found.pro_rata == (years > 0)


@given(joined=st.dates(date(2024, 1, 1), date(2024, 12, 31)), years=st.sampled_from([1, 10, 20]))
def test_a_share_never_exceeds_the_full_year_and_never_grows_with_a_later_start(joined: date, years: int) -> None:
    pack = inner_mongolia()
    full = rules.annual(pack, 2025, joined, years, joined).days
    share = rules.annual(pack, 2024, joined, years, joined).days
    earlier = rules.annual(pack, 2024, joined, years, max(joined - timedelta(days=1), date(2024, 1, 1))).days
    assert 0 <= share <= earlier <= full


@pytest.mark.article("AL-3")
def test_the_balance_suffices_exactly_and_not_for_one_day_more() -> None:
    found = rules.annual(inner_mongolia(), 2026, date(2026, 6, 1), 3, date(2020, 1, 1))
    rules.check_balance(2026, found, 2, 3)
    with pytest.raises(RuleRefused) as refused:
        rules.check_balance(2026, found, 2, 4)
    assert refused.value.article == "AL-3"


def test_a_new_tier_counts_from_the_day_or_from_the_next_month_as_the_pack_has_it() -> None:
    day = date(2026, 3, 20)
    assert rules.counting_day(inner_mongolia(), day) == day
    later = {"value": "next_month", "ours": {"zh": "次月", "en": "next month"}}
    assert rules.counting_day(changed({"leave.annual_tier_change": later}), day) == date(2026, 2, 28)


def test_leave_begins_after_duty_and_never_over_other_leave() -> None:
    rules.check_worker(DAY, DAY)
    for on_duty in (None, DAY + timedelta(days=1)):
        with pytest.raises(WrongState):
            rules.check_worker(on_duty, DAY)
    rules.check_free(False)
    with pytest.raises(Conflict):
        rules.check_free(True)


def test_a_return_lies_between_the_first_day_and_today_and_comes_once() -> None:
    rules.check_return("approved", DAY, DAY, DAY)
    with pytest.raises(WrongState):
        rules.check_return("returned", DAY, DAY, DAY)
    for on in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
        with pytest.raises(InvalidInput):
            rules.check_return("approved", DAY, on, DAY)


def test_a_jurisdiction_adds_a_kind_of_its_own_without_code() -> None:
    data = orjson.loads(inner_mongolia().to_json())
    label = {"zh": "育儿假", "en": "Parental leave"}
    ours = {"ours": {"zh": "测试", "en": "test"}, "label": label}
    data["document"]["lists"]["leave.local_kinds"] = ours | {"items": {"parental": {"label": label}}}
    data["document"]["parameters"]["leave.parental_days"] = ours | {"kind": "int", "value": 10}
    data["document"]["parameters"]["leave.parental_unit"] = ours | {"kind": "text", "value": "working"}
    pack = Pack.from_json(orjson.dumps(data))
    assert rules.check_kind(pack, "parental").en == "Parental leave"
    assert (rules.limit_of(pack, "parental", {}, DAY).days, rules.unit_of(pack, "parental", DAY)) == (10, "working")
    assert "annual" in rules.kinds(pack)

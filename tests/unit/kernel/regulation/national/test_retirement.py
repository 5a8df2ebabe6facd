"""The statutory retirement month of both published tables, at both sides of each step (RET-1, RET-3)."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.calendar import add_months
from kernel.regulation import load
from kernel.regulation.national.retirement import (
    FLEXIBLE,
    TRACKS,
    UnknownTrack,
    retirement,
    retirement_finding,
    track_row,
)

pytestmark = pytest.mark.article("RET-1", "RET-3", "NM-30")
NATIONAL = load(Path(__file__).resolve().parents[5] / "regulations" / "national")
TODAY = date(2025, 3, 10)
ROWS = NATIONAL.parameter(TRACKS, TODAY).rows()
WIDTH = NATIONAL.parameter(FLEXIBLE, TODAY).integer()


def month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


@pytest.mark.parametrize(
    ("track", "birth", "delay", "age", "statutory", "earliest", "latest"),
    [
        ("M", "1964-12", 0, (60, 0), "2024-12", None, None),
        ("M", "1965-01", 1, (60, 1), "2025-02", "2025-01", "2028-02"),
        ("M", "1965-04", 1, (60, 1), "2025-05", "2025-04", "2028-05"),
        ("M", "1965-05", 2, (60, 2), "2025-07", "2025-05", "2028-07"),
        ("M", "1968-09", 12, (61, 0), "2029-09", "2028-09", "2032-09"),
        ("M", "1970-12", 18, (61, 6), "2032-06", "2030-12", "2035-06"),
        ("M", "1976-08", 35, (62, 11), "2039-07", "2036-08", "2042-07"),
        ("M", "1976-09", 36, (63, 0), "2039-09", "2036-09", "2042-09"),
        ("M", "1990-06", 36, (63, 0), "2053-06", "2050-06", "2056-06"),
        ("F55", "1969-12", 0, (55, 0), "2024-12", None, None),
        ("F55", "1970-01", 1, (55, 1), "2025-02", "2025-01", "2028-02"),
        ("F55", "1975-10", 18, (56, 6), "2032-04", "2030-10", "2035-04"),
        ("F55", "1981-08", 35, (57, 11), "2039-07", "2036-08", "2042-07"),
        ("F55", "1981-09", 36, (58, 0), "2039-09", "2036-09", "2042-09"),
        ("F50", "1974-12", 0, (50, 0), "2024-12", None, None),
        ("F50", "1975-01", 1, (50, 1), "2025-02", "2025-01", "2028-02"),
        ("F50", "1975-03", 2, (50, 2), "2025-05", "2025-03", "2028-05"),
        ("F50", "1984-10", 59, (54, 11), "2039-09", "2036-09", "2042-09"),
        ("F50", "1984-11", 60, (55, 0), "2039-11", "2036-11", "2042-11"),
        ("F50", "1995-03", 60, (55, 0), "2050-03", "2047-03", "2053-03"),
    ],
)
def test_every_row_of_the_table(
    track: str,
    birth: str,
    delay: int,
    age: tuple[int, int],
    statutory: str,
    earliest: str | None,
    latest: str | None,
) -> None:
    found = retirement(ROWS, WIDTH, track, month(birth))
    assert (found.delay_months, found.age, found.statutory) == (delay, age, month(statutory))
    assert found.earliest == (month(earliest) if earliest else None)
    assert found.latest == (month(latest) if latest else None)


@pytest.mark.parametrize(
    ("track", "base", "start", "cap"), [("M", 60, 1965, 36), ("F55", 55, 1970, 36), ("F50", 50, 1975, 60)]
)
def test_the_first_table(track: str, base: int, start: int, cap: int) -> None:
    row = track_row(ROWS, track)
    assert (row["base_years"], row["start_year"], row["cap_months"]) == (base, start, cap)


def test_before_the_decision_there_is_no_delay() -> None:
    old = NATIONAL.parameter(TRACKS, date(2024, 9, 12)).rows()
    assert retirement(old, WIDTH, "M", date(1965, 1, 1)).statutory == date(2025, 1, 1)


def test_no_default_for_a_track_that_nobody_knows() -> None:
    with pytest.raises(UnknownTrack):
        retirement(ROWS, WIDTH, "F", date(1970, 1, 1))
    for track in (None, "F"):
        finding = retirement_finding(NATIONAL, TODAY, track, date(1970, 1, 1))
        assert (finding.outcome, finding.value, finding.article) == ("needs_judgement", None, "RET-1")


def test_the_finding_says_the_month_and_never_the_birth_date() -> None:
    finding = retirement_finding(NATIONAL, date(2025, 2, 1), "M", date(1965, 1, 15))
    assert (finding.outcome, finding.value) == ("met", "2025-02")
    assert "1965" not in str(finding.as_json())
    assert retirement_finding(NATIONAL, date(2025, 1, 31), "M", date(1965, 1, 15)).outcome == "not_met"


@settings(deadline=None)
@given(track=st.sampled_from(["M", "F55", "F50"]), birth=st.dates(date(1955, 1, 1), date(2005, 12, 31)))
def test_who_is_born_later_never_retires_earlier_and_the_flexible_ends_hold(track: str, birth: date) -> None:
    row = track_row(ROWS, track)
    one = retirement(ROWS, WIDTH, track, birth)
    two = retirement(ROWS, WIDTH, track, add_months(birth.replace(day=1), 1))
    assert one.statutory < two.statutory
    assert 0 <= two.delay_months - one.delay_months <= 1
    assert one.delay_months <= int(row["cap_months"])
    if one.earliest is not None:
        assert one.earliest >= add_months(birth.replace(day=1), int(row["base_years"]) * 12)
        assert one.earliest <= one.statutory
        assert one.latest == add_months(one.statutory, WIDTH)

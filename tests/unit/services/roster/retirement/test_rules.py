"""Who stands on the list of those due, and when a retirement may be handled (NM-30)."""

from datetime import date

import pytest

from kernel.errors import InvalidInput, RuleRefused
from services.roster.retirement import rules
from tests.unit.services.roster.packs import inner_mongolia

pytestmark = pytest.mark.article("NM-30")
PACK = inner_mongolia()
TODAY = date(2025, 3, 10)


def test_the_list_looks_a_year_ahead() -> None:
    assert rules.list_until(PACK, TODAY, None) == date(2026, 3, 1)
    assert rules.list_until(PACK, TODAY, date(2025, 3, 1)) == date(2025, 3, 1)
    for wrong in (date(2025, 2, 1), date(2026, 4, 1)):
        with pytest.raises(InvalidInput):
            rules.list_until(PACK, TODAY, wrong)


def test_both_sides_of_the_last_month() -> None:
    until = date(2025, 5, 1)
    found = rules.due(PACK, TODAY, until, "M", date(1965, 4, 30))
    assert found is not None
    assert found.month == until
    assert [each.article for each in found.findings] == ["NM-30", "RET-1"]
    assert rules.due(PACK, TODAY, until, "M", date(1965, 5, 1)) is None


def test_without_a_track_nobody_is_passed_over_and_none_is_assumed() -> None:
    found = rules.due(PACK, TODAY, date(2025, 5, 1), None, date(1975, 3, 1))
    assert found is not None
    assert found.month is None
    assert {each.outcome for each in found.findings} == {"needs_judgement"}
    assert rules.due(PACK, TODAY, date(2025, 5, 1), None, date(1975, 5, 1)) is None


def test_everything_ends_with_the_month_or_with_this_one_where_it_is_past() -> None:
    assert rules.ends_before(PACK, TODAY, "M", date(1965, 4, 1)) == (date(2025, 5, 1), date(2025, 6, 1))
    assert rules.ends_before(PACK, TODAY, "M", date(1965, 1, 1)) == (date(2025, 2, 1), date(2025, 4, 1))


@pytest.mark.parametrize(
    ("track", "birth"), [(None, date(1965, 4, 1)), (None, date(1990, 1, 1)), ("M", date(1990, 1, 1))]
)
def test_it_is_not_handled_without_a_track_or_too_early(track: str | None, birth: date) -> None:
    with pytest.raises(RuleRefused) as refused:
        rules.ends_before(PACK, TODAY, track, birth)
    assert refused.value.article == "NM-30"


def test_a_track_outside_the_table_is_refused() -> None:
    rules.check_track(PACK, TODAY, "F50")
    with pytest.raises(InvalidInput):
        rules.check_track(PACK, TODAY, "F")


@pytest.mark.article("RET-2")
@pytest.mark.parametrize(
    ("month", "least"),
    [
        ("2025-02", 180),
        ("2029-12", 180),
        ("2030-01", 186),
        ("2035-12", 216),
        ("2038-12", 234),
        ("2039-01", 240),
        ("2056-06", 240),
    ],
)
def test_the_least_contributions_are_those_of_the_statutory_months_year(month: str, least: int) -> None:
    assert rules.contribution_months(PACK, date.fromisoformat(f"{month}-01")) == least


def test_without_a_month_or_under_an_earlier_version_nothing_is_said_of_contributions() -> None:
    assert rules.contribution_months(PACK, None) is None
    known = {path: each for path, each in PACK.document.parameters.items() if path != rules.CONTRIBUTION}
    assert rules.contribution_months(PACK.with_parameters(known), date(2030, 1, 1)) is None

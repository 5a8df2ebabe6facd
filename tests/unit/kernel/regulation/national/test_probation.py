"""The longest lawful probation at both sides of every boundary of the term (LCL-19)."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.calendar import before_after_months
from kernel.regulation import load
from kernel.regulation.national.probation import Term, longest_probation, probation_finding

pytestmark = pytest.mark.article("LCL-19", "LCL-70")
NATIONAL = load(Path(__file__).resolve().parents[5] / "regulations" / "national")
ROWS = NATIONAL.parameter("contract.probation_limits", date(2024, 1, 1)).rows()
START = date(2024, 1, 1)


@pytest.mark.parametrize(
    ("before", "months"),
    [
        (date(2024, 3, 31), 0),
        (date(2024, 4, 1), 1),
        (date(2024, 12, 31), 1),
        (date(2025, 1, 1), 2),
        (date(2026, 12, 1), 2),
        (date(2026, 12, 31), 2),
        (date(2027, 1, 1), 6),
    ],
)
def test_boundaries_of_a_fixed_term(before: date, months: int) -> None:
    assert longest_probation(ROWS, Term("fixed", START, before)) == months


def test_other_terms() -> None:
    assert longest_probation(ROWS, Term("open_ended", START)) == 6
    assert longest_probation(ROWS, Term("task_based", START)) == 0


def test_three_months_from_the_end_of_november_reach_over_the_whole_of_february() -> None:
    assert longest_probation(ROWS, Term("fixed", date(2026, 11, 30), date(2027, 2, 28))) == 0
    assert longest_probation(ROWS, Term("fixed", date(2026, 11, 30), date(2027, 3, 1))) == 1


def test_a_fixed_term_needs_its_end() -> None:
    with pytest.raises(ValueError, match="needs an end"):
        longest_probation(ROWS, Term("fixed", START))
    with pytest.raises(ValueError, match="no row"):
        longest_probation([], Term("open_ended", START))


@pytest.mark.parametrize(
    ("term", "probation_before", "outcome"),
    [
        (Term("fixed", START, date(2027, 1, 1)), date(2024, 7, 1), "met"),
        (Term("fixed", START, date(2027, 1, 1)), date(2024, 7, 2), "not_met"),
        (Term("fixed", START, date(2026, 1, 1)), date(2024, 7, 1), "not_met"),
        (Term("fixed", START, date(2026, 1, 1)), date(2024, 3, 1), "met"),
        (Term("fixed", START, date(2024, 3, 31)), None, "met"),
        (Term("fixed", START, date(2024, 3, 31)), START, "met"),
        (Term("fixed", START, date(2024, 3, 31)), date(2024, 1, 2), "not_met"),
        (Term("part_time", START), date(2024, 1, 2), "not_met"),
        (Term("open_ended", START), date(2024, 7, 1), "met"),
    ],
)
def test_a_probation_is_held_to_its_term(term: Term, probation_before: date | None, outcome: str) -> None:
    finding = probation_finding(NATIONAL, term, probation_before)
    assert finding.outcome == outcome
    assert finding.article == ("LCL-70" if term.kind == "part_time" else "LCL-19")


def test_a_contract_of_probation_alone_is_refused() -> None:
    term = Term("fixed", START, date(2024, 4, 1))
    assert probation_finding(NATIONAL, term, date(2024, 2, 1)).outcome == "met"
    assert probation_finding(NATIONAL, term, date(2024, 4, 1)).outcome == "not_met"


def test_the_finding_tells_the_last_lawful_day() -> None:
    finding = probation_finding(NATIONAL, Term("fixed", START, date(2025, 1, 1)), date(2024, 6, 1))
    assert finding.value == 2
    assert "2024-02-29" in finding.message.en


@settings(deadline=None)
@given(
    start=st.dates(date(2008, 1, 1), date(2060, 12, 31)),
    shorter=st.integers(1, 1500),
    longer=st.integers(0, 1500),
)
def test_a_longer_term_never_allows_less(start: date, shorter: int, longer: int) -> None:
    one = longest_probation(ROWS, Term("fixed", start, start + timedelta(days=shorter)))
    two = longest_probation(ROWS, Term("fixed", start, start + timedelta(days=shorter + longer)))
    assert one <= two


@settings(deadline=None)
@given(start=st.dates(date(2008, 1, 1), date(2060, 12, 31)), months=st.sampled_from([3, 12, 36]))
def test_exactly_the_months_count_as_reached_and_a_day_less_does_not(start: date, months: int) -> None:
    end = before_after_months(start, months)
    reached = longest_probation(ROWS, Term("fixed", start, end))
    assert longest_probation(ROWS, Term("fixed", start, end - timedelta(days=1))) < reached

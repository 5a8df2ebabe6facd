"""Who takes part, and the completed months in post in a year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.method import Participation
from services.assessment.participant.rules import Span, completed_months, months_in_year, standing

SIX = Participation(months_at_least=6)
END = date(2025, 12, 31)


def span(start: str, before: str | None = None, category: str = "community_staff") -> Span:
    return Span(date.fromisoformat(start), date.fromisoformat(before) if before else None, category)


@pytest.mark.article("NM-28")
@pytest.mark.parametrize(("start", "reason"), [("2025-07-01", "in_post"), ("2025-07-02", "too_short")])
def test_six_months_suffice_and_a_day_less_does_not(start: str, reason: str) -> None:
    found = standing(SIX, [span(start)], 2025, END)
    assert (found.reason, found.takes_part) == (reason, reason == "in_post")
    assert str(found.months) in found.said.zh


def test_the_reference_day_and_the_category_are_reasons_of_their_own() -> None:
    assert standing(SIX, [span("2020-01-01", "2025-12-31")], 2025, END).reason == "left"
    assert standing(SIX, [span("2020-01-01", "2026-01-01")], 2025, END).reason == "in_post"
    still = Participation(months_at_least=6, in_post=False)
    assert standing(still, [span("2020-01-01", "2025-12-31")], 2025, END).reason == "in_post"
    members = Participation(months_at_least=0, categories=["committee_member"])
    assert standing(members, [span("2020-01-01")], 2025, END).reason == "category"
    assert standing(members, [span("2020-01-01", None, "committee_member")], 2025, END).reason == "in_post"


@pytest.mark.parametrize(
    ("spans", "months"),
    [
        ([span("2020-01-01")], 12),
        ([span("2025-01-01", "2025-03-01"), span("2025-03-01", "2025-04-01")], 3),
        ([span("2025-01-15", "2025-02-15"), span("2025-02-15", "2025-03-15")], 2),
        ([span("2025-01-01", "2025-03-01"), span("2025-02-01", "2025-05-01")], 4),
        ([span("2025-01-01", "2025-01-31"), span("2025-02-01", "2025-02-28")], 0),
        ([span("2024-01-01", "2025-01-01")], 0),
        ([span("2026-01-01")], 0),
        ([], 0),
    ],
)
def test_months_of_a_year(spans: list[Span], months: int) -> None:
    assert months_in_year(spans, 2025, END) == months


def test_only_days_up_to_the_reference_day_count() -> None:
    assert months_in_year([span("2025-01-01")], 2025, date(2025, 6, 30)) == 6
    assert months_in_year([span("2025-01-01")], 2025, date(2025, 6, 29)) == 5


DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@given(st.lists(st.tuples(DAYS, st.integers(1, 500)), max_size=5))
def test_a_year_never_has_more_than_twelve_months_and_order_does_not_matter(drawn: list[tuple[date, int]]) -> None:
    spans = [Span(start, start + timedelta(days=days), "x") for start, days in drawn]
    months = months_in_year(spans, 2025, END)
    assert 0 <= months <= 12
    assert months == months_in_year(list(reversed(spans)), 2025, END)
    assert months <= months_in_year([*spans, span("2025-01-01")], 2025, END)


def test_completed_months() -> None:
    assert completed_months(date(2025, 1, 31), date(2025, 2, 28)) == 1
    assert completed_months(date(2025, 1, 31), date(2025, 2, 27)) == 0
    assert completed_months(date(2025, 1, 1), date(2025, 1, 1)) == 0

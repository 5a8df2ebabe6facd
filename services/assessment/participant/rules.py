"""Who takes part in the assessment of a year, and why the others do not (S2). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.calendar import add_months
from kernel.errors import Text
from services.assessment.method import Participation


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a post, `[start, before)`; open where there is no `before`."""

    start: date
    before: date | None
    category: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person takes part, the completed months in post in the year, and the reason in words."""

    takes_part: bool
    reason: str
    months: int
    said: Text


def standing(terms: Participation, spans: Sequence[Span], year: int, reference_on: date) -> Standing:
    """Decide for one person from the posts held, as of the reference day.

    reason: `in_post` (takes part), `left`, `category` or `too_short`. The least number of months suffices.
    """
    months = months_in_year(spans, year, reference_on)
    if terms.in_post and not any(_holds(span, reference_on) for span in spans):
        said = Text(f"{reference_on} 不在岗", f"Not in post on {reference_on}.")
        return Standing(False, "left", months, said)
    if terms.categories and not any(span.category in terms.categories for span in spans):
        said = Text("不属于参加考核的人员类别", "Of a category that the method leaves out.")
        return Standing(False, "category", months, said)
    said = Text(
        f"本年度在岗满 {months} 个月，须满 {terms.months_at_least} 个月",
        f"{months} completed months in post in the year; {terms.months_at_least} are asked for.",
    )
    enough = months >= terms.months_at_least
    return Standing(enough, "in_post" if enough else "too_short", months, said)


def months_in_year(spans: Iterable[Span], year: int, until: date) -> int:
    """Completed months in post within the year, up to and with `until`.

    Posts held at once or one right after the other count as one period; each period gives its completed months.
    """
    first, end = date(year, 1, 1), min(date(year + 1, 1, 1), until + timedelta(days=1))
    inside = sorted((max(span.start, first), min(span.before or end, end)) for span in spans if span.start < end)
    total, start, before = 0, first, first
    for left, right in inside:
        if right <= left:
            continue
        if left > before:
            total += completed_months(start, before)
            start, before = left, right
        else:
            before = max(before, right)
    return total + completed_months(start, before)


def completed_months(start: date, before: date) -> int:
    """Whole months in `[start, before)`."""
    months = (before.year - start.year) * 12 + before.month - start.month
    return months if add_months(start, months) <= before else months - 1


def _holds(span: Span, on: date) -> bool:
    return span.start <= on and (span.before is None or on < span.before)

"""Which days count as absence, how they add up, and what a limit makes of them (NM-27, SH-25(2)). Pure.

Only what a named official determined counts; approved leave never does. A limit speaks of days: above it in working
days is the ground of exit, above it in calendar days alone a named official's review.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kernel.calendar import CalendarMissing, WorkingCalendar, add_months, is_working_day
from kernel.errors import Conflict, FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack
from kernel.regulation.schema.rules import Outcome

IN_A_ROW = "attendance.absence_in_a_row_over"
IN_A_YEAR = "attendance.absence_in_a_year_over"
EXIT_GROUND = "attendance.absence_exit_ground"
TWELVE_MONTHS = 12
ONE = timedelta(days=1)
Period = tuple[date, date]
Follows = Callable[[date, date], bool]


def check_days(on_duty_from: date | None, valid_from: date, before: date, today: date) -> None:
    """Raise `WrongState` for days before duty, `InvalidInput` for days that are not over."""
    if on_duty_from is None or valid_from < on_duty_from:
        raise WrongState(Text("该期间尚未上岗", "The worker was not on duty on these days."))
    if before > today + ONE:
        message = Text(f"不得晚于今天（{today}）", f"Absence lies not after today ({today}).")
        raise InvalidInput(message, errors=[FieldError("/valid_before", message)])


def check_not_on_leave(granted: bool, article: str | None) -> None:
    """Raise `RuleRefused` where a day of it is approved leave."""
    if granted:
        raise RuleRefused(
            Text(
                "该期间有已批准的假期，不得认定为旷工", "Approved leave is never absence; it covers one of these days."
            ),
            article=article,
        )


def check_free(other: bool) -> None:
    """Raise `Conflict` where one of the days was determined already."""
    if other:
        raise Conflict(Text("该期间已有缺勤认定", "One of these days was determined already."))


def check_overstay(overstay: str | None) -> None:
    """Raise `WrongState` unless days over wait for a determination."""
    if overstay != "undetermined":
        raise WrongState(Text("没有待认定的超假", "No overstayed days wait for a determination."))


Standing = Literal["none", "warning", "review", "ground"]


def check_reviewed(standing: Standing, article: str | None) -> None:
    """Raise `RuleRefused` for a review of absence that is above no limit."""
    if standing not in ("review", "ground"):
        raise RuleRefused(
            Text("缺勤未超过规定的天数，不须审查认定", "The absence is above no limit; there is nothing to review."),
            article=article,
        )


@dataclass(frozen=True, slots=True)
class Counters:
    """Absence touching one calendar year; what needs the working calendar is None where it is missing.

    longest_span: calendar days from the first to the last day of an absence that no working day interrupts, rest days
    between among them. in_twelve_months: the most days in twelve months that end in the year.
    """

    days: int
    working_days: int | None
    longest_run: int
    longest_working_run: int | None
    longest_span: int | None
    in_twelve_months: int
    missing: CalendarMissing | None = None


def absent_days(absences: Iterable[Period], leave: Iterable[Period]) -> list[date]:
    """The days that count, in order: those of absence without those of leave; periods half-open."""
    excused = excused_days(leave)
    return sorted({day for start, before in absences for day in _days(start, before)} - excused)


def excused_days(leave: Iterable[Period]) -> frozenset[date]:
    """Every day of approved leave, rest days among them; periods half-open."""
    return frozenset(day for start, before in leave for day in _days(start, before))


def counters(
    days: list[date], year: int, calendar: WorkingCalendar, excused: frozenset[date] = frozenset()
) -> Counters:
    """The counters of a calendar year over days of absence in order; `excused` are the days of approved leave.

    Another year's calendar is asked only where an absence may run over its turn.
    """
    of_year = [day for day in days if day.year == year]
    run = _longest(_runs(days, lambda before, after: before + ONE == after), year)
    ended_in = max((len(_twelve_months(days, day)) for day in of_year), default=0)
    try:
        # Without a day of absence nothing is counted, but whether the year can be counted at all is known all the same.
        is_working_day(date(year, 1, 1), calendar)
        whole = _whole_runs(days, year, calendar)
        working = [[day for day in each if is_working_day(day, calendar)] for each in whole]
        counted = sum(is_working_day(day, calendar) for day in of_year)
    except CalendarMissing as missing:
        return Counters(len(of_year), None, run, None, None, ended_in, missing)
    return Counters(
        len(of_year),
        counted,
        run,
        max((len(each) for each in working), default=0),
        max((_span(each, excused) for each in whole), default=0),
        ended_in,
    )


def findings(pack: Pack, found: Counters, on: date) -> list[Finding]:
    """What each limit that the regulation writes makes of the counters; without a limit there is no finding.

    Raises `CalendarMissing` where a limit has to be judged in a year whose calendar is not loaded.
    """
    row, year = pack.parameter(IN_A_ROW, on), pack.parameter(IN_A_YEAR, on)
    if found.missing is not None and "set" in (row.state, year.state):
        raise found.missing
    made = []
    if row.state == "set":
        made.append(_finding(row, found.longest_span or 0, found.longest_working_run or 0, {}))
    if year.state == "set":
        facts = {"in_twelve_months": found.in_twelve_months}
        made.append(_finding(year, found.days, found.working_days or 0, facts))
    return made


def standing_of(made: Iterable[Finding]) -> Standing:
    """The gravest of the findings: the ground, a review, a warning, or nothing."""
    order: list[Standing] = ["none", "warning", "review", "ground"]
    values = [each.value for each in made]
    return next((name for name in reversed(order) if name in values), "none")


def _finding(figure: Figure, calendar_days: int, working_days: int, more: Mapping[str, object]) -> Finding:
    limit = figure.integer()
    standing, outcome = _judged(limit, calendar_days, working_days, more)
    says = {
        "ground": Text("超过，构成退出情形", "above the limit: a ground of exit"),
        "review": Text("自然日超过、工作日未超过，须审查认定", "above it in calendar days alone: a review"),
        "warning": Text("任意连续十二个月内超过，提醒", "above it within twelve months in a row: a warning"),
        "none": Text("未超过", "within the limit"),
    }[standing]
    message = Text(
        f"{figure.parameter.label.zh} {limit} 天：自然日 {calendar_days} 天、工作日 {working_days} 天，{says.zh}",
        f"Limit {limit}: {calendar_days} calendar days, {working_days} working days, {says.en}",
    )
    if outcome == "needs_judgement":
        needs = SAYS[outcome]
        message = Text(f"{needs.zh}：{message.zh}", f"{needs.en}: {message.en}")
    facts = {"calendar_days": calendar_days, "working_days": working_days, "limit": limit, **more}
    return Finding(figure.path, figure.article, figure.words, facts, outcome, standing, message)


def _judged(limit: int, calendar_days: int, working_days: int, more: Mapping[str, object]) -> tuple[Standing, Outcome]:
    if working_days > limit:
        return "ground", "met"
    if calendar_days > limit:
        return "review", "needs_judgement"
    rolling = more.get("in_twelve_months", 0)
    return ("warning" if isinstance(rolling, int) and rolling > limit else "none"), "not_met"


def _whole_runs(days: list[date], year: int, calendar: WorkingCalendar) -> list[list[date]]:
    """The runs of absence with a day in the year, each whole: rest days between two days do not interrupt it."""
    inside = [index for index, day in enumerate(days) if day.year == year]
    if not inside:
        return []
    first, last = inside[0], inside[-1]
    while first > 0 and not _works_between(days[first - 1], days[first], calendar):
        first -= 1
    while last + 1 < len(days) and not _works_between(days[last], days[last + 1], calendar):
        last += 1
    return _runs(days[first : last + 1], lambda before, after: not _works_between(before, after, calendar))


def _span(run: list[date], excused: frozenset[date]) -> int:
    return sum(day not in excused for day in _days(run[0], run[-1] + ONE))


def _twelve_months(days: list[date], last: date) -> list[date]:
    start = add_months(last, -TWELVE_MONTHS)
    return [day for day in days if start < day <= last]


def _days(start: date, before: date) -> Iterable[date]:
    return (start + timedelta(days=offset) for offset in range((before - start).days))


def _runs(days: list[date], follows: Follows) -> list[list[date]]:
    runs: list[list[date]] = []
    for day in days:
        if runs and follows(runs[-1][-1], day):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _longest(runs: list[list[date]], year: int) -> int:
    return max((len(run) for run in runs if any(day.year == year for day in run)), default=0)


def _works_between(before: date, after: date, calendar: WorkingCalendar) -> bool:
    # From the later end, so that a calendar before the turn of the year is asked for only where it decides.
    between = (after - timedelta(days=back) for back in range(1, (after - before).days))
    return any(is_working_day(day, calendar) for day in between)

"""How leave is counted and limited (NM-27; State Council Orders 514 and 619). Pure; every figure is the pack's.

The days of a kind are `leave.<kind>_days`, regional additions `leave.<kind>_extra_days`, its unit `leave.<kind>_unit`.
Home leave (SH-17) is given once in `leave.<kind>_every_years`, after `leave.<kind>_after_years` of work. Annual leave
follows cumulative years of work with all employers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from kernel.calendar import WorkingCalendar, working_days_in
from kernel.errors import Conflict, FieldError, InvalidInput, ParameterNotSet, RuleRefused, Text, WrongState
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack

DayUnit = Literal["calendar", "working"]
WORKFLOW = "leave"
ANNUAL = "annual"
LISTS = ("leave.kinds", "leave.local_kinds")
TIERS = "leave.annual_tiers"
TIER_CHANGE = "leave.annual_tier_change"
YEAR_DAYS = "leave.annual_year_days"
SUPPLEMENTS = "leave.supplements"
NEXT_MONTH = "next_month"
LIVE = ("requested", "approved", "returned")
"""States in which a leave takes up its days."""


def kinds(pack: Pack) -> dict[str, Text]:
    """The kinds of leave known here: national law's, then the jurisdiction's own."""
    found: dict[str, Text] = {}
    for name in LISTS:
        items = pack.item_list(name)
        if items is not None:
            found |= {kind: item.label.text() for kind, item in items.items.items()}
    return found


def check_kind(pack: Pack, kind: str) -> Text:
    """The label of the kind; `InvalidInput` naming the known ones for another."""
    known = kinds(pack)
    if kind not in known:
        names = "、".join(f"{label.zh}（{name}）" for name, label in known.items())
        message = Text(f"没有这一假期种类；可用：{names}", f"No such kind of leave; known: {', '.join(known)}.")
        raise InvalidInput(message, errors=[FieldError("/kind", message)])
    return known[kind]


def check_worker(on_duty_from: date | None, valid_from: date) -> None:
    """Raise `WrongState` for leave before the worker is on duty."""
    if on_duty_from is None or valid_from < on_duty_from:
        raise WrongState(Text("上岗之后才能请假", "Leave begins after the worker went on duty."))


def unit_of(pack: Pack, kind: str, on: date) -> DayUnit:
    """Whether the kind is counted in calendar or working days; `ParameterNotSet` where nobody says."""
    unit = pack.parameter(f"leave.{kind}_unit", on).text()
    if unit not in ("calendar", "working"):
        raise ParameterNotSet(Text(f"计算单位“{unit}”无法识别", f"The unit {unit!r} is neither calendar nor working."))
    return cast(DayUnit, unit)


def count(unit: DayUnit, valid_from: date, before: date, calendar: WorkingCalendar) -> int:
    """Days of the half-open period; `CalendarMissing` where working days reach a year that is not loaded."""
    return (before - valid_from).days if unit == "calendar" else working_days_in(valid_from, before, calendar)


def count_by_year(unit: DayUnit, valid_from: date, before: date, calendar: WorkingCalendar) -> dict[int, int]:
    """The same, split over calendar years; years without a day of it are left out."""
    found: dict[int, int] = {}
    for year in range(valid_from.year, (before - timedelta(days=1)).year + 1):
        first, end = max(valid_from, date(year, 1, 1)), min(before, date(year + 1, 1, 1))
        if days := count(unit, first, end, calendar):
            found[year] = days
    return found


def check_some(days: int) -> None:
    """Raise `InvalidInput` for a leave in which no day counts (only rest days)."""
    if days == 0:
        message = Text("所选期间没有工作日，无需请假", "No working day lies in this period; no leave is needed.")
        raise InvalidInput(message, errors=[FieldError("/valid_before", message)])


def check_free(other: bool) -> None:
    """Raise `Conflict` where another leave of the worker covers a day of it."""
    if other:
        raise Conflict(Text("与已有请假期间重叠", "Another leave of the worker covers part of this period."))


@dataclass(frozen=True, slots=True)
class Limit:
    """Most days of one leave: the law's, the region's addition, and what the case adds. `days` None: no limit."""

    days: int | None
    base: int | None
    extra: int | None
    supplements: int
    articles: tuple[str, ...]
    words: str | None


def limit_of(pack: Pack, kind: str, supplements: Mapping[str, int], on: date) -> Limit:
    """The limit of one leave of that kind. `InvalidInput` for a supplement that the kind does not have."""
    base, extra = _figure(pack, f"leave.{kind}_days", on), _figure(pack, f"leave.{kind}_extra_days", on)
    figures = [figure for figure in (base, extra) if figure is not None]
    added, rests_on = _supplements(pack, kind, supplements, on)
    if rests_on is not None:
        figures.append(rests_on)
    return Limit(
        days=sum(figure.integer() for figure in (base, extra) if figure is not None) + added if figures else None,
        base=base.integer() if base else None,
        extra=extra.integer() if extra else None,
        supplements=added,
        articles=tuple(dict.fromkeys(figure.article for figure in figures if figure.article)),
        words=next((figure.words for figure in figures if figure.words), None),
    )


def _figure(pack: Pack, path: str, on: date) -> Figure | None:
    # Not every kind has every figure, and one that is silent limits nothing.
    if path not in pack.document.parameters:
        return None
    figure = pack.parameter(path, on)
    return figure if figure.state == "set" else None


def _supplements(pack: Pack, kind: str, asked: Mapping[str, int], on: date) -> tuple[int, Figure | None]:
    if not asked:
        return 0, None
    figure = pack.parameter(SUPPLEMENTS, on)
    rows = {str(row["supplement"]): row for row in figure.rows() if row["kind"] == kind}
    days = 0
    for name, times in asked.items():
        row = rows.get(name)
        if row is None or (times > 1 and row["repeats"] is not True):
            message = Text(f"该假期没有“{name}”这一增加情形", f"This leave has no such supplement: {name}.")
            raise InvalidInput(message, errors=[FieldError(f"/supplements/{name}", message)])
        days += int(row["days"]) * times
    return days, figure


def check_limit(kind: str, label: Text, limit: Limit, days: int, unit: DayUnit) -> None:
    """Raise `RuleRefused` with the finding where more days are asked than one such leave has."""
    if limit.days is None or days <= limit.days:
        return
    article = limit.articles[0] if limit.articles else None
    message = Text(
        f"{label.zh}最多 {limit.days} 天，本次为 {days} 天",
        f"{label.en}: at most {limit.days} days, {days} are asked.",
    )
    facts = {
        "days": days,
        "unit": unit,
        "base": limit.base,
        "extra": limit.extra,
        "supplements": limit.supplements,
        "articles": limit.articles,
    }
    finding = Finding(f"leave.{kind}", article, limit.words, facts, "not_met", limit.days, message)
    raise RuleRefused(message, article=article, findings=[finding.as_json()])


def span_of(pack: Pack, kind: str, on: date) -> int | None:
    """In how many calendar years together the days of the kind are given; None where each leave has them anew."""
    figure = _figure(pack, f"leave.{kind}_every_years", on)
    return figure.integer() if figure is not None else None


def check_span(label: Text, limit: Limit, span: int, used: int, days: int) -> None:
    """Raise `RuleRefused` where the days given for `span` calendar years do not suffice. used: in these years."""
    if limit.days is None or used + days <= limit.days:
        return
    raise RuleRefused(
        Text(
            f"{label.zh}每 {span} 年 {limit.days} 天，已用（含待批）{used} 天，本次 {days} 天",
            f"{label.en}: {limit.days} days in {span} years, {used} used or asked for, {days} more asked.",
        ),
        article=limit.articles[0] if limit.articles else None,
    )


def years_asked(pack: Pack, kind: str, on: date) -> Figure | None:
    """The years of work before which there is no such leave; None where none are asked."""
    return _figure(pack, f"leave.{kind}_after_years", on)


def check_years(label: Text, figure: Figure, years: int) -> None:
    """Raise `RuleRefused` for leave that so many cumulative years of work do not give yet."""
    if years < figure.integer():
        raise RuleRefused(
            Text(
                f"{label.zh}须工作满 {figure.integer()} 年，现满 {years} 年",
                f"{label.en} needs {figure.integer()} years of work; there are {years}.",
            ),
            article=figure.article,
        )


def counting_day(pack: Pack, on: date) -> date:
    """The day on which the years for annual leave are counted, for leave on that day.

    Where a new tier counts from the next month, years completed within a month are not seen in it.
    """
    change = pack.parameter(TIER_CHANGE, on)
    if change.state == "set" and change.text() == NEXT_MONTH:
        return on.replace(day=1) - timedelta(days=1)
    return on


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Working days of annual leave in a year, and the findings they rest on."""

    days: int
    pro_rata: bool
    findings: tuple[Finding, ...]


def annual(pack: Pack, year: int, on: date, years: int, joined: date) -> Entitlement:
    """Annual leave of a calendar year for someone with so many cumulative years of work on the counting day.

    In the year of joining it is floor(remaining calendar days × days ÷ days of the year).
    """
    figure = pack.parameter(TIERS, on)
    reached = [int(row["days"]) for row in figure.rows() if years >= int(row["from_years"])]
    full = max(reached, default=0)
    outcome: Literal["met", "not_met"] = "met" if full else "not_met"
    says = SAYS[outcome]
    tier = Finding(
        TIERS,
        figure.article,
        figure.words,
        {"cumulative_years": years, "on": on},
        outcome,
        full,
        Text(
            f"{says.zh}：累计工作满 {years} 年，全年 {full} 天", f"{says.en}: {years} years of work, {full} days a year"
        ),
    )
    if joined.year != year or not full:
        return Entitlement(full, False, (tier,))
    share = pack.parameter(YEAR_DAYS, on)
    remaining = (date(year + 1, 1, 1) - joined).days
    days = remaining * full // share.integer()
    says = SAYS["met"]
    part = Finding(
        YEAR_DAYS,
        share.article,
        share.words,
        {"joined": joined, "remaining_days": remaining, "full_days": full},
        "met",
        days,
        Text(
            f"{says.zh}：当年剩余 {remaining} 天，折算 {days} 天（不足一天的部分不计）",
            f"{says.en}: {remaining} days of the year remain, a share of {days} days, rounded down",
        ),
    )
    return Entitlement(days, True, (tier, part))


def check_balance(year: int, entitlement: Entitlement, used: int, days: int) -> None:
    """Raise `RuleRefused` where the year's annual leave does not suffice. used: days taken or asked for already."""
    if used + days <= entitlement.days:
        return
    finding = entitlement.findings[-1]
    raise RuleRefused(
        Text(
            f"{year} 年年休假 {entitlement.days} 天，已用（含待批）{used} 天，本次 {days} 天",
            f"Annual leave {year}: {entitlement.days} days, {used} used or asked for, {days} more asked.",
        ),
        article=finding.article,
        findings=[each.as_json() for each in entitlement.findings],
    )


def check_return(state: str, valid_from: date, returned_on: date, today: date) -> None:
    """Raise `WrongState` unless the leave is approved and not returned from; `InvalidInput` for an impossible day."""
    if state != "approved":
        raise WrongState(Text("该请假未在已批准状态，不能销假", "Only an approved leave is returned from, once."))
    if not valid_from <= returned_on <= today:
        message = Text(
            f"销假日期应在 {valid_from} 与今天（{today}）之间",
            f"The return lies between {valid_from} and today ({today}).",
        )
        raise InvalidInput(message, errors=[FieldError("/returned_on", message)])

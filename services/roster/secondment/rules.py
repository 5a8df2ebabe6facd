"""Who may borrow a community worker, and for how long (NM-24). Pure; levels and months are the pack's.

A regulation that does not write of secondment has no figures to decide by: asking answers `not-regulated`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from kernel.calendar import before_after_months
from kernel.errors import Conflict, FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.figures import Figure
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack

WORKFLOW = "secondment"
BARRED = "secondment.barred_levels"
BORROWERS = "secondment.borrower_levels"
MONTHS = "secondment.max_months"
LIVE = ("applied", "approved")
"""States in which a secondment takes up its days."""


def check_borrower(pack: Pack, level: str, level_name: str, on: date) -> None:
    """Raise `RuleRefused` with the finding for a borrower of a level that may not; `NotRegulated` without rule."""
    borrowers = pack.parameter(BORROWERS, on)
    allowed = borrowers.texts()
    barred = pack.parameter(BARRED, on)
    if barred.state == "set" and level in barred.texts():
        raise _refused(
            barred,
            level,
            Text(
                f"“{level_name}”一级的机关事业单位不得借调社区工作者",
                f"Organs and institutions at level {level} may not borrow community workers.",
            ),
        )
    if level not in allowed:
        raise _refused(
            borrowers,
            level,
            Text(
                f"“{level_name}”一级不在可以借调的单位之列",
                f"Units at level {level} are not among those that may borrow.",
            ),
        )


def _refused(figure: Figure, level: str, message: Text) -> RuleRefused:
    facts = {"borrower_level": level, "levels": figure.texts()}
    finding = Finding(figure.path, figure.article, figure.words, facts, "not_met", None, message)
    return RuleRefused(message, article=figure.article, findings=[finding.as_json()])


def check_applicant(pack: Pack, borrower_unit_no: int, acting_unit_no: int | None, on: date) -> None:
    """Raise `RuleRefused` unless the unit that would borrow applies itself."""
    if borrower_unit_no != acting_unit_no:
        raise RuleRefused(
            Text("应由借调单位自行申请", "The unit that would borrow applies itself."),
            article=pack.parameter(BORROWERS, on).article,
        )


def check_start(valid_from: date, today: date) -> None:
    """Raise `InvalidInput` for a secondment that began before it was applied for."""
    if valid_from < today:
        message = Text(
            f"借调须事先报批，开始日期不得早于今天（{today}）",
            f"Approval comes first: it starts not before today ({today}).",
        )
        raise InvalidInput(message, errors=[FieldError("/valid_from", message)])


def latest_end(figure: Figure, valid_from: date) -> date:
    """The first day after the longest secondment from that day.

    Its last day is the day before the same day-number, or the month's end where there is none: never beyond a ceiling.
    """
    return before_after_months(valid_from, figure.integer())


def check_length(pack: Pack, valid_from: date, valid_before: date) -> None:
    """Raise `RuleRefused` with both last days where it is longer than the regulation allows."""
    figure = pack.parameter(MONTHS, valid_from)
    latest = latest_end(figure, valid_from)
    if valid_before <= latest:
        return
    last, asked = latest - timedelta(days=1), valid_before - timedelta(days=1)
    message = Text(
        f"借调时间不得超过 {figure.integer()} 个月：自 {valid_from} 起最晚至 {last}，申请至 {asked}",
        f"At most {figure.integer()} months: from {valid_from} until {last} at the latest; {asked} was asked.",
    )
    facts = {"valid_from": valid_from, "last_day_asked": asked, "last_day_allowed": last}
    finding = Finding(figure.path, figure.article, figure.words, facts, "not_met", figure.integer(), message)
    raise RuleRefused(message, article=figure.article, findings=[finding.as_json()])


def check_free(other: bool) -> None:
    """Raise `Conflict` where the worker is lent, or asked for, on one of the days."""
    if other:
        raise Conflict(Text("该人员在此期间已有借调", "The worker is lent or asked for on one of these days already."))


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the same unit had of the worker before: how often and how many days."""

    times: int
    days: int


def summed(periods: list[tuple[date, date]]) -> Earlier:
    """The sum of half-open periods that were lent to the same unit."""
    return Earlier(len(periods), sum((before - start).days for start, before in periods))


def check_endable(state: str, began_on: date | None, last_day: date, valid_before: date) -> None:
    """Raise `WrongState` unless it runs; `InvalidInput` for a last day outside it."""
    if state != "approved" or began_on is None:
        raise WrongState(Text("该借调未在进行", "This secondment is not running."))
    if not began_on <= last_day < valid_before:
        message = Text(
            f"结束日期应在 {began_on} 与 {valid_before - timedelta(days=1)} 之间",
            "The last day lies within the secondment.",
        )
        raise InvalidInput(message, errors=[FieldError("/last_day", message)])

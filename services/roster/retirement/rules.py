"""Until when the list looks, who stands on it, and when a retirement may be handled (NM-30). Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kernel.calendar import add_months
from kernel.errors import FieldError, InvalidInput, RuleRefused, Text
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.national.retirement import (
    TRACKS,
    UnknownTrack,
    retirement_finding,
    retirement_of,
    track_row,
)
from kernel.regulation.pack import Pack

CONTRIBUTION = "retirement.contribution_months"
LIST_MONTHS = "retirement.list_months"
HANDLER = "retirement.handler_level"
HANDLING = "retirement.handling"


@dataclass(frozen=True, slots=True)
class Due:
    """A worker who reaches the month within the list, or may do so on a track nobody recorded (`month` None)."""

    month: date | None
    findings: list[Finding]


def list_until(pack: Pack, today: date, asked: date | None) -> date:
    """The last month of the list as its first day: the one asked, at most as far ahead as the list looks.

    Raises `InvalidInput` beyond that or before this month.
    """
    this = today.replace(day=1)
    furthest = add_months(this, pack.parameter(LIST_MONTHS, today).integer())
    if asked is not None and not this <= asked <= furthest:
        message = Text(
            f"截止月份应在 {this:%Y-%m} 至 {furthest:%Y-%m} 之间",
            f"Choose a month from {this:%Y-%m} to {furthest:%Y-%m}.",
        )
        raise InvalidInput(message, errors=[FieldError("/until", message)])
    return asked or furthest


def contribution_months(pack: Pack, month: date | None) -> int | None:
    """The least months of contributions for a monthly pension in the year of a statutory month (RET-2).

    None without a month, and under a version of the regulation that was published before this was asked.
    """
    if month is None or CONTRIBUTION not in pack.document.parameters:
        return None
    return pack.parameter(CONTRIBUTION, month).integer()


def check_track(pack: Pack, today: date, track: str) -> None:
    """Raise `InvalidInput` for a track that the national table does not know."""
    figure = pack.parameter(TRACKS, today)
    try:
        track_row(figure.rows(), track)
    except UnknownTrack:
        known = "、".join(str(row["track"]) for row in figure.rows())
        message = Text(f"退休类别应为：{known}", f"The track is one of {known}.")
        error = FieldError("/track", message, rule=TRACKS, article=figure.article)
        raise InvalidInput(message, errors=[error], article=figure.article) from None


def due(pack: Pack, today: date, until: date, track: str | None, birth: date) -> Due | None:
    """Where the worker stands on the list up to that month; None for who does not.

    Without a track, whoever could be due on any of them stands there as "cannot compute": nobody is passed over, and
    none is assumed.
    """
    rows = pack.parameter(TRACKS, today).rows()
    if track is not None:
        month = retirement_of(pack, today, track, birth).statutory
        return Due(month, _findings(pack, today, track, birth, month)) if month <= until else None
    months = [retirement_of(pack, today, str(row["track"]), birth).statutory for row in rows]
    return Due(None, _findings(pack, today, None, birth, None)) if min(months) <= until else None


def _findings(pack: Pack, today: date, track: str | None, birth: date, month: date | None) -> list[Finding]:
    figure = pack.parameter(HANDLER)
    facts = {"month": f"{month:%Y-%m}" if month else None, "on": today}
    outcome: Literal["needs_judgement", "met", "not_met"]
    if month is None:
        outcome, why = "needs_judgement", Text("退休类别待登记", "the track is not recorded")
    elif month <= today:
        outcome, why = "met", Text("已达到法定退休年龄，应办理退休手续", "the statutory age is reached; to be handled")
    else:
        outcome, why = "not_met", Text(f"将于 {month:%Y-%m} 达到", f"it is reached in {month:%Y-%m}")
    says = SAYS[outcome]
    handling = Finding(
        HANDLING,
        figure.article,
        figure.words,
        facts,
        outcome,
        facts["month"],
        Text(f"{says.zh}：{why.zh}", f"{says.en}: {why.en}"),
    )
    return [handling, retirement_finding(pack, today, track, birth)]


def ends_before(pack: Pack, today: date, track: str | None, birth: date) -> tuple[date, date]:
    """The statutory month and the first day after the last one: the end of that month, of this month where it is past.

    Raises `RuleRefused` (NM-30) without a track, or where the month is not within the list yet.
    """
    found = due(pack, today, list_until(pack, today, None), track, birth)
    if found is None or found.month is None:
        month = retirement_of(pack, today, track, birth).statutory if track is not None else None
        findings = _findings(pack, today, track, birth, month)
        raise RuleRefused(
            Text(
                "不能办理退休：" + "；".join(each.message.zh for each in findings),
                "Retirement cannot be handled: " + "; ".join(each.message.en for each in findings),
            ),
            article=findings[0].article,
            findings=[each.as_json() for each in findings],
        )
    return found.month, add_months(max(found.month, today.replace(day=1)), 1)

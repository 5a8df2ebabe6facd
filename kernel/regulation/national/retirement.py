"""Statutory retirement month by birth month and track, under the gradual delay in force from 2025 (RET-1, RET-3).

Everything but the arithmetic is data of the national layer: base age, first birth year, step and cap of each track.
The women's track follows from the post, not from the sex, so a track that nobody recorded is never guessed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kernel.calendar import add_months
from kernel.errors import Text
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack

TRACKS = "retirement.tracks"
FLEXIBLE = "retirement.flexible_months"
RULE = "retirement.statutory_month"
MONTHS = 12

Row = Mapping[str, int | bool | str]


class UnknownTrack(ValueError):
    """The table has no such track; there is no default."""


@dataclass(frozen=True, slots=True)
class Retirement:
    """Months (as their first days) in which a person retires; both flexible ends None where the old rule applies."""

    delay_months: int
    age_months: int
    statutory: date
    earliest: date | None
    latest: date | None

    @property
    def age(self) -> tuple[int, int]:
        """Statutory age in years and months."""
        return divmod(self.age_months, MONTHS)


def track_row(rows: Iterable[Row], track: str) -> Row:
    """The row of a track; raises `UnknownTrack`."""
    for row in rows:
        if row["track"] == track:
            return row
    raise UnknownTrack(f"no retirement track {track!r}")


def retirement(rows: Iterable[Row], flexible_months: int, track: str, birth: date) -> Retirement:
    """The statutory month and its flexible ends of somebody born on that day; raises `UnknownTrack`.

    `rows` are `{track, base_years, start_year, step_months, cap_months}`: with k months from January of the first
    birth year, the delay is floor(k / step) + 1 months up to the cap, and none before. Whoever is born before retires
    under the old rule, without flexible ends.
    """
    row = track_row(rows, track)
    base, step, cap = int(row["base_years"]) * MONTHS, int(row["step_months"]), int(row["cap_months"])
    past = (birth.year - int(row["start_year"])) * MONTHS + birth.month - 1
    delay = 0 if past < 0 else min(cap, past // step + 1)
    month = birth.replace(day=1)
    statutory = add_months(month, base + delay)
    if delay == 0:
        return Retirement(0, base, statutory, None, None)
    earliest = max(add_months(month, base), add_months(statutory, -flexible_months))
    return Retirement(delay, base + delay, statutory, earliest, add_months(statutory, flexible_months))


def retirement_of(pack: Pack, on: date, track: str, birth: date) -> Retirement:
    """`retirement` over the figures in force on a day."""
    return retirement(pack.parameter(TRACKS, on).rows(), pack.parameter(FLEXIBLE, on).integer(), track, birth)


def retirement_finding(pack: Pack, on: date, track: str | None, birth: date) -> Finding:
    """The statutory month as a finding: `met` from its first day on, `not_met` before.

    Without a track, or with one that the table does not know, it cannot be computed and a human determines. The facts
    never hold the birth date.
    """
    figure = pack.parameter(TRACKS, on)
    known = None
    if track is not None:
        try:
            known = retirement_of(pack, on, track, birth)
        except UnknownTrack:
            known = None
    if known is None:
        return Finding(
            RULE,
            figure.article,
            figure.words,
            {"track": track, "on": on},
            "needs_judgement",
            None,
            Text(
                "不能计算：尚未登记有依据的退休类别，不作默认",
                "Cannot compute: no retirement track with a source is recorded, and none is assumed.",
            ),
        )
    reached = on >= known.statutory
    outcome: Literal["met", "not_met"] = "met" if reached else "not_met"
    years, months = known.age
    told = f"{known.statutory:%Y-%m}"
    facts = {"track": track, "on": on, "delay_months": known.delay_months, "age": f"{years}y{months}m"}
    message = Text(
        f"{SAYS[outcome].zh}：法定退休年龄 {years} 岁 {months} 个月，法定退休月份 {told}",
        f"{SAYS[outcome].en}: statutory age {years} years {months} months, statutory month {told}",
    )
    return Finding(RULE, figure.article, figure.words, facts, outcome, told, message)

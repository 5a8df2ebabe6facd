"""What a worker owes in a calendar year by the posts held in it, and when a shortage is warned of (NM-20, SH-27). Pure.

A regulation may also ask newly appointed members for hours at the start, beside or instead of the year's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from kernel.regulation.figures import Figure
from kernel.regulation.pack import Pack

HOURS = "training.yearly_hours"
FORMS = "training.yearly_forms"
PRO_RATA = "training.part_year_pro_rata"
PRE_SERVICE_COUNTS = "training.pre_service_counts_to_year"
FREQUENCY = "training.frequency"
WARNING_DAYS = "training.warning_days"
INDUCTION_HOURS = "training.induction_hours"
INDUCTION_FORMS = "training.induction_forms"
INDUCTION_YEAR_OWES = "training.induction_year_owes"
MONTHS = 12

Stage = Literal["met", "running", "warned", "over"]


@dataclass(frozen=True, slots=True)
class Held:
    """A role held on the half-open days `[valid_from, valid_before)`; without an end it is held on."""

    role: str
    valid_from: date
    valid_before: date | None


@dataclass(frozen=True, slots=True)
class YearOwed:
    """What a year asks of a person.

    role: the post with the most hours, which decides. apart: whether hours owed before the post are kept apart.
    every_years: years in which one training is due, None where the text names none; `since` starts the first of them.
    """

    role: str
    hours: Decimal
    forms: tuple[str, ...]
    article: str | None
    part_year: bool
    apart: bool
    every_years: int | None
    since: date


@dataclass(frozen=True, slots=True)
class InductionOwed:
    """What a new member owes at the start; classes count from `since`, the first day in office."""

    role: str
    hours: Decimal
    forms: tuple[str, ...]
    article: str | None
    since: date


def induction(pack: Pack, posts: Sequence[Held], year: int, on: date) -> InductionOwed | None:
    """What the regulation asks of somebody newly appointed in the year; None where it asks nothing of them.

    New is who held none of the posts that owe it on the day before: a change among them is no new appointment. Nobody
    owes it for an appointment older than the regulation.
    """
    figure = pack.parameter(INDUCTION_HOURS, on)
    if figure.state == "not_regulated":
        return None
    tiers = {str(row["role"]): Decimal(str(row["hours"])) for row in figure.rows()}
    members = [post for post in posts if post.role in tiers and post.valid_from != post.valid_before]
    since = max(first_day(year), pack.document.pack.effective)
    new = [each for each in members if since <= each.valid_from <= last_day(year) and not _follows(each, members)]
    if not new:
        return None
    first = max(new, key=lambda each: (each.valid_from, tiers[each.role], each.role))
    forms = tuple(pack.parameter(INDUCTION_FORMS, on).texts())
    return InductionOwed(first.role, tiers[first.role], forms, figure.article, first.valid_from)


def _follows(post: Held, members: Sequence[Held]) -> bool:
    return any(
        each.valid_from < post.valid_from and (each.valid_before is None or each.valid_before >= post.valid_from)
        for each in members
    )


def first_day(year: int) -> date:
    """1 January."""
    return date(year, 1, 1)


def last_day(year: int) -> date:
    """31 December."""
    return date(year, MONTHS, 31)


def held_in(posts: Iterable[Held], year: int) -> list[Held]:
    """The posts of which a day lies in the calendar year."""
    start, before = first_day(year), first_day(year + 1)
    return [
        post
        for post in posts
        if post.valid_from < before and (post.valid_before is None or post.valid_before > max(start, post.valid_from))
    ]


def owed(pack: Pack, posts: Sequence[Held], year: int, on: date) -> YearOwed | None:
    """What the regulation asks of a person with these posts in the year; None where it asks nothing of them.

    The post with the most hours in the year decides, and two posts at once are one person who owes once. Raises
    `ParameterNotSet` where the hours are left to a level or document that has not spoken.
    """
    figure = pack.parameter(HOURS, on)
    held = held_in(posts, year)
    if figure.state == "not_regulated" or not held:
        return None
    tiers = {str(row["role"]): Decimal(str(row["hours"])) for row in figure.rows()}
    if induction(pack, posts, year, on) is not None:
        beside = pack.parameter(INDUCTION_YEAR_OWES, on)
        tiers = {role: hours for role, hours in tiers.items() if role in _texts(beside)}
    ranked = sorted((post.role for post in held if post.role in tiers), key=lambda role: (-tiers[role], role))
    if not ranked:
        return None
    months = months_held(held, year)
    hours = tiers[ranked[0]]
    if _says(pack, PRO_RATA, on):
        hours = (hours * len(months) / MONTHS).quantize(Decimal(1), ROUND_CEILING)
    return YearOwed(
        role=ranked[0],
        hours=hours,
        forms=tuple(pack.parameter(FORMS, on).texts()),
        article=figure.article,
        part_year=not whole_year(held, year),
        apart=not _says(pack, PRE_SERVICE_COUNTS, on),
        every_years=_every_years(pack, {post.role for post in held}, on),
        since=max(pack.document.pack.effective, min(post.valid_from for post in posts)),
    )


def standing(required: Decimal | None, credited: Decimal) -> Literal["nothing_owed", "met", "short"]:
    """How hours credited stand to those required; None requires nothing."""
    if required is None:
        return "nothing_owed"
    return "met" if credited >= required else "short"


def _texts(figure: Figure) -> list[str]:
    return [] if figure.state == "not_regulated" else figure.texts()


def _every_years(pack: Pack, roles: set[str], on: date) -> int | None:
    figure = pack.parameter(FREQUENCY, on)
    if figure.state == "not_regulated":
        return None
    years = [int(row["every_years"]) for row in figure.rows() if row["role"] in roles]
    return min(years, default=None)


def _says(pack: Pack, path: str, on: date) -> bool:
    figure = pack.parameter(path, on)
    return figure.state != "not_regulated" and figure.boolean()


def whole_year(posts: Iterable[Held], year: int) -> bool:
    """Whether every day of the year has a post."""
    reached, before = first_day(year), first_day(year + 1)
    for post in sorted(posts, key=lambda each: each.valid_from):
        if post.valid_from > reached:
            return False
        reached = max(reached, post.valid_before or before)
    return reached >= before


def months_held(posts: Iterable[Held], year: int) -> set[int]:
    """The months of the year with a day in post."""
    start, before = first_day(year), first_day(year + 1)
    found: set[int] = set()
    for post in posts:
        first = max(post.valid_from, start)
        last = min(post.valid_before or before, before) - timedelta(days=1)
        found.update(range(first.month, last.month + 1))
    return found


def warning_on(pack: Pack, year: int, on: date) -> date | None:
    """The first day on which a shortage of the year is warned of; None where no warning is set."""
    figure = pack.parameter(WARNING_DAYS, on)
    return last_day(year) - timedelta(days=figure.integer()) if figure.state == "set" else None


def stage(year: int, today: date, warned_from: date | None, *, short: bool) -> Stage:
    """Where a year stands for one person: nothing missing, or how near the year's end is."""
    if not short:
        return "met"
    if today > last_day(year):
        return "over"
    return "warned" if warned_from is not None and today >= warned_from else "running"

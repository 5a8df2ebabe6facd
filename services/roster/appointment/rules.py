"""Which posts may be taken and left, and how years of service are counted (NM-3, NM-7, NM-23). Pure.

Cumulative years (累计, NM-23) add up all time served; continuous years (连续, NM-32) run over one span without a day's
gap. The two are never exchanged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kernel.calendar import completed_years
from kernel.errors import Conflict, FieldError, InvalidInput, RuleRefused, Text
from kernel.regulation.pack import Pack
from kernel.regulation.schema import Role

Origin = Literal["hire", "election", "by_election", "history", "transfer"]
Ground = Literal["transfer", "resignation", "retirement", "exit", "term_end", "change"]
ELECTED = "elected_office"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days served without a gap, half-open."""

    start: date
    before: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.before - self.start).days

    @property
    def years(self) -> int:
        """Completed years from its first day."""
        return completed_years(self.start, self.before)


@dataclass(frozen=True, slots=True)
class Service:
    """Time served up to, not including, a day: `cumulative` over everything, `current` on that day, `longest` ever.

    All in completed years. `gaps` counts the interruptions between spans.
    """

    on: date
    cumulative: int
    current: int
    longest: int
    gaps: int
    since: date | None


def spans(periods: Iterable[tuple[date, date | None]], on: date) -> list[Span]:
    """The periods (half-open; None: still lasting) up to `on`, joined where they overlap or follow each other."""
    cut = sorted(
        Span(start, min(before or on, on))
        for start, before in periods
        if start < on and (before is None or start < before)
    )
    joined: list[Span] = []
    for each in cut:
        if joined and each.start <= joined[-1].before:
            joined[-1] = Span(joined[-1].start, max(joined[-1].before, each.before))
        else:
            joined.append(each)
    return joined


def service(periods: Sequence[tuple[date, date | None]], on: date) -> Service:
    """Years of service on a day. A year is complete on its anniversary, as years of age are.

    Several spans add up as if each had followed the one before at once: exact in days, and for one span the same
    as its own years. Two posts held at the same time count once.
    """
    found = spans(periods, on)
    if not found:
        return Service(on, 0, 0, 0, 0, None)
    first = found[0].start
    total = Span(first, first + timedelta(days=sum(span.days for span in found)))
    last = found[-1]
    lasting = any(start <= on and (before is None or on < before) for start, before in periods)
    current = last.years if lasting and last.before == on else 0
    return Service(
        on=on,
        cumulative=total.years,
        current=current,
        longest=max(span.years for span in found),
        gaps=len(found) - 1,
        since=last.start if lasting and last.before == on else None,
    )


def full_terms(posts: Iterable[tuple[date, date | None, date | None, date | None]], on: date) -> int:
    """How many terms were served whole by that day.

    posts: (held from, held before, term from, term before). A term counts when the post was held from its first day
    to its last, and its last day is over.
    """
    return sum(
        1
        for start, before, term_from, term_before in posts
        if term_from is not None
        and term_before is not None
        and start <= term_from
        and term_before <= on
        and (before is None or term_before <= before)
    )


def known_role(pack: Pack, role: str) -> Role:
    """The role as the regulation writes it; `InvalidInput` for one that it does not know."""
    known = pack.role(role)
    if known is None:
        names = "、".join(f"{each.label.zh}（{name}）" for name, each in pack.document.roles.items())
        message = Text(
            f"本办法没有这一岗位；可用：{names}", f"No such post here; known: {', '.join(pack.document.roles)}."
        )
        raise InvalidInput(message, errors=[FieldError("/role", message)])
    return known


def category_of(role: Role, part_time: bool) -> str:
    """What holding the post makes of a person; `InvalidInput` for a part-time holder that the regulation has not."""
    if not part_time:
        return role.category
    if role.part_time_category is None:
        message = Text(f"本办法没有兼职的“{role.label.zh}”", f"Nobody holds this part-time here: {role.label.en}.")
        raise InvalidInput(message, errors=[FieldError("/part_time", message, article=role.article)])
    return role.part_time_category


def is_part_time(pack: Pack, role: str, category: str) -> bool:
    """Whether a post of that category is held beside another occupation."""
    known = pack.role(role)
    return known is not None and known.part_time_category == category


def category_held(pack: Pack, role: str, category: str) -> str:
    """The category of a post as its role makes it, part-time or not."""
    known = pack.role(role)
    return known.category if known is not None and is_part_time(pack, role, category) else category


def check_period(valid_from: date, valid_before: date | None, today: date) -> None:
    """Raise `InvalidInput` for a post that begins in the future, or ends before it begins."""
    if valid_from > today:
        message = Text(f"任职日期不得晚于今天（{today}）", f"A post is recorded when it has begun (today: {today}).")
        raise InvalidInput(message, errors=[FieldError("/valid_from", message)])
    if valid_before is not None and valid_before <= valid_from:
        message = Text("离任日期应在任职日期之后", "The end lies after the beginning.")
        raise InvalidInput(message, errors=[FieldError("/valid_before", message)])


def check_elected(role: Role, name: str) -> None:
    """Raise `RuleRefused` for an election into a post that is not filled by election."""
    if role.relation != ELECTED:
        raise RuleRefused(
            Text(f"“{role.label.zh}”（{name}）不由选举产生", f"{role.label.en} is not an elected post."),
            article=role.article,
        )


def check_term(term_from: date, term_before: date) -> None:
    """Raise `InvalidInput` for a term that ends before it begins."""
    if term_before <= term_from:
        message = Text("任期届满日应在任期起始日之后", "A term ends after it begins.")
        raise InvalidInput(message, errors=[FieldError("/term_before", message)])


def check_free(role: Role, taken: bool) -> None:
    """Raise `Conflict` where somebody else holds a post that one person at a time holds in a community."""
    if role.once_per_community and taken:
        raise Conflict(
            Text(
                f"该社区此期间已有人担任“{role.label.zh}”，应先登记其离任",
                f"Somebody else holds this post in the community ({role.label.en}); record that they left first.",
            ),
            article=role.article,
        )


def check_leaving(held_from: date, on: date) -> None:
    """Raise `InvalidInput` for leaving a post on or before its first day."""
    if on <= held_from:
        message = Text(f"离任日期应晚于任职日期（{held_from}）", f"A post is left after its first day ({held_from}).")
        raise InvalidInput(message, errors=[FieldError("/valid_before", message)])

"""How many posts a community of a size may have, by the norm of the pack (SH-5). Pure; whole numbers throughout.

A norm is a table. Each row is for the sizes between `from` and `to` (both included unless `from_open`, `to_open`) and
gives `least` and `most`; `each` for every `of` above `above` adds to both, so that one row may be a bracket, a fixed
number, one for so many households, so many for ten thousand people, or a base with steps. A floor and a cap for any
community may stand beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kernel.calendar import add_months
from kernel.errors import FieldError, Forbidden, InvalidInput, ParameterNotSet, RuleRefused, Text
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack
from kernel.regulation.rounding import whole

MEASURE = "headcount.community_measure"
NORM = "headcount.community_norm"
FLOOR = "headcount.community_floor"
CAP = "headcount.community_cap"
ROUNDING = "headcount.rounding"
BEYOND = "headcount.beyond"
REVIEW = "headcount.review_years"
MONTHS = 12
WORKFLOW = "headcount_households"
HOUSEHOLDS = "households"
RULE = "headcount.community_norm"

Row = Mapping[str, int | bool | str]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Whole numbers from `least` to `most`, both included."""

    least: int
    most: int

    def __str__(self) -> str:
        return str(self.least) if self.least == self.most else f"{self.least}–{self.most}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """`spans`: what the rows that name the size allow together, apart and in order; `common`: what they all allow."""

    spans: tuple[Span, ...]
    common: Span | None

    def holds(self, posts: int) -> bool:
        """Whether the number is one of those allowed."""
        return any(each.least <= posts <= each.most for each in self.spans)

    def __str__(self) -> str:
        return "或者".join(map(str, self.spans))


def names(row: Row, size: int) -> bool:
    """Whether the row is for communities of that size."""
    low, high = row.get("from"), row.get("to")
    above = low is None or size > int(low) or (size == int(low) and row.get("from_open") is not True)
    below = high is None or size < int(high) or (size == int(high) and row.get("to_open") is not True)
    return above and below


def span_of(row: Row, size: int, rounding: str) -> Span:
    """What one row gives a community of that size."""
    more = 0
    if "each" in row:
        over = max(0, size - int(row.get("above", 0)))
        more = whole(over * int(row["each"]), int(row["of"]), rounding)
    least = int(row.get("least", 0)) + more
    return Span(least, max(least, int(row.get("most", row.get("least", 0))) + more))


def allowed(rows: Sequence[Row], size: int, rounding: str, floor: int | None = None, cap: int | None = None) -> Allowed:
    """What the rows that name the size allow: their union for checking, their intersection for proposing."""
    found = [_between(span_of(row, size, rounding), floor, cap) for row in rows if names(row, size)]
    if not found:
        return Allowed((), None)
    least, most = max(each.least for each in found), min(each.most for each in found)
    return Allowed(_joined(found), Span(least, most) if least <= most else None)


def _between(span: Span, floor: int | None, cap: int | None) -> Span:
    least = span.least if floor is None else max(span.least, floor)
    most = span.most if floor is None else max(span.most, floor)
    return Span(least, most) if cap is None else Span(min(least, cap), min(most, cap))


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for each in sorted(spans):
        if joined and each.least <= joined[-1].most + 1:
            joined[-1] = Span(joined[-1].least, max(joined[-1].most, each.most))
        else:
            joined.append(each)
    return tuple(joined)


def norm(pack: Pack, on: date) -> Figure:
    """The norm by size; `NotRegulated` where the regulation has none for a community."""
    figure = pack.parameter(NORM, on)
    figure.rows()
    return figure


def measure(pack: Pack, on: date) -> str:
    """What a community's size is counted in: households or population."""
    return pack.parameter(MEASURE, on).text()


def allowed_by(pack: Pack, size: int, on: date) -> Allowed:
    """What the regulation allows a community of that size on a day.

    Raises `NotRegulated` without a norm by size, `ParameterNotSet` where no row is for the size: silence is not zero.
    """
    figure = norm(pack, on)
    rows = figure.rows()
    rounding = pack.parameter(ROUNDING, on).text() if any("each" in row for row in rows) else ""
    found = allowed(rows, size, rounding, _number(pack, FLOOR, on), _number(pack, CAP, on))
    if not found.spans:
        raise ParameterNotSet(
            Text(f"规模为 {size} 的社区没有配备标准", f"There is no norm for a community of size {size}."),
            article=figure.article,
        )
    return found


def _number(pack: Pack, path: str, on: date) -> int | None:
    figure = pack.parameter(path, on)
    return figure.integer() if figure.state == "set" else None


def review_on(pack: Pack, valid_from: date) -> date | None:
    """The day on which a number in force since then is due for review; None where the regulation sets no time."""
    figure = pack.regulated(REVIEW, valid_from)
    return add_months(valid_from, MONTHS * figure.integer()) if figure and figure.state == "set" else None


def size_of(pack: Pack, households: int, population: int | None, on: date) -> int:
    """The number that the norm goes by; `InvalidInput` where it goes by population and none is given."""
    if measure(pack, on) == HOUSEHOLDS:
        return households
    if population is None:
        message = Text("本办法按人口配备，请填写人口数", "The norm goes by population: give it.")
        raise InvalidInput(message, errors=[FieldError("/population", message)])
    return population


def finding(pack: Pack, community: str, size: int, found: Allowed, posts: int, on: date) -> Finding:
    """Whether a number chosen for a community is one that the norm allows."""
    figure = norm(pack, on)
    met = found.holds(posts)
    says = SAYS["met" if met else "not_met"]
    message = Text(
        f"{says.zh}：{community}定 {posts} 人，配备标准 {found} 人",
        f"{says.en}: {posts} for {community}, the norm is {' or '.join(map(str, found.spans))}",
    )
    facts = {"community": community, "size": size, "posts": posts, "allowed": [str(each) for each in found.spans]}
    proposed = str(found.common) if found.common else None
    return Finding(RULE, figure.article, figure.words, facts, "met" if met else "not_met", proposed, message)


def compared(now: Allowed, then: Allowed | None, posts: int | None) -> tuple[str, str]:
    """How a community stands to what is allowed now and under a draft (None: its size is not known there).

    With a number chosen: within or outside; without one, what the norm itself allows.
    """
    if then is None:
        return "within", "size_unknown"
    if posts is None:
        return str(now), str(then)
    before, after = ("within" if each.holds(posts) else "outside" for each in (now, then))
    return before, after


def check_reason(pack: Pack, found: Finding, reason: str | None, on: date) -> None:
    """Raise `RuleRefused` for a number outside the norm: always where it refuses, without a reason where it warns."""
    if found.passes:
        return
    warns = pack.parameter(BEYOND, on).text() == "warn"
    if warns and reason:
        return
    asks = Text("，请说明理由", "; give the reason") if warns else Text("", "")
    message = Text(f"{found.message.zh}{asks.zh}", f"{found.message.en}{asks.en}")
    raise RuleRefused(
        message,
        article=found.article,
        errors=[FieldError("/reason" if warns else "/posts", message, RULE, found.article)],
        findings=[found.as_json()],
    )


def check_above(level: str, parent_id: UUID | None, acting: UUID) -> None:
    """Raise `InvalidInput` for a unit that is no community, `Forbidden` unless the acting unit is right above it."""
    if level != "community":
        message = Text("应为社区一级单位", "The unit must be a community.")
        raise InvalidInput(message, errors=[FieldError("/unit_id", message)])
    if parent_id != acting:
        raise Forbidden(Text("由社区的上一级单位登记", "The unit right above the community records its size."))


def check_days(counted_on: date, today: date) -> None:
    """Raise `InvalidInput` for a count of a day to come."""
    if counted_on > today:
        message = Text(f"统计日期不得晚于今天（{today}）", f"A count is of a day that has come (today: {today}).")
        raise InvalidInput(message, errors=[FieldError("/counted_on", message)])

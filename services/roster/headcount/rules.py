"""What counts toward the number of posts, and whether a plan's posts are free (NM-5; R1). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kernel.regulation.figures import Figure
from kernel.regulation.pack import Pack

BEYOND = "headcount.beyond"
COUNTED = "headcount.counted_categories"
MEMBERS = "headcount.member_categories"
FLAGGED = "headcount.flagged_categories"
TOTAL_LEVEL = "headcount.total_level"
CEILING_LEVEL = "headcount.ceiling_level"
REFUSE = "refuse"
COMMUNITY = "community"


def counted(pack: Pack, on: date) -> list[str]:
    """The categories of worker that take a seat; none where the regulation counts nobody."""
    figure = pack.parameter(COUNTED, on)
    return figure.texts() if figure.state == "set" else []


def members(pack: Pack, on: date) -> list[str] | None:
    """The categories whose people leave fewer seats to hire; None where the regulation does not reckon so."""
    figure = pack.parameter(MEMBERS, on)
    return figure.texts() if figure.state == "set" else None


@dataclass(frozen=True, slots=True)
class Group:
    """People of one category that takes no post."""

    category: str
    label: str
    persons: int
    flagged: bool


def apart(pack: Pack, people: Mapping[str, int], on: date) -> list[Group]:
    """Those who take no post, in the order in which the regulation names its categories (SH-3, SH-4)."""
    figure, taking = pack.parameter(FLAGGED, on), counted(pack, on)
    flagged = figure.texts() if figure.state == "set" else []
    known = pack.document.categories
    names = [*known, *(each for each in sorted(people) if each not in known)]
    return [
        Group(name, known[name].label.zh if name in known else name, people[name], name in flagged)
        for name in names
        if name in people and name not in taking
    ]


def beyond(pack: Pack, on: date) -> Figure | None:
    """What happens to a plan beyond the number: `refuse` or `warn`; None where the regulation sets no number."""
    figure = pack.parameter(BEYOND, on)
    return figure if figure.state == "set" else None


def summed_level(pack: Pack, on: date) -> str | None:
    """The level above communities for which a total is fixed; None where the regulation has none."""
    figure = pack.parameter(TOTAL_LEVEL, on)
    return figure.text() if figure.state == "set" else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan asks for in one community, and what stands there."""

    unit: UUID
    posts: int
    fixed: int | None
    occupied: int
    reserved: int

    @property
    def free(self) -> int:
        """Posts that nobody holds and no plan keeps; negative where there are too many already."""
        return (self.fixed or 0) - self.occupied - self.reserved


def first_lacking(asked: Sequence[Asked], pack: Pack, on: date) -> Asked | None:
    """The first community that cannot carry what is asked; none where the regulation sets no number.

    One without a number carries nothing, whatever happens beyond it: silence is not zero, and no permission either.
    """
    way = beyond(pack, on)
    if way is None:
        return None
    for each in asked:
        if each.fixed is None or (way.text() == REFUSE and each.posts > each.free):
            return each
    return None


def article(pack: Pack, on: date, *, fixed: bool = True) -> str | None:
    """The article that a number rests on, or, where none was fixed, the one that says who fixes it."""
    total = pack.parameter(TOTAL_LEVEL, on)
    return pack.parameter(BEYOND, on).article if fixed or total.state != "set" else total.article


def levels(pack: Pack, on: date) -> list[str]:
    """The levels for which the regulation has numbers, from the top."""
    named = [pack.parameter(path, on) for path in (CEILING_LEVEL, TOTAL_LEVEL)]
    return [*(each.text() for each in named if each.state == "set"), COMMUNITY]

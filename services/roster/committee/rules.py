"""Whether the two committees are composed as the regulation asks (SH-4). Pure.

Seats are counted by post, persons once. The statute speaks of the residents' committee alone; where it allows what the
regulation's own smaller number does not, it prevails: the finding shows both and nothing is refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from kernel.errors import RuleRefused, Text
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack

SEATS = "committee.seats"
EXTRA = "committee.extra_seats"
LEAST, MOST = "committee.least_persons", "committee.most_persons"
OUTSIDE = "committee.outside_roles"
LEAST_OUTSIDE, MOST_OUTSIDE = "committee.least_outside", "committee.most_outside"
STATUTORY_LEAST, STATUTORY_MOST = "committee.statutory_least", "committee.statutory_most"


@dataclass(frozen=True, slots=True)
class Held:
    """A post that somebody holds in the community."""

    dossier: UUID
    role: str
    part_time: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """The seats of a post. `statutory`: it belongs to the body of which the statute speaks."""

    body: str
    role: str
    least: int
    most: int
    statutory: bool


@dataclass(frozen=True, slots=True)
class Extra:
    """So many seats more of `role` where somebody holds it together with `held_with`."""

    role: str
    held_with: str
    more: int


class Norm:
    """What the regulation asks of the two committees on a day."""

    def __init__(self, pack: Pack, on: date) -> None:
        self.pack = pack
        self.figure = pack.parameter(SEATS, on)
        self.seats = [
            Seat(
                str(row["body"]),
                str(row["role"]),
                int(row["least"]),
                int(row["most"]),
                row.get("statutory") is True,
            )
            for row in self.figure.rows()
        ]
        extra = pack.parameter(EXTRA, on)
        rows = extra.rows() if extra.state == "set" else []
        self.extras = [Extra(str(row["role"]), str(row["held_with"]), int(row["more"])) for row in rows]
        self.least, self.most = _of(pack, LEAST, on), _of(pack, MOST, on)
        outside = pack.parameter(OUTSIDE, on)
        self.outside = outside.texts() if outside.state == "set" else []
        self.least_outside, self.most_outside = _of(pack, LEAST_OUTSIDE, on), _of(pack, MOST_OUTSIDE, on)
        self.statutory_least = _of(pack, STATUTORY_LEAST, on)
        self.statutory_most = _of(pack, STATUTORY_MOST, on)

    def seat(self, role: str) -> Seat | None:
        """The seats of that post; None for a post outside the two committees."""
        return next((each for each in self.seats if each.role == role), None)

    def most_of(self, seat: Seat, held: Sequence[Held]) -> int:
        """How many may hold the post, with what a cross-appointment opens."""
        more = 0
        for extra in self.extras:
            both = people(held, [extra.role]) & people(held, [extra.held_with])
            more += extra.more if extra.role == seat.role and both else 0
        return seat.most + more

    @property
    def roles(self) -> list[str]:
        """The posts of the two committees."""
        return [each.role for each in self.seats]

    @property
    def statutory(self) -> list[str]:
        """The posts of the body of which the statute speaks."""
        return [each.role for each in self.seats if each.statutory]

    def lawful(self, held: Sequence[Held]) -> bool:
        """Whether the statute allows as many members of its body; without a statute nothing is allowed beyond."""
        return self.statutory_most is not None and len(people(held, self.statutory)) <= self.statutory_most.integer()


def _of(pack: Pack, path: str, on: date) -> Figure | None:
    figure = pack.parameter(path, on)
    return figure if figure.state == "set" else None


def regulated(pack: Pack, on: date) -> bool:
    """Whether the regulation says how the two committees are composed."""
    return pack.parameter(SEATS, on).state == "set"


def people(held: Iterable[Held], roles: Sequence[str]) -> set[UUID]:
    """Who holds one of these posts; somebody with several counts once."""
    return {each.dossier for each in held if each.role in roles}


def check_taken(norm: Norm, held: Sequence[Held], role: str) -> list[Finding]:
    """The findings on a community after a post of that role was taken; `held` has it already.

    Raises `RuleRefused` for one seat, one person or one officer too many. What is beyond the regulation's number and
    within the statute's comes back as a finding with both.
    """
    if role in norm.outside:
        return _raise(_too_many_outside(norm, held))
    seat = norm.seat(role)
    if seat is None:
        return []
    beyond = [*_too_many_seats(norm, seat, held), *_too_many_persons(norm, held)]
    if seat.statutory and norm.lawful(held):
        return [_beside_statute(norm, each) for each in beyond]
    return _raise(beyond or (_too_many_by_statute(norm, held) if seat.statutory else []))


def _raise(found: Sequence[Finding]) -> list[Finding]:
    if found:
        raise RuleRefused(
            Text("；".join(each.message.zh for each in found), "; ".join(each.message.en for each in found)),
            article=found[0].article,
            findings=[each.as_json() for each in found],
        )
    return []


def _too_many_seats(norm: Norm, seat: Seat, held: Sequence[Held]) -> list[Finding]:
    number, most = len(people(held, [seat.role])), norm.most_of(seat, held)
    if number <= most:
        return []
    label = label_of(norm.pack, seat.role)
    text = Text(f"{label.zh}职数 {most} 名，将为 {number} 名", f"{label.en}: {most} at most, it would be {number}")
    found = _finding("committee.seat", norm.figure, {"role": seat.role, "held": number, "most": most}, text)
    closed = [each for each in norm.extras if each.role == seat.role and most == seat.most]
    if not closed:
        return [found]
    other = label_of(norm.pack, closed[0].held_with)
    remark = Text(
        f"{other.zh}兼任{label.zh}的，可增设 {closed[0].more} 名",
        f"{closed[0].more} more where one holds this together with: {other.en}",
    )
    return [_with(found, remark)]


def _too_many_persons(norm: Norm, held: Sequence[Held]) -> list[Finding]:
    number = len(people(held, norm.roles))
    if norm.most is None or number <= norm.most.integer():
        return []
    most = norm.most.integer()
    text = Text(
        f"“两委”最多 {most} 人（含兼职），将为 {number} 人", f"The two committees: {most} at most, not {number}"
    )
    return [_finding("committee.persons", norm.most, {"persons": number, "most": most}, text)]


def _too_many_outside(norm: Norm, held: Sequence[Held]) -> list[Finding]:
    number = len(people(held, norm.outside))
    if norm.most_outside is None or number <= norm.most_outside.integer():
        return []
    most = norm.most_outside.integer()
    text = Text(f"社区警务人员最多 {most} 名，将为 {number} 名", f"Police officers: {most} at most, not {number}")
    return [_finding("committee.outside", norm.most_outside, {"persons": number, "most": most}, text)]


def _too_many_by_statute(norm: Norm, held: Sequence[Held]) -> list[Finding]:
    figure, number = norm.statutory_most, len(people(held, norm.statutory))
    if figure is None or number <= figure.integer():
        return []
    text = Text(
        f"居民委员会依法最多 {figure.integer()} 人，将为 {number} 人",
        f"The statute allows a residents' committee {figure.integer()}, not {number}",
    )
    return [_finding("committee.statute", figure, {"persons": number, "most": figure.integer()}, text)]


def findings(norm: Norm, held: Sequence[Held]) -> list[Finding]:
    """What is not as the regulation asks, and what the statute says of the residents' committee beside it."""
    found: list[Finding] = []
    for seat in norm.seats:
        number = len(people(held, [seat.role]))
        beyond = _too_many_seats(norm, seat, held)
        found += [_beside_statute(norm, each) if seat.statutory and norm.lawful(held) else each for each in beyond]
        if number < seat.least:
            label = label_of(norm.pack, seat.role)
            facts = {"role": seat.role, "held": number, "least": seat.least}
            text = Text(f"{label.zh}缺 {seat.least - number} 名", f"{label.en}: {seat.least - number} missing")
            found.append(_finding("committee.seat", norm.figure, facts, text))
    persons = len(people(held, norm.roles))
    found += _too_many_persons(norm, held)
    if norm.least is not None and persons < norm.least.integer():
        least = norm.least.integer()
        text = Text(f"“两委”不足 {least} 人，现 {persons} 人", f"The two committees have {persons}, fewer than {least}")
        found.append(_finding("committee.persons", norm.least, {"persons": persons, "least": least}, text))
    outside = len(people(held, norm.outside))
    found += _too_many_outside(norm, held)
    if norm.least_outside is not None and outside < norm.least_outside.integer():
        least = norm.least_outside.integer()
        text = Text(f"社区警务人员不足 {least} 名", f"Police officers: fewer than {least}")
        found.append(_finding("committee.outside", norm.least_outside, {"persons": outside, "least": least}, text))
    return [*found, *_statute(norm, held)]


def _statute(norm: Norm, held: Sequence[Held]) -> list[Finding]:
    least, most = norm.statutory_least, norm.statutory_most
    own = [each for each in norm.seats if each.statutory]
    if least is None or most is None or not own:
        return []
    number = len(people(held, norm.statutory))
    met = least.integer() <= number <= most.integer()
    says = SAYS["met" if met else "not_met"]
    text = Text(
        f"{says.zh}：居民委员会现 {number} 人，法律规定 {least.integer()} 至 {most.integer()} 人",
        f"{says.en}: the residents' committee has {number}, the statute says {least.integer()} to {most.integer()}",
    )
    facts = {"persons": number, "least": least.integer(), "most": most.integer()}
    found = Finding("committee.statute", least.article, least.words, facts, "met" if met else "not_met", number, text)
    few, many = sum(each.least for each in own), sum(each.most for each in own)
    if (few, many) == (least.integer(), most.integer()):
        return [found]
    remark = Text(
        f"本办法（{norm.figure.article}）合计 {few} 至 {many} 人，与法律不同，以法律为准",
        f"This regulation ({norm.figure.article}) adds up to {few} to {many}; the statute prevails",
    )
    return [_with(found, remark)]


def _beside_statute(norm: Norm, found: Finding) -> Finding:
    """What is beyond the regulation's number and lawful all the same: shown with the statute, refused by nothing."""
    least, most = norm.statutory_least, norm.statutory_most
    if least is None or most is None:
        return found
    remark = Text(
        f"法律（{most.article}）规定居民委员会 {least.integer()} 至 {most.integer()} 人，以法律为准，不予阻止",
        f"The statute ({most.article}): {least.integer()} to {most.integer()} members; it prevails, nothing is refused",
    )
    return _with(found, remark)


def label_of(pack: Pack, role: str) -> Text:
    """What a post is called; its code where the regulation has no name for it."""
    known = pack.role(role)
    return known.label.text() if known else Text(role, role)


def _finding(rule: str, figure: Figure, facts: dict[str, object], message: Text) -> Finding:
    return Finding(rule, figure.article, figure.words, facts, "not_met", None, message)


def _with(found: Finding, remark: Text) -> Finding:
    return replace(found, remarks=(*found.remarks, remark))


def check_regulated(pack: Pack, on: date) -> None:
    """Raise `NotRegulated` where the regulation says nothing of how the two committees are composed."""
    pack.parameter(SEATS, on).rows()

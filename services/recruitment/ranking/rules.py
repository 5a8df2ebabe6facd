"""Composing, ranking, breaking ties, and whose turn a place is (NM-8, NM-10). Pure and independent of any order.

Priority is read "on equal terms" (同等条件下): it decides between equal totals and adds no point to any. Between the
classes of the article there is no order, and two of them are no more than one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from kernel.errors import RuleRefused, Text, WrongState
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from services.recruitment import vocabulary
from services.recruitment.terms import Part, Terms

PROCEDURE = "recruitment"
NAMES: Mapping[str, Text] = {"written": Text("笔试", "the written exam"), "interview": Text("面试", "the interview")}
OUT = frozenset({"failed", "not_hired", "withdrawn"})
"""States of an application that leave its place to others."""


@dataclass(frozen=True, slots=True)
class Contender:
    """What the record holds of a candidate. `priority`: findings of the pack's priority group, from checked facts."""

    id: UUID
    written: Decimal | None
    interview: Decimal | None
    interviewed: bool
    priority: tuple[Finding, ...] = ()

    @property
    def preferred(self) -> tuple[Finding, ...]:
        """The findings that give priority; one is enough."""
        return tuple(each for each in self.priority if each.outcome == "met")


@dataclass(frozen=True, slots=True)
class Explained:
    """A sentence about a place."""

    text: Text
    article: str | None = None
    findings: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is stored and shown."""
        found = [each.as_json() for each in self.findings]
        return {"zh": self.text.zh, "en": self.text.en, "article": self.article, "findings": found}


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate's place, or with `rank` None why there is none."""

    id: UUID
    rank: int | None
    total: Decimal | None
    why: tuple[Explained, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A ranked candidate and where the application stands now."""

    id: UUID
    rank: int
    state: str
    total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TurnOf:
    """Round 0 by rank, higher by replacement of `replaces`."""

    round: int
    replaces: UUID | None = None


@dataclass(slots=True)
class _Tie:
    """What decided, step by step, within one group of equal totals."""

    why: dict[UUID, list[Explained]] = field(default_factory=dict)

    def say(self, members: Iterable[Contender], said: Callable[[Contender], Explained]) -> None:
        for each in members:
            self.why.setdefault(each.id, []).append(said(each))


def unproved(pack: Pack, established: Mapping[str, object], on: date) -> dict[str, object]:
    """The facts of the priority rules: what an official established, and for the rest what claims nothing.

    An applicant's own claim decides no tie: it is checked in the review (P8).
    """
    blank: dict[str, object] = {"bool": False, "int": 0, "text": "", "texts": [], "integers": [], "date": on}
    facts = pack.document.facts
    return {name: established.get(name, blank[facts[name].kind]) for name in sorted(pack.facts_of(vocabulary.PRIORITY))}


def places(contenders: Iterable[Contender], terms: Terms) -> list[Place]:
    """The ranking of one item, by rank, then who is not ranked. The order of `contenders` changes nothing."""
    ranked: list[tuple[Contender, Decimal]] = []
    unranked: list[Place] = []
    for each in contenders:
        why = _unranked(each, terms)
        if why is None:
            ranked.append((each, terms.total(each.written or Decimal(0), each.interview or Decimal(0))))
        else:
            unranked.append(Place(each.id, None, None, (Explained(why),)))
    made: list[Place] = []
    for total, group in groupby(sorted(ranked, key=lambda pair: (-pair[1], pair[0].id)), key=lambda pair: pair[1]):
        members = [contender for contender, _ in group]
        made += _placed(members, total, len(made) + 1, terms)
    return made + sorted(unranked, key=lambda place: place.id)


def turns(standings: Sequence[Standing], posts: int, rounds: int) -> dict[UUID, TurnOf]:
    """Whose turn a place is: the first `posts` in rank with all who share the last of these ranks, then for each who
    fell out the next in rank, so many rounds deep. A replaced place that falls free again counts as the next round."""
    order = sorted(standings, key=lambda each: (each.rank, each.id))
    known = {each.id: each for each in order}
    turn = {each.id: TurnOf(0) for each in order if each.rank <= posts}
    waiting = [each for each in order if each.id not in turn]
    fallen = [each.id for each in order if each.id in turn and each.state in OUT]
    while fallen and waiting:
        standing = sum(known[each].state not in OUT for each in turn)
        if standing >= posts:
            break
        left = fallen.pop(0)
        deep = turn[left].round + 1
        if deep > rounds:
            continue
        # All who share the next rank move up together: nothing has decided between them.
        following = [each for each in waiting if each.rank == waiting[0].rank]
        for each in following:
            turn[each.id] = TurnOf(deep, left)
            waiting.remove(each)
        fallen += [each.id for each in following if each.state in OUT]
    return turn


def turn_words(turn: TurnOf) -> Text:
    """How a turn is explained."""
    if turn.round == 0:
        return Text("按名次进入体检、考察", "By rank.")
    return Text(
        f"前面人员出缺，按名次递补（第{turn.round}次）", f"Replaces somebody ahead who fell out (round {turn.round})."
    )


def lost_in_tie(mine: Standing, standings: Sequence[Standing], turn: Mapping[UUID, TurnOf]) -> bool:
    """Whether the turn went to somebody of the same total: only then is what broke the tie why it is not `mine`'s."""
    return any(each.id != mine.id and each.id in turn and each.total == mine.total for each in standings)


def check_turn(
    pack: Pack, standing: Standing | None, turn: TurnOf | None, posts: int, why: Sequence[Mapping[str, Any]]
) -> None:
    """Raise `RuleRefused`, with article and explanation, unless the place is this candidate's turn.

    A place that was lost in a tie is refused under the article of the priority that decided it.
    """
    if turn is not None:
        return
    decisive = next((each["article"] for each in why if each["article"]), None)
    rank = standing.rank if standing else None
    told = "；".join(str(each["zh"]) for each in why)
    told_en = " ".join(str(each["en"]) for each in why)
    raise RuleRefused(
        Text(
            f"总成绩排名第{rank}，招聘{posts}人，尚未轮到。{told}",
            f"Rank {rank} for {posts} post(s): it is not this candidate's turn. {told_en}".strip(),
        ),
        article=decisive or article(pack),
        findings=[finding for each in why for finding in each["findings"]],
    )


def check_room(pack: Pack, mine: Standing, others: Sequence[Standing], posts: int, reason: str | None) -> None:
    """Raise `RuleRefused` where proposing `mine` would take the place of somebody ahead in rank, and `WrongState`
    where more share the last rank than there are places and no reason says what decided.

    `others`: the others whose turn it is and who have not fallen out.
    """
    taken = sum(each.state in ("proposed", "hired") for each in others)
    ahead = sum(each.rank < mine.rank and each.state == "qualified" for each in others)
    equal = sum(each.rank == mine.rank and each.state == "qualified" for each in others)
    if taken + ahead >= posts:
        raise RuleRefused(
            Text(
                f"排名在前的{ahead}人尚未出缺，拟聘用名额已满",
                f"{ahead} candidate(s) ahead in rank have not fallen out; no place is left.",
            ),
            article=article(pack),
        )
    if taken + ahead + equal >= posts and equal and not reason:
        raise WrongState(
            Text(
                f"{equal + 1}人并列且名额不足，请写明确定人选的依据（如加试）",
                f"{equal + 1} candidates share the rank and places are short: say what decides (an extra test).",
            ),
            article=article(pack),
        )


def article(pack: Pack) -> str | None:
    """The article of the procedure's exam."""
    procedure = pack.procedure(PROCEDURE)
    if procedure is None:
        return None
    kinds = {"written_exam", "interview"}
    return next((step.article for step in procedure.steps if kinds & set(step.kinds)), procedure.article)


def _unranked(each: Contender, terms: Terms) -> Text | None:
    """Why the candidate is not ranked, or None."""
    held: list[tuple[Part, Decimal | None]] = [("written", each.written), ("interview", each.interview)]
    for part, score in held:
        if terms.weight(part) == 0:
            continue
        if part == "interview" and not each.interviewed:
            return Text("未进入面试", "Did not enter the interview.")
        if score is None:
            return Text(f"{NAMES[part].zh}无成绩", f"No score in {NAMES[part].en}.")
        line = terms.pass_line(part)
        if line is not None and score < line:
            return Text(f"{NAMES[part].zh}低于合格线{line}分", f"Below the pass line of {line} in {NAMES[part].en}.")
    return None


def _placed(members: list[Contender], total: Decimal, first: int, terms: Terms) -> list[Place]:
    """The places of those with one total: preferred first, then by the notice's comparisons, else shared."""
    if len(members) == 1:
        return [Place(members[0].id, first, total)]

    def key(each: Contender) -> tuple[bool, ...] | tuple[Any, ...]:
        return (not each.preferred, *(-(getattr(each, part) or Decimal(0)) for part in terms.tie_break))

    tie = _Tie()
    _explain(tie, members, total, terms)
    made: list[Place] = []
    for _, equal in groupby(sorted(members, key=lambda each: (key(each), each.id)), key=key):
        rank = first + len(made)
        made += [Place(each.id, rank, total, tuple(tie.why.get(each.id, ()))) for each in equal]
    return made


def _explain(tie: _Tie, members: list[Contender], total: Decimal, terms: Terms) -> None:
    preferred = [each for each in members if each.preferred]
    plain = [each for each in members if not each.preferred]
    if preferred and plain:
        first = preferred[0].preferred[0]
        tie.say(preferred, lambda each: _by_priority(each, total))
        lost = Text(
            f"总成绩同为{total}分，优先人员在前：{first.message.zh}",
            f"Equal total of {total}; somebody with priority goes first: {first.message.en}.",
        )
        tie.say(plain, lambda _: Explained(lost, first.article, (first,)))
    for group in (preferred, plain):
        _explain_within(tie, group, total, list(terms.tie_break))


def _by_priority(each: Contender, total: Decimal) -> Explained:
    words = "；".join(f"{found.message.zh}（{found.article}）" for found in each.preferred)
    words_en = "; ".join(f"{found.message.en} ({found.article})" for found in each.preferred)
    return Explained(
        Text(f"总成绩同为{total}分。{words}", f"Equal total of {total}. {words_en}."),
        each.preferred[0].article,
        each.preferred,
    )


def _explain_within(tie: _Tie, group: list[Contender], total: Decimal, parts: list[Part]) -> None:
    if len(group) < 2:
        return
    for place, part in enumerate(parts):
        values = {getattr(each, part) for each in group}
        if len(values) < 2:
            continue
        name = NAMES[part]
        tie.say(
            group,
            lambda each, part=part, name=name: Explained(  # type: ignore[misc]  # bound now, for the loop goes on
                Text(
                    f"总成绩同为{total}分，按公告比较{name.zh}成绩（{getattr(each, part)}分）",
                    f"Equal total of {total}; by the notice {name.en} decides ({getattr(each, part)}).",
                )
            ),
        )
        for value in values:
            _explain_within(tie, [each for each in group if getattr(each, part) == value], total, parts[place + 1 :])
        return
    shared = Text(
        f"总成绩同为{total}分，公告所列各项均相同，名次并列",
        f"Equal total of {total} in everything: the rank is shared.",
    )
    tie.say(group, lambda _: Explained(shared))

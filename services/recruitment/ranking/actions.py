"""Reckoning the ranking from the record, fixing it once, and asking whose turn a place is (NM-8, NM-10)."""

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import Text, WrongState
from kernel.events.outbox import audit
from kernel.regulation.pack import Pack
from services.recruitment import vocabulary
from services.recruitment.application import queries as application_queries
from services.recruitment.eligibility import queries as eligibility_queries
from services.recruitment.exam import actions as exam
from services.recruitment.exam import queries as exam_queries
from services.recruitment.notice import queries as notices
from services.recruitment.ranking import queries, rules
from services.recruitment.ranking.schemas import ItemRanking, Line, RankingView, Reason, Turn
from services.recruitment.ranking.tables import RankingLine
from services.recruitment.terms import Terms

SUBJECT = "notice"


async def explain(tx: Transaction, notice_id: UUID) -> RankingView:
    """The fixed ranking, or the one that the record gives now, with the reason of every place and whose turn it is."""
    pack, terms = await exam.terms(tx, notice_id)
    fixed = await queries.lines(tx, notice_id)
    reckoned = await _reckoned(tx, notice_id, pack, terms)
    shown = fixed or reckoned
    held = await exam_queries.exam(tx, notice_id)
    return RankingView(
        notice_id=notice_id,
        fixed_at=held.fixed_at if held and fixed else None,
        reproduced=[_figures(each) for each in fixed] == [_figures(each) for each in reckoned] if fixed else None,
        terms=terms.stored(),
        items=await _items(tx, notice_id, shown, terms),
    )


async def fix(tx: Transaction, notice_id: UUID) -> list[RankingLine]:
    """End the exam and store the ranking with its explanations. Raises `WrongState` out of order or twice."""
    ended = await exam.finish(tx, notice_id)
    made = await _reckoned(tx, notice_id, *await exam.terms(tx, notice_id))
    for each in made:
        each.user_id, each.post_id = ended.fixed_by_user, ended.fixed_by_post
        each.fixed_at = ended.fixed_at or tx.now
    await queries.add(tx, made)
    ranked = sum(each.rank is not None for each in made)
    await audit(
        tx,
        "recruitment.ranking.fix",
        subject_type=SUBJECT,
        subject_id=notice_id,
        facts={"candidates": len(made), "ranked": ranked},
    )
    return made


async def check_turn(tx: Transaction, application_id: UUID) -> None:
    """Raise `RuleRefused`, with article and explanation, unless a place is this candidate's turn (NM-8, NM-10)."""
    line, pack, terms, posts, standings = await _standings(tx, application_id)
    turns = rules.turns(standings, posts, terms.replacement_rounds)
    mine = next((each for each in standings if each.id == application_id), None)
    why = line.explanation if mine is None or rules.lost_in_tie(mine, standings, turns) else []
    rules.check_turn(pack, mine, turns.get(application_id), posts, why)


async def check_hire(tx: Transaction, application_id: UUID, reason: str | None) -> None:
    """As `check_turn`, and nobody ahead loses their place by this hire. `reason`: what decides a shared rank."""
    await check_turn(tx, application_id)
    _, pack, terms, posts, standings = await _standings(tx, application_id)
    turn = rules.turns(standings, posts, terms.replacement_rounds)
    mine = next(each for each in standings if each.id == application_id)
    others = [
        each for each in standings if each.id != application_id and each.id in turn and each.state not in rules.OUT
    ]
    rules.check_room(pack, mine, others, posts, reason)


async def _standings(
    tx: Transaction, application_id: UUID
) -> tuple[RankingLine, Pack, Terms, int, list[rules.Standing]]:
    application = await application_queries.row(tx, application_id)
    item = await notices.item(tx, application.item_id)
    pack, terms = await exam.terms(tx, item.notice_id)
    line = await queries.line(tx, application_id)
    if line is None:
        raise WrongState(Text("考试排名尚未确定", "The ranking is not fixed yet."), article=rules.article(pack))
    states = {each.id: each.state for each in await application_queries.of_notice(tx, item.notice_id)}
    standings = [
        rules.Standing(each.application_id, each.rank, states[each.application_id], each.total)
        for each in await queries.of_item(tx, item.id)
        if each.rank is not None
    ]
    return line, pack, terms, item.posts, standings


async def _reckoned(tx: Transaction, notice_id: UUID, pack: Pack, terms: Terms) -> list[RankingLine]:
    """The lines as the record gives them, by item and rank; not stored."""
    scores = await exam_queries.scores(tx, notice_id)
    established = await eligibility_queries.facts_of_notice(tx, notice_id)
    candidates = {each.application_id: each for each in await exam_queries.candidates(tx, notice_id)}
    by_item: defaultdict[UUID, list[rules.Contender]] = defaultdict(list)
    days = {each.id: each.age_reference_date for each in await notices.items(tx, notice_id)}
    for each in candidates.values():
        day = days[each.item_id]
        facts = rules.unproved(pack, established.get(each.application_id, {}), day)
        by_item[each.item_id].append(
            rules.Contender(
                id=each.application_id,
                written=None if each.written_absent else scores.get((each.application_id, "written")),
                interview=None if each.interview_absent else scores.get((each.application_id, "interview")),
                interviewed=each.interviewed is True,
                priority=tuple(pack.evaluate_group(vocabulary.PRIORITY, facts, on=day)),
            )
        )
    made = []
    for item_id in sorted(by_item):
        for place in rules.places(by_item[item_id], terms):
            candidate = candidates[place.id]
            made.append(
                RankingLine(
                    tenant_id=tx.tenant,
                    application_id=place.id,
                    notice_id=notice_id,
                    item_id=item_id,
                    unit_no=candidate.unit_no,
                    person_id=candidate.person_id,
                    rank=place.rank,
                    total=place.total,
                    written=scores.get((place.id, "written")),
                    interview=scores.get((place.id, "interview")),
                    article=next((each.article for each in place.why if each.article), None),
                    explanation=[each.as_json() for each in place.why],
                    fixed_at=tx.now,
                )
            )
    return made


def _figures(line: RankingLine) -> tuple[UUID, int | None, Decimal | None, Decimal | None, Decimal | None, str | None]:
    return (line.application_id, line.rank, line.total, line.written, line.interview, line.article)


async def _items(tx: Transaction, notice_id: UUID, lines: list[RankingLine], terms: Terms) -> list[ItemRanking]:
    known = {each.id: each for each in await application_queries.of_notice(tx, notice_id)}
    tickets = {each.application_id: each.ticket for each in await exam_queries.candidates(tx, notice_id)}
    shown = []
    for item in await notices.items(tx, notice_id):
        mine = [each for each in lines if each.item_id == item.id]
        standings = [
            rules.Standing(each.application_id, each.rank, known[each.application_id].state)
            for each in mine
            if each.rank is not None
        ]
        turns = rules.turns(standings, item.posts, terms.replacement_rounds)
        shown.append(
            ItemRanking(
                item_id=item.id,
                community_title=item.community_title,
                post_title=item.post_title,
                posts=item.posts,
                lines=[
                    Line(
                        **each.model_dump(include={"application_id", "rank", "total", "written", "interview"}),
                        ticket=tickets[each.application_id],
                        name=known[each.application_id].name,
                        state=known[each.application_id].state,
                        explanation=[Reason(**why) for why in each.explanation],
                        turn=_turn(turns.get(each.application_id)),
                    )
                    for each in mine
                ],
            )
        )
    return shown


def _turn(turn: rules.TurnOf | None) -> Turn | None:
    if turn is None:
        return None
    words = rules.turn_words(turn)
    return Turn(round=turn.round, replaces=turn.replaces, zh=words.zh, en=words.en)

"""Opening a survey, making tokens, taking answers, and the score of each community (S3)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from kernel.db.transaction import Transaction
from kernel.errors import Conflict, Forbidden, Text
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from services.assessment.cycle import actions as cycles
from services.assessment.cycle import queries as cycle_queries
from services.assessment.method import SURVEY, Stage
from services.assessment.survey import queries, rules
from services.assessment.survey.schemas import (
    Answer,
    PartView,
    Question,
    SurveyOpening,
    SurveyView,
    Thanks,
    TokenOrder,
    TokenSheet,
    TokenWithdrawal,
    Withdrawn,
)

_forms: dict[tuple[UUID, UUID], Mapping[str, int]] = {}
"""Best marks by question of surveys read here, by tenant and survey: a form never changes once it is open."""
MAX_FORMS = 10_000


async def open_survey(tx: Transaction, cycle_id: UUID, body: SurveyOpening) -> SurveyView:
    """Open the survey of a cycle in its stage; `Conflict` where it has one."""
    rules.check_questions([question.code for question in body.questions])
    rules.check_closing(body.closes_on, tx.today)
    cycle = await cycle_queries.view(tx, cycle_id)
    stage = cycles.stage_under_way(cycle, SURVEY)
    values: dict[str, Any] = body.model_dump(mode="python") | {
        "id": new_id(),
        "cycle_id": cycle.id,
        "unit_no": cycle.unit_no,
        "opens_on": tx.today,
    }
    if not await queries.add(tx, values):
        raise Conflict(Text("该年度已开展居民测评", "The cycle has its survey already."), article=stage.article)
    parts = [
        {
            "survey_id": values["id"],
            "unit_no": each.unit_no,
            "community_unit_id": each.community_unit_id,
            "minimum": cycle.method.terms.survey_minimum,
            "closes_on": body.closes_on,
            "best": sum(question.best for question in body.questions),
            "full_score": cycle.method.terms.full_score,
            "rounding": cycle.method.terms.rounding.model_dump(),
            "issued": 0,
            "withdrawn": 0,
        }
        for each in await cycle_queries.rounds(tx, cycle_id)
    ]
    await queries.add_parts(tx, parts)
    facts = {"cycle_id": str(cycle_id), "closes_on": body.closes_on.isoformat()}
    await audit(tx, "assessment.survey.open", subject_type="survey", subject_id=values["id"], facts=facts)
    return await queries.view(tx, values["id"])


async def issue_tokens(tx: Transaction, survey_id: UUID, body: TokenOrder) -> TokenSheet:
    """Make tokens for a community of the scope. They are answered this once: only their digests are stored."""
    part = await queries.part(tx, survey_id, body.community_unit_id, lock=True)
    rules.check_taking(part.closes_on, tx.today)
    tokens = [rules.new_token() for _ in range(body.count)]
    await queries.add_tokens(tx, survey_id, part.unit_no, [rules.digest(token) for token in tokens])
    await queries.count_issued(tx, survey_id, part.unit_no, issued=len(tokens))
    facts = {"community_unit_id": str(body.community_unit_id), "count": len(tokens)}
    await audit(tx, "assessment.token.issue", subject_type="survey", subject_id=survey_id, facts=facts)
    slug = (await org.tenant(tx)).slug
    links = [f"/public/{slug}/assessment/surveys/{survey_id}/form#{token}" for token in tokens]
    return TokenSheet(survey_id=survey_id, community_unit_id=body.community_unit_id, tokens=tokens, links=links)


async def withdraw_tokens(tx: Transaction, survey_id: UUID, body: TokenWithdrawal) -> Withdrawn:
    """Make the unused tokens of a community worthless; answers given stay."""
    part = await queries.part(tx, survey_id, body.community_unit_id, lock=True)
    gone = await queries.remove_tokens(tx, survey_id, part.unit_no)
    await queries.count_issued(tx, survey_id, part.unit_no, withdrawn=gone)
    facts = {"community_unit_id": str(body.community_unit_id), "count": gone}
    await audit(
        tx, "assessment.token.withdraw", subject_type="survey", subject_id=survey_id, reason=body.reason, facts=facts
    )
    return Withdrawn(withdrawn=gone)


async def answer(tx: Transaction, survey_id: UUID, body: Answer) -> Thanks:
    """Take a resident's answer for a token, once. Nothing is audited and nothing told: both would tie it to a moment.

    Raises `Forbidden` for who is signed in, `NotFound` for no such survey, `InvalidInput` for incomplete marks,
    `Conflict` for a token that is used, withdrawn, unknown or too late.
    """
    if tx.context.actor.kind != "public":
        raise Forbidden(Text("请退出登录后匿名作答", "Sign out first: answers are given by nobody in particular."))
    best = await _best(tx, survey_id)
    rules.check_marks(body.marks, best)
    digest = rules.digest(body.token.get_secret_value())
    marks = orjson.dumps(dict(sorted(body.marks.items()))).decode()
    if not await queries.take(tx, survey_id, digest, tx.today, marks, sum(body.marks.values())):
        raise rules.spent()
    return Thanks()


async def _best(tx: Transaction, survey_id: UUID) -> Mapping[str, int]:
    key = (tx.tenant, survey_id)
    known = _forms.get(key)
    if known is None:
        if len(_forms) >= MAX_FORMS:
            _forms.clear()
        known = _forms[key] = _best_of((await queries.form(tx, survey_id)).questions)
    return known


def _best_of(questions: list[Question]) -> Mapping[str, int]:
    return {question.code: question.best for question in questions}


async def parts(tx: Transaction, survey_id: UUID) -> list[PartView]:
    """The survey in the communities of the scope; scores only after its last day, and with enough answers."""
    tallies = await queries.tallies(tx, survey_id)
    shown = []
    for row in await queries.parts(tx, survey_id):
        answered, points = tallies.get(row.unit_no, (0, 0))
        counted = rules.community_score(row.terms(), answered, points)
        shown.append(
            PartView(
                unit_no=row.unit_no,
                community_unit_id=row.community_unit_id,
                minimum=row.minimum,
                issued=row.issued,
                withdrawn=row.withdrawn,
                unused=row.issued - row.withdrawn - answered,
                answered=answered,
                enough=counted.enough,
                score=counted.score if tx.today > row.closes_on else None,
            )
        )
    return shown


async def scores(tx: Transaction, cycle_id: UUID) -> dict[int, rules.CommunityScore]:
    """What residents gave in each community of the cycle, by unit number; empty where no survey was held."""
    survey = await queries.of_cycle(tx, cycle_id)
    if survey is None:
        return {}
    tallies = await queries.tallies(tx, survey.id)
    return {
        row.unit_no: rules.community_score(row.terms(), *tallies.get(row.unit_no, (0, 0)))
        for row in await queries.parts(tx, survey.id)
    }


async def check_closed(tx: Transaction, cycle_id: UUID, stage: Stage) -> None:
    """Raise `RuleRefused` unless the cycle's survey was held and has closed."""
    survey = await queries.of_cycle(tx, cycle_id)
    rules.check_closed(stage, survey.closes_on if survey else None, tx.today)

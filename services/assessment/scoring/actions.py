"""Self-assessment, scores, and leaving a person without a grade."""

from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import Forbidden, Text
from kernel.events.outbox import audit
from services.assessment.cycle import actions as cycles
from services.assessment.cycle import queries as cycle_queries
from services.assessment.method import SCORING, SELF, Method, Stage
from services.assessment.scoring import queries, rules
from services.assessment.scoring.schemas import ScoreGiven, ScoreList, ScoreSheet, ScoreView, SelfAssessment, Ungraded
from services.assessment.scoring.tables import Score


async def assess_oneself(tx: Transaction, result_id: UUID, body: SelfAssessment) -> cycle_queries.ResultView:
    """Hand in the own self-assessment, once, in its stage; a result of somebody else does not exist."""
    row = await cycle_queries.result(tx, result_id, lock=True)
    rules.check_scored(row.state)
    cycles.stage_under_way(await cycle_queries.round_of(tx, row.round_id), SELF)
    rules.check_first(row.self_assessed_at is not None)
    row.self_statement, row.self_assessed_at = body.statement, tx.now
    row.version += 1
    await tx.session.flush()
    await audit(tx, "assessment.result.self", subject_type="result", subject_id=row.id)
    return cycle_queries.ResultView.model_validate(row)


async def score(tx: Transaction, body: ScoreSheet) -> ScoreList:
    """Record scores in their stage; given again, they replace what stood. All stand, or none.

    Raises `WrongState` in another stage, `RuleRefused` for an office that does not act in it, `InvalidInput` for points
    out of range, `NotFound` for a result outside the scope.
    """
    rounds: dict[UUID, cycle_queries.RoundView] = {}
    results = await cycle_queries.results_of(tx, {given.result_id for given in body.scores})
    standing = await queries.rows(tx, list(results))
    made: list[tuple[Score, Stage]] = []
    for index, given in enumerate(body.scores):
        row = results[given.result_id]
        rules.check_scored(row.state)
        if row.round_id not in rounds:
            rounds[row.round_id] = await cycle_queries.round_of(tx, row.round_id, share=True)
        part = rounds[row.round_id]
        stage = cycles.stage_under_way(part, SCORING)
        cycles.may_act(tx, stage)
        components = part.method.components_of([stage])
        rules.check_component(given.component, given.points, part.method.terms.full_score, components, index)
        made.append((_store(tx, standing, given, row.unit_no), stage))
    await tx.session.flush()
    for each, stage in made:
        facts = {"component": each.component, "points": str(each.points), "stage": stage.id}
        await audit(tx, "assessment.score.record", subject_type="result", subject_id=each.result_id, facts=facts)
    return ScoreList(items=[ScoreView.model_validate(each) for each, _ in made])


def _store(tx: Transaction, standing: dict[tuple[UUID, str], Score], given: ScoreGiven, unit_no: int) -> Score:
    actor = tx.context.actor
    if actor.user is None or actor.post is None:
        raise Forbidden(Text("请以岗位身份评分", "Score in a post: a score names who gave it."))
    row = standing.get((given.result_id, given.component))
    if row is None:
        row = standing[given.result_id, given.component] = Score(
            tenant_id=tx.tenant,
            unit_no=unit_no,
            user_id=actor.user,
            post_id=actor.post,
            scorers=[str(actor.user)],
            scored_at=tx.now,
            **given.model_dump(),
        )
        tx.session.add(row)
    else:
        row.points, row.remark = given.points, given.remark
        row.user_id, row.post_id, row.scored_at = actor.user, actor.post, tx.now
        row.scorers = sorted({*row.scorers, str(actor.user)})
    return row


async def scores_of(tx: Transaction, result_id: UUID) -> ScoreList:
    """The scores of one person; `NotFound` outside the scope, as for a person that is not there."""
    await cycle_queries.result(tx, result_id)
    return ScoreList(items=await queries.of_result(tx, result_id))


async def leave_ungraded(tx: Transaction, result_id: UUID, body: Ungraded) -> cycle_queries.ResultView:
    """Leave a person without a grade in this year, with the reason; it breaks a run of failed years."""
    row = await cycle_queries.result(tx, result_id, lock=True)
    rules.check_scored(row.state)
    row.state, row.grade_reason = "ungraded", body.reason
    row.version += 1
    await tx.session.flush()
    await audit(
        tx,
        "assessment.result.ungraded",
        subject_type="result",
        subject_id=row.id,
        reason=body.reason,
        facts={"year": row.year},
    )
    return cycle_queries.ResultView.model_validate(row)


async def check_complete(tx: Transaction, cycle_id: UUID, method: Method, stage: Stage) -> None:
    """Raise `RuleRefused` unless everybody who takes part has every score of that stage."""
    results = [row.id for row in await cycle_queries.results(tx, cycle_id, "open")]
    scored = {result: set(points) for result, points in (await queries.points(tx, results)).items()}
    rules.check_complete(stage, results, method.components_of([stage]), scored)

"""Keeping the list of probations and deciding on them (NM-37(1); S7)."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from contracts.assessment import ProbationAssessed
from kernel.clock import midnight
from kernel.db.transaction import Transaction
from kernel.events.outbox import audit, emit
from kernel.org import queries as org
from kernel.schedule import actions as schedule
from services.assessment.probation import queries, rules
from services.assessment.probation.schemas import ProbationDecision, ProbationNews, ProbationView

FALLS_DUE = "assessment.probation_due"
ENDS = "assessment.probation_ends"


@dataclass(frozen=True, slots=True)
class Signed:
    """A contract with a probation, as its event tells it; `before` is the first day after the probation."""

    contract_id: UUID
    dossier_id: UUID
    person_id: UUID
    unit_no: int
    before: date


async def begin(tx: Transaction, signed: Signed) -> None:
    """List the probation and set its two times, where the regulation assesses it; once per contract."""
    notice = rules.notice_days(await org.pack(tx), tx.today)
    if notice is None:
        return
    last_day = signed.before - timedelta(days=1)
    news = ProbationNews(
        id=signed.contract_id,
        dossier_id=signed.dossier_id,
        person_id=signed.person_id,
        unit_no=signed.unit_no,
        last_day=last_day,
        due_on=last_day - timedelta(days=notice),
    )
    if not await queries.add(tx, news):
        return
    payload = {"contract": str(news.id)}
    await schedule.at(tx, FALLS_DUE, midnight(news.due_on), unit_no=news.unit_no, payload=payload)
    await schedule.at(tx, ENDS, midnight(signed.before), unit_no=news.unit_no, payload=payload)


async def fall_due(tx: Transaction, contract_id: UUID) -> None:
    """The end is near: the probation stands on the list of those to be decided."""
    await _follow(tx, contract_id, {"waiting": "due"})


async def end(tx: Transaction, contract_id: UUID) -> None:
    """The last day is over: what was not decided has lapsed."""
    await _follow(tx, contract_id, {"waiting": "lapsed", "due": "lapsed"})


async def _follow(tx: Transaction, contract_id: UUID, moves: dict[str, str]) -> None:
    row = await queries.get(tx, contract_id, lock=True)
    state = moves.get(row.state)
    if state is None:
        return
    row.state = state
    row.version += 1
    await tx.session.flush()
    facts = {"last_day": row.last_day.isoformat()}
    await audit(tx, f"assessment.probation.{state}", subject_type="probation", subject_id=row.id, facts=facts)


async def decide(tx: Transaction, contract_id: UUID, body: ProbationDecision) -> ProbationView:
    """Decide in the acting post, with reason and evidence, on or before the last day; told to roster.

    Raises `RuleRefused` with the article after the last day, `WrongState` for one decided.
    """
    row = await queries.get(tx, contract_id, lock=True)
    rules.check_undecided(row.state)
    rules.check_in_time(await org.pack(tx), row.last_day, tx.today)
    actor = tx.context.actor
    row.state = "passed" if body.passed else "failed"
    row.reason, row.evidence = body.reason, body.evidence
    row.decided_on, row.decided_at = tx.today, tx.now
    row.decided_by_user, row.decided_by_post = actor.user, actor.post
    row.version += 1
    await tx.session.flush()
    event = ProbationAssessed(
        person_id=str(row.person_id),
        dossier_id=str(row.dossier_id),
        contract_id=str(row.id),
        passed=body.passed,
        decided_on=tx.today.isoformat(),
    )
    tx.position(await emit(tx, event, aggregate_id=row.id, unit_no=row.unit_no))
    facts = {"passed": body.passed, "last_day": row.last_day.isoformat()}
    await audit(tx, "assessment.probation.decide", subject_type="probation", subject_id=row.id, facts=facts)
    return ProbationView.model_validate(row)

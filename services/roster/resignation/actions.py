"""Resigning, asking to take it back, the employer's consent, the hand-over (NM-29, SH-26, LCL-37)."""

from datetime import date, timedelta
from uuid import UUID

from contracts.roster import ResignationGiven
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, InvalidInput, Text, WrongState
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.privacy.fields import protect, reveal
from services.roster.appointment import queries as appointment_queries
from services.roster.contract import queries as contract_queries
from services.roster.dossier import queries as dossier_queries
from services.roster.ending import actions as ending_actions
from services.roster.ending import queries as ending_queries
from services.roster.resignation import queries, rules
from services.roster.resignation.schemas import Approval, HandOver, ResignationBody, ResignationText, ResignationView
from services.roster.resignation.tables import Resignation

NOTICE = "roster_resignation.notice"
STATES = {"statute": "given", "agreement": "by_agreement", "party_rules": "by_party_rules"}
ENDED_BY_STATUTE = ("given", "withdrawal_asked")


async def resign(tx: Transaction, body: ResignationBody) -> ResignationView:
    """Give one's notice in writing; the statute ends the contract with the last day, without approval.

    An agreement ends once the resignation is approved and handed over (SH-26). An office is recorded as going by Party
    rules and law; the platform ends nothing. Raises `Conflict` where a
    resignation is under way or there is nothing to resign from, `InvalidInput` for a last day before the notice ends.
    """
    mine = await dossier_queries.own(tx)
    dossier = await dossier_queries.get(tx, mine.id, lock=True)
    pack = await org.pack(tx)
    relation = await ending_actions.relation_of(tx, dossier.id)
    path = rules.path_of(pack, relation)
    if await queries.under_way(tx, dossier.id, await _held_since(tx, dossier.id)):
        text = Text("已提出辞职，不能重复提出", "A resignation is under way already.")
        raise Conflict(text, article=pack.parameter(rules.TO_LEVEL).article)
    notice = None
    if path == "statute":
        contract = await contract_queries.in_force_on(tx, dossier.id, tx.today)
        notice = rules.Notice(
            tx.today,
            contract.probation_before if contract else None,
            contract.term.valid_before if contract else None,
            body.last_day,
        )
    agreed = rules.agreed_day(pack, tx.today, body.last_day) if path == "agreement" else None
    resignation_id = new_id()
    row = Resignation(
        tenant_id=tx.tenant,
        id=resignation_id,
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        relation=str(relation),
        notice=await protect(tx, dossier.person_id, column=NOTICE, row_id=resignation_id, value=body.notice),
        given_on=tx.today,
        last_day=rules.last_day(pack, notice) if notice else agreed,
        findings=[each.as_json() for each in rules.findings(pack, path, notice, agreed)],
        state=STATES[path],
        pack_id=pack.id,
        pack_version=pack.version,
    )
    tx.session.add(row)
    await tx.session.flush()
    told = ResignationGiven(
        resignation_id=str(row.id),
        dossier_id=str(row.dossier_id),
        person_id=str(row.person_id),
        relation=row.relation,
        given_on=row.given_on.isoformat(),
        last_day=row.last_day.isoformat() if row.last_day and notice else None,
        community_unit_no=row.unit_no,
    )
    tx.position(await emit(tx, told, aggregate_id=row.id, unit_no=row.unit_no))
    return await _done(tx, row, "roster.resignation.give")


async def _held_since(tx: Transaction, dossier_id: UUID) -> date:
    """First day of the longest held post of today; tomorrow where none is held."""
    held = await appointment_queries.held_on(tx, dossier_id, tx.today)
    return min((row.period.lower for row in held if row.period.lower is not None), default=tx.today + timedelta(days=1))


async def fix_end(tx: Transaction, resignation_id: UUID, last_day: date | None) -> None:
    """Let the contract end with the last day. A person cannot set the platform's timers, so this follows as news."""
    row = await _held(tx, resignation_id)
    if last_day is None or row.state not in ENDED_BY_STATUTE:
        return
    before = last_day + timedelta(days=1)
    await ending_actions.fix(tx, row.dossier_id, matter_id=row.id, ground="resignation", ends_before=before)


async def ask_back(tx: Transaction, resignation_id: UUID) -> ResignationView:
    """Ask to take the resignation back before its last day is over; only with the employer's consent is it."""
    row = await queries.get(tx, resignation_id, lock=True)
    await _check_going(tx, row, "given")
    row.state, row.withdrawal_asked_at = "withdrawal_asked", tx.now
    return await _changed(tx, row, "roster.resignation.ask_back")


async def consent(tx: Transaction, resignation_id: UUID) -> ResignationView:
    """Consent, for the employer, to a withdrawal that the worker asked for: nothing ends."""
    row = await _held(tx, resignation_id)
    await _check_going(tx, row, "withdrawal_asked")
    await ending_actions.cancel(tx, row.id)
    row.state, row.consented_by = "withdrawn", tx.context.actor.user
    return await _changed(tx, row, "roster.resignation.consent")


async def approve(tx: Transaction, resignation_id: UUID, body: Approval) -> ResignationView:
    """Approve it for the Party organisation that received it; a labour contract ends with or without this (LCL-37)."""
    row = await _held(tx, resignation_id)
    pack = await org.pack_version(tx, row.pack_id, row.pack_version)
    rules.check_approval(pack, row.state, row.approved_on)
    row.approved_on, row.approved_by = tx.today, tx.context.actor.user
    await _end_agreement(tx, row)
    await audit(tx, "roster.resignation.approval", subject_type="resignation", subject_id=row.id, reason=body.comment)
    return await _changed(tx, row, "roster.resignation.approve")


async def _end_agreement(tx: Transaction, row: Resignation) -> None:
    """Let an agreement end once it is approved and handed over, on its first day at the earliest."""
    if row.state != "by_agreement" or row.last_day is None or row.approved_on is None or row.handed_over_on is None:
        return
    row.last_day = max(row.last_day, row.approved_on, row.handed_over_on)
    before = row.last_day + timedelta(days=1)
    await ending_actions.fix(tx, row.dossier_id, matter_id=row.id, ground="resignation", ends_before=before)


async def _held(tx: Transaction, resignation_id: UUID) -> Resignation:
    seen = await queries.get(tx, resignation_id)
    await dossier_queries.get(tx, seen.dossier_id, lock=True)
    return await queries.get(tx, resignation_id, lock=True)


async def hand_over(tx: Transaction, resignation_id: UUID, body: HandOver) -> ResignationView:
    """Record the hand-over; before or after the end, which for a labour contract never waits for it."""
    row = await _held(tx, resignation_id)
    if row.state == "withdrawn" or row.handed_over_on is not None:
        raise WrongState
    if not row.given_on <= body.done_on <= tx.today:
        message = Text("交接日期应在辞职之后且不晚于今天", "The hand-over lies after the notice and not after today.")
        raise InvalidInput(message, errors=[FieldError("/done_on", message)])
    row.handed_over_on = body.done_on
    await _end_agreement(tx, row)
    return await _changed(tx, row, "roster.resignation.hand_over")


async def read_text(tx: Transaction, resignation_id: UUID) -> ResignationText:
    """The written resignation; who read it is in the audit chain."""
    row = await queries.get(tx, resignation_id)
    notice = await reveal(tx, row.person_id, column=NOTICE, row_id=row.id, stored=row.notice)
    await audit(tx, "roster.resignation.read_text", subject_type="resignation", subject_id=row.id)
    return ResignationText(id=row.id, notice=notice)


async def _check_going(tx: Transaction, row: Resignation, state: str) -> None:
    over = row.last_day is not None and tx.today > row.last_day
    end = await ending_queries.of_matter(tx, row.id)
    if row.state != state or over or (end is not None and end.state != "waiting"):
        article = (await org.pack(tx)).parameter(rules.TO_LEVEL).article
        raise WrongState(
            Text(
                "届满前经用人单位同意方可撤回",
                "It is taken back before its last day is over, with the employer's consent.",
            ),
            article=article,
        )


async def _changed(tx: Transaction, row: Resignation, action: str) -> ResignationView:
    row.version += 1
    await tx.session.flush()
    return await _done(tx, row, action)


async def _done(tx: Transaction, row: Resignation, action: str) -> ResignationView:
    facts = {
        "dossier_id": str(row.dossier_id),
        "state": row.state,
        "last_day": row.last_day.isoformat() if row.last_day else None,
    }
    await audit(tx, action, subject_type="resignation", subject_id=row.id, facts=facts)
    [view] = await queries.views(tx, [row])
    return view

"""Release, consent, acceptance and effect of a transfer (NM-23).

Neither side can write in the other's scope. The worker's consent, made under the worker's own account, carries the
offer across; the answer and the effect are carried back by timers, which work for the whole tenant.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from uuid import UUID

from kernel.clock import SHANGHAI
from kernel.db.transaction import Transaction
from kernel.errors import Text, WrongState
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.schedule import actions as schedule
from services.roster.appointment import actions as appointment_actions
from services.roster.appointment import queries as appointment_queries
from services.roster.attendance import actions as attendance_actions
from services.roster.certificate import actions as certificate_actions
from services.roster.contract import actions as contract_actions
from services.roster.dossier import actions as dossier_actions
from services.roster.dossier import queries as dossier_queries
from services.roster.duty import actions as duty_actions
from services.roster.honour import actions as honour_actions
from services.roster.intake import actions as intake_actions
from services.roster.leave import actions as leave_actions
from services.roster.payee import actions as payee_actions
from services.roster.rank import actions as rank_actions
from services.roster.rights import actions as rights_actions
from services.roster.secondment import actions as secondment_actions
from services.roster.subsidy import actions as subsidy_actions
from services.roster.transfer import queries, rules
from services.roster.transfer.schemas import Consent, Decision, ReceptionView, Release, TransferView, Withdrawal
from services.roster.transfer.tables import Reception, Transfer

ANSWERED = "roster.transfer.answered"
DUE = "roster.transfer.due"
WITHDRAWN = "roster.transfer.withdrawn"
USER_LEVEL = "contract.user_level"


async def release(tx: Transaction, body: Release) -> TransferView:
    """Release a worker of the scope; the worker is asked next.

    Raises `RuleRefused` where an elected office would be carried along or ended without its record, `WrongState`
    while another transfer is under way, `InvalidInput` for a day that has passed or a unit that is no community.
    """
    pack = await org.pack(tx)
    rules.check_role(pack, body.role)
    rules.check_day(body.effective_on, tx.today)
    dossier = await dossier_queries.get(tx, body.dossier_id, lock=True)
    target = await org.unit(tx, body.to_community_unit_id)
    figure = pack.parameter(USER_LEVEL, tx.today)
    wanted = figure.text() if figure.state == "set" else None
    rules.check_places(dossier.community_unit_id, target.id, target.level, wanted)
    if await queries.open_of(tx, dossier.id) is not None:
        raise WrongState(Text("该人员已有流动事项在办", "A transfer of this worker is under way."))
    held = await appointment_queries.held_on(tx, dossier.id, tx.today)
    if not held:
        raise WrongState(Text("该人员未在任何岗位，不能流动", "The worker holds no post to be transferred from."))
    rules.check_after(body.effective_on, [post.period.lower for post in held if post.period.lower])
    rules.check_offices(pack, [post.role for post in held], body.office_ends_by)
    row = Transfer(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=dossier.unit_no,
        dossier_id=dossier.id,
        person_id=dossier.person_id,
        from_community_unit_id=dossier.community_unit_id,
        to_community_unit_id=target.id,
        to_unit_no=target.unit_no,
        role=body.role,
        effective_on=body.effective_on,
        reason=body.reason,
        office_ends_by=body.office_ends_by,
        state="released",
        released_by=tx.context.actor.user,
        released_at=tx.now,
        posts_left=[],
    )
    tx.session.add(row)
    await tx.session.flush()
    facts = {"dossier_id": str(dossier.id), "to": str(target.id), "effective_on": body.effective_on.isoformat()}
    await _audit(tx, row.id, "release", body.reason, facts)
    return TransferView.model_validate(row)


async def consent(tx: Transaction, transfer_id: UUID, body: Consent) -> TransferView:
    """The worker agrees, and the receiving side learns of it with years and rank; or declines, and it is over."""
    row = await queries.transfer(tx, transfer_id, lock=True)
    rules.check_state(row.state, ("released",))
    row.state = "consented" if body.agree else "declined"
    row.version += 1
    if body.agree:
        await _offer(tx, row)
    await tx.session.flush()
    await _audit(tx, row.id, "consent" if body.agree else "decline", None, {"dossier_id": str(row.dossier_id)})
    return TransferView.model_validate(row)


async def _offer(tx: Transaction, row: Transfer) -> None:
    dossier = await dossier_queries.get(tx, row.dossier_id)
    years = await appointment_actions.service_years(tx, row.dossier_id)
    ranks = await rank_actions.read(tx, row.dossier_id)
    held = next((each for each in ranks.items if each.valid_before is None), None)
    background = await intake_actions.read(tx, row.dossier_id)
    evidence = {
        "category": dossier.category,
        "cumulative_years": years.cumulative_years,
        "current_continuous_years": years.current_continuous_years,
        "rank": None if held is None else {"grade": held.grade, "label": held.label, "sample": held.sample},
        "certificates": [each.kind for each in background.certificates],
    }
    tx.session.add(
        Reception(
            tenant_id=tx.tenant,
            id=row.id,
            unit_no=row.to_unit_no,
            dossier_id=row.dossier_id,
            person_id=row.person_id,
            full_name=dossier.full_name,
            from_unit_id=row.from_community_unit_id,
            community_unit_id=row.to_community_unit_id,
            role=row.role,
            effective_on=row.effective_on,
            evidence=evidence,
            state="offered",
        )
    )


async def withdraw(tx: Transaction, transfer_id: UUID, body: Withdrawal) -> TransferView:
    """Take a release back before it was accepted; the receiving side's offer ends with it."""
    row = await queries.transfer(tx, transfer_id, lock=True)
    rules.check_state(row.state, ("released", "consented"))
    row.state = "withdrawn"
    row.version += 1
    await tx.session.flush()
    await schedule.at(tx, WITHDRAWN, tx.now, unit_no=row.unit_no, payload={"transfer": str(row.id)})
    await _audit(tx, row.id, "withdraw", body.reason, {"dossier_id": str(row.dossier_id)})
    return TransferView.model_validate(row)


async def decide(tx: Transaction, transfer_id: UUID, body: Decision) -> ReceptionView:
    """Accept or refuse a worker offered to the scope. Accepted, the transfer takes effect on its day."""
    row = await queries.reception(tx, transfer_id, lock=True)
    rules.check_state(row.state, ("offered",))
    if body.accept:
        rules.check_still_ahead(row.effective_on, tx.today)
    row.state = "accepted" if body.accept else "refused"
    row.decided_by, row.decided_at, row.comment = tx.context.actor.user, tx.now, body.comment
    row.version += 1
    await tx.session.flush()
    await schedule.at(tx, ANSWERED, tx.now, unit_no=row.unit_no, payload={"transfer": str(row.id)})
    action = "accept" if body.accept else "refuse"
    await _audit(tx, row.id, action, body.comment, {"dossier_id": str(row.dossier_id)})
    return ReceptionView.model_validate(row)


async def answered(tx: Transaction, transfer_id: UUID) -> None:
    """Bring the receiving side's answer to the giving side; for the timer. A withdrawal that was first wins."""
    row = await queries.transfer(tx, transfer_id, lock=True)
    received = await queries.reception(tx, transfer_id, lock=True)
    if row.state != "consented":
        received.state = "withdrawn"
        return
    row.state = received.state
    row.answered_at = received.decided_at
    row.version += 1
    if row.state == "accepted":
        day = datetime.combine(row.effective_on, time(), SHANGHAI).astimezone(UTC)
        await schedule.at(tx, DUE, max(day, tx.now), unit_no=row.unit_no, payload={"transfer": str(row.id)})


async def withdrawn(tx: Transaction, transfer_id: UUID) -> None:
    """End the receiving side's offer after a withdrawal; for the timer."""
    received = await queries.find_reception(tx, transfer_id, lock=True)
    if received is not None and received.state in ("offered", "accepted"):
        received.state = "withdrawn"
        received.version += 1


async def take_effect(tx: Transaction, transfer_id: UUID) -> None:
    """On its day the posts end and, where the employer is another, the contract; the dossier moves with its history,
    the post at the receiving side begins, years add up and the rank is recognised (NM-23). For the timer.

    The contract with the new employer is drafted and signed as any other: another pair of employer and worker, so it
    may have a probation of its own (LCL-19).
    """
    row = await queries.transfer(tx, transfer_id, lock=True)
    if row.state != "accepted":
        return
    received = await queries.reception(tx, transfer_id, lock=True)
    on = row.effective_on
    left = await appointment_actions.leave_post(
        tx, row.dossier_id, None, on=on, ground="transfer", reason=row.office_ends_by or row.reason
    )
    if not left:
        # Whoever left in the meantime is not taken back by a transfer.
        row.state = received.state = "withdrawn"
        await _audit(tx, row.id, "void", None, {"dossier_id": str(row.dossier_id)})
        return
    employer = (await dossier_queries.get(tx, row.dossier_id)).employer_unit_id
    await dossier_actions.move(tx, row.dossier_id, row.to_community_unit_id)
    if (await dossier_queries.get(tx, row.dossier_id)).employer_unit_id != employer:
        await contract_actions.end_with(tx, row.dossier_id, on)
    await appointment_actions.move(tx, row.dossier_id, row.to_unit_no)
    await duty_actions.move(tx, row.dossier_id, row.to_unit_no)
    await intake_actions.move(tx, row.dossier_id, row.to_unit_no)
    await certificate_actions.move(tx, row.dossier_id, row.to_unit_no)
    await payee_actions.move(tx, row.dossier_id, row.to_unit_no)
    await leave_actions.move(tx, row.dossier_id, row.to_unit_no)
    await attendance_actions.move(tx, row.dossier_id, row.to_unit_no)
    await secondment_actions.move(tx, row.dossier_id, row.to_unit_no)
    await honour_actions.move(tx, row.dossier_id, row.to_unit_no)
    await rights_actions.move(tx, row.dossier_id, row.to_unit_no)
    await subsidy_actions.move(tx, row.dossier_id, row.to_unit_no)
    await appointment_actions.take_post(tx, row.dossier_id, role=row.role, valid_from=on, origin="transfer")
    await rank_actions.recognise(tx, row.dossier_id, row.to_unit_no, on, row.reason)
    row.state = received.state = "effective"
    row.posts_left = [each.model_dump(mode="json") for each in left]
    row.version += 1
    received.version += 1
    await tx.session.flush()
    facts = {"dossier_id": str(row.dossier_id), "effective_on": on.isoformat(), "posts_left": len(left)}
    await _audit(tx, row.id, "effect", None, facts)


async def _audit(tx: Transaction, transfer_id: UUID, act: str, reason: str | None, facts: Mapping[str, object]) -> None:
    name = f"roster.transfer.{act}"
    await audit(tx, name, subject_type="transfer", subject_id=transfer_id, reason=reason, facts=facts)

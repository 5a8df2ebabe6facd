"""Release, consent, acceptance and effect of a move between tenants (NM-23; consent: PIPL-23).

What one side does in its own tenant is news of that tenant; the platform takes it across. The giving side's record
decides: an answer that comes after a withdrawal changes nothing there and ends the offer on the other side.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from contracts.roster import CrossingOffered, CrossingWithdrawn
from kernel.clock import local_date
from kernel.context import TenantId
from kernel.db.transaction import Transaction
from kernel.errors import NotFound, Text, WrongState
from kernel.events.event import Seal
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.schedule import actions as schedule
from services.roster.appointment import actions as appointment_actions
from services.roster.appointment import queries as appointment_queries
from services.roster.contract import actions as contract_actions
from services.roster.crossing import queries, rules
from services.roster.crossing.schemas import (
    CrossingConsent,
    CrossingRelease,
    CrossingView,
    CrossingWithdrawal,
    OwnCrossingView,
)
from services.roster.crossing.tables import Crossing
from services.roster.dossier import actions as dossier_actions
from services.roster.dossier import queries as dossier_queries
from services.roster.duty import actions as duty_actions
from services.roster.incoming import actions as incoming_actions
from services.roster.incoming import queries as incoming_queries
from services.roster.incoming.actions import CertificateShown, Evidence, Identity, Parcel, RankShown, Span
from services.roster.intake import actions as intake_actions
from services.roster.rank import actions as rank_actions
from services.roster.transfer import queries as transfer_queries

LAPSE = "roster.crossing.lapse"
PARCEL = "parcel"


async def know_tenant(tx: Transaction, slug: str, title: str, status: str) -> None:
    """Keep under which name the tenant may be addressed; one that is not active cannot be."""
    await queries.know(tx, slug, title, active=status == "active")


# the giving side


async def release(tx: Transaction, body: CrossingRelease) -> CrossingView:
    """Release a worker of the scope to another tenant; the worker is asked next.

    Raises `NotFound` alike for a tenant and for a unit there that do not exist, `RuleRefused` where an elected office
    would end without its record, `WrongState` while another move is under way.
    """
    dossier = await dossier_queries.get(tx, body.dossier_id, lock=True)
    receiver = await queries.known_tenant(tx, body.receiving_tenant)
    if receiver is None:
        raise NotFound
    rules.check_other_tenant(tx.tenant, receiver.named_tenant_id)
    async with queries.within(tx, TenantId(receiver.named_tenant_id)) as theirs:
        unit = await incoming_queries.unit_of_code(theirs, body.receiving_unit_code)
    if unit is None:
        raise NotFound
    under_way = await queries.open_of(tx, dossier.id) or await transfer_queries.open_of(tx, dossier.id)
    if under_way is not None:
        raise WrongState(Text("该人员已有流动事项在办", "A move of this worker is under way."))
    held = await appointment_queries.held_on(tx, dossier.id, tx.today)
    if not held:
        raise WrongState(Text("该人员未在任何岗位，不能流动", "The worker holds no post to move from."))
    rules.check_offices(await org.pack(tx), [post.role for post in held], body.office_ends_by)
    row = Crossing(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=dossier.unit_no,
        dossier_id=dossier.id,
        person_id=dossier.person_id,
        receiving_tenant_id=receiver.named_tenant_id,
        receiving_slug=receiver.slug,
        receiving_title=receiver.title,
        receiving_unit_code=body.receiving_unit_code,
        reason=body.reason,
        office_ends_by=body.office_ends_by,
        state="released",
        released_by=tx.context.actor.user,
        released_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    await _wait(tx, row)
    facts = {"dossier_id": str(dossier.id), "to": receiver.slug, "unit_code": body.receiving_unit_code}
    await _audit(tx, row.id, "release", body.reason, facts)
    return CrossingView.model_validate(row)


async def _wait(tx: Transaction, row: Crossing) -> None:
    days = (await org.pack(tx)).parameter(rules.ANSWER_DAYS, tx.today).integer()
    payload = {"crossing": str(row.id), "state": row.state}
    await schedule.at(tx, LAPSE, tx.now + timedelta(days=days), unit_no=row.unit_no, payload=payload)


async def own(tx: Transaction) -> list[OwnCrossingView]:
    """The moves of the person who asks, with what would cross as long as the answer is open."""
    shown = []
    for row in await queries.own(tx):
        parcel = await _parcel(tx, row) if row.state == "released" else None
        shown.append(
            OwnCrossingView(
                **CrossingView.model_validate(row).model_dump(),
                evidence=parcel.evidence.model_dump(mode="json") if parcel else None,
                identity_members=list(Identity.model_fields),
            )
        )
    return shown


async def consent(tx: Transaction, crossing_id: UUID, body: CrossingConsent) -> CrossingView:
    """The worker agrees, and what crosses is sealed and sent on its way; or declines, and it is over."""
    row = await queries.crossing(tx, crossing_id, lock=True)
    rules.check_state(row.state, ("released",))
    row.version += 1
    if body.agree:
        row.state, row.consented_at = "consented", tx.now
        parcel = await _parcel(tx, row)
        event = CrossingOffered(
            receiving_tenant_id=str(row.receiving_tenant_id), receiving_unit_code=row.receiving_unit_code
        )
        seal = Seal(tx.process, row.person_id, {PARCEL: parcel.model_dump_json()})
        tx.position(await emit(tx, event, aggregate_id=row.id, unit_no=row.unit_no, seal=seal))
    else:
        row.state, row.closed_at = "declined", tx.now
    await tx.session.flush()
    facts = {"dossier_id": str(row.dossier_id), "to": row.receiving_slug}
    await _audit(tx, row.id, "consent" if body.agree else "decline", None, facts)
    return CrossingView.model_validate(row)


async def _parcel(tx: Transaction, row: Crossing) -> Parcel:
    who = await dossier_actions.identity_to_seal(tx, row.dossier_id)
    years = await appointment_actions.service_years(tx, row.dossier_id)
    served = await appointment_actions.spans(tx, row.dossier_id)
    proofs = (await intake_actions.read(tx, row.dossier_id)).certificates
    held = next((each for each in (await rank_actions.read(tx, row.dossier_id)).items if not each.valid_before), None)
    return Parcel(
        identity=Identity(
            full_name=who.full_name,
            id_number=who.id_number,
            phone=who.phone,
            certificate_numbers=[each.number for each in proofs],
        ),
        evidence=Evidence(
            cumulative_years=years.cumulative_years,
            service=[Span(valid_from=start, valid_before=before) for start, before in served],
            certificates=[CertificateShown(kind=each.kind, issued_on=each.issued_on) for each in proofs],
            rank=None
            if held is None
            else RankShown.model_validate(held.model_dump(mode="json", include={"grade", "label", "sample"})),
        ),
    )


async def withdraw(tx: Transaction, crossing_id: UUID, body: CrossingWithdrawal) -> CrossingView:
    """Take a release back before it was carried out; the offer on the other side ends with it."""
    row = await queries.crossing(tx, crossing_id, lock=True)
    rules.check_state(row.state, queries.OPEN)
    await _give_up(tx, row, "withdrawn")
    await _audit(tx, row.id, "withdraw", body.reason, {"dossier_id": str(row.dossier_id)})
    return CrossingView.model_validate(row)


async def lapse(tx: Transaction, crossing_id: UUID, state: str) -> None:
    """End a move that stands where it stood when its time began to run; for the timer."""
    row = await queries.crossing(tx, crossing_id, lock=True)
    if row.state == state:
        await _give_up(tx, row, "lapsed")
        await _audit(tx, row.id, "lapse", None, {"dossier_id": str(row.dossier_id), "while": state})


async def _give_up(tx: Transaction, row: Crossing, state: str) -> None:
    if row.state == "consented":
        event = CrossingWithdrawn(receiving_tenant_id=str(row.receiving_tenant_id))
        await emit(tx, event, aggregate_id=row.id, unit_no=row.unit_no)
    await _end(tx, row, state)


async def _end(tx: Transaction, row: Crossing, state: str) -> None:
    row.state, row.closed_at = state, tx.now
    row.version += 1
    await tx.session.flush()


# the way across


async def offer(tx: Transaction, crossing_id: UUID, sealed: Mapping[str, str] | None) -> None:
    """Take a worker's consented offer to the receiving side; told twice it changes nothing.

    Where the person was erased meanwhile, or the unit addressed stands no more, the matter ends on the giving side.
    """
    row = await queries.crossing(tx, crossing_id, lock=True)
    if row.state != "consented":
        return
    if sealed is None:
        await _end(tx, row, "withdrawn")
        await _audit(tx, row.id, "person_erased", None, {})
        return
    giver = incoming_actions.Giver(tx.tenant, (await org.tenant(tx)).title)
    parcel = Parcel.model_validate_json(sealed[PARCEL])
    async with queries.within(tx, TenantId(row.receiving_tenant_id)) as theirs:
        arrived = await incoming_actions.arrive(theirs, row.id, giver, row.receiving_unit_code, parcel)
    if arrived:
        await _wait(tx, row)
    else:
        await _end(tx, row, "refused")
        await _audit(tx, row.id, "no_such_unit", None, {"unit_code": row.receiving_unit_code})


async def take_back(tx: Transaction, crossing_id: UUID, receiving: TenantId) -> None:
    """End the receiving side's offer after a withdrawal or a lapse."""
    async with queries.within(tx, receiving) as theirs:
        await incoming_actions.void(theirs, crossing_id)


async def answered(tx: Transaction, crossing_id: UUID, giving: TenantId, accepted: bool) -> None:
    """Bring the receiving side's answer to the giving side. Accepted, the service there ends and the dossier here is
    opened in the same transaction; if either cannot be, neither is, and both sides know."""
    async with queries.within(tx, giving) as giver:
        seen = await queries.crossing(giver, crossing_id)
        # The dossier first, as everywhere: whoever writes its periods holds it.
        dossier = await dossier_queries.get(giver, seen.dossier_id, lock=True)
        row = await queries.crossing(giver, crossing_id, lock=True)
        waiting = row.state == "consented"
        # Roster hears of moved business time by event; the worker's consent tells what day it was at least.
        ends = max(giver.today, local_date(row.consented_at or giver.now))
        if waiting and not accepted:
            await _end(giver, row, "refused")
            await _audit(giver, row.id, "refused", None, {"dossier_id": str(row.dossier_id)})
        elif waiting and (dossier.unit_no != row.unit_no or not await _can_leave(giver, row, ends)):
            # Whoever left, moved or took an office in the meantime is not carried away.
            waiting = False
            await _end(giver, row, "withdrawn")
            await _audit(giver, row.id, "void", None, {"dossier_id": str(row.dossier_id)})
    if not waiting:
        await incoming_actions.void(tx, crossing_id)
    elif accepted:
        received = await incoming_actions.receive(tx, crossing_id, ends)
        async with queries.within(tx, giving) as giver:
            if received:
                await _leave(giver, row, ends)
            else:
                await _end(giver, row, "refused")
                await _audit(giver, row.id, "refused", None, {"dossier_id": str(row.dossier_id)})


async def _can_leave(tx: Transaction, row: Crossing, on: date) -> bool:
    held = await appointment_queries.held_on(tx, row.dossier_id, on)
    offices = rules.elected(await org.pack(tx), [post.role for post in held])
    return rules.can_leave([post.period.lower for post in held], bool(offices), row.office_ends_by, on)


async def _leave(tx: Transaction, row: Crossing, on: date) -> None:
    dossier_id = row.dossier_id
    reason = row.office_ends_by or row.reason
    await appointment_actions.leave_post(tx, dossier_id, None, on=on, ground="transfer", reason=reason)
    await duty_actions.end(tx, dossier_id, on)
    await contract_actions.end_with(tx, dossier_id, on)
    await dossier_actions.end_work(tx, dossier_id, on)
    await _end(tx, row, "completed")
    await _audit(tx, row.id, "leave", None, {"dossier_id": str(dossier_id), "ends_before": on.isoformat()})


async def _audit(tx: Transaction, crossing_id: UUID, act: str, reason: str | None, facts: Mapping[str, object]) -> None:
    name = f"roster.crossing.{act}"
    await audit(tx, name, subject_type="crossing", subject_id=crossing_id, reason=reason, facts=facts)

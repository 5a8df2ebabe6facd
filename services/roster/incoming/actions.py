"""What came over from another tenant: kept sealed, answered by the receiving organ, made a dossier (NM-23)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.roster import CrossingAnswered
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, NotFound
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.privacy.fields import protect, reveal
from kernel.privacy.keys import erase
from kernel.privacy.masking import mask_id_number, mask_phone
from services.roster.appointment import actions as appointment_actions
from services.roster.dossier import actions as dossier_actions
from services.roster.dossier import queries as dossier_queries
from services.roster.incoming import queries, rules
from services.roster.incoming.schemas import (
    Acceptance,
    CertificateShown,
    Evidence,
    Identity,
    IncomingOpenView,
    IncomingView,
    Parcel,
    RankShown,
    Refusal,
    Span,
)
from services.roster.incoming.tables import Incoming
from services.roster.intake import actions as intake_actions
from services.roster.rank import actions as rank_actions

__all__ = ["CertificateShown", "Evidence", "Identity", "Parcel", "RankShown", "Span"]

SEALED = "roster_incoming.sealed"


@dataclass(frozen=True, slots=True)
class Giver:
    """From where a worker comes."""

    tenant: UUID
    title: str


async def arrive(tx: Transaction, crossing_id: UUID, giver: Giver, unit_code: str, parcel: Parcel) -> bool:
    """Write the offer in the receiving tenant, under the key of a person id of its own; told twice it stands once.

    False where no unit of that code stands there.
    """
    if await queries.find_incoming(tx, crossing_id) is not None:
        return True
    unit = await queries.unit_of_code(tx, unit_code)
    if unit is None:
        return False
    person_id = new_id()
    row = Incoming(
        tenant_id=tx.tenant,
        id=crossing_id,
        unit_no=unit.unit_no,
        giving_tenant_id=giver.tenant,
        giving_title=giver.title,
        person_id=person_id,
        sealed=await protect(tx, person_id, column=SEALED, row_id=crossing_id, value=parcel.model_dump_json()),
        state="offered",
        offered_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    await _audit(tx, row.id, "arrive", None, {"from": giver.title, "unit_code": unit_code})
    return True


async def receive(tx: Transaction, crossing_id: UUID, ended: date) -> bool:
    """Open the dossier of an accepted worker; False where the person has one here, or the post was
    taken: then the matter is over here. `ended` is the day on which the service elsewhere ends."""
    row = await queries.incoming(tx, crossing_id, lock=True)
    if row.state != "accepted":
        return False
    try:
        async with tx.savepoint():
            dossier_id = await _open_dossier(tx, row, ended)
    except Conflict as hindrance:
        told = hindrance.detail or hindrance.title
        await _close(tx, row, "refused", keep_key=False)
        row.answer = (row.answer or {}) | {"hindrance": {"zh": told.zh, "en": told.en}}
        await _audit(tx, row.id, "hindered", None, {"problem": hindrance.name})
        return False
    row.dossier_id = dossier_id
    person = (await dossier_queries.get(tx, dossier_id)).person_id
    await _close(tx, row, "completed", keep_key=person == row.person_id)
    await _audit(tx, row.id, "receive", None, {"dossier_id": str(dossier_id)})
    return True


async def _open_dossier(tx: Transaction, row: Incoming, ended: date) -> UUID:
    parcel, given = await _opened(tx, row), Acceptance.model_validate(row.answer)
    identity, evidence = parcel.identity, parcel.evidence
    role = rules.check_role(await org.pack(tx), given.role)
    dossier_id = await dossier_actions.enter(
        tx,
        person_id=given.person_id or row.person_id,
        category=role.category,
        post_title=role.label.zh,
        community_unit_id=given.community_unit_id,
        known_since=tx.today,
        on_duty_from=tx.today,
        identity=dossier_actions.Identity(identity.full_name, identity.id_number, identity.phone),
    )
    if given.years.recognised:
        served = [(span.valid_from, span.valid_before) for span in evidence.service]
        for start, before in rules.closed(served, min(ended, tx.today)):
            await appointment_actions.add_employment(
                tx,
                dossier_id,
                employer=row.giving_title,
                evidence=given.years.reason,
                valid_from=start,
                valid_before=before,
            )
    await appointment_actions.take_post(tx, dossier_id, role=given.role, valid_from=tx.today, origin="transfer")
    if given.certificates.recognised:
        numbered = zip(evidence.certificates, identity.certificate_numbers, strict=True)
        proofs = [(shown.kind, number, shown.issued_on) for shown, number in numbered]
        await intake_actions.add_certificates(tx, dossier_id, proofs)
    if given.rank is not None and given.rank.recognised and evidence.rank is not None:
        await rank_actions.recognise_foreign(tx, dossier_id, evidence.rank.grade, tx.today, given.rank.reason)
    return dossier_id


async def read_incoming(tx: Transaction, crossing_id: UUID) -> IncomingOpenView:
    """An offer with its evidence and the identity de-identified, as long as it is open."""
    row = await queries.incoming(tx, crossing_id)
    parcel = None if row.sealed is None else await _opened(tx, row)
    return IncomingOpenView(
        **IncomingView.model_validate(row).model_dump(),
        full_name=parcel.identity.full_name if parcel else None,
        id_number=mask_id_number(parcel.identity.id_number) if parcel else None,
        phone=mask_phone(parcel.identity.phone) if parcel else None,
        evidence=parcel.evidence if parcel else None,
    )


async def accept(tx: Transaction, crossing_id: UUID, body: Acceptance) -> IncomingView:
    """Accept a worker into a community of the scope; the platform carries it out on both sides.

    Raises `RuleRefused` for an elected office, `ParameterNotSet` for a rank recognised without a ladder here,
    `InvalidInput` where an answer on a part of the evidence is missing or out of place.
    """
    row = await queries.incoming(tx, crossing_id, lock=True)
    rules.check_state(row.state, ("offered",))
    pack = await org.pack(tx)
    rules.check_role(pack, body.role)
    community = await org.unit_in_scope(tx, body.community_unit_id)
    figure = pack.parameter(rules.USER_LEVEL, tx.today)
    rules.check_community(community.level, figure.text() if figure.state == "set" else None)
    rank = (await _opened(tx, row)).evidence.rank
    rules.check_rank_answered(rank is not None, body.rank is not None)
    if rank is not None and body.rank is not None and body.rank.recognised:
        await rank_actions.check_recognisable(tx, rank.grade)
    row.state, row.answer = "accepted", body.model_dump(mode="json")
    recognised = {"years": body.years.recognised, "certificates": body.certificates.recognised}
    facts = {**recognised, "rank": body.rank is not None and body.rank.recognised}
    return await _answer(tx, row, True, None, facts)


async def refuse(tx: Transaction, crossing_id: UUID, body: Refusal) -> IncomingView:
    """Refuse a worker offered; what had come sealed is destroyed here."""
    row = await queries.incoming(tx, crossing_id, lock=True)
    rules.check_state(row.state, ("offered",))
    row.answer = body.model_dump(mode="json")
    await _close(tx, row, "refused", keep_key=False)
    return await _answer(tx, row, False, body.reason, {})


async def _answer(
    tx: Transaction, row: Incoming, accepted: bool, reason: str | None, facts: Mapping[str, object]
) -> IncomingView:
    row.answered_by, row.answered_at = tx.context.actor.user, tx.now
    row.version += 1
    await tx.session.flush()
    event = CrossingAnswered(giving_tenant_id=str(row.giving_tenant_id), accepted=accepted)
    tx.position(await emit(tx, event, aggregate_id=row.id, unit_no=row.unit_no))
    await _audit(tx, row.id, "accept" if accepted else "refuse", reason, facts)
    return IncomingView.model_validate(row)


async def void(tx: Transaction, crossing_id: UUID) -> None:
    """End an offer that the giving side took back, if it got here."""
    row = await queries.find_incoming(tx, crossing_id, lock=True)
    if row is not None and row.state in ("offered", "accepted"):
        await _close(tx, row, "withdrawn", keep_key=False)
        await _audit(tx, row.id, "withdrawn", None, {})


async def _close(tx: Transaction, row: Incoming, state: str, *, keep_key: bool) -> None:
    row.state, row.sealed = state, None
    row.version += 1
    await tx.session.flush()
    if not keep_key:
        await erase(tx, row.person_id)


async def _opened(tx: Transaction, row: Incoming) -> Parcel:
    if row.sealed is None:
        raise NotFound(cause="the offer is closed")
    return Parcel.model_validate_json(await reveal(tx, row.person_id, column=SEALED, row_id=row.id, stored=row.sealed))


async def _audit(tx: Transaction, crossing_id: UUID, act: str, reason: str | None, facts: Mapping[str, object]) -> None:
    name = f"roster.crossing.{act}"
    await audit(tx, name, subject_type="crossing", subject_id=crossing_id, reason=reason, facts=facts)

"""Opening a dossier for a person hired, the full identity on a stated need, and taking up a post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from contracts.recruitment import Hired
from contracts.roster import WorkerEnrolled
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, InvalidInput, Text
from kernel.events.event import Seal
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.privacy import id_number
from kernel.privacy.blind_index import blind_index
from kernel.privacy.fields import protect, reveal
from kernel.privacy.masking import mask_id_number, mask_phone
from services.roster.dossier import queries
from services.roster.dossier.rules import Party, party_levels
from services.roster.dossier.schemas import Enrolment, IdentityView, OpenIdentityView, Unmask
from services.roster.dossier.tables import Dossier

ID_NUMBER = "roster_dossier.id_number"
PHONE = "roster_dossier.phone"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is, in clear; never logged and never shown."""

    full_name: str = field(repr=False)
    id_number: str = field(repr=False)
    phone: str = field(repr=False)


async def enrol_hired(tx: Transaction, hired: Hired, sealed: Mapping[str, str] | None) -> None:
    """Open the dossier that a hire's event asks for, with the identity that was sealed for roster.

    Without identity the person was erased meanwhile: there is no dossier to open, and that goes on record.
    """
    if sealed is None:
        facts = {"application_id": hired.application_id}
        person_id = UUID(hired.person_id)
        await audit(tx, "roster.dossier.person_erased", subject_type="person", subject_id=person_id, facts=facts)
        return
    enrolment = Enrolment(
        person_id=UUID(hired.person_id),
        application_id=UUID(hired.application_id),
        category=hired.category,
        post_title=hired.post_title,
        community_unit_id=UUID(hired.community_unit_id),
        decided_on=date.fromisoformat(hired.decided_on),
        full_name=sealed["full_name"],
        id_number=sealed["id_number"],
        phone=sealed["phone"],
    )
    await enrol(tx, enrolment)


async def enrol(tx: Transaction, hired: Enrolment) -> None:
    """Open the dossier of a person hired, once per person; a hire told again changes nothing.

    Raises `NotFound` while the community is not in the read model yet, so that the event is tried again.
    """
    known = await queries.of_person(tx, hired.person_id)
    if known is not None:
        if known.application_id != hired.application_id:
            await _note_second_hire(tx, hired)
        return
    row = await _row(tx, hired)
    if await queries.add(tx, row):
        await _tell(tx, row)
    else:
        await _note_second_hire(tx, hired)


async def enter(
    tx: Transaction,
    *,
    person_id: UUID,
    category: str,
    post_title: str,
    community_unit_id: UUID,
    known_since: date,
    on_duty_from: date | None,
    identity: Identity,
) -> UUID:
    """Open the dossier of a worker with earlier history, in a community of the scope.

    Raises `InvalidInput` for an ID number that is none (never repeating it), `NotFound` for a unit elsewhere, and
    `Conflict` where the person has a dossier, by account or by ID number, anywhere in the tenant.
    """
    await org.unit_in_scope(tx, community_unit_id)
    try:
        id_number.parse(identity.id_number)
    except id_number.IdNumberInvalid as wrong:
        raise InvalidInput(wrong.message, errors=[FieldError("/id_number", wrong.message)]) from None
    given = Enrolment(
        person_id=person_id,
        category=category,
        post_title=post_title,
        community_unit_id=community_unit_id,
        decided_on=known_since,
        on_duty_from=on_duty_from,
        full_name=identity.full_name,
        id_number=identity.id_number,
        phone=identity.phone,
    )
    row = await _row(tx, given)
    if not await queries.add_new(tx, row):
        raise Conflict(
            Text(
                "该人员已有档案，一人一档，不能重复录入",
                "The person has a dossier; one person has one, and it is not entered twice.",
            )
        )
    # Whoever was hired has an account since the application; others are given one, and told of it by phone.
    await _tell(tx, row, Seal("gateway", person_id, {"phone": identity.phone}))
    return row.id


async def move(tx: Transaction, dossier_id: UUID, community_unit_id: UUID) -> None:
    """Bring the dossier under another community, with the four parties that follow from it (NM-12, 17, 23, 24)."""
    row = await queries.get(tx, dossier_id, lock=True)
    community = await org.unit(tx, community_unit_id)
    parties = await _parties(tx, party_levels(await org.pack(tx), tx.today), community.unit_no)
    row.unit_no, row.community_unit_id = community.unit_no, community.id
    row.employer_unit_id, row.payer_unit_id = parties.get("employer"), parties.get("payer")
    row.manager_unit_id, row.user_unit_id = parties.get("manager"), parties.get("user")
    row.version += 1
    await tx.session.flush()


async def follow_tree(tx: Transaction, unit_ids: Sequence[UUID]) -> None:
    """Name the parties anew for who works in these units: other units lie above them since a reorganisation.

    The dossiers of those who have left keep the parties that they had.
    """
    levels = party_levels(await org.pack(tx), tx.today)
    for unit_id in unit_ids:
        unit = await org.unit(tx, unit_id)
        await queries.set_parties(tx, unit.unit_no, await _parties(tx, levels, unit.unit_no))


async def _row(tx: Transaction, hired: Enrolment) -> Dossier:
    community = await org.unit(tx, hired.community_unit_id)
    pack = await org.pack(tx)
    parties = await _parties(tx, party_levels(pack, tx.today), community.unit_no)
    number = id_number.parse(hired.id_number).value
    dossier_id = new_id()
    return Dossier(
        tenant_id=tx.tenant,
        id=dossier_id,
        unit_no=community.unit_no,
        person_id=hired.person_id,
        full_name=hired.full_name,
        id_number=await protect(tx, hired.person_id, column=ID_NUMBER, row_id=dossier_id, value=number),
        id_number_index=blind_index(tx, "id_number", number),
        phone=await protect(tx, hired.person_id, column=PHONE, row_id=dossier_id, value=hired.phone),
        category=hired.category,
        post_title=hired.post_title,
        community_unit_id=community.id,
        employer_unit_id=parties.get("employer"),
        payer_unit_id=parties.get("payer"),
        manager_unit_id=parties.get("manager"),
        user_unit_id=parties.get("user"),
        application_id=hired.application_id,
        enrolled_on=hired.decided_on,
        on_duty_from=hired.on_duty_from,
        pack_id=pack.id,
        pack_version=pack.version,
    )


async def _parties(tx: Transaction, levels: dict[Party, str], unit_no: int) -> dict[Party, UUID]:
    found: dict[Party, UUID] = {}
    for party, level in levels.items():
        unit = await org.ancestor(tx, unit_no, level)
        if unit is not None:
            found[party] = unit.id
    return found


async def _tell(tx: Transaction, row: Dossier, seal: Seal | None = None) -> None:
    event = WorkerEnrolled(
        person_id=str(row.person_id),
        application_id=_text(row.application_id),
        category=row.category,
        post_title=row.post_title,
        enrolled_on=row.enrolled_on.isoformat(),
        community_unit_id=str(row.community_unit_id),
        community_unit_no=row.unit_no,
        employer_unit_id=_text(row.employer_unit_id),
        payer_unit_id=_text(row.payer_unit_id),
        manager_unit_id=_text(row.manager_unit_id),
    )
    await emit(tx, event, aggregate_id=row.id, unit_no=row.unit_no, seal=seal)
    facts = {"person_id": str(row.person_id), "application_id": _text(row.application_id)}
    await audit(tx, "roster.dossier.enrol", subject_type="dossier", subject_id=row.id, facts=facts)


async def _note_second_hire(tx: Transaction, hired: Enrolment) -> None:
    # One person has one dossier (O2); a second hire of theirs must not vanish without a trace either.
    facts = {"person_id": str(hired.person_id), "application_id": str(hired.application_id)}
    await audit(tx, "roster.dossier.hired_again", subject_type="person", subject_id=hired.person_id, facts=facts)


async def identity(tx: Transaction, dossier_id: UUID) -> IdentityView:
    """ID number and phone, de-identified."""
    opened = await _open(tx, await queries.get(tx, dossier_id))
    return IdentityView(
        id=opened.id,
        full_name=opened.full_name,
        id_number=mask_id_number(opened.id_number),
        phone=mask_phone(opened.phone),
    )


async def unmask(tx: Transaction, dossier_id: UUID, body: Unmask) -> OpenIdentityView:
    """ID number and phone in full; who asked, and why, is in the audit chain (T10, T11)."""
    opened = await _open(tx, await queries.get(tx, dossier_id))
    facts = {"fields": ["id_number", "phone"]}
    await audit(
        tx,
        "roster.dossier.unmask",
        subject_type="dossier",
        subject_id=dossier_id,
        reason=body.reason,
        facts=facts,
    )
    return opened


async def identity_to_seal(tx: Transaction, dossier_id: UUID) -> Identity:
    """Identity data in clear, to be sealed for another who may open a dossier; never to be shown, logged or stored."""
    opened = await _open(tx, await queries.get(tx, dossier_id))
    return Identity(opened.full_name, opened.id_number, opened.phone)


async def _open(tx: Transaction, row: Dossier) -> OpenIdentityView:
    number = await reveal(tx, row.person_id, column=ID_NUMBER, row_id=row.id, stored=row.id_number)
    phone = await reveal(tx, row.person_id, column=PHONE, row_id=row.id, stored=row.phone)
    return OpenIdentityView(id=row.id, full_name=row.full_name, id_number=number, phone=phone)


async def begin_duty(tx: Transaction, dossier_id: UUID, first_day: date) -> None:
    """Keep since when the worker is on duty; the caller holds the dossier's lock."""
    row = await queries.get(tx, dossier_id, lock=True)
    if row.on_duty_from is not None:
        raise Conflict(Text("该人员已在岗", "The worker is on duty already."))
    row.on_duty_from = first_day
    row.version += 1
    await tx.session.flush()


async def birth_date(tx: Transaction, dossier_id: UUID) -> date:
    """The date of birth in the ID number, for rules that count from it; never to be shown, logged or stored."""
    row = await queries.get(tx, dossier_id)
    number = await reveal(tx, row.person_id, column=ID_NUMBER, row_id=row.id, stored=row.id_number)
    return id_number.parse(number).birth_date


async def end_work(tx: Transaction, dossier_id: UUID, on: date) -> None:
    """Keep since when the person works here no longer; the caller holds the dossier's lock."""
    row = await queries.get(tx, dossier_id, lock=True)
    row.left_on = on
    row.version += 1
    await tx.session.flush()


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)

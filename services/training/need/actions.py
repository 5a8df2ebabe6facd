"""Opening of needs and keeping them true to the ledger (NM-20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.training import HoursCredited, NeedMet, NeedOpened
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.events.outbox import audit, emit
from kernel.org import queries as org
from services.training.need import queries
from services.training.need.rules import Standing, balance, pre_service
from services.training.need.schemas import NeedOpening
from services.training.need.tables import Need


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person hired into a community, as the hire's event names them."""

    person_id: UUID
    application_id: UUID
    community_unit_no: int


async def open_pre_service(tx: Transaction, person: Newcomer) -> None:
    """Open the need of a person newly hired, where the regulation in force asks for hours before the post.

    Once per person, however often it is asked for.
    """
    pack = await org.pack(tx)
    owed = pre_service(pack, tx.today)
    if owed is None:
        return
    opening = NeedOpening(
        person_id=person.person_id,
        unit_no=person.community_unit_no,
        kind="pre_service",
        required_hours=owed.hours,
        forms=list(owed.forms),
        article=owed.article,
        opened_on=tx.today,
        application_id=person.application_id,
        pack_id=pack.id,
        pack_version=pack.version,
    )
    need = await queries.add(tx, opening)
    if need is None:
        return
    await emit(
        tx,
        NeedOpened(
            person_id=str(need.person_id),
            kind=need.kind,
            cycle=need.cycle,
            required_hours=str(need.required_hours),
            forms=need.forms,
            community_unit_no=need.unit_no,
            article=need.article,
        ),
        aggregate_id=need.id,
        unit_no=need.unit_no,
    )
    facts = {"person_id": str(need.person_id), "required_hours": str(need.required_hours), "article": need.article}
    await audit(tx, "training.need.open", subject_type="need", subject_id=need.id, facts=facts)


@dataclass(frozen=True, slots=True)
class Owing:
    """The locked needs of one person: their ledger is written by one transaction after another."""

    unit_no: int
    needs: Sequence[Need]


async def lock(tx: Transaction, person_id: UUID) -> Owing:
    """Lock the person's needs before the ledger is read; `NotFound` for a person not known in the scope."""
    needs = await queries.lock_of_person(tx, person_id)
    if not needs:
        raise NotFound
    return Owing(needs[0].unit_no, needs)


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry of the ledger after which needs are reckoned anew."""

    id: UUID
    session_id: UUID
    form: str
    hours: Decimal


async def reckon(tx: Transaction, owing: Owing, attended: Sequence[tuple[str, date, Decimal]], entry: Entry) -> None:
    """Write what the ledger now gives for each need of the person, and tell of it.

    attended: by class, its form, its last day and the hours that stand for the person after all counter-entries.
    """
    standings = [Standing(*each) for each in attended]
    for need in owing.needs:
        was_met = need.met_on is not None
        now = balance(standings, need.required_hours, need.forms)
        need.credited_hours, need.met_on = now.credited, now.met_on
        need.version += 1
        await tx.session.flush()
        await _tell(tx, need, entry, newly_met=need.met_on is not None and not was_met)


async def _tell(tx: Transaction, need: Need, entry: Entry, *, newly_met: bool) -> None:
    credited = HoursCredited(
        person_id=str(need.person_id),
        kind=need.kind,
        cycle=need.cycle,
        entry_id=str(entry.id),
        session_id=str(entry.session_id),
        form=entry.form,
        hours=str(entry.hours),
        counts=entry.form in need.forms,
        credited_hours=str(need.credited_hours),
        required_hours=str(need.required_hours),
        met_on=need.met_on.isoformat() if need.met_on else None,
        community_unit_no=need.unit_no,
    )
    tx.position(await emit(tx, credited, aggregate_id=need.id, unit_no=need.unit_no))
    if need.met_on is None or not newly_met:
        return
    met = NeedMet(
        person_id=str(need.person_id),
        kind=need.kind,
        cycle=need.cycle,
        credited_hours=str(need.credited_hours),
        required_hours=str(need.required_hours),
        met_on=need.met_on.isoformat(),
        community_unit_no=need.unit_no,
    )
    tx.position(await emit(tx, met, aggregate_id=need.id, unit_no=need.unit_no))

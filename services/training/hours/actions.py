"""Entries of the ledger: a credit once per class and person, then only counter-entries (L5)."""

from uuid import UUID

from kernel.clock import local_date
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, Text, WrongState
from kernel.events.outbox import audit
from kernel.ids import new_id
from services.training.hours import queries
from services.training.hours.rules import check_ended, check_within, difference
from services.training.hours.schemas import Correction, Credit, EntryView
from services.training.need import actions as needs
from services.training.session import actions as sessions
from services.training.session import queries as session_queries


async def credit(tx: Transaction, session_id: UUID, body: Credit) -> EntryView:
    """Credit hours of a class that is over to a person known here.

    Raises `NotFound` for a class or person outside the scope, `WrongState` before the class has ended,
    `InvalidInput` for more hours than it had, `Conflict` where the class was credited to the person before.
    """
    session = await session_queries.get(tx, session_id)
    unit_no = await needs.lock(tx, body.person_id)
    check_ended(session.ends_at, tx.now)
    check_within(body.hours, session.class_hours)
    await sessions.check_hours(tx, body.hours, "/hours")
    entry = EntryView(
        id=new_id(),
        unit_no=unit_no,
        person_id=body.person_id,
        session_id=session.id,
        form=session.form,
        round=session.round,
        hours=body.hours,
        ended_on=local_date(session.ends_at),
        corrects_id=None,
        reason=None,
        entered_at=tx.now,
    )
    if not await queries.add(tx, entry):
        raise Conflict(
            Text(
                "该人员在本班次的学时已登记，如有误请更正",
                "Hours of this class stand for the person already; correct them if they are wrong.",
            )
        )
    await _settle(tx, entry, "training.hours.credit")
    return entry


async def correct(tx: Transaction, entry_id: UUID, body: Correction) -> EntryView:
    """Make other hours stand for a class by a counter-entry with its reason; the credit itself stays as it is.

    Raises `WrongState` for a counter-entry, `InvalidInput` for more hours than the class had or no difference.
    """
    original = await queries.read(tx, entry_id)
    await needs.lock_person(tx, original.person_id)
    if original.corrects_id is not None:
        raise WrongState(Text("请对原始登记进行更正", "Correct the credit itself, not a counter-entry."))
    session = await session_queries.get(tx, original.session_id)
    check_within(body.hours, session.class_hours)
    await sessions.check_hours(tx, body.hours, "/hours")
    standing = await queries.standing(tx, original.person_id, original.session_id)
    entry = original.model_copy(
        update={
            "id": new_id(),
            "hours": difference(standing, body.hours),
            "corrects_id": original.id,
            "reason": body.reason,
            "entered_at": tx.now,
        }
    )
    await queries.add(tx, entry)
    await _settle(tx, entry, "training.hours.correct", body.reason)
    return entry


async def _settle(tx: Transaction, entry: EntryView, action: str, reason: str | None = None) -> None:
    told = needs.Entry(entry.id, entry.session_id, entry.form, entry.hours, entry.ended_on)
    async with needs.whole_ledger(tx) as whole:
        person_needs = await needs.of_person(whole, entry.person_id)
        await needs.reckon(whole, person_needs, await queries.attended(whole, entry.person_id), told)
    facts = {"person_id": str(entry.person_id), "session_id": str(entry.session_id), "hours": str(entry.hours)}
    await audit(tx, action, subject_type="hours_entry", subject_id=entry.id, reason=reason, facts=facts)

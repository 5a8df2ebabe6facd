"""Fixing the end of a worker's time, taking it back, and bringing it about on its day (NM-29, NM-30, NM-37)."""

from datetime import UTC, date, datetime, time
from typing import Literal
from uuid import UUID

from kernel.clock import SHANGHAI
from kernel.db.transaction import Transaction
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.schedule.actions import at
from services.roster.appointment import actions as appointment_actions
from services.roster.appointment import queries as appointment_queries
from services.roster.contract import actions as contract_actions
from services.roster.contract import queries as contract_queries
from services.roster.dossier import actions as dossier_actions
from services.roster.dossier import queries as dossier_queries
from services.roster.duty import actions as duty_actions
from services.roster.ending import queries
from services.roster.ending.tables import Ending

DUE = "roster.ending"
OFFICE = "recall_or_removal"
"""How the national layer says that a relation ends by electors or the Party organisation alone."""

Ground = Literal["resignation", "retirement", "exit"]


async def relation_of(tx: Transaction, dossier_id: UUID) -> str | None:
    """In which relation the worker stands today: by an office held, else by post or contract; None for neither."""
    pack = await org.pack(tx)
    held = [row.relation for row in await appointment_queries.held_on(tx, dossier_id, tx.today)]
    offices = [name for name in held if _is_office(pack.document.relations[name].removal)]
    if offices:
        return offices[0]
    if held:
        return held[0]
    contract = await contract_queries.in_force_on(tx, dossier_id, tx.today)
    return contract.relation if contract is not None else None


def _is_office(removal: str) -> bool:
    return removal == OFFICE


async def fix(tx: Transaction, dossier_id: UUID, *, matter_id: UUID, ground: Ground, ends_before: date) -> None:
    """Let the worker's time end on that day; at once where it has come. A matter fixes one end, however often told."""
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    if await queries.of_matter(tx, matter_id) is not None:
        return
    row = Ending(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        matter_id=matter_id,
        ground=ground,
        ends_before=ends_before,
        state="waiting",
    )
    tx.session.add(row)
    await tx.session.flush()
    if ends_before <= tx.today:
        await bring_about(tx, row.id)
        return
    due = datetime.combine(ends_before, time(), SHANGHAI).astimezone(UTC)
    await at(tx, DUE, due, unit_no=row.unit_no, payload={"ending": str(row.id)})


async def cancel(tx: Transaction, matter_id: UUID) -> bool:
    """Take back an end whose day has not come; False where there is none to take back."""
    row = await queries.of_matter(tx, matter_id, lock=True)
    if row is None or row.state != "waiting":
        return False
    row.state = "cancelled"
    row.version += 1
    await tx.session.flush()
    return True


async def bring_about(tx: Transaction, ending_id: UUID) -> None:
    """End posts, duty and contract on the day, once; an office is never ended here (NM-37).

    A worker who moved to another community meanwhile keeps what the new employer agreed.
    """
    seen = await queries.get(tx, ending_id)
    dossier = await dossier_queries.get(tx, seen.dossier_id, lock=True)
    row = await queries.get(tx, ending_id, lock=True)
    if row.state != "waiting":
        return
    row.version += 1
    if dossier.left_on is not None or dossier.unit_no != row.unit_no:
        row.state = "void"
        await tx.session.flush()
        return
    row.state = "done"
    await _end_posts(tx, row)
    await duty_actions.end(tx, dossier.id, row.ends_before)
    await contract_actions.end_with(tx, dossier.id, row.ends_before, ground_of(row))
    if not await appointment_queries.held_on(tx, dossier.id, row.ends_before):
        await dossier_actions.end_work(tx, dossier.id, row.ends_before)
    facts = {"dossier_id": str(dossier.id), "ends_before": row.ends_before.isoformat(), "matter_id": str(row.matter_id)}
    await audit(tx, f"roster.ending.{row.ground}", subject_type="ending", subject_id=row.id, facts=facts)


def ground_of(row: Ending) -> Ground:
    """The ground as it was stored by `fix`."""
    grounds: dict[str, Ground] = {"resignation": "resignation", "retirement": "retirement", "exit": "exit"}
    return grounds[row.ground]


async def _end_posts(tx: Transaction, row: Ending) -> None:
    relations = (await org.pack(tx)).document.relations
    for post in await appointment_queries.rows(tx, row.dossier_id):
        begun = post.period.lower is not None and post.period.lower < row.ends_before
        if post.period.upper is None and begun and not _is_office(relations[post.relation].removal):
            await appointment_actions.leave_post(tx, row.dossier_id, post.id, on=row.ends_before, ground=ground_of(row))

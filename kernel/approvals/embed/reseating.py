"""Cases under way after a reorganisation: an open step finds its office anew, above the subject's unit as it stands.

Without it a step of a unit that moved would wait at the desk of its old county, which no longer sees the case.
Registered behind the read model, so the rows bear the new numbers already.
"""

from uuid import UUID

from sqlmodel import col, select

from kernel.approvals.embed import queries, seating, telling
from kernel.approvals.embed.tables import ApprovalCase
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.org.published import UnitsRenumbered
from kernel.org.tables import OrgUnit

subscriptions = Subscriptions()


@subscriptions.on(UnitsRenumbered)
async def on_tree(tx: Transaction, event: Received[UnitsRenumbered]) -> None:
    """Seat the open steps of the units concerned again, and tell the worklists."""
    concerned = {UUID(each) for each in (*event.data.unit_ids, *event.data.into_ids)}
    found = await tx.session.execute(
        select(col(ApprovalCase.id))
        .join(
            OrgUnit,
            (col(OrgUnit.tenant_id) == col(ApprovalCase.tenant_id))
            & (col(OrgUnit.id) == col(ApprovalCase.subject_unit_id)),
        )
        .where(col(OrgUnit.id).in_(concerned), col(ApprovalCase.state).in_(("open", "approved")))
        .order_by(col(ApprovalCase.id))
    )
    for case_id in list(found.scalars()):
        await _seat_again(tx, case_id)


async def _seat_again(tx: Transaction, case_id: UUID) -> None:
    held = await queries.load(tx, case_id, lock=True)
    for position, step in enumerate(held.case.steps):
        if step.state == "open" and await seating.sit(tx, held, position):
            await telling.tell_seat(tx, held, position)
    await tx.session.flush()

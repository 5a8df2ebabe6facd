"""Registering training classes."""

from decimal import Decimal

from kernel.db.transaction import Transaction
from kernel.events.outbox import audit
from kernel.org import queries as org
from services.training.session import queries
from services.training.session.rules import check_step, step
from services.training.session.schemas import SessionNew, SessionView


async def register(tx: Transaction, body: SessionNew) -> SessionView:
    """Register a class of an organiser in the scope; `NotFound` for a unit elsewhere."""
    organiser = await org.unit_in_scope(tx, body.organiser_unit_id)
    await check_hours(tx, body.class_hours, "/class_hours")
    row = await queries.add(tx, body, organiser.unit_no)
    facts = {"form": row.form, "class_hours": str(row.class_hours), "organiser_unit_id": str(organiser.id)}
    await audit(tx, "training.session.write", subject_type="session", subject_id=row.id, facts=facts)
    return SessionView.model_validate(row)


async def check_hours(tx: Transaction, hours: Decimal, pointer: str) -> None:
    """Raise `InvalidInput` at `pointer` unless hours are written in the steps of the pack in force."""
    check_step(hours, step(await org.pack(tx), tx.today), pointer)

"""SQL of objections."""

from uuid import UUID

from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.privacy.fields import reveal
from services.recruitment.hire import queries as hires
from services.recruitment.objection.schemas import ObjectionView
from services.recruitment.objection.tables import WrittenObjection

OBJECTOR = "recruitment_objection.objector"
CONTACT = "recruitment_objection.contact"
TEXT = "recruitment_objection.text"
"""Places that the ciphertexts are bound to."""


async def row(tx: Transaction, hire_id: UUID, objection_id: UUID, *, lock: bool = False) -> WrittenObjection:
    """One objection; `NotFound` outside the scope."""
    statement = select(WrittenObjection).where(
        col(WrittenObjection.id) == objection_id, col(WrittenObjection.hire_id) == hire_id
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = (await tx.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def of_hire(tx: Transaction, hire_id: UUID) -> list[ObjectionView]:
    """All objections in writing against the hire, oldest first; `NotFound` where the hire is outside the scope."""
    await hires.row(tx, hire_id)
    statement = (
        select(WrittenObjection).where(col(WrittenObjection.hire_id) == hire_id).order_by(col(WrittenObjection.id))
    )
    return [await shown(tx, each) for each in (await tx.session.execute(statement)).scalars()]


async def shown(tx: Transaction, objection: WrittenObjection) -> ObjectionView:
    """The objection as it goes out: its text, never its author."""
    said = await reveal(tx, objection.objector_id, column=TEXT, row_id=objection.id, stored=objection.text)
    return ObjectionView.model_validate(objection.model_dump() | {"text": said})


async def view(tx: Transaction, hire_id: UUID, objection_id: UUID) -> ObjectionView:
    """One objection with its answer."""
    return await shown(tx, await row(tx, hire_id, objection_id))


async def author(tx: Transaction, objection: WrittenObjection) -> tuple[str, str]:
    """Name and contact in clear; whoever calls this audits it."""
    return (
        await reveal(tx, objection.objector_id, column=OBJECTOR, row_id=objection.id, stored=objection.objector),
        await reveal(tx, objection.objector_id, column=CONTACT, row_id=objection.id, stored=objection.contact),
    )

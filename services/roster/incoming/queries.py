"""SQL of workers offered from other tenants."""

from uuid import UUID

from sqlalchemy import or_, tuple_
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.org.tables import OrgUnit
from services.roster.incoming.schemas import IncomingView
from services.roster.incoming.tables import Incoming


async def unit_of_code(tx: Transaction, code: str) -> OrgUnit | None:
    """The unit with that code that stands on the business day."""
    found = await tx.session.execute(
        select(OrgUnit).where(
            col(OrgUnit.code) == code,
            col(OrgUnit.valid_from) <= tx.today,
            or_(col(OrgUnit.valid_before).is_(None), col(OrgUnit.valid_before) > tx.today),
        )
    )
    return found.scalar_one_or_none()


async def incoming(tx: Transaction, crossing_id: UUID, *, lock: bool = False) -> Incoming:
    """The receiving side's record; `NotFound` outside the scope and before the worker consented."""
    row = await find_incoming(tx, crossing_id, lock=lock)
    if row is None:
        raise NotFound
    return row


async def find_incoming(tx: Transaction, crossing_id: UUID, *, lock: bool = False) -> Incoming | None:
    """The receiving side's record, or None."""
    statement = select(Incoming).where(col(Incoming.id) == crossing_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await tx.session.execute(statement)).scalar_one_or_none()


async def incomings(tx: Transaction, paging: Paging) -> Page[IncomingView]:
    """The workers offered to the scope from elsewhere, by unit and age."""
    scope = tx.context.scope
    statement = select(Incoming).where(col(Incoming.unit_no).between(scope.lo, scope.hi))
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Incoming.unit_no), col(Incoming.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Incoming.unit_no), col(Incoming.id)).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[IncomingView](items=[IncomingView.model_validate(row) for row in shown], next=following)

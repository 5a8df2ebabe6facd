"""SQL of methods of assessment."""

from datetime import date
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.assessment.scheme.schemas import SchemeView
from services.assessment.scheme.tables import Scheme


async def get(tx: Transaction, scheme_id: UUID, *, lock: bool = False) -> Scheme:
    """The row; `NotFound` outside the scope."""
    statement = select(Scheme).where(col(Scheme.id) == scheme_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def view(tx: Transaction, scheme_id: UUID) -> SchemeView:
    """One method; `NotFound` outside the scope."""
    return SchemeView.model_validate(await get(tx, scheme_id))


async def page(tx: Transaction, paging: Paging) -> Page[SchemeView]:
    """The methods of the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Scheme).where(col(Scheme.unit_no).between(scope.lo, scope.hi))
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Scheme.unit_no), col(Scheme.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Scheme.unit_no), col(Scheme.id)).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[SchemeView](items=[SchemeView.model_validate(row) for row in shown], next=following)


async def in_force(tx: Transaction, unit_no: int, on: date) -> SchemeView | None:
    """The method of the unit that holds on that day: the latest approved one that has begun."""
    found = await tx.session.execute(
        select(Scheme)
        .where(col(Scheme.unit_no) == unit_no, col(Scheme.state) == "approved", col(Scheme.valid_from) <= on)
        .order_by(col(Scheme.valid_from).desc())
        .limit(1)
    )
    row = found.scalar_one_or_none()
    return None if row is None else SchemeView.model_validate(row)

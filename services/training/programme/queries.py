"""SQL of training programmes."""

from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.training.programme.schemas import ProgrammeView, SelectionView
from services.training.programme.tables import Programme, ProgrammeSelection


async def add(tx: Transaction, made: ProgrammeView) -> None:
    """Store the programme."""
    tx.session.add(Programme(tenant_id=tx.tenant, **made.model_dump()))
    await tx.session.flush()


async def read(tx: Transaction, programme_id: UUID) -> ProgrammeView:
    """One programme; `NotFound` outside the scope."""
    row = (await tx.session.execute(select(Programme).where(col(Programme.id) == programme_id))).scalar_one_or_none()
    if row is None:
        raise NotFound
    return ProgrammeView.model_validate(row)


async def page(tx: Transaction, paging: Paging, *, year: int | None) -> Page[ProgrammeView]:
    """The programmes in the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Programme).where(col(Programme.unit_no).between(scope.lo, scope.hi))
    if year is not None:
        statement = statement.where(col(Programme.year) == year)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Programme.unit_no), col(Programme.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(
        statement.order_by(col(Programme.unit_no), col(Programme.id)).limit(paging.limit + 1)
    )
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[ProgrammeView](items=[ProgrammeView.model_validate(row) for row in shown], next=following)


async def add_selection(tx: Transaction, row: ProgrammeSelection) -> bool:
    """Store a selection; False where the worker is selected already."""
    made = await tx.session.execute(
        insert(ProgrammeSelection)
        .values(**row.model_dump())
        .on_conflict_do_nothing()
        .returning(col(ProgrammeSelection.person_id))
    )
    return made.first() is not None


async def selections(
    tx: Transaction, *, programme_id: UUID | None = None, person_id: UUID | None = None
) -> list[SelectionView]:
    """The selections of the scope for a programme, or of a person; a person sees none but one's own."""
    statement = select(ProgrammeSelection, col(Programme.title), col(Programme.class_kind), col(Programme.host)).join(
        Programme, col(Programme.id) == col(ProgrammeSelection.programme_id)
    )
    if programme_id is not None:
        statement = statement.where(col(ProgrammeSelection.programme_id) == programme_id)
    if person_id is not None:
        statement = statement.where(col(ProgrammeSelection.person_id) == person_id)
    rows = await tx.session.execute(
        statement.order_by(col(ProgrammeSelection.selected_on), col(ProgrammeSelection.person_id))
    )
    return [
        SelectionView.model_validate(row.model_dump() | {"title": title, "class_kind": kind, "host": host})
        for row, title, kind, host in rows.all()
    ]

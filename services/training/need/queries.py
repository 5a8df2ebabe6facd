"""SQL of training needs."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.ids import new_id
from services.training.need.schemas import NeedOpening, NeedState, NeedView
from services.training.need.tables import Need


def view(row: Need) -> NeedView:
    """The row as it is shown."""
    state: NeedState = "open" if row.met_on is None else "met"
    missing = max(row.required_hours - row.credited_hours, Decimal(0))
    return NeedView.model_validate(row.model_dump() | {"state": state, "missing_hours": missing})


async def add(tx: Transaction, opening: NeedOpening) -> Need | None:
    """Store the need; None where the person has one of that kind and cycle already."""
    made = await tx.session.execute(
        insert(Need)
        .values(tenant_id=tx.tenant, id=new_id(), credited_hours=Decimal(0), **opening.model_dump())
        .on_conflict_do_nothing(index_elements=["tenant_id", "person_id", "kind", "cycle"])
        .returning(Need)
    )
    return made.scalar_one_or_none()


async def read(tx: Transaction, need_id: UUID) -> NeedView:
    """One need; `NotFound` outside the scope."""
    row = (await tx.session.execute(select(Need).where(col(Need.id) == need_id))).scalar_one_or_none()
    if row is None:
        raise NotFound
    return view(row)


async def page(tx: Transaction, paging: Paging, *, person_id: UUID | None, state: NeedState | None) -> Page[NeedView]:
    """The needs in the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Need).where(col(Need.unit_no).between(scope.lo, scope.hi))
    if person_id is not None:
        statement = statement.where(col(Need.person_id) == person_id)
    if state is not None:
        met_on = col(Need.met_on)
        statement = statement.where(met_on.is_(None) if state == "open" else met_on.is_not(None))
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Need.unit_no), col(Need.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Need.unit_no), col(Need.id)).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[NeedView](items=[view(row) for row in shown], next=following)


async def own(tx: Transaction) -> list[NeedView]:
    """The needs of the person who asks; row-level security leaves no other."""
    rows = await tx.session.execute(select(Need).order_by(col(Need.id)))
    return [view(row) for row in rows.scalars()]


async def lock_of_person(tx: Transaction, person_id: UUID) -> list[Need]:
    """The person's needs in the scope, locked: entries of one person's ledger are written one after another."""
    rows = await tx.session.execute(
        select(Need).where(col(Need.person_id) == person_id).order_by(col(Need.id)).with_for_update()
    )
    return list(rows.scalars())

"""SQL of resignations."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.roster.ending.queries import states_of
from services.roster.resignation.schemas import ResignationView
from services.roster.resignation.tables import Resignation


async def get(tx: Transaction, resignation_id: UUID, *, lock: bool = False) -> Resignation:
    """The row; `NotFound` outside the scope."""
    statement = select(Resignation).where(col(Resignation.id) == resignation_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def under_way(tx: Transaction, dossier_id: UUID, since: date) -> bool:
    """Whether the worker has resigned, not taken it back, and it is not over.

    One that goes by Party rules is over once no office is held that was held then; `since` is the first day of the
    office held now.
    """
    found = await tx.session.execute(
        select(Resignation).where(col(Resignation.dossier_id) == dossier_id, col(Resignation.state) != "withdrawn")
    )
    rows = list(found.scalars())
    ends = await states_of(tx, [row.id for row in rows])
    return any(
        row.given_on >= since if row.state == "by_party_rules" else ends.get(row.id, "waiting") == "waiting"
        for row in rows
    )


async def views(tx: Transaction, rows: Sequence[Resignation]) -> list[ResignationView]:
    """The rows as they are shown."""
    ends = await states_of(tx, [row.id for row in rows])
    return [ResignationView.model_validate(row.model_dump() | {"end": ends.get(row.id)}) for row in rows]


async def page(tx: Transaction, paging: Paging, *, dossier_id: UUID | None) -> Page[ResignationView]:
    """The resignations of the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Resignation).where(col(Resignation.unit_no).between(scope.lo, scope.hi))
    if dossier_id is not None:
        statement = statement.where(col(Resignation.dossier_id) == dossier_id)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Resignation.unit_no), col(Resignation.id)) > (unit_no, UUID(last)))
    statement = statement.order_by(col(Resignation.unit_no), col(Resignation.id)).limit(paging.limit + 1)
    found = list((await tx.session.execute(statement)).scalars())
    cut, following = paging.page(found, lambda row: (row.unit_no, str(row.id)))
    return Page[ResignationView](items=await views(tx, cut), next=following)


async def own(tx: Transaction) -> list[ResignationView]:
    """The resignations of the person who asks; row-level security leaves no others."""
    found = await tx.session.execute(select(Resignation).order_by(col(Resignation.id)))
    return await views(tx, list(found.scalars()))

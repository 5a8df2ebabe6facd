"""SQL of the hours ledger."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import bindparam, func, tuple_
from sqlmodel import col, select

from kernel.db import put
from kernel.db.built import Built
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from services.training.hours.schemas import EntryView
from services.training.hours.tables import HoursEntry

_LIST = Listing(EntryView, HoursEntry)
_ATTENDED = Built(
    lambda: (
        select(
            col(HoursEntry.form),
            col(HoursEntry.ended_on),
            func.sum(col(HoursEntry.hours)).label("hours"),
            col(HoursEntry.round),
        )
        .where(col(HoursEntry.person_id) == bindparam("person"))
        .group_by(col(HoursEntry.session_id), col(HoursEntry.form), col(HoursEntry.ended_on), col(HoursEntry.round))
    )
)


async def add(tx: Transaction, entry: EntryView) -> bool:
    """Store the entry; False where a credit of that person in that class stands already."""
    return await put.add(tx, HoursEntry, dict(entry))


async def read(tx: Transaction, entry_id: UUID) -> EntryView:
    """One entry; `NotFound` outside the scope."""
    row = (await tx.session.execute(select(HoursEntry).where(col(HoursEntry.id) == entry_id))).scalar_one_or_none()
    if row is None:
        raise NotFound
    return EntryView.model_validate(row)


async def attended(tx: Transaction, person_id: UUID) -> list[tuple[str, date, Decimal, bool]]:
    """By class: form, last day, hours that stand for the person after counter-entries, and whether it is a round."""
    rows = await _ATTENDED.run(tx, person=person_id)
    return [(row["form"], row["ended_on"], row["hours"], row["round"]) for row in rows]


async def standing(tx: Transaction, person_id: UUID, session_id: UUID) -> Decimal:
    """Hours that stand for one person in one class."""
    total = await tx.session.execute(
        select(func.coalesce(func.sum(col(HoursEntry.hours)), Decimal(0))).where(
            col(HoursEntry.person_id) == person_id, col(HoursEntry.session_id) == session_id
        )
    )
    return Decimal(total.scalar_one())


async def page(tx: Transaction, paging: Paging, *, person_id: UUID | None) -> Listed[EntryView]:
    """The entries in the scope, by unit and age."""
    scope = tx.context.scope
    statement = _LIST.select().where(col(HoursEntry.unit_no).between(scope.lo, scope.hi))
    if person_id is not None:
        statement = statement.where(col(HoursEntry.person_id) == person_id)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(HoursEntry.unit_no), col(HoursEntry.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(
        statement.order_by(col(HoursEntry.unit_no), col(HoursEntry.id)).limit(paging.limit + 1)
    )
    return _LIST.page(paging, rows.all(), lambda row: (row.unit_no, row.id))


async def own(tx: Transaction) -> list[EntryView]:
    """The ledger of the person who asks; row-level security leaves no other entry."""
    rows = await tx.session.execute(select(HoursEntry).order_by(col(HoursEntry.id)))
    return [EntryView.model_validate(row) for row in rows.scalars()]

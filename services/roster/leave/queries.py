"""SQL of leave and of work with other employers."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, tuple_, update
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from services.roster.leave.schemas import EarlierWorkView, LeaveState, LeaveView
from services.roster.leave.tables import EarlierWork, Leave

TAKEN = ("approved", "returned")
"""States in which a leave was granted."""
_LIST = Listing(LeaveView, Leave, reckoned=("overstayed_days",))


def view(row: Leave) -> LeaveView:
    """The row as it is shown."""
    return LeaveView.model_validate(row.model_dump() | _reckoned(row))


def _reckoned(row: Any) -> dict[str, object]:
    over = max((row.returned_on - row.valid_before).days, 0) if row.returned_on is not None else 0
    return {"overstayed_days": over}


async def get(tx: Transaction, leave_id: UUID, *, lock: bool = False) -> Leave:
    """The row; `NotFound` outside the scope, and for a person where it is another's."""
    statement = select(Leave).where(col(Leave.id) == leave_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def page(
    tx: Transaction, paging: Paging, *, dossier_id: UUID | None, state: LeaveState | None, on: date | None
) -> Listed[LeaveView]:
    """The leave of the scope, by unit and age; with `on`, what covers that day."""
    scope = tx.context.scope
    statement = _LIST.select().where(col(Leave.unit_no).between(scope.lo, scope.hi))
    if dossier_id is not None:
        statement = statement.where(col(Leave.dossier_id) == dossier_id)
    if state is not None:
        statement = statement.where(col(Leave.state) == state)
    if on is not None:
        before = func.coalesce(col(Leave.taken_before), col(Leave.valid_before))
        statement = statement.where(col(Leave.valid_from) <= on, before > on)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Leave.unit_no), col(Leave.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Leave.unit_no), col(Leave.id)).limit(paging.limit + 1))
    return _LIST.page(paging, rows.all(), lambda row: (row.unit_no, row.id), _reckoned)


async def own(tx: Transaction) -> list[LeaveView]:
    """The leave of the person who asks; row-level security leaves no other."""
    rows = await tx.session.execute(select(Leave).order_by(col(Leave.valid_from), col(Leave.id)))
    return [view(row) for row in rows.scalars()]


async def of_dossier(
    tx: Transaction, dossier_id: UUID, states: Collection[str], *, kind: str | None = None
) -> list[Leave]:
    """The leave of a dossier in those states, in time."""
    statement = select(Leave).where(col(Leave.dossier_id) == dossier_id, col(Leave.state).in_(states))
    if kind is not None:
        statement = statement.where(col(Leave.kind) == kind)
    return list((await tx.session.execute(statement.order_by(col(Leave.valid_from)))).scalars())


async def overlaps(tx: Transaction, dossier_id: UUID, valid_from: date, before: date, states: Collection[str]) -> bool:
    """Whether leave of the dossier in one of those states covers a day of the half-open period."""
    end = func.coalesce(col(Leave.taken_before), col(Leave.valid_before))
    found = await tx.session.execute(
        select(func.count())
        .select_from(Leave)
        .where(
            col(Leave.dossier_id) == dossier_id,
            col(Leave.state).in_(states),
            col(Leave.valid_from) < before,
            end > valid_from,
            # Back on the very first day: nothing of it was taken.
            or_(col(Leave.taken_before).is_(None), col(Leave.taken_before) > col(Leave.valid_from)),
        )
    )
    return bool(found.scalar_one())


async def granted(tx: Transaction, dossier_id: UUID) -> list[tuple[date, date]]:
    """The half-open periods of leave that was granted, as they were taken."""
    until = func.coalesce(col(Leave.taken_before), col(Leave.valid_before))
    rows = await tx.session.execute(
        select(col(Leave.valid_from), until)
        .where(col(Leave.dossier_id) == dossier_id, col(Leave.state).in_(TAKEN))
        .order_by(col(Leave.valid_from))
    )
    return [(valid_from, before) for valid_from, before in rows]


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring leave and what it rests on under the unit that keeps the dossier."""
    for table in (Leave, EarlierWork):
        await tx.session.execute(update(table).where(col(table.dossier_id) == dossier_id).values(unit_no=unit_no))


async def earlier_work(tx: Transaction, dossier_id: UUID) -> EarlierWorkView | None:
    """The newest statement of work with other employers; None where nobody made one."""
    found = await tx.session.execute(
        select(EarlierWork)
        .where(col(EarlierWork.dossier_id) == dossier_id)
        .order_by(col(EarlierWork.id).desc())
        .limit(1)
    )
    row = found.scalar_one_or_none()
    return None if row is None else EarlierWorkView.model_validate(row)

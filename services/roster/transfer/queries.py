"""SQL of transfers."""

from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.roster.transfer.schemas import ReceptionView, TransferView
from services.roster.transfer.tables import Reception, Transfer

OPEN = ("released", "consented", "accepted")


async def transfer(tx: Transaction, transfer_id: UUID, *, lock: bool = False) -> Transfer:
    """The giving side's record; `NotFound` outside the scope."""
    statement = select(Transfer).where(col(Transfer.id) == transfer_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def reception(tx: Transaction, transfer_id: UUID, *, lock: bool = False) -> Reception:
    """The receiving side's record; `NotFound` outside the scope and before the worker consented."""
    row = await find_reception(tx, transfer_id, lock=lock)
    if row is None:
        raise NotFound
    return row


async def find_reception(tx: Transaction, transfer_id: UUID, *, lock: bool = False) -> Reception | None:
    """The receiving side's record, or None."""
    statement = select(Reception).where(col(Reception.id) == transfer_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await tx.session.execute(statement)).scalar_one_or_none()


async def open_of(tx: Transaction, dossier_id: UUID) -> Transfer | None:
    """The transfer of a dossier that is under way; None without one."""
    found = await tx.session.execute(
        select(Transfer).where(col(Transfer.dossier_id) == dossier_id, col(Transfer.state).in_(OPEN))
    )
    return found.scalar_one_or_none()


async def transfers(tx: Transaction, paging: Paging, dossier_id: UUID | None) -> Page[TransferView]:
    """The transfers away from the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Transfer).where(col(Transfer.unit_no).between(scope.lo, scope.hi))
    if dossier_id is not None:
        statement = statement.where(col(Transfer.dossier_id) == dossier_id)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Transfer.unit_no), col(Transfer.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Transfer.unit_no), col(Transfer.id)).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[TransferView](items=[TransferView.model_validate(row) for row in shown], next=following)


async def receptions(tx: Transaction, paging: Paging) -> Page[ReceptionView]:
    """The workers offered to the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Reception).where(col(Reception.unit_no).between(scope.lo, scope.hi))
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Reception.unit_no), col(Reception.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(
        statement.order_by(col(Reception.unit_no), col(Reception.id)).limit(paging.limit + 1)
    )
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[ReceptionView](items=[ReceptionView.model_validate(row) for row in shown], next=following)


async def own(tx: Transaction) -> list[TransferView]:
    """The transfers of the person who asks."""
    rows = await tx.session.execute(select(Transfer).order_by(col(Transfer.id)))
    return [TransferView.model_validate(row) for row in rows.scalars()]

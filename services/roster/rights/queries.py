"""SQL of rights."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, tuple_, update
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from services.roster.rights.tables import RightClaim, RightProvision


async def provided(tx: Transaction, dossier_id: UUID, on: date) -> dict[str, RightProvision]:
    """What stands for a worker on a day, the newest of each right."""
    found = await tx.session.execute(
        select(RightProvision)
        .where(
            col(RightProvision.dossier_id) == dossier_id,
            col(RightProvision.provided_on) <= on,
            or_(col(RightProvision.valid_before).is_(None), col(RightProvision.valid_before) > on),
        )
        .order_by(col(RightProvision.provided_on), col(RightProvision.id))
    )
    return {row.right_code: row for row in found.scalars()}


async def open_claims(tx: Transaction, dossier_id: UUID) -> dict[tuple[str, str], UUID]:
    """The open items of a worker by right and record."""
    found = await tx.session.execute(
        select(RightClaim).where(col(RightClaim.dossier_id) == dossier_id, col(RightClaim.state) == "open")
    )
    return {(row.right_code, row.record): row.id for row in found.scalars()}


async def claim(tx: Transaction, claim_id: UUID, *, lock: bool = False) -> RightClaim:
    """The row; `NotFound` outside the scope."""
    statement = select(RightClaim).where(col(RightClaim.id) == claim_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def page(tx: Transaction, paging: Paging, *, state: str | None) -> tuple[Sequence[RightClaim], str | None]:
    """The items of the scope, by unit and age, and where to go on."""
    scope = tx.context.scope
    statement = select(RightClaim).where(col(RightClaim.unit_no).between(scope.lo, scope.hi))
    if state is not None:
        statement = statement.where(col(RightClaim.state) == state)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(RightClaim.unit_no), col(RightClaim.id)) > (unit_no, UUID(last)))
    statement = statement.order_by(col(RightClaim.unit_no), col(RightClaim.id)).limit(paging.limit + 1)
    found = list((await tx.session.execute(statement)).scalars())
    return paging.page(found, lambda row: (row.unit_no, str(row.id)))


async def own(tx: Transaction) -> Sequence[RightClaim]:
    """Those of the person who asks; row-level security leaves no others."""
    return list((await tx.session.execute(select(RightClaim).order_by(col(RightClaim.id)))).scalars())


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring both under the unit that keeps the dossier."""
    for table in (RightProvision, RightClaim):
        await tx.session.execute(update(table).where(col(table.dossier_id) == dossier_id).values(unit_no=unit_no))

"""SQL of growth and honours."""

from uuid import UUID

from sqlalchemy import tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.regulation.evaluation import Determination
from services.roster.honour.schemas import HonourDetermination
from services.roster.honour.tables import Honour, HonourFinding


async def get(tx: Transaction, honour_id: UUID, *, lock: bool = False) -> Honour:
    """The row; `NotFound` outside the scope."""
    statement = select(Honour).where(col(Honour.id) == honour_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def page(
    tx: Transaction, paging: Paging, *, dossier_id: UUID | None, state: str | None
) -> tuple[list[Honour], str | None]:
    """The rows of the scope, by unit and age, and where to go on."""
    scope = tx.context.scope
    statement = select(Honour).where(col(Honour.unit_no).between(scope.lo, scope.hi))
    if dossier_id is not None:
        statement = statement.where(col(Honour.dossier_id) == dossier_id)
    if state is not None:
        statement = statement.where(col(Honour.state) == state)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Honour.unit_no), col(Honour.id)) > (unit_no, UUID(last)))
    found = await tx.session.execute(statement.order_by(col(Honour.unit_no), col(Honour.id)).limit(paging.limit + 1))
    return paging.page(list(found.scalars()), lambda row: (row.unit_no, str(row.id)))


async def own(tx: Transaction) -> list[Honour]:
    """Those of the person who asks; row-level security leaves no others."""
    return list((await tx.session.execute(select(Honour).order_by(col(Honour.id)))).scalars())


async def determined(tx: Transaction, honour_id: UUID) -> dict[str, Determination]:
    """What was determined, by condition."""
    found = await tx.session.execute(select(HonourFinding).where(col(HonourFinding.honour_id) == honour_id))
    return {row.rule: HonourDetermination.model_validate(row, from_attributes=True).outcome for row in found.scalars()}


async def keep(tx: Transaction, row: HonourFinding) -> None:
    """Store a determination; it takes the place of an earlier one on the same condition."""
    values = row.model_dump()
    fresh = {name: values[name] for name in ("outcome", "reason", "determined_by", "determined_at")}
    await tx.session.execute(
        insert(HonourFinding)
        .values(**values)
        .on_conflict_do_update(index_elements=["tenant_id", "honour_id", "rule"], set_=fresh)
    )


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring all of a dossier under the unit that keeps it."""
    of_dossier = select(col(Honour.id)).where(col(Honour.dossier_id) == dossier_id)
    await tx.session.execute(
        update(HonourFinding).where(col(HonourFinding.honour_id).in_(of_dossier)).values(unit_no=unit_no)
    )
    await tx.session.execute(update(Honour).where(col(Honour.dossier_id) == dossier_id).values(unit_no=unit_no))

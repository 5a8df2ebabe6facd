"""SQL of determinations."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from services.roster.directed.schemas import DeterminationView
from services.roster.directed.tables import DirectedDetermination


async def keep(tx: Transaction, row: DirectedDetermination) -> DeterminationView:
    """Store a determination; it takes the place of an earlier one on the same condition."""
    values = row.model_dump()
    fresh = {name: values[name] for name in ("outcome", "reason", "determined_by", "determined_at", "unit_no")}
    stored = await tx.session.execute(
        insert(DirectedDetermination)
        .values(**values)
        .on_conflict_do_update(index_elements=["tenant_id", "dossier_id", "rule"], set_=fresh)
        .returning(DirectedDetermination)
        .execution_options(populate_existing=True)
    )
    return DeterminationView.model_validate(stored.scalar_one())


async def of_dossiers(tx: Transaction, dossier_ids: Iterable[UUID]) -> list[DeterminationView]:
    """The determinations on several workers."""
    found = await tx.session.execute(
        select(DirectedDetermination).where(col(DirectedDetermination.dossier_id).in_(list(dossier_ids)))
    )
    return [DeterminationView.model_validate(row) for row in found.scalars()]

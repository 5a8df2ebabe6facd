"""SQL of the read model of headcount."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from services.recruitment.headcount.tables import KnownHeadcount


async def keep(tx: Transaction, row: KnownHeadcount) -> None:
    """Store what roster told last of a unit."""
    values = row.model_dump()
    told = {name: values[name] for name in ("unit_no", "level", "fixed", "occupied", "reserved", "ranges")}
    await tx.session.execute(
        insert(KnownHeadcount)
        .values(**values)
        .on_conflict_do_update(index_elements=["tenant_id", "unit_id"], set_=told)
    )


async def known(tx: Transaction, unit_ids: Collection[UUID]) -> dict[UUID, KnownHeadcount]:
    """What is known of these units."""
    rows = await tx.session.execute(select(KnownHeadcount).where(col(KnownHeadcount.unit_id).in_(unit_ids)))
    return {row.unit_id: row for row in rows.scalars()}

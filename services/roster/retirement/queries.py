"""SQL of retirement."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from kernel.db.transaction import Transaction
from services.roster.retirement.tables import Retirement, RetireTrack


async def tracks_of(tx: Transaction, dossiers: Sequence[UUID]) -> dict[UUID, str]:
    """The track of each dossier that has one."""
    found = await tx.session.execute(
        select(col(RetireTrack.dossier_id), col(RetireTrack.track))
        .where(col(RetireTrack.dossier_id).in_(dossiers))
        .order_by(col(RetireTrack.id))
    )
    return {row[0]: row[1] for row in found.all()}


async def of_dossier(tx: Transaction, dossier_id: UUID) -> Retirement | None:
    """The retirement of a worker; None where none was handled."""
    return (
        await tx.session.execute(select(Retirement).where(col(Retirement.dossier_id) == dossier_id))
    ).scalar_one_or_none()


async def handled(tx: Transaction, dossiers: Sequence[UUID]) -> set[UUID]:
    """Those of the dossiers whose retirement is handled."""
    found = await tx.session.execute(select(col(Retirement.dossier_id)).where(col(Retirement.dossier_id).in_(dossiers)))
    return set(found.scalars())

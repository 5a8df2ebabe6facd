"""SQL of ends of work."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from services.roster.ending.tables import Ending


async def get(tx: Transaction, ending_id: UUID, *, lock: bool = False) -> Ending:
    """The row; `NotFound` outside the scope."""
    statement = select(Ending).where(col(Ending.id) == ending_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def of_matter(tx: Transaction, matter_id: UUID, *, lock: bool = False) -> Ending | None:
    """The end that follows from a resignation, retirement or exit; None where none was fixed."""
    statement = select(Ending).where(col(Ending.matter_id) == matter_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await tx.session.execute(statement)).scalar_one_or_none()


async def ground_on(tx: Transaction, dossier_id: UUID, ends_before: date) -> str | None:
    """The ground on which the worker's time ended on that day; None where nothing but the term came to an end."""
    found = await tx.session.execute(
        select(col(Ending.ground)).where(
            col(Ending.dossier_id) == dossier_id,
            col(Ending.ends_before) == ends_before,
            col(Ending.state) == "done",
        )
    )
    return found.scalars().first()


async def states_of(tx: Transaction, matters: Sequence[UUID]) -> dict[UUID, str]:
    """What became of the ends that follow from those matters; a matter without end is left out."""
    found = await tx.session.execute(
        select(col(Ending.matter_id), col(Ending.state)).where(col(Ending.matter_id).in_(matters))
    )
    return {row[0]: row[1] for row in found.all()}

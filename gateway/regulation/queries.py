"""All SQL of the regulation room."""

from sqlmodel import col, select

from gateway.regulation.schemas import PackVersionView
from gateway.regulation.tables import PackVersion
from kernel.db.transaction import Transaction


async def versions(tx: Transaction) -> list[PackVersionView]:
    """The published versions, oldest first."""
    found = await tx.session.execute(select(PackVersion).order_by(col(PackVersion.valid_from)))
    return [PackVersionView.model_validate(row) for row in found.scalars()]

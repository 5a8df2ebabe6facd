"""SQL of the fixed ranking."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from kernel.db.transaction import Transaction
from services.recruitment.ranking.tables import RankingLine


async def lines(tx: Transaction, notice_id: UUID) -> list[RankingLine]:
    """The fixed lines of the notice in the scope, by item and rank; none before it is fixed."""
    statement = (
        select(RankingLine)
        .where(col(RankingLine.notice_id) == notice_id)
        .order_by(col(RankingLine.item_id), col(RankingLine.rank).nulls_last(), col(RankingLine.application_id))
    )
    return list((await tx.session.execute(statement)).scalars())


async def line(tx: Transaction, application_id: UUID) -> RankingLine | None:
    """The fixed line of one candidate."""
    statement = select(RankingLine).where(col(RankingLine.application_id) == application_id)
    return (await tx.session.execute(statement)).scalar_one_or_none()


async def of_item(tx: Transaction, item_id: UUID) -> list[RankingLine]:
    """The ranked lines of one item, by rank."""
    statement = (
        select(RankingLine)
        .where(col(RankingLine.item_id) == item_id, col(RankingLine.rank).is_not(None))
        .order_by(col(RankingLine.rank), col(RankingLine.application_id))
    )
    return list((await tx.session.execute(statement)).scalars())


async def add(tx: Transaction, rows: Sequence[RankingLine]) -> None:
    """Store the lines of a ranking."""
    tx.session.add_all(rows)
    await tx.session.flush()

"""SQL of scores."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from kernel.db.transaction import Transaction
from services.assessment.scoring.schemas import ScoreView
from services.assessment.scoring.tables import Score


async def rows(tx: Transaction, results: Sequence[UUID]) -> dict[tuple[UUID, str], Score]:
    """Scores as they stand, by result and component; the results' rows are locked by who changes them."""
    found = await tx.session.execute(
        select(Score).where(col(Score.result_id).in_(results)).execution_options(populate_existing=True)
    )
    return {(row.result_id, row.component): row for row in found.scalars()}


async def of_result(tx: Transaction, result_id: UUID) -> list[ScoreView]:
    """The scores of one person, by component."""
    rows = await tx.session.execute(
        select(Score).where(col(Score.result_id) == result_id).order_by(col(Score.component))
    )
    return [ScoreView.model_validate(row) for row in rows.scalars()]


async def points(tx: Transaction, results: Sequence[UUID]) -> dict[UUID, dict[str, Decimal]]:
    """Points by result and component."""
    found: dict[UUID, dict[str, Decimal]] = {}
    rows = await tx.session.execute(
        select(col(Score.result_id), col(Score.component), col(Score.points)).where(col(Score.result_id).in_(results))
    )
    for result_id, component, given in rows:
        found.setdefault(result_id, {})[component] = given
    return found


async def scorers(tx: Transaction, result_id: UUID) -> set[UUID]:
    """Every user who gave a score of this result, replaced or not."""
    rows = await tx.session.execute(select(col(Score.scorers)).where(col(Score.result_id) == result_id))
    return {UUID(user) for several in rows.scalars() for user in several}

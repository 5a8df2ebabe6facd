"""SQL of results of training."""

from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, select

from kernel.db.put import put
from kernel.db.transaction import Transaction
from kernel.http.paging import Paging
from services.assessment.learning.schemas import LearningNews
from services.assessment.learning.tables import LearningNeed


async def keep(tx: Transaction, news: LearningNews) -> None:
    """Store what is owed and counts now."""
    await put(tx, LearningNeed, news.model_dump(), change=True)


async def page(
    tx: Transaction, paging: Paging, *, year: int | None, person_id: UUID | None
) -> tuple[list[LearningNeed], str | None]:
    """The needs of the scope that still ask for hours, by unit and age."""
    scope = tx.context.scope
    statement = select(LearningNeed).where(
        col(LearningNeed.unit_no).between(scope.lo, scope.hi), col(LearningNeed.required_hours) > 0
    )
    if year is not None:
        statement = statement.where(col(LearningNeed.cycle) == str(year))
    if person_id is not None:
        statement = statement.where(col(LearningNeed.person_id) == person_id)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(LearningNeed.unit_no), col(LearningNeed.id)) > (unit_no, UUID(last)))
    statement = statement.order_by(col(LearningNeed.unit_no), col(LearningNeed.id)).limit(paging.limit + 1)
    rows = await tx.session.execute(statement)
    return paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))

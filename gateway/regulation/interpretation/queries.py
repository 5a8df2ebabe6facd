"""All SQL of interpretations."""

from uuid import UUID

from sqlmodel import col, select

from gateway.regulation.interpretation.schemas import PublishedInterpretation
from gateway.regulation.interpretation.tables import Interpretation
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging


def view(row: Interpretation) -> PublishedInterpretation:
    """The row as it is shown."""
    return PublishedInterpretation.model_validate(
        row.model_dump() | {"organ": {"zh": row.organ_zh, "en": row.organ_en}}
    )


async def page(
    tx: Transaction, paging: Paging, article: str | None
) -> tuple[list[PublishedInterpretation], str | None]:
    """Interpretations in the order in which they were published."""
    statement = select(Interpretation).order_by(col(Interpretation.id)).limit(paging.limit + 1)
    if article is not None:
        statement = statement.where(col(Interpretation.article) == article)
    if paging.after is not None:
        statement = statement.where(col(Interpretation.id) > UUID(paging.after[0]))
    rows = (await tx.session.execute(statement)).scalars().all()
    shown, following = paging.page(rows, lambda row: (str(row.id),))
    return [view(row) for row in shown], following


async def one(tx: Transaction, interpretation_id: UUID) -> Interpretation:
    """The interpretation; `NotFound` where there is none."""
    found = await tx.session.execute(select(Interpretation).where(col(Interpretation.id) == interpretation_id))
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound
    return row

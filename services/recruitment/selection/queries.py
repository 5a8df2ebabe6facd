"""SQL of selection."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.regulation.schema import ProcedureStep
from services.recruitment.selection.schemas import StagesView, StageView
from services.recruitment.selection.tables import StageResult


async def results(tx: Transaction, application_id: UUID) -> dict[str, StageResult]:
    """The results by stage."""
    found = await tx.session.execute(select(StageResult).where(col(StageResult.application_id) == application_id))
    return {each.step: each for each in found.scalars()}


async def outcomes(tx: Transaction, application_id: UUID) -> dict[str, str]:
    """passed or failed by stage."""
    return {step: each.outcome for step, each in (await results(tx, application_id)).items()}


async def view(
    tx: Transaction, application_id: UUID, order: Sequence[ProcedureStep], next_step: str | None
) -> StagesView:
    """All stages of the procedure with what is recorded."""
    known = await results(tx, application_id)
    shown = []
    for step in order:
        heading = StageView(step=step.id, label_zh=step.label.zh, label_en=step.label.en, article=step.article)
        result = known.get(step.id)
        shown.append(heading.model_copy(update=result.model_dump(include=_OF_RESULT)) if result else heading)
    return StagesView(application_id=application_id, next_step=next_step, stages=shown)


_OF_RESULT = {"outcome", "reason", "evidence", "user_id", "post_id", "held_at"}

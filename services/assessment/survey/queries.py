"""SQL of the residents' survey. Taking an answer is one statement: the token goes and the answer comes, or neither."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.assessment.survey.schemas import SurveyForm, SurveyView
from services.assessment.survey.tables import Survey, SurveyAnswer, SurveyPart, SurveyToken

# `answered_on` is a day. The id is random: one made from the clock would tell when the answer came.
_ANSWER = (
    "with spent as (delete from assessment_survey_token t using assessment_survey s"
    " where s.tenant_id = $1 and s.id = $2 and s.closes_on >= $3"
    " and t.tenant_id = s.tenant_id and t.survey_id = s.id and t.digest = $4"
    " returning t.community_unit_no)"
    " insert into assessment_survey_answer"
    " (tenant_id, id, survey_id, community_unit_no, answered_on, marks, points)"
    " select $1, $5::uuid, $2, community_unit_no, $3, $6::jsonb, $7::integer from spent returning 1"
)


async def add(tx: Transaction, values: dict[str, Any]) -> bool:
    """Store the survey; False where the cycle has one."""
    made = await tx.session.execute(
        upsert(Survey)
        .values(tenant_id=tx.tenant, **values)
        .on_conflict_do_nothing(index_elements=["tenant_id", "cycle_id"])
        .returning(col(Survey.id))
    )
    return made.first() is not None


async def add_parts(tx: Transaction, parts: list[dict[str, Any]]) -> None:
    """Store the survey's parts in its communities."""
    if parts:
        await tx.session.execute(insert(SurveyPart), [{"tenant_id": tx.tenant, **part} for part in parts])


async def form(tx: Transaction, survey_id: UUID) -> SurveyForm:
    """The form, for everybody."""
    row = (await tx.session.execute(select(Survey).where(col(Survey.id) == survey_id))).scalar_one_or_none()
    if row is None:
        raise NotFound
    return SurveyForm.model_validate(row)


async def view(tx: Transaction, survey_id: UUID) -> SurveyView:
    """The survey; `NotFound` outside the scope."""
    row = (await tx.session.execute(select(Survey).where(col(Survey.id) == survey_id))).scalar_one_or_none()
    if row is None:
        raise NotFound
    return SurveyView.model_validate(row)


async def of_cycle(tx: Transaction, cycle_id: UUID) -> SurveyView | None:
    """The cycle's survey, if it has one."""
    row = (await tx.session.execute(select(Survey).where(col(Survey.cycle_id) == cycle_id))).scalar_one_or_none()
    return None if row is None else SurveyView.model_validate(row)


async def page(tx: Transaction, paging: Paging) -> Page[SurveyView]:
    """The surveys of the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Survey).where(col(Survey.unit_no).between(scope.lo, scope.hi))
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Survey.unit_no), col(Survey.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Survey.unit_no), col(Survey.id)).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[SurveyView](items=[SurveyView.model_validate(row) for row in shown], next=following)


async def part(tx: Transaction, survey_id: UUID, community: UUID, *, lock: bool = False) -> SurveyPart:
    """The survey in one community of the scope; locked, tokens are made one order after another."""
    statement = select(SurveyPart).where(
        col(SurveyPart.survey_id) == survey_id, col(SurveyPart.community_unit_id) == community
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def parts(tx: Transaction, survey_id: UUID) -> list[SurveyPart]:
    """The survey in the communities of the scope; `NotFound` where it has none there."""
    scope = tx.context.scope
    rows = await tx.session.execute(
        select(SurveyPart)
        .where(col(SurveyPart.survey_id) == survey_id, col(SurveyPart.unit_no).between(scope.lo, scope.hi))
        .order_by(col(SurveyPart.unit_no))
    )
    found = list(rows.scalars())
    if not found:
        raise NotFound
    return found


async def add_tokens(tx: Transaction, survey_id: UUID, unit_no: int, digests: list[bytes]) -> None:
    """Store tokens by digest, in the order of the digests: the order of the sheet is not kept."""
    await tx.session.execute(
        insert(SurveyToken),
        [
            {"tenant_id": tx.tenant, "survey_id": survey_id, "digest": each, "community_unit_no": unit_no}
            for each in sorted(digests)
        ],
    )


async def count_issued(tx: Transaction, survey_id: UUID, unit_no: int, *, issued: int = 0, withdrawn: int = 0) -> None:
    """Count tokens made or withdrawn."""
    await tx.session.execute(
        update(SurveyPart)
        .where(col(SurveyPart.survey_id) == survey_id, col(SurveyPart.unit_no) == unit_no)
        .values(issued=SurveyPart.issued + issued, withdrawn=SurveyPart.withdrawn + withdrawn)
    )


async def remove_tokens(tx: Transaction, survey_id: UUID, unit_no: int) -> int:
    """Remove the unused tokens of a community; how many there were."""
    gone = await tx.session.execute(
        delete(SurveyToken)
        .where(col(SurveyToken.survey_id) == survey_id, col(SurveyToken.community_unit_no) == unit_no)
        .returning(col(SurveyToken.community_unit_no))
    )
    return len(gone.all())


async def take(tx: Transaction, survey_id: UUID, digest: bytes, today: date, marks: str, points: int) -> bool:
    """Spend the token and store the answer, in one statement; False where there is no such token to spend."""
    return bool(await tx.run(_ANSWER, tx.tenant, survey_id, today, digest, uuid4(), marks, points))


async def tallies(tx: Transaction, survey_id: UUID) -> dict[int, tuple[int, int]]:
    """By community number: how many answered, and the sum of their points."""
    rows = await tx.session.execute(
        select(col(SurveyAnswer.community_unit_no), func.count(), func.coalesce(func.sum(col(SurveyAnswer.points)), 0))
        .where(col(SurveyAnswer.survey_id) == survey_id)
        .group_by(col(SurveyAnswer.community_unit_no))
    )
    return {unit_no: (count, int(points)) for unit_no, count, points in rows}

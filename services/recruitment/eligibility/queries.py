"""SQL of the qualification review."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from services.recruitment.application import queries as application_queries
from services.recruitment.eligibility.schemas import DeterminationView, FindingView, ResultView
from services.recruitment.eligibility.tables import Conclusion, Determination


async def determinations(tx: Transaction, application_id: UUID) -> list[Determination]:
    """All determinations about the application, oldest first."""
    statement = (
        select(Determination).where(col(Determination.application_id) == application_id).order_by(col(Determination.id))
    )
    return list((await tx.session.execute(statement)).scalars())


async def standing(tx: Transaction, application_id: UUID, kind: str) -> dict[str, Any]:
    """The newest value by subject of the determinations of that kind (`rule` or `fact`)."""
    return {each.subject: each.value for each in await determinations(tx, application_id) if each.kind == kind}


async def facts_of_notice(tx: Transaction, notice_id: UUID) -> dict[UUID, dict[str, Any]]:
    """By application of the notice, the newest value of every fact that an official established."""
    return await standing_of(tx, {each.id for each in await application_queries.of_notice(tx, notice_id)}, "fact")


async def standing_of(tx: Transaction, applied: Collection[UUID], kind: str) -> dict[UUID, dict[str, Any]]:
    """By application, the newest value by subject of the determinations of that kind (`rule` or `fact`)."""
    statement = (
        select(Determination)
        .where(col(Determination.application_id).in_(applied), col(Determination.kind) == kind)
        .order_by(col(Determination.id))
    )
    found: dict[UUID, dict[str, Any]] = {}
    for each in (await tx.session.execute(statement)).scalars():
        found.setdefault(each.application_id, {})[each.subject] = each.value
    return found


async def determination(tx: Transaction, application_id: UUID, determination_id: UUID) -> DeterminationView:
    """One determination; `NotFound` outside the scope."""
    found = await tx.session.execute(
        select(Determination).where(
            col(Determination.id) == determination_id, col(Determination.application_id) == application_id
        )
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound
    return DeterminationView.model_validate(row)


async def conclusion(tx: Transaction, application_id: UUID) -> Conclusion | None:
    """How the review ended, if it did."""
    found = await tx.session.execute(select(Conclusion).where(col(Conclusion.application_id) == application_id))
    return found.scalar_one_or_none()


async def conclusions(tx: Transaction, applied: Collection[UUID]) -> dict[UUID, str]:
    """By application, how its review ended."""
    found = await tx.session.execute(
        select(col(Conclusion.application_id), col(Conclusion.outcome)).where(
            col(Conclusion.application_id).in_(applied)
        )
    )
    return {row[0]: row[1] for row in found}


async def result(tx: Transaction, application_id: UUID) -> ResultView:
    """The concluded result as the applicant reads it; `NotFound` before there is one."""
    row = await conclusion(tx, application_id)
    if row is None:
        raise NotFound
    return result_of(row)


def result_of(row: Conclusion) -> ResultView:
    """The result with the findings as they were evaluated then."""
    return ResultView.model_validate(
        row.model_dump() | {"overall": row.outcome, "findings": [FindingView(**each) for each in row.findings]}
    )

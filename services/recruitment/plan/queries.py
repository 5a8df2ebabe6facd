"""SQL of plans."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from kernel.approvals.embed.tables import ApprovalCase
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from services.recruitment.plan.schemas import PlanItemView, PlanState, PlanSummary, PlanView
from services.recruitment.plan.tables import Plan, PlanItem


async def row(tx: Transaction, plan_id: UUID, *, lock: bool = False) -> Plan:
    """The plan's row, locked until the end of the transaction where asked; `NotFound` outside the scope."""
    statement = select(Plan).where(col(Plan.id) == plan_id)
    if lock:
        statement = statement.with_for_update()
    found = (await tx.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def state(tx: Transaction, plan: Plan) -> PlanState:
    """Where the plan stands: `returned` while its case waits for a correction."""
    if plan.state == "submitted" and plan.case_id is not None:
        case = await tx.session.execute(select(ApprovalCase.state).where(col(ApprovalCase.id) == plan.case_id))
        if case.scalar_one() == "returned":
            return "returned"
    return cast(PlanState, plan.state)


async def items(tx: Transaction, plan_id: UUID) -> list[PlanItem]:
    """The plan's posts in the order of drafting."""
    statement = select(PlanItem).where(col(PlanItem.plan_id) == plan_id).order_by(col(PlanItem.id))
    return list((await tx.session.execute(statement)).scalars())


async def posts_by_community(tx: Transaction, plan_id: UUID) -> dict[UUID, int]:
    """How many posts the plan asks for in each community, in the order of the tree."""
    asked: dict[UUID, int] = {}
    for item in sorted(await items(tx, plan_id), key=lambda item: item.community_unit_no):
        asked[item.community_unit_id] = asked.get(item.community_unit_id, 0) + item.posts
    return asked


async def replace_items(tx: Transaction, plan_id: UUID, rows: Sequence[PlanItem]) -> None:
    """Put `rows` in place of the plan's posts."""
    await tx.session.execute(delete(PlanItem).where(col(PlanItem.plan_id) == plan_id))
    tx.session.add_all(rows)
    await tx.session.flush()


async def view(tx: Transaction, plan_id: UUID) -> PlanView:
    """The plan with its posts; `NotFound` outside the scope."""
    plan = await row(tx, plan_id)
    shown = [PlanItemView.model_validate(item) for item in await items(tx, plan_id)]
    return PlanView.model_validate(plan.model_dump() | {"items": shown, "state": await state(tx, plan)})


async def listed(
    tx: Transaction, limit: int, after: tuple[Any, ...] | None, stored: PlanState | None
) -> list[PlanSummary]:
    """Up to `limit` + 1 plans in the scope, newest first, after the sort key `(id,)`."""
    scope = tx.context.scope
    statement = select(Plan).where(col(Plan.tenant_id) == tx.tenant, col(Plan.unit_no).between(scope.lo, scope.hi))
    if stored is not None:
        statement = statement.where(col(Plan.state) == stored)
    if after is not None:
        statement = statement.where(col(Plan.id) < UUID(after[0]))
    found = await tx.session.execute(statement.order_by(col(Plan.id).desc()).limit(limit + 1))
    return [PlanSummary.model_validate(plan) for plan in found.scalars()]

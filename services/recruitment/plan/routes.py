"""Operations on plans."""

from uuid import UUID

from kernel.errors import ParameterNotSet, RuleRefused
from kernel.http.etag import IfMatch
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.recruitment import permissions
from services.recruitment.plan import actions, queries
from services.recruitment.plan.schemas import PlanDraft, PlanState, PlanSummary, PlanView

router = Router(service="recruitment", tag="plans")


@router.post("/plans", permission=permissions.PLAN_DRAFT, creates=True, status_code=201, articles=["NM-8", "SH-7"])
async def draft_plan(tx: Tx, body: PlanDraft) -> PlanView:
    """Draft a recruitment plan for the unit of the acting post."""
    return await actions.draft(tx, body)


@router.get("/plans", permission=permissions.PLAN_READ)
async def list_plans(tx: Tx, page: PageOf, state: PlanState | None = None) -> Page[PlanSummary]:
    """Plans of the units in scope, newest first."""
    found = await queries.listed(tx, page.limit, page.after, state)
    items, following = page.page(found, lambda plan: (str(plan.id),))
    return Page(items=items, next=following)


@router.get("/plans/{plan_id}", permission=permissions.PLAN_READ)
async def read_plan(tx: Tx, plan_id: UUID) -> PlanView:
    """One plan with its posts."""
    return await queries.view(tx, plan_id)


@router.put("/plans/{plan_id}", permission=permissions.PLAN_DRAFT, articles=["NM-8", "SH-7"])
async def change_plan(tx: Tx, plan_id: UUID, body: PlanDraft, version: IfMatch) -> PlanView:
    """Replace a draft, or correct a plan that was returned."""
    return await actions.change(tx, plan_id, body, version)


@router.post(
    "/plans/{plan_id}/submit",
    permission=permissions.PLAN_SUBMIT,
    creates=True,
    articles=["NM-5", "NM-6", "NM-8", "SH-5", "SH-7"],
    problems=[ParameterNotSet, RuleRefused],
)
async def submit_plan(tx: Tx, plan_id: UUID) -> PlanView:
    """Submit a draft: its posts are reserved first, then it goes to the approval written for the organiser's level."""
    return await actions.submit(tx, plan_id)

"""Operations on the budget of workers' cost."""

from typing import Annotated

from fastapi import Query

from kernel.http.router import Router, Tx
from kernel.regulation.figures import NotRegulated
from services.roster.budget import actions
from services.roster.budget.schemas import BudgetAmount, BudgetEntryView, BudgetView
from services.roster.permissions import BUDGET_ENTER, BUDGET_READ

router = Router(service="roster", tag="budget")
ARTICLES = ["NM-4", "NM-16", "NM-17", "SH-15", "SH-16"]


@router.get("/budgets", permission=BUDGET_READ, articles=ARTICLES, problems=[NotRegulated])
async def read_budgets(tx: Tx, year: Annotated[int, Query(ge=1990, le=2198)]) -> BudgetView:
    """What workers cost in a year by level and payer, what a year costs from now on, and what the budgets hold."""
    return await actions.read(tx, year)


@router.post(
    "/budget-entries",
    permission=BUDGET_ENTER,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[NotRegulated],
)
async def enter_budget(tx: Tx, body: BudgetAmount) -> BudgetEntryView:
    """Enter the amount that stands in a unit's yearly budget."""
    return await actions.enter(tx, body)

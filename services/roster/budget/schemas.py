"""What goes in and out of budgets over HTTP. Amounts are yuan, as text with two decimals."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

Part = Literal["whole", "share", "transfer"]
Year = Annotated[int, Field(ge=1990, le=2199)]
Money = Annotated[Decimal, Field(ge=0, le=100_000_000_000, decimal_places=2, max_digits=14)]

labelled(
    "roster.budget_part",
    {"whole": ("全额", "the whole"), "share": ("分担", "a share"), "transfer": ("转移支付", "by transfer")},
)


class BudgetAmount(Body):
    """What stands in the unit's budget of the year for a cost; it takes the place of what was entered before."""

    unit_id: UUID
    year: Year
    cost: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    amount: Money
    document: Annotated[str, StringConstraints(min_length=2, max_length=200)]


class BudgetEntryView(View):
    """An amount that stands in a budget."""

    id: UUID
    unit_id: UUID
    unit_no: int
    year: int
    cost: str
    amount: Decimal
    document: str
    entered_on: date
    version: int


class BudgetLine(View):
    """One cost of one payer. `actual`: by approved payrolls of the year; `needed`: a year at the last month's rate.

    Both are null where no payroll tells (management, transfers) or while the share is not set (`missing` says who has
    to). `entered` and `next_entered` stand in the payer's budgets; `open`: next year's is not entered yet.
    """

    unit_id: UUID
    unit_no: int
    level: str
    cost: str
    label: dict[str, str]
    part: Part
    percent: Decimal | None
    actual: Decimal | None
    needed: Decimal | None
    entered: Decimal | None
    next_entered: Decimal | None
    open: bool
    article: str
    missing: dict[str, str] | None


class BudgetView(View):
    """The lines of a year and the next, by level and payer, within the reader's scope."""

    year: int
    items: list[BudgetLine]

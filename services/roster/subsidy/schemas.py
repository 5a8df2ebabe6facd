"""What goes in and out of subsidies over HTTP. Amounts are yuan, as text with at most two decimals."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

SubsidyState = Literal["proposed", "approved", "rejected", "withdrawn"]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Money = Annotated[Decimal, Field(gt=0, le=1_000_000, decimal_places=2, max_digits=10)]
Name = Annotated[str, StringConstraints(min_length=2, max_length=200)]

labelled(
    "roster.subsidy_state",
    {
        "proposed": ("待批", "proposed"),
        "approved": ("已批准", "approved"),
        "rejected": ("未批准", "rejected"),
        "withdrawn": ("已撤回", "withdrawn"),
    },
)


class SubsidyProposal(Body):
    """A subsidy to propose: what the worker did on the front line of which task, and the rule the amount rests on."""

    dossier_id: UUID
    occasion: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    task: Name
    on_task_from: Day
    on_task_before: Day
    part_taken: Annotated[str, StringConstraints(min_length=4, max_length=500)]
    amount: Money
    month: Day = Field(description="Any day of the month with whose payroll it is paid.")
    document: Name = Field(description="The rule or decision from which the amount is.")

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """At least one day."""
        if self.on_task_before <= self.on_task_from:
            text = Text("任务结束应在开始之后", "a task ends after it starts")
            raise PydanticCustomError("period", "{text}", {"text": text})
        return self


class SubsidyView(View):
    """A subsidy."""

    id: UUID
    dossier_id: UUID
    unit_no: int
    occasion: str
    label: dict[str, str]
    task: str
    on_task_from: date
    on_task_before: date
    part_taken: str
    amount: Decimal
    month: date
    document: str
    state: SubsidyState
    case_id: UUID | None
    proposed_on: date
    decided_on: date | None
    article: str | None
    version: int

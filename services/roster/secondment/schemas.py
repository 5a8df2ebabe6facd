"""What goes in and out of secondments over HTTP. Periods are half-open; `last_day` is what forms print."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

SecondmentState = Literal["applied", "approved", "ended", "rejected", "withdrawn"]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]

labelled(
    "approval.fact.secondment",
    {
        "valid_from": ("借调起始日", "First day"),
        "valid_before": ("借调结束次日", "Day after the last"),
    },
)
labelled(
    "roster.secondment_state",
    {
        "applied": ("待批", "applied for"),
        "approved": ("借调中", "approved"),
        "ended": ("已结束", "ended"),
        "rejected": ("未批准", "rejected"),
        "withdrawn": ("已撤回", "withdrawn"),
    },
)


class SecondmentApply(Body):
    """A secondment to apply for: who, to which unit and office of it, for what, from when until when."""

    dossier_id: UUID
    borrower_unit_id: UUID
    borrower_name: Annotated[str, StringConstraints(min_length=2, max_length=100)]
    task: Annotated[str, StringConstraints(min_length=2, max_length=500)]
    valid_from: Day
    valid_before: Day

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """At least one day."""
        if self.valid_before <= self.valid_from:
            text = Text("借调结束应在开始之后", "a secondment ends after it starts")
            raise PydanticCustomError("period", "{text}", {"text": text})
        return self


class EndEarly(Body):
    """The last day of a secondment that ends before its time."""

    last_day: Day
    reason: Annotated[str, StringConstraints(min_length=2, max_length=500)]


class WarningView(View):
    """What whoever decides should know: a reading of the text, or a repetition."""

    name: str
    article: str | None
    zh: str
    en: str


class SecondmentView(View):
    """A secondment. `earlier_*` sum up what the same unit had of the worker before."""

    id: UUID
    unit_no: int
    dossier_id: UUID
    person_id: UUID
    applicant_unit_id: UUID
    borrower_unit_id: UUID
    borrower_name: str
    task: str
    valid_from: date
    valid_before: date
    last_day: date
    began_on: date | None = Field(description="First day on which it held; an approval never reaches back.")
    ended_before: date | None = Field(description="First day after it, once it is over.")
    end_reason: str | None
    state: SecondmentState
    repeated: bool
    earlier_times: int
    earlier_days: int
    warnings: list[WarningView]
    case_id: UUID | None
    applied_at: datetime
    decided_on: date | None
    pack_id: str
    pack_version: str
    version: int

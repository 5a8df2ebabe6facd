"""What goes in and out of pay standards over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.figures import FigurePath, FigureValue
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

StandardState = Literal["open", "returned", "approved", "rejected", "withdrawn"]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Line = Annotated[str, StringConstraints(min_length=2, max_length=200)]

labelled(
    "roster.pay_standard_state",
    {
        "open": ("办理中", "Under way"),
        "returned": ("已退回", "Returned"),
        "approved": ("已通过", "Approved"),
        "rejected": ("未通过", "Rejected"),
        "withdrawn": ("已撤回", "Withdrawn"),
    },
)
labelled(
    "approval.fact.pay_standard",
    {"valid_from": ("执行日期", "Holds from"), "source": ("文件", "Document"), "reason": ("理由", "Reason")},
)


class FigureSet(Body):
    """One figure and the value it is to have, as the regulation writes values."""

    path: FigurePath
    value: FigureValue


class StandardBody(Body):
    """The figures that one document sets for a unit and those below it, from a day on."""

    figures: Annotated[list[FigureSet], Field(min_length=1, max_length=20)]
    valid_from: Day
    source: Line = Field(description="The document that sets the figures: title and number.")
    reason: Line

    @model_validator(mode="after")
    def names_each_once(self) -> Self:
        """One value for each figure."""
        if len({each.path for each in self.figures}) != len(self.figures):
            text = Text("同一参数不得列两次", "a figure stands there twice")
            raise PydanticCustomError("figures", "{text}", {"text": text})
        return self


class StandardProposal(StandardBody):
    """A standard of the acting office's unit."""

    unit_id: UUID


class FigureSetView(View):
    """One figure and its value."""

    path: str
    value: Any


class StandardView(View):
    """A pay standard as it was proposed; once approved its figures are local parameters that name the case."""

    id: UUID
    unit_no: int
    figures: list[FigureSetView]
    valid_from: date
    source: str
    reason: str
    state: StandardState
    case_id: UUID | None
    proposed_by: UUID
    proposed_at: datetime
    version: int

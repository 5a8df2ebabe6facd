"""What goes in and out of rights over HTTP."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

ClaimState = Literal["open", "settled", "refused", "withdrawn"]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]

labelled(
    "roster.right_claim_state",
    {
        "open": ("待落实", "open"),
        "settled": ("已落实", "settled"),
        "refused": ("不属应落实", "not owed"),
        "withdrawn": ("已撤回", "withdrawn"),
    },
)
labelled(
    "roster.right_record",
    {
        "pay_slip": ("已批准的工资单", "an approved pay slip"),
        "insurance": ("工资单中的社会保险缴费", "social insurance on the slip"),
        "fund": ("工资单中的住房公积金", "housing fund on the slip"),
        "annual_leave": ("年休假额度", "the balance of annual leave"),
        "leave_kind": ("可申请的假期", "leave that may be asked for"),
        "calendar": ("工作日历", "the working calendar"),
        "training": ("培训学时", "hours of training"),
        "provision": ("单位登记的保障", "what the unit provided"),
    },
)


class ProvisionEntry(Body):
    """What the unit provided for a right that no other record shows."""

    right: Word
    what: Annotated[str, StringConstraints(min_length=2, max_length=200)]
    document: Annotated[str, StringConstraints(min_length=2, max_length=200)]
    provided_on: Day
    valid_before: Day | None = None

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """At least one day."""
        if self.valid_before is not None and self.valid_before <= self.provided_on:
            text = Text("截止应在开始之后", "it ends after it starts")
            raise PydanticCustomError("period", "{text}", {"text": text})
        return self


class RightClaimBody(Body):
    """What one finds missing."""

    right: Word
    record: Word
    words: Annotated[str, StringConstraints(min_length=4, max_length=2000)] = Field(repr=False)


class RightView(View):
    """A right with the record that honours it, or that there is none; `owed_by` is the level that owes it."""

    right: str
    label: dict[str, str]
    article: str
    record: str
    honoured: bool
    facts: dict[str, Any]
    owed_by: str
    claim_id: UUID | None


class RightsView(View):
    """The rights of a worker on a day."""

    dossier_id: UUID
    on: date
    items: list[RightView]


class RightClaimView(View):
    """A right raised as missing."""

    id: UUID
    dossier_id: UUID
    unit_no: int
    right: str
    record: str
    level: str
    owed_unit_id: UUID | None
    words: str
    state: ClaimState
    case_id: UUID | None
    raised_on: date
    decided_on: date | None
    version: int

"""What goes in and out of leave over HTTP. Periods are half-open: `valid_before` is the first day after."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

LeaveState = Literal["requested", "approved", "rejected", "withdrawn", "returned"]
DayUnit = Literal["calendar", "working"]
Overstay = Literal["undetermined", "with_reason", "without_reason"]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Times = Annotated[int, Field(ge=1, le=9)]
LONGEST_DAYS = 1100
"""No leave of any law is longer; a slip of the year is."""

labelled(
    "approval.fact.leave",
    {
        "days": ("请假天数", "Days of leave"),
        "unit": ("天数单位", "Unit of those days"),
    },
)
labelled(
    "roster.leave_state",
    {
        "requested": ("待批", "requested"),
        "approved": ("已批准", "approved"),
        "rejected": ("未批准", "rejected"),
        "withdrawn": ("已撤回", "withdrawn"),
        "returned": ("已销假", "returned"),
    },
)
labelled("roster.day_unit", {"calendar": ("自然日", "calendar days"), "working": ("工作日", "working days")})
labelled(
    "roster.overstay",
    {
        "undetermined": ("待认定", "not determined"),
        "with_reason": ("有正当理由", "with a valid reason"),
        "without_reason": ("无正当理由超假", "without a valid reason"),
    },
)


class OwnLeaveRequest(Body):
    """A leave to ask for. `supplements` is what lengthens it (`difficult_birth`, `extra_child`), so many times each."""

    kind: Kind
    valid_from: Day
    valid_before: Day
    supplements: Annotated[dict[Kind, Times], Field(max_length=9, default_factory=dict)]

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """At least one day, and no slip of the year."""
        if not 0 < (self.valid_before - self.valid_from).days <= LONGEST_DAYS:
            text = Text("假期结束应在开始之后且不超过三年", "a leave ends after it starts, within three years")
            raise PydanticCustomError("period", "{text}", {"text": text})
        return self


class LeaveRequest(OwnLeaveRequest):
    """A leave that the township records for a worker."""

    dossier_id: UUID


class Return(Body):
    """The day on which the worker was back at work."""

    returned_on: Day


class EarlierWorkBody(Body):
    """Months of work with other employers, and the document that shows them."""

    months: Annotated[int, Field(ge=0, le=720)]
    evidence: Annotated[str, StringConstraints(min_length=2, max_length=200)]


class EarlierWorkView(View):
    """Work with other employers that counts for annual leave."""

    id: UUID
    dossier_id: UUID
    months: int
    evidence: str
    stated_at: datetime


class LeaveView(View):
    """A leave."""

    id: UUID
    unit_no: int
    dossier_id: UUID
    person_id: UUID
    kind: str
    valid_from: date
    valid_before: date
    taken_before: date | None = Field(description="First day after the leave where the worker came back early.")
    unit: DayUnit
    days: int
    days_by_year: dict[str, int]
    supplements: dict[str, int]
    state: LeaveState
    case_id: UUID | None
    asked_at: datetime
    decided_on: date | None
    returned_on: date | None
    overstayed_days: int = Field(description="Calendar days from the end of the leave to the return.")
    overstayed_working_days: int | None = Field(description="Null where the calendar of the year is not loaded.")
    overstay: Overstay | None = Field(description="Null where nothing was overstayed.")
    pack_id: str
    pack_version: str
    version: int


class LeaveKindView(View):
    """A kind of leave, as the regulation and the law have it today."""

    kind: str
    label_zh: str
    label_en: str
    unit: DayUnit | None = Field(description="Null where nobody set it; such leave cannot be asked for yet.")
    days: int | None = Field(description="Most days of one leave; null where no figure limits it.")
    articles: list[str]


class BalanceView(View):
    """Annual leave of one calendar year, in working days."""

    dossier_id: UUID
    year: int
    on: date = Field(description="The day on which the years of work were counted.")
    cumulative_years: int
    earlier_months: int = Field(description="Months with other employers among them, as stated by an official.")
    entitled: int
    pro_rata: bool = Field(description="The year in which the worker joined: a share of the year, rounded down.")
    taken: int
    requested: int
    remaining: int
    findings: list[dict[str, Any]]

"""What goes in and out of attendance over HTTP. Periods are half-open."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View
from services.roster.leave.schemas import LeaveView

Ground = Literal["unexcused", "overstay"]
Standing = Literal["none", "warning", "review", "ground"]
LimitState = Literal["set", "not_regulated", "national", "deferred", "unresolved"]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Reason = Annotated[str, StringConstraints(min_length=4, max_length=500)]
LONGEST_DAYS = 366
"""Longer absence is determined in parts; a slip of the year is not one."""

labelled(
    "roster.absence_ground",
    {"unexcused": ("旷工", "absent without reason"), "overstay": ("超假", "leave overstayed without reason")},
)
labelled(
    "roster.absence_standing",
    {
        "none": ("未超过", "within the limits"),
        "warning": ("提醒", "a warning"),
        "review": ("须审查认定", "needs a review"),
        "ground": ("构成退出情形", "a ground of exit"),
    },
)


class AbsenceBody(Body):
    """Days of absence without valid reason, and on what that finding rests."""

    dossier_id: UUID
    valid_from: Day
    valid_before: Day
    reason: Reason

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """At least one day, at most a year."""
        if not 0 < (self.valid_before - self.valid_from).days <= LONGEST_DAYS:
            text = Text("缺勤结束应在开始之后且不超过一年", "absence ends after it starts, within a year")
            raise PydanticCustomError("period", "{text}", {"text": text})
        return self


class Annulment(Body):
    """Why a determination does not stand."""

    reason: Reason


class OverstayFinding(Body):
    """Whether leave was overstayed without valid reason, and on what that finding rests."""

    without_reason: bool
    reason: Reason


class AbsenceView(View):
    """A determination of absence."""

    id: UUID
    unit_no: int
    dossier_id: UUID
    person_id: UUID
    ground: Ground
    leave_id: UUID | None
    valid_from: date
    valid_before: date
    reason: str
    determined_by: UUID | None
    determined_at: datetime
    annulled_at: datetime | None
    annulled_reason: str | None
    version: int


class OverstayView(View):
    """What became of overstayed leave; `absence` where it was found without reason."""

    id: UUID
    leave: LeaveView
    absence: AbsenceView | None


class LimitView(View):
    """A limit of absence; `days` is null unless the regulation sets one."""

    state: LimitState
    days: int | None
    article: str | None


class CountersView(View):
    """Absence as it counts: determined, not annulled, and never a day of approved leave.

    Working days are null where the calendar of a year concerned is not loaded.
    """

    dossier_id: UUID
    year: int
    days_in_year: int
    working_days_in_year: int | None
    longest_run: int = Field(description="Most calendar days in a row that touch the year.")
    longest_working_run: int | None = Field(description="Most working days in a row that touch the year.")
    longest_span: int | None = Field(
        description="Most calendar days of one absence that no working day interrupts, rest days between among them."
    )
    days_in_twelve_months: int = Field(description="Most calendar days in twelve months that end in the year.")
    in_a_row_over: LimitView
    in_a_year_over: LimitView
    standing: Standing
    findings: list[dict[str, Any]]


class ReviewFinding(Body):
    """Whether absence above a limit in calendar days alone is the ground of exit, and on what that finding rests."""

    year: Annotated[int, Field(ge=2000, lt=2200)]
    ground: bool
    reason: Reason


class ReviewView(View):
    """What was found; `exit_id` is the case that it opened."""

    dossier_id: UUID
    year: int
    standing: Standing
    ground: bool
    exit_id: UUID | None

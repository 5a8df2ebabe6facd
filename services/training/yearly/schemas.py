"""Who has and who lacks the hours of a year, as it is shown."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from kernel.http.labels import labelled
from kernel.http.schema import View

Stage = Literal["met", "running", "warned", "over"]
Hours = Annotated[Decimal, AfterValidator(lambda hours: hours.quantize(Decimal("0.01")))]
"""Class hours (学时), as they are stored."""

labelled(
    "training.compliance_stage",
    {
        "met": ("已达标", "nothing missing"),
        "running": ("本年进行中", "missing, the year runs"),
        "warned": ("预警", "missing, the year's end is near"),
        "over": ("年度未达标", "missing, the year is over"),
    },
)


class ComplianceView(View):
    """The year of one person. `short`: in post on the day looked at, and hours or a training are missing."""

    need_id: UUID
    person_id: UUID
    unit_id: UUID
    unit_no: int
    unit_title: str
    year: int
    roles: list[str] = Field(description="Posts held today, or on the last day of a year that is over.")
    role: str | None = Field(description="Post of the year with the most hours, which decides.")
    in_post: bool
    part_year: bool = Field(description="In post for a part of the year only.")
    required_hours: Hours
    credited_hours: Hours
    missing_hours: Hours
    every_years: int | None = Field(description="One training of the responsible level is due in so many years.")
    trained_on: date | None = Field(description="Last day of the newest such training.")
    train_by: date | None = Field(description="Last day for the training that is still owed in this year.")
    short: bool
    stage: Stage
    warning_on: date | None = Field(description="First day on which a shortage of the year is warned of.")
    article: str | None


class UnitCompliance(View):
    """One community in a year."""

    unit_id: UUID
    unit_no: int
    unit_title: str
    year: int
    workers: int = Field(description="In post on the day looked at, with a need of the year.")
    short: int = Field(description="Those among them who lack hours or a training.")
    missing_hours: Hours

"""What goes in and out of training needs over HTTP, and what opens one."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

NeedKind = Literal["pre_service", "induction", "yearly"]
NeedState = Literal["open", "met", "lapsed"]

labelled(
    "training.need_kind",
    {
        "pre_service": ("上岗前培训", "before taking up the post"),
        "induction": ("新任职上岗培训", "of newly appointed members, at the start"),
        "yearly": ("年度培训", "in a calendar year"),
    },
)
labelled(
    "training.need_state",
    {"open": ("未完成", "open"), "met": ("已完成", "met"), "lapsed": ("已失效", "no post stands behind it")},
)


class NeedView(View):
    """Hours owed and hours that count so far, in class hours (学时)."""

    id: UUID
    unit_no: int
    person_id: UUID
    kind: NeedKind
    cycle: str = Field(description="The year in which it is owed; empty for a need that arises once.")
    required_hours: Decimal
    credited_hours: Decimal
    missing_hours: Decimal
    forms: list[str] = Field(description="Forms of training that count toward it.")
    article: str | None
    opened_on: date
    met_on: date | None = Field(description="Last day of the class that completed the hours.")
    state: NeedState
    role: str | None = Field(description="Post of the year that decides the hours.")
    part_year: bool = Field(description="In post for a part of the year only.")
    trained_on: date | None = Field(description="Last day of the newest training that counts as the one due.")
    train_by: date | None = Field(description="Last day for the training that is still owed in this year.")
    pack_id: str
    pack_version: str
    version: int


class NeedOpening(Body):
    """A need to open, as an event and the pack give it; checked before it becomes a row."""

    person_id: UUID
    unit_no: int
    kind: NeedKind
    cycle: str = ""
    required_hours: Decimal = Field(gt=0, le=10_000)
    forms: list[str] = Field(min_length=1)
    article: str | None
    opened_on: date
    application_id: UUID | None = None
    role: str | None = None
    part_year: bool = False
    apart: bool = False
    every_years: int | None = Field(default=None, gt=0)
    since: date | None = None
    pack_id: str
    pack_version: str


class UnitYear(View):
    """Sums of the yearly needs of one unit."""

    unit_no: int
    workers: int
    short: int
    missing_hours: Decimal

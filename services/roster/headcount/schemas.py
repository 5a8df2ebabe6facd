"""Headcount over HTTP."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from kernel.http.labels import labelled
from kernel.http.schema import View

ReservationState = Literal["held", "consumed", "released"]

labelled(
    "roster.reservation_state",
    {"held": ("已预留", "Held"), "consumed": ("已用完", "Consumed"), "released": ("已释放", "Released")},
)


class ApartView(View):
    """People of a category that takes no post there; `flagged` where the regulation wants them seen apart (SH-3)."""

    category: str
    label: str
    persons: int
    flagged: bool


class SpanView(View):
    """Numbers from `least` to `most`, both included."""

    least: int
    most: int


class HeadcountView(View):
    """Posts of a unit at the end of a day. For a unit above communities `occupied` and `reserved` are their sums.

    `fixed` is null where no number was fixed: then nothing is free, and nothing is over or under either.
    `reserved`: kept for plans, or claimed by people hired who are not on duty yet.

    Where a norm leaves a choice (SH-5), `ranges` are the numbers it allows, `fixed` the largest, and `under` counts
    from the smallest. `members` and `to_hire` where the regulation hires what the members of the two committees leave.
    """

    unit_id: UUID
    unit_no: int
    level: str
    title: str
    on: date
    fixed: int | None
    valid_from: date | None = Field(description="Since when `fixed` holds.")
    occupied: int
    reserved: int
    free: int | None = Field(description="fixed − occupied − reserved; never below 0.")
    over: int | None = Field(description="By how many occupied and reserved posts exceed the number.")
    under: int | None = Field(description="By how many people in post stay below the number.")
    ranges: list[SpanView] | None = Field(default=None, description="The numbers that the norm allows.")
    within: bool | None = Field(
        default=None, description="Whether people in post are of a number that the norm allows."
    )
    members: int | None = Field(default=None, description="Full-time members of the two committees among `occupied`.")
    to_hire: list[SpanView] | None = Field(default=None, description="`ranges` less the members.")
    apart: list[ApartView] = Field(default_factory=list, description="People who take no post here, by category.")


class FixedView(View):
    """A number as it was decided. `basis_id`: the population figure or proposal that it follows from."""

    id: UUID
    unit_id: UUID
    unit_no: int
    level: str
    posts: int
    valid_from: date
    document: str | None
    basis_id: UUID | None
    ranges: list[tuple[int, int]] | None
    pack_id: str
    pack_version: str


class ReservationView(View):
    """Posts kept for a plan in one community."""

    plan_id: UUID
    round: int
    unit_id: UUID
    unit_no: int
    posts: int
    consumed: int
    released: int
    state: ReservationState
    granted_on: date
    released_on: date | None

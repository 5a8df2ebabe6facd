"""The composition of the two committees over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from kernel.http.schema import View


class SeatView(View):
    """The seats of one post: how many there may be, and who holds them. A cross-appointment may have opened one more.

    `vacant`: how many are missing to the least.
    """

    body: str
    role: str
    label: str
    least: int
    most: int
    held: int
    vacant: int


class CompositionView(View):
    """The two committees of a community on a day. `persons` counts everybody once, part-time included.

    `outside`: police who serve the community and take no seat. `findings` says what is not as the regulation asks, and
    beside it what the statute says of the residents' committee.
    """

    community_unit_id: UUID
    title: str
    on: date
    persons: int
    part_time: int
    outside: int
    seats: list[SeatView] = Field(default_factory=list)
    findings: list[dict[str, Any]] = Field(default_factory=list)

"""What goes in and out of officials' leaves over HTTP; periods are half-open."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from gateway.directory.substitution.schemas import SubstituteView
from kernel.http.schema import Body, View


class StandIn(Body):
    """Who stands in for one of the posts."""

    post_id: UUID
    user_id: UUID


class LeaveBody(Body):
    """An official is away from a day to (not including) another; others stand in for their posts on those days."""

    valid_from: date
    valid_before: date
    reason: Annotated[str, Field(min_length=1, max_length=200)]
    substitutes: Annotated[list[StandIn], Field(max_length=20, default_factory=list)]


class LeaveEnd(Body):
    """The official is back earlier; `valid_before` is the first day on which the leave no longer holds."""

    valid_before: date


class LeaveView(View):
    """A leave with who stands in, and the posts for which nobody does on one of its days."""

    id: UUID
    user_id: UUID
    valid_from: date
    valid_before: date
    reason: str
    substitutes: list[SubstituteView]
    uncovered_post_ids: list[UUID]
    version: int

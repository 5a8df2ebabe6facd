"""What goes in and out of substitutions over HTTP; periods are half-open."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.http.schema import Body, View


class SubstituteGrant(Body):
    """Let a user stand in for the holder of a post from a day to (not including) another."""

    user_id: UUID
    valid_from: date
    valid_before: date
    reason: Annotated[str, Field(min_length=1, max_length=200)]


class SubstituteEnd(Body):
    """End a substitution; `valid_before` is the first day on which it no longer holds."""

    valid_before: date


class SubstituteView(View):
    """Who stands in for the holder of which post. A period that ends on the day it begins never held."""

    id: UUID
    post_id: UUID
    holder_id: UUID
    user_id: UUID
    display_name: str
    valid_from: date
    valid_before: date
    reason: str
    version: int

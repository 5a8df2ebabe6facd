"""What goes in and out of the second factor over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from kernel.http.schema import Body, View


class RemovalAsk(Body):
    """That a user lost their second factor, and how that was made sure of; the reason is kept in the audit chain."""

    reason: Annotated[str, Field(min_length=4, max_length=200)]


class RemovalDecision(Body):
    """What the second administrator decides."""

    action: Literal["remove", "refuse"]


class RemovalView(View):
    """A request to remove a user's second factor; it ends by itself after three days."""

    id: UUID
    user_id: UUID
    reason: str
    state: str
    asked_by: UUID
    decided_by: UUID | None
    asked_at: datetime
    decided_at: datetime | None
    version: int


class SettingView(View):
    """Who signs in with a second factor: `offered` (whoever wants) or `officials` (every official)."""

    second_factor: Literal["offered", "officials"]
    version: int


class SettingChange(Body):
    """Who is to sign in with a second factor."""

    second_factor: Literal["offered", "officials"]

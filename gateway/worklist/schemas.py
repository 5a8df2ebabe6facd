"""What the worklist gives out."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from kernel.http.schema import View

Whose = Literal["mine", "escalated", "unstaffed"]
"""What the acting post can act on; what is overdue below its office; what nobody can act on, within its scope."""


class ItemView(View):
    """Something that waits: an open step of a case, or a signature asked for at it."""

    id: UUID
    service: str
    case_id: UUID
    workflow: str
    subject_type: str
    subject_id: UUID
    subject_unit_id: UUID
    step: str
    kind: str
    signer: str = Field(description="`department@level` of the signature that is asked for; empty for the step itself.")
    department: str
    level: str
    acting_unit_id: UUID | None
    unstaffed: str | None
    article: str | None
    due_on: date | None
    ends_on: date | None
    claimed_by: UUID | None
    delegate_id: UUID | None
    reminded: bool
    escalated: bool
    opened_at: datetime
    case_path: str = Field(description="Where the case is read and decided.")


class WorklistPage(View):
    """A page of items; `up_to_date` is false where the position asked for was not reached within a second."""

    items: list[ItemView]
    next: str | None
    up_to_date: bool


class ItemChange(View):
    """What an event of the stream tells: how an item stands now, or that it no longer waits for the acting post."""

    item: ItemView | None
    item_id: UUID
    gone: bool


class Count(View):
    """How many items of one kind wait."""

    service: str
    workflow: str
    items: int
    overdue: int


class Counts(View):
    """How much waits for the acting post."""

    mine: int
    claimed_by_me: int
    unclaimed: int
    overdue: int
    escalated: int
    unstaffed: int
    by_workflow: list[Count]

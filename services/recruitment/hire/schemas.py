"""Hires over HTTP."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

HireState = Literal["open", "approved", "rejected", "withdrawn"]

labelled(
    "approval.fact.hire",
    {
        "publicity_days": ("公示天数", "Days of publicity"),
        "publicity_unit": ("公示天数的单位", "Unit of those days"),
    },
)
labelled(
    "recruitment.hire_state",
    {
        "open": ("办理中", "Under way"),
        "approved": ("已决定聘用", "Hired"),
        "rejected": ("不予聘用", "Not hired"),
        "withdrawn": ("已撤回", "Withdrawn"),
    },
)


class HirePropose(Body):
    """Whom to hire: an applicant who passed every stage and whose turn it is.

    `reason`: what decided between candidates who share a rank, where there are fewer places than they are.
    """

    application_id: UUID
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None


class HireView(View):
    """A proposed hire."""

    id: UUID
    application_id: UUID
    notice_id: UUID
    item_id: UUID
    state: HireState
    masked_name: str
    community_title: str
    post_title: str
    public_from: date | None
    public_until: date | None = Field(description="Last day of the publicity, included.")
    case_id: UUID | None
    decided_on: date | None
    version: int


class PublicHireView(View):
    """A line of the list that is made public: the masked name, never a number."""

    id: UUID
    notice_id: UUID
    masked_name: str
    community_title: str
    post_title: str
    public_from: date
    public_until: date

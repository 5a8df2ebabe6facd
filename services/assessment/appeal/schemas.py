"""What goes in and out of appeals over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View
from services.assessment.method import Word

AppealState = Literal["open", "upheld", "refused"]

labelled(
    "assessment.appeal_state",
    {"open": ("复核中", "under review"), "upheld": ("申诉成立", "upheld"), "refused": ("维持原等次", "refused")},
)


class AppealRaised(Body):
    """Why a person does not accept the grade."""

    grounds: Annotated[str, StringConstraints(min_length=10, max_length=5000)]


class AppealDecision(Body):
    """What the review comes to; upheld, it names the grade that stands, with the reason."""

    upheld: bool
    grade: Word | None = None
    reason: Annotated[str, StringConstraints(min_length=4, max_length=2000)]


class AppealView(View):
    """An appeal and where it stands."""

    id: UUID
    result_id: UUID
    cycle_id: UUID
    unit_no: int
    person_id: UUID
    grounds: str
    state: AppealState
    raised_at: datetime
    reason: str | None
    grade: str | None
    decided_by_user: UUID | None
    decided_by_post: UUID | None
    decided_at: datetime | None
    version: int

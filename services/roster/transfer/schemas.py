"""What goes in and out of transfers over HTTP."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

Day = Annotated[date, Field(ge=date(1990, 1, 1), lt=date(2200, 1, 1))]
Sentence = Annotated[str, StringConstraints(min_length=2, max_length=200)]
TransferState = Literal["released", "consented", "declined", "accepted", "refused", "withdrawn", "effective"]
ReceptionState = Literal["offered", "accepted", "refused", "withdrawn", "effective"]

labelled(
    "roster.transfer_state",
    {
        "released": ("转出方同意，待本人同意", "released, waits for the worker's consent"),
        "consented": ("本人已同意，待接收", "consented, waits for acceptance"),
        "declined": ("本人不同意", "declined by the worker"),
        "accepted": ("已接收，待生效", "accepted, waits for its day"),
        "refused": ("接收方未接收", "refused by the receiving side"),
        "withdrawn": ("已撤回", "withdrawn"),
        "effective": ("已生效", "in effect"),
    },
)
labelled(
    "roster.reception_state",
    {
        "offered": ("待接收", "offered"),
        "accepted": ("已接收，待生效", "accepted, waits for its day"),
        "refused": ("未接收", "refused"),
        "withdrawn": ("转出方已撤回", "withdrawn by the giving side"),
        "effective": ("已生效", "in effect"),
    },
)


class Release(Body):
    """Release a worker to a community elsewhere, from a day on."""

    dossier_id: UUID
    to_community_unit_id: UUID
    role: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)] = "staff"
    effective_on: Day
    reason: Sentence
    office_ends_by: Sentence | None = Field(
        default=None, description="The record by which an elected office that the worker holds ends on that day."
    )


class Consent(Body):
    """The worker's own answer."""

    agree: bool


class Withdrawal(Body):
    """Why a release is taken back."""

    reason: Sentence


class Decision(Body):
    """The receiving side's answer; a refusal says why."""

    accept: bool
    comment: Sentence | None = None

    @model_validator(mode="after")
    def says_why_not(self) -> Self:
        """A refusal has its reason."""
        if not self.accept and self.comment is None:
            text = Text("不接收应说明理由", "a refusal needs its reason")
            raise PydanticCustomError("comment", "{text}", {"text": text})
        return self


class TransferView(View):
    """A transfer as the giving side and the worker see it. `posts_left` are the posts that it ended."""

    id: UUID
    dossier_id: UUID
    person_id: UUID
    from_community_unit_id: UUID
    to_community_unit_id: UUID
    role: str
    effective_on: date
    reason: str
    office_ends_by: str | None
    state: TransferState
    released_at: AwareDatetime
    answered_at: AwareDatetime | None
    posts_left: list[dict[str, Any]]
    version: int


class ReceptionView(View):
    """A worker offered to the receiving side: years of service and rank come along as evidence (NM-23)."""

    id: UUID
    dossier_id: UUID
    person_id: UUID
    full_name: str
    from_unit_id: UUID
    community_unit_id: UUID
    role: str
    effective_on: date
    evidence: dict[str, Any]
    state: ReceptionState
    decided_at: AwareDatetime | None
    comment: str | None
    version: int

"""What goes in and out of moves to other tenants over HTTP."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

Sentence = Annotated[str, StringConstraints(min_length=2, max_length=200)]
CrossingState = Literal["released", "consented", "declined", "refused", "withdrawn", "lapsed", "completed"]

labelled(
    "roster.crossing_state",
    {
        "released": ("转出方同意，待本人同意", "released, waits for the worker's consent"),
        "consented": ("本人已同意，待接收", "consented, waits for acceptance"),
        "declined": ("本人不同意", "declined by the worker"),
        "refused": ("接收方未接收", "refused by the receiving side"),
        "withdrawn": ("已撤回", "withdrawn"),
        "lapsed": ("逾期未答复，自动终止", "ended, since nobody answered in time"),
        "completed": ("已转出", "moved"),
    },
)


class CrossingRelease(Body):
    """Release a worker to another tenant, addressed by its name and the code of a unit there."""

    dossier_id: UUID
    receiving_tenant: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,63}$")]
    receiving_unit_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,32}$")]
    reason: Sentence
    office_ends_by: Sentence | None = Field(
        default=None, description="The record by which an elected office that the worker holds ends."
    )


class CrossingConsent(Body):
    """The worker's own answer."""

    agree: bool


class CrossingWithdrawal(Body):
    """Why a release is taken back."""

    reason: Sentence


class CrossingView(View):
    """A move as the giving side sees it."""

    id: UUID
    dossier_id: UUID
    person_id: UUID
    receiving_slug: str
    receiving_title: str
    receiving_unit_code: str
    reason: str
    office_ends_by: str | None
    state: CrossingState
    released_at: AwareDatetime
    consented_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    version: int


class OwnCrossingView(CrossingView):
    """A move as the worker sees it: to whom, and what would cross (PIPL art. 23). `evidence` while consent is asked."""

    evidence: dict[str, Any] | None
    identity_members: list[str] = Field(
        description="Which identity data would cross, sealed, once the worker consents.",
    )

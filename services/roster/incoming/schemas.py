"""What crosses between tenants (`Identity` and `Evidence`, nothing else), and the receiving side's answer to it."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

Sentence = Annotated[str, StringConstraints(min_length=2, max_length=200)]
IncomingState = Literal["offered", "accepted", "refused", "withdrawn", "completed"]

labelled(
    "roster.incoming_state",
    {
        "offered": ("待接收", "offered"),
        "accepted": ("已同意接收，办理中", "accepted, being carried out"),
        "refused": ("未接收", "refused"),
        "withdrawn": ("转出方已撤回", "withdrawn by the giving side"),
        "completed": ("已接收建档", "received, the dossier is open"),
    },
)


class Span(BaseModel):
    """Days served without a gap, half-open; no end while they last."""

    valid_from: date
    valid_before: date | None


class CertificateShown(BaseModel):
    """A professional certificate; its number goes with the identity."""

    kind: str
    issued_on: date


class RankShown(BaseModel):
    """The rank held on the giving side's ladder; `sample` marks a ladder that nobody issued."""

    grade: int
    label: dict[str, str]
    sample: bool


class Evidence(BaseModel):
    """Years, certificates and rank, where there is one. No unit, post, grade or record goes along (NM-23)."""

    cumulative_years: int
    service: list[Span]
    certificates: list[CertificateShown]
    rank: RankShown | None


class Identity(BaseModel):
    """What a dossier needs of who the person is. Never shown whole, never logged."""

    full_name: str = Field(repr=False)
    id_number: str = Field(repr=False)
    phone: str = Field(repr=False)
    certificate_numbers: list[str] = Field(repr=False)


class Parcel(BaseModel):
    """All that crosses, as the receiving side keeps it sealed."""

    identity: Identity
    evidence: Evidence


class Recognition(Body):
    """Whether a part of the evidence is recognised here, and why."""

    recognised: bool
    reason: Sentence


class Acceptance(Body):
    """Accept a worker into a community of the scope, saying of each part of the evidence whether it is recognised."""

    community_unit_id: UUID
    role: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)] = "staff"
    person_id: UUID | None = Field(default=None, description="The worker's own account here, where there is one.")
    years: Recognition
    certificates: Recognition
    rank: Recognition | None = Field(default=None, description="Where a rank was offered, and only then.")


class Refusal(Body):
    """Why a worker is not accepted."""

    reason: Sentence


class IncomingView(View):
    """A worker offered to the scope, without personal data."""

    id: UUID
    giving_title: str
    state: IncomingState
    answer: dict[str, Any] | None
    dossier_id: UUID | None
    offered_at: AwareDatetime
    answered_at: AwareDatetime | None
    version: int


class IncomingOpenView(IncomingView):
    """The same with the evidence and the identity de-identified; both null once the matter is over."""

    full_name: str | None
    id_number: str | None
    phone: str | None
    evidence: Evidence | None

"""What is entered of a worker's earlier history, and what is shown of education and certificates."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, SecretStr, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

Day = Annotated[date, Field(ge=date(1950, 1, 1), lt=date(2200, 1, 1))]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
CertificateKind = Literal["assistant_social_worker", "social_worker", "senior_social_worker"]

labelled(
    "roster.certificate_kind",
    {
        "assistant_social_worker": ("助理社会工作师", "assistant social worker"),
        "social_worker": ("社会工作师", "social worker"),
        "senior_social_worker": ("高级社会工作师", "senior social worker"),
    },
)


class PostGiven(Body):
    """A post held, with its term where it is an elected office; without `valid_before` it is held still."""

    role: Word
    community_unit_id: UUID | None = Field(default=None, description="Where; without it, the present community.")
    title: Name | None = None
    valid_from: Day
    valid_before: Day | None = None
    term_from: Day | None = None
    term_before: Day | None = None
    part_time: bool = Field(default=False, description="Beside another occupation, so no community worker (SH-4).")

    @model_validator(mode="after")
    def has_the_whole_term(self) -> Self:
        """A term has both its days."""
        if (self.term_from is None) != (self.term_before is None):
            text = Text("任期应同时给出起止日期", "a term has both its first day and its end")
            raise PydanticCustomError("term", "{text}", {"text": text})
        return self


class EmploymentGiven(Body):
    """Full-time work in communities outside this roster, with the document that proves it."""

    employer: Name
    evidence: Annotated[str, StringConstraints(min_length=2, max_length=200)]
    valid_from: Day
    valid_before: Day


class CertificateGiven(Body):
    """A professional certificate."""

    kind: CertificateKind
    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{4,40}$")]
    issued_on: Day


class BackgroundGiven(Body):
    """Education (GB/T 4658) and political status (GB/T 4762), as far as they are known."""

    education_code: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]$")] | None = None
    graduated_on: Day | None = None
    political_status: Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-3])$")] | None = None
    party_since: Day | None = None


class Intake(Body):
    """One worker who serves already."""

    full_name: Name = Field(repr=False)
    id_number: Annotated[SecretStr, Field(max_length=30)]
    phone: Annotated[SecretStr, Field(min_length=5, max_length=20)]
    category: Word
    community_unit_id: UUID
    person_id: UUID | None = Field(default=None, description="The worker's own account, where there is one.")
    posts: Annotated[list[PostGiven], Field(min_length=1, max_length=50)]
    employments: Annotated[list[EmploymentGiven], Field(max_length=50, default_factory=list)]
    certificates: Annotated[list[CertificateGiven], Field(max_length=20, default_factory=list)]
    background: BackgroundGiven = BackgroundGiven()


class IntakeView(View):
    """The dossier that was opened."""

    id: UUID
    person_id: UUID
    unit_no: int
    full_name: str
    category: str
    post_title: str
    version: int


class IntakeBatch(Body):
    """Workers entered together; each stands or falls by itself."""

    workers: Annotated[list[Intake], Field(min_length=1, max_length=200)]


class RowOutcome(View):
    """What became of one row of a batch: the dossier, or the problem as this row alone would have been answered."""

    row: int = Field(description="Place in the batch, from 0.")
    state: Literal["entered", "refused"]
    dossier: IntakeView | None
    problem: dict[str, Any] | None


class BatchOutcome(View):
    """The rows of a batch in their order, and how many came in."""

    entered: int
    refused: int
    items: list[RowOutcome]


class CertificateView(View):
    """A professional certificate."""

    id: UUID
    kind: CertificateKind
    number: str
    issued_on: date


class BackgroundView(View):
    """Education, political status and certificates of one worker."""

    dossier_id: UUID
    education_code: str | None
    graduated_on: date | None
    political_status: str | None
    party_since: date | None
    certificates: list[CertificateView]

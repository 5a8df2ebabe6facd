"""What goes in and out of certificates over HTTP."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.schema import Body, View

Day = Annotated[date, Field(ge=date(1950, 1, 1), lt=date(2200, 1, 1))]
Sentence = Annotated[str, StringConstraints(min_length=2, max_length=200)]
CertificateKind = Literal["assistant_social_worker", "social_worker", "senior_social_worker"]


class CertificateEntry(Body):
    """A professional certificate that a worker shows."""

    kind: CertificateKind
    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{4,40}$")]
    issued_on: Day


class Verification(Body):
    """A certificate was found genuine. Without `valid_from` it counts from the day of issue."""

    document: Sentence = Field(description="What shows it: the register's answer, the certificate seen.")
    valid_from: Day | None = None
    valid_before: Day | None = None
    allowance_decision: Sentence | None = Field(
        default=None, description="The decision that gives an allowance, where the regulation leaves it open."
    )


class Ending(Body):
    """A verified certificate counts no longer from `valid_before` on."""

    valid_before: Day
    reason: Sentence


class CertificateStateView(View):
    """A certificate and, once verified, the period [valid_from, valid_before) for which it counts."""

    id: UUID
    dossier_id: UUID
    kind: CertificateKind
    number: str
    issued_on: date
    verified: bool
    document: str | None = None
    valid_from: date | None = None
    valid_before: date | None = None
    allowance_decision: str | None = None
    verified_on: date | None = None
    ended_reason: str | None = None

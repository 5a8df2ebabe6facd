"""What goes in and out of duty records over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from kernel.http.schema import Body, View


class DutyStart(Body):
    """Put a worker on duty from a day on, today or earlier."""

    dossier_id: UUID
    starts_on: Annotated[date, Field(ge=date(1990, 1, 1), lt=date(2200, 1, 1))]


class DutyView(View):
    """Time on duty in the half-open period [valid_from, valid_before); null while it lasts."""

    id: UUID
    unit_no: int
    dossier_id: UUID
    person_id: UUID
    contract_id: UUID
    category: str
    valid_from: date
    valid_before: date | None
    version: int


class TrainingResultView(View):
    """Hours of one training need, with the article that makes them count for the adjustment of posts."""

    kind: str = Field(description="`pre_service`, `induction` or `yearly`.")
    cycle: str = Field(description="The year; empty for a need that arises once.")
    required_hours: Decimal
    credited_hours: Decimal
    met_on: date | None
    findings: list[dict[str, Any]]

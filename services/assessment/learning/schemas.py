"""What goes in and out of results of training."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field

from kernel.http.schema import Body, View


class LearningNews(Body):
    """What an event tells of a need; checked before it becomes a row."""

    id: UUID
    unit_no: int
    person_id: UUID
    kind: str
    cycle: str
    required_hours: Decimal
    credited_hours: Decimal
    met_on: date | None


class LearningView(View):
    """Hours of one training need, with the article that makes them count in the assessment."""

    id: UUID
    unit_no: int
    person_id: UUID
    kind: str = Field(description="`pre_service`, `induction` or `yearly`.")
    cycle: str = Field(description="The year; empty for a need that arises once.")
    required_hours: Decimal
    credited_hours: Decimal
    met_on: date | None
    findings: list[dict[str, Any]]

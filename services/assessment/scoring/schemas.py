"""What goes in and out of scoring over HTTP."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.schema import Body, View
from services.assessment.method import Points, Word


class SelfAssessment(Body):
    """What a person says of the own year."""

    statement: Annotated[str, StringConstraints(min_length=10, max_length=5000)]


class ScoreGiven(Body):
    """The points of one component of one person."""

    result_id: UUID
    component: Word
    points: Points
    remark: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None


class ScoreSheet(Body):
    """Scores given together: all of them stand, or none."""

    scores: list[ScoreGiven] = Field(min_length=1, max_length=200)


class ScoreView(View):
    """A score as it stands."""

    result_id: UUID
    component: str
    points: Decimal
    remark: str | None
    user_id: UUID
    post_id: UUID
    scored_at: datetime


class ScoreList(View):
    """Several scores."""

    items: list[ScoreView]


class Ungraded(Body):
    """Why a person gets no grade in this year."""

    reason: Annotated[str, StringConstraints(min_length=4, max_length=500)]

"""What goes in and out of interpretations over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from gateway.regulation.schemas import Line
from kernel.http.schema import Body, View

Citation = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*-[0-9]+(\([0-9]+\))?$", max_length=40)]
Answer = Annotated[str, Field(min_length=1, max_length=4_000)]


class InterpretationBody(Body):
    """An answer on an article, shown with its findings from `valid_from` on."""

    article: Citation
    question: Line | None = None
    text: Answer
    document: Line = Field(description="The document that holds the answer: title and number.")
    valid_from: date


class PublishedInterpretation(View):
    """A published interpretation, and who published it."""

    id: UUID
    article: str
    question: str | None
    text: str
    document: str
    organ: dict[str, str]
    valid_from: date
    published_by: UUID
    published_at: datetime

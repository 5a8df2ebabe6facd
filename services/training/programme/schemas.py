"""What goes in and out of training programmes over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.schema import Body, View


class ProgrammeNew(Body):
    """A programme to register; the organiser is the unit of the acting post, the department its department."""

    title: Annotated[str, StringConstraints(min_length=2, max_length=200)]
    year: int = Field(ge=2000, le=2200)
    roles: list[Annotated[str, StringConstraints(max_length=60)]] = Field(
        min_length=1, max_length=20, description="The posts for which it is, by the codes of the regulation."
    )
    class_kind: Annotated[str, StringConstraints(max_length=60)] | None = Field(
        default=None, description="A kind of class that the regulation names, for selected workers."
    )
    host: Annotated[str, StringConstraints(min_length=2, max_length=200)] | None = Field(
        default=None, description="Who holds the classes, where that is nobody of the tenant."
    )


class ProgrammeView(View):
    """A programme as registered."""

    id: UUID
    unit_no: int
    organiser_unit_id: UUID
    organiser_level: str
    department_kind: str
    title: str
    year: int
    roles: list[str]
    class_kind: str | None
    host: str | None
    version: int


class SelectionBody(Body):
    """Whom to select for the classes, and what shows that the worker is outstanding."""

    person_id: UUID
    reason: Annotated[str, StringConstraints(min_length=4, max_length=500)]


class SelectionView(View):
    """Somebody selected for the classes of a programme."""

    programme_id: UUID
    person_id: UUID
    unit_no: int
    title: str
    class_kind: str
    host: str | None
    reason: str
    selected_on: date

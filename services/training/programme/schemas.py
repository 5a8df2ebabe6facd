"""What goes in and out of training programmes over HTTP."""

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
    version: int

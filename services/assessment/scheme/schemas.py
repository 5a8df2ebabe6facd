"""What goes in and out of methods of assessment over HTTP."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View
from services.assessment.method import Terms

SchemeState = Literal["draft", "submitted", "approved", "rejected"]

labelled(
    "assessment.scheme_state",
    {
        "draft": ("草案", "draft"),
        "submitted": ("审批中", "submitted"),
        "approved": ("已批准", "approved"),
        "rejected": ("未批准", "rejected"),
    },
)


class SchemeDraft(Body):
    """A method to be in force from a day on, for the unit of the acting post."""

    title: Annotated[str, StringConstraints(min_length=2, max_length=100)]
    valid_from: date
    terms: Terms


class SchemeView(View):
    """A method and where it stands."""

    id: UUID
    unit_no: int
    unit_id: UUID
    title: str
    valid_from: date
    terms: Terms
    state: SchemeState
    case_id: UUID | None
    pack_id: str
    pack_version: str
    version: int

"""What goes in and out of the structure of a community over HTTP. Periods are half-open."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.schema import Body, View

Day = Annotated[date, Field(ge=date(1990, 1, 1), lt=date(2200, 1, 1))]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class AssignmentBody(Body):
    """Who works where from which day on; the place before ends on that day."""

    dossier_id: UUID
    place: Word
    post_kind: Word | None = Field(default=None, description="Of those whose kind of post the regulation writes.")
    valid_from: Day


class AssignmentView(View):
    """A person's place in [valid_from, valid_before), null while it lasts."""

    id: UUID
    dossier_id: UUID
    community_unit_id: UUID
    place: str
    label_zh: str
    label_en: str
    article: str | None
    post_kind: str | None
    valid_from: date
    valid_before: date | None


class PersonView(View):
    """Somebody who holds a post in the community, with place and since when, null where there is none."""

    dossier_id: UUID
    full_name: str
    categories: list[str]
    roles: list[str]
    place: str | None
    post_kind: str | None
    since: date | None


class PlaceView(View):
    """A place of the structure and who works there."""

    place: str
    label_zh: str
    label_en: str
    article: str | None
    people: list[PersonView]


class StructureView(View):
    """A community as it is organised today. `finding` says whether everybody is assigned; `missing` who is not."""

    community_unit_id: UUID
    community_title: str
    on: date
    finding: dict[str, Any]
    places: list[PlaceView]
    missing: list[PersonView]

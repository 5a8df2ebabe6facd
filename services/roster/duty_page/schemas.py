"""What goes in and out of the public page of a community over HTTP. No names of persons stand on it."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.schema import Body, View

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Sentence = Annotated[str, StringConstraints(min_length=2, max_length=500)]


class Commitment(Body):
    """A service commitment, of one place or of the whole community."""

    place: Word | None = None
    text: Sentence


class DutyPageBody(Body):
    """The public page of a community: what it commits itself to."""

    community_unit_id: UUID
    commitments: Annotated[list[Commitment], Field(min_length=1, max_length=50)]


class DutyPageChange(Body):
    """The commitments from now on."""

    commitments: Annotated[list[Commitment], Field(min_length=1, max_length=50)]


class CommitmentView(View):
    """A service commitment."""

    place: str | None
    text: str


class DutyView(View):
    """One duty or system of the text."""

    name: str
    label_zh: str
    label_en: str


class RoleCount(View):
    """How many people hold a post there."""

    role: str
    label_zh: str
    label_en: str
    people: int


class PublicPlace(View):
    """A place of the structure: what it does, how many work there and in which posts. No names of persons."""

    place: str
    label_zh: str
    label_en: str
    article: str | None
    duties_article: str | None
    duties: list[DutyView]
    people: int
    roles: list[RoleCount]


class DutySet(View):
    """Duties that the text writes together, with their article: of a category of worker, or systems of work."""

    name: str
    label_zh: str
    label_en: str
    article: str | None
    duties: list[DutyView]


class DutyPageSummary(View):
    """A public page in a list."""

    id: UUID
    community_unit_id: UUID
    community_title: str
    published_at: datetime


class DutyPageView(DutyPageSummary):
    """The public page. `finding` is `not_regulated` where the regulation writes no such structure."""

    finding: dict[str, Any]
    places: list[PublicPlace]
    categories: list[DutySet]
    systems: DutySet | None
    commitments: list[CommitmentView]
    counted_on: date
    pack_id: str
    pack_version: str
    version: int

"""What goes in and out of the read model of posts."""

from datetime import date
from uuid import UUID

from kernel.http.schema import Body, View


class PostNews(Body):
    """A post taken, as an event tells it; checked before it becomes a row."""

    id: UUID
    person_id: UUID
    unit_no: int
    community_unit_id: UUID
    role: str
    valid_from: date


class PostView(View):
    """A post held for the half-open days `[valid_from, valid_before)`."""

    id: UUID
    person_id: UUID
    unit_no: int
    role: str
    valid_from: date
    valid_before: date | None

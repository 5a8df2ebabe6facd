"""What goes in and out of the read model of posts."""

from datetime import date
from typing import Literal
from uuid import UUID

from kernel.http.schema import Body, View


class PostView(View):
    """A post as it is shown to officials; the person stands by id, the name is in the dossier."""

    id: UUID
    dossier_id: UUID
    person_id: UUID
    unit_no: int
    community_unit_id: UUID
    category: str
    role: str
    post_title: str
    valid_from: date
    valid_before: date | None


class PostNews(Body):
    """A post taken, as an event tells it; checked before it becomes a row."""

    id: UUID
    dossier_id: UUID
    person_id: UUID
    unit_no: int
    community_unit_id: UUID
    category: str
    role: str
    post_title: str
    source: Literal["post", "duty"]
    valid_from: date

"""What goes in and out of training needs over HTTP, and what opens one."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

NeedKind = Literal["pre_service"]
NeedState = Literal["open", "met"]

labelled("training.need_kind", {"pre_service": ("上岗前培训", "before taking up the post")})
labelled("training.need_state", {"open": ("未完成", "open"), "met": ("已完成", "met")})


class NeedView(View):
    """Hours owed and hours that count so far, in class hours (学时)."""

    id: UUID
    unit_no: int
    person_id: UUID
    kind: NeedKind
    cycle: str = Field(description="The round in which it is owed; empty for a need that arises once.")
    required_hours: Decimal
    credited_hours: Decimal
    missing_hours: Decimal
    forms: list[str] = Field(description="Forms of training that count toward it.")
    article: str | None
    opened_on: date
    met_on: date | None = Field(description="Last day of the class that completed the hours.")
    state: NeedState
    pack_id: str
    pack_version: str
    version: int


class NeedOpening(Body):
    """A need to open, as the hire's event and the pack give it; checked before it becomes a row."""

    person_id: UUID
    unit_no: int
    kind: NeedKind
    cycle: str = ""
    required_hours: Decimal = Field(gt=0, le=10_000)
    forms: list[str] = Field(min_length=1)
    article: str | None
    opened_on: date
    application_id: UUID | None
    pack_id: str
    pack_version: str

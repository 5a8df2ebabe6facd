"""Notices over HTTP."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from kernel.http.schema import Body, View

Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]


Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
"""An instant that can also be written in every time zone; the far ends of the calendar cannot."""
Day = Annotated[date, Field(ge=date(1900, 1, 1), lt=date(2200, 1, 1))]


class NoticeText(Body):
    """What a notice says. Instants carry their offset; days are of Asia/Shanghai, `birth_until` is included.

    `opens_at` left out: sign-up opens at once. `age_reference_date`: the day on which completed years are reckoned.
    """

    title: Line
    conditions: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    materials: Annotated[list[Line], Field(max_length=50, default_factory=list)]
    opens_at: Moment | None = None
    closes_at: Moment
    age_reference_date: Day
    birth_from: Day | None = None
    birth_until: Day | None = None


class NoticePublish(NoticeText):
    """A first notice, for a plan that is approved."""

    plan_id: UUID


class NoticeCorrection(NoticeText):
    """The whole corrected text, and why it was corrected."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class NoticeItemView(View):
    """Posts one can sign up for."""

    id: UUID
    community_unit_id: UUID
    community_title: str
    category: str
    post_title: str
    posts: int


class ItemProgress(NoticeItemView):
    """Posts, and for how many of them a hire was decided."""

    filled: int


class NoticeProgress(View):
    """How far the posts of a notice are filled."""

    notice_id: UUID
    items: list[ItemProgress]


class RevisionView(View):
    """One published text; the highest number holds."""

    number: int
    title: str
    conditions: str
    materials: list[str]
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    age_reference_date: date
    birth_from: date | None
    birth_until: date | None
    reason: str | None
    published_at: AwareDatetime


class NoticeSummary(View):
    """A notice in a list."""

    id: UUID
    title: str
    unit_id: UUID
    revision: int
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    published_at: AwareDatetime
    version: int


class DeclarationView(View):
    """A fact that the applicant states when signing up, because a condition of the regulation reads it."""

    name: str
    kind: str
    label_zh: str
    label_en: str
    values: dict[str, dict[str, str]]


class NoticeView(NoticeSummary):
    """A notice with every revision, newest first, its posts, and what an applicant has to state."""

    plan_id: UUID
    pack_id: str
    pack_version: str
    revisions: list[RevisionView]
    items: list[NoticeItemView]
    declarations: list[DeclarationView]

"""What recruitment publishes: plans approved, notices out, people signed up, and people hired (NM-8, NM-9, NM-12)."""

from typing import ClassVar

import msgspec

from kernel.events.event import Event

SOURCE = "recruitment"


class PlanApproved(Event, frozen=True, kw_only=True):
    """A recruitment plan passed its approval (NM-8). Aggregate: the plan."""

    source: ClassVar[str] = SOURCE
    aggregate: ClassVar[str] = "plan"
    name: ClassVar[str] = "approved"
    v: ClassVar[int] = 1

    plan_id: str
    organiser_unit_id: str
    organiser_unit_no: int
    posts: int
    pack_id: str
    pack_version: str


class NoticePublished(Event, frozen=True, kw_only=True):
    """A notice, or a correction of it, was published (NM-8). Aggregate: the notice."""

    source: ClassVar[str] = SOURCE
    aggregate: ClassVar[str] = "notice"
    name: ClassVar[str] = "published"
    v: ClassVar[int] = 1

    notice_id: str
    plan_id: str
    revision: int
    closes_at: str


class ApplicationSubmitted(Event, frozen=True, kw_only=True):
    """Somebody signed up (NM-8). Aggregate: the application."""

    source: ClassVar[str] = SOURCE
    aggregate: ClassVar[str] = "application"
    name: ClassVar[str] = "submitted"
    v: ClassVar[int] = 1

    application_id: str
    notice_id: str
    notice_item_id: str
    person_id: str


class ApplicationWithdrawn(Event, frozen=True, kw_only=True):
    """The applicant withdrew. Aggregate: the application."""

    source: ClassVar[str] = SOURCE
    aggregate: ClassVar[str] = "application"
    name: ClassVar[str] = "withdrawn"
    v: ClassVar[int] = 1

    application_id: str
    notice_id: str
    person_id: str


class QualificationConcluded(Event, frozen=True, kw_only=True):
    """The qualification review ended as `qualified` or `not_qualified` (NM-9, NM-11). Aggregate: the application."""

    source: ClassVar[str] = SOURCE
    aggregate: ClassVar[str] = "application"
    name: ClassVar[str] = "qualification_concluded"
    v: ClassVar[int] = 1

    application_id: str
    person_id: str
    outcome: str
    article: str | None


class Hired(Event, frozen=True, kw_only=True):
    """The hire was decided by procedure; a contract is to be signed (NM-12). Aggregate: the application.

    Sealed for roster: `full_name`, `id_number`, `phone`. `category` is the pack's category of worker.
    `decided_on` is a day of Asia/Shanghai, YYYY-MM-DD.
    """

    source: ClassVar[str] = SOURCE
    aggregate: ClassVar[str] = "application"
    name: ClassVar[str] = "hired"
    v: ClassVar[int] = 1

    application_id: str
    notice_id: str
    plan_id: str
    person_id: str
    category: str
    community_unit_id: str
    community_unit_no: int
    township_unit_id: str
    township_unit_no: int
    post_title: str
    decided_on: str
    pack_id: str
    pack_version: str


class PlanAsksForPosts(Event, frozen=True, kw_only=True):
    """A plan was submitted and asks roster to reserve posts (R1, NM-5). Aggregate: the plan.

    `unit_ids` and `posts` run in parallel: so many posts for that community. `round` counts the times that the plan
    asked; an answer names the one that it answers.
    """

    source: ClassVar[str] = SOURCE
    aggregate: ClassVar[str] = "plan"
    name: ClassVar[str] = "asks_for_posts"
    v: ClassVar[int] = 1

    plan_id: str
    unit_ids: list[str]
    posts: list[int]
    round: int = 1


class PlanEnded(Event, frozen=True, kw_only=True):
    """A plan ended without using (all of) its posts: what is still reserved is free again. Aggregate: the plan.

    `why` is one of `refused`, `rejected`, `withdrawn`, `returned`, `finished`. `round` is that of the request that
    ended. `unit_ids` and `filled` run in parallel: so many posts of that community were filled, whatever news of those
    hires is still on its way.
    """

    source: ClassVar[str] = SOURCE
    aggregate: ClassVar[str] = "plan"
    name: ClassVar[str] = "ended"
    v: ClassVar[int] = 1

    plan_id: str
    why: str
    round: int = 1
    unit_ids: list[str] = msgspec.field(default_factory=list)
    filled: list[int] = msgspec.field(default_factory=list)

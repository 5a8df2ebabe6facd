"""Plans over HTTP."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

PlanState = Literal["draft", "reserving", "submitted", "returned", "approved", "rejected", "refused", "finished"]
Seats = Literal["none", "asked", "held", "released", "refused"]
DayUnit = Literal["calendar", "working"]
EducationCode = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=120)]

labelled(
    "approval.fact.recruitment_plan",
    {
        "publicity_days": ("公示天数", "Days of publicity"),
        "publicity_unit": ("公示天数的单位", "Unit of those days"),
    },
)
labelled(
    "recruitment.plan_state",
    {
        "draft": ("拟制", "Draft"),
        "reserving": ("正在预留职数", "Posts being reserved"),
        "submitted": ("已报送", "Submitted"),
        "returned": ("已退回", "Returned"),
        "approved": ("已通过", "Approved"),
        "rejected": ("未通过", "Rejected"),
        "refused": ("职数不足，未予办理", "Refused: the posts are not free"),
        "finished": ("已结束", "Finished"),
    },
)
labelled(
    "recruitment.plan_seats",
    {
        "none": ("未申请", "Not asked for"),
        "asked": ("申请中", "Asked for"),
        "held": ("已预留", "Held"),
        "released": ("已释放", "Released"),
        "refused": ("未予预留", "Refused"),
    },
)
labelled("recruitment.day_unit", {"calendar": ("自然日", "Calendar days"), "working": ("工作日", "Working days")})


class PlanItemDraft(Body):
    """Posts asked for: `community_unit_id` is the community, `category` the pack's category of worker."""

    community_unit_id: UUID
    category: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    post_title: Title
    posts: Annotated[int, Field(ge=1, le=1000)]


class PlanDraft(Body):
    """A plan as drafted, for the unit of the acting post.

    `publicity_days` with `publicity_unit`: how long the list is made public, where the text leaves it to the plan.
    `relaxed_age_limit` (completed years) and `relaxed_education_codes` (GB/T 4658): how far the organiser may relax
    age and education; left out, nothing is relaxed. `over_reason`: why more posts are asked for than are free, where
    the regulation only warns of it.
    """

    title: Title
    publicity_days: Annotated[int, Field(ge=1, le=365)] | None = None
    publicity_unit: DayUnit | None = None
    relaxed_age_limit: Annotated[int, Field(ge=16, le=65)] | None = None
    relaxed_education_codes: Annotated[list[EducationCode], Field(max_length=50, default_factory=list)]
    over_reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    items: Annotated[list[PlanItemDraft], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def days_have_a_unit(self) -> "PlanDraft":
        """A number of days means nothing without calendar or working."""
        if (self.publicity_days is None) != (self.publicity_unit is None):
            raise ValueError("publicity_days and publicity_unit go together")
        return self


class PlanItemView(View):
    """Posts asked for."""

    id: UUID
    community_unit_id: UUID
    community_unit_no: int
    community_title: str
    category: str
    post_title: str
    posts: int


class PlanSummary(View):
    """A plan in a list."""

    id: UUID
    title: str
    state: PlanState
    unit_id: UUID
    unit_no: int
    case_id: UUID | None
    version: int


class PlanView(PlanSummary):
    """A plan with its posts. `pack_id` and `pack_version` name the regulation it was begun under.

    `seats` is what became of the request to keep the posts, `findings` whether they were free in each community.
    """

    level: str
    publicity_days: int | None
    publicity_unit: DayUnit | None
    relaxed_age_limit: int | None
    relaxed_education_codes: list[str]
    pack_id: str
    pack_version: str
    seats: Seats
    over_reason: str | None
    findings: list[dict[str, Any]]
    items: list[PlanItemView]

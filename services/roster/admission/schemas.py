"""What goes in and out of admission over HTTP. Periods are half-open."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

AdmissionState = Literal["needs_determination", "applied", "admitted", "adjusted", "removed", "refused", "withdrawn"]
Role = Literal["responsible_body", "help"]
Stationing = Literal["long_term", "short_term"]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Title = Annotated[str, StringConstraints(min_length=2, max_length=100)]
Content = Annotated[str, StringConstraints(min_length=2, max_length=2000)]
Reason = Annotated[str, StringConstraints(min_length=2, max_length=500)]
WORK = "matter"
"""The register of work; only work has a matter and a role."""

labelled(
    "approval.fact.admission",
    {
        "register_kind": ("登记类别", "Register"),
        "matter": ("事项类别", "Matter"),
        "role": ("社区承担方式", "Role of the community"),
        "title": ("事项名称", "Title"),
    },
)
labelled(
    "roster.admission_state",
    {
        "needs_determination": ("待认定", "waits for a determination"),
        "applied": ("待批", "applied for"),
        "admitted": ("已准入", "admitted"),
        "adjusted": ("已调整", "adjusted"),
        "removed": ("已退出", "removed"),
        "refused": ("未准入", "refused"),
        "withdrawn": ("已撤回", "withdrawn"),
    },
)
labelled(
    "roster.admission_role",
    {"responsible_body": ("责任主体", "responsible body"), "help": ("协助", "help")},
)


labelled(
    "roster.admission_stationing",
    {"long_term": ("长期进驻", "stationed for long"), "short_term": ("短期或者临时进入", "short-term or temporary")},
)


class Means(Body):
    """With what means the applicant comes (费随事转): `ready_on` is the day on which its staff or funds are there."""

    stationing: Stationing
    pays_staff: bool = False
    pays_office: bool = False
    sends_staff: bool = False
    sends_funds: bool = False
    ready_on: Day | None = None
    facilities: bool = False
    training: bool = False

    @model_validator(mode="after")
    def says_when(self) -> Self:
        """Staff or funds that are sent have a day."""
        if (self.sends_staff or self.sends_funds) != (self.ready_on is not None):
            text = Text(
                "派出人员或者下拨经费的，写明到位日", "staff or funds that are sent have a day, nothing else has"
            )
            raise PydanticCustomError("ready_on", "{text}", {"text": text})
        return self


class AdmissionApply(Body):
    """What a department wants of a community, until when (an end date is always set: ours, no text asks for it).

    Work names its `matter` (of the regulation's list, or `other`) and the community's `role` in it. `means` are asked
    for where the regulation writes who pays.
    """

    community_unit_id: UUID
    register_kind: Word
    matter: Word | None = None
    role: Role | None = None
    title: Title
    content: Content
    valid_from: Day
    valid_before: Day
    means: Means | None = None

    @model_validator(mode="after")
    def holds_together(self) -> Self:
        """Work has matter and role, nothing else has; the period has a day."""
        if (self.register_kind == WORK) != (self.matter is not None) or (self.matter is None) != (self.role is None):
            text = Text(
                "工作事务须写明事项和角色，其他种类不写", "work names matter and role; the other registers do not"
            )
            raise PydanticCustomError("matter", "{text}", {"text": text})
        if self.valid_before <= self.valid_from:
            text = Text("结束日期应在开始日期之后", "it ends after it starts")
            raise PydanticCustomError("period", "{text}", {"text": text})
        return self


class BarredFinding(Body):
    """Whether a matter outside the list is one of those for which a community is never the responsible body."""

    barred: bool
    reason: Reason


class Adjustment(Body):
    """What something admitted is from now on."""

    content: Content
    valid_before: Day
    reason: Reason


class Removal(Body):
    """Why something admitted is taken off the register."""

    reason: Reason


class Decline(Body):
    """What was asked of the community without admission, and by whom. `admission_id`: where one is pointed at."""

    asked_by: Title
    register_kind: Word
    title: Title
    reason: Reason
    admission_id: UUID | None = None


class ChangeView(View):
    """An adjustment or removal, with what stood before."""

    kind: Literal["adjusted", "removed"]
    reason: str
    content_before: str
    valid_before_before: date
    changed_at: datetime


class AdmissionSummary(View):
    """An admission in a list."""

    id: UUID
    unit_no: int
    community_unit_id: UUID
    community_title: str
    applicant_unit_title: str
    applicant_department: str
    register_kind: str
    matter: str | None
    role: Role | None
    title: str
    valid_from: date
    valid_before: date
    state: AdmissionState
    case_id: UUID | None
    version: int


class AdmissionView(AdmissionSummary):
    """An admission with its findings and history."""

    applicant_unit_id: UUID
    content: str
    means: dict[str, Any] | None
    findings: list[dict[str, Any]]
    determined_barred: bool | None
    determined_reason: str | None
    determined_at: datetime | None
    applied_at: datetime
    admitted_on: date | None
    removed_on: date | None
    changes: list[ChangeView]
    pack_id: str
    pack_version: str


class AdmittedView(View):
    """A line of the public register."""

    id: UUID
    community_unit_id: UUID
    community_title: str
    applicant_unit_title: str
    applicant_department: str
    register_kind: str
    matter: str | None
    role: Role | None
    title: str
    content: str
    valid_from: date
    valid_before: date
    state: Literal["admitted", "adjusted"]


class DeclinedView(View):
    """What a community declined."""

    id: UUID
    unit_no: int
    community_unit_id: UUID
    asked_by: str
    register_kind: str
    title: str
    reason: str
    article: str | None
    declined_at: datetime

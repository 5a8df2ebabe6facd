"""Notices over HTTP."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View
from services.recruitment.vocabulary import ExamPart, MaterialKind

Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]


Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
"""An instant that can also be written in every time zone; the far ends of the calendar cannot."""
Day = Annotated[date, Field(ge=date(1900, 1, 1), lt=date(2200, 1, 1))]


PassLine = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]

labelled(
    "recruitment.material_kind",
    {
        "identity_card": ("身份证件", "Identity document"),
        "diploma": ("学历证书", "Diploma"),
        "photo": ("照片", "Photograph"),
        "certificate": ("职业资格证书", "Professional certificate"),
        "identity_proof": ("身份证明（党员、志愿者、退役军人等）", "Proof of a listed identity"),
        "work_proof": ("在岗证明", "Proof of a post held"),
        "other": ("其他材料", "Other"),
    },
)
labelled("recruitment.exam_part", {"written": ("笔试", "Written exam"), "interview": ("面试", "Interview")})


class Material(Body):
    """A document that applicants hand in; without a required one nobody is found qualified."""

    kind: MaterialKind
    title: Line
    required: bool = False


class ExamTerms(Body):
    """How the exam is held and composed. What is left out is the default of the pack, shown as *ours*.

    Weights in basis points, both or none, summing to 10,000; a part of weight 0 is not held. `interview_ratio`: so
    many candidates to a post enter the interview, with all who tie at the last place. `tie_break`: what decides
    between equal totals after the regulation's priority. `decimals`: places of averages and totals, rounded half up.
    `replacement_rounds`: how often a place that falls free goes on to the next in rank.
    """

    written_weight: Annotated[int, Field(ge=0, le=10_000)] | None = None
    interview_weight: Annotated[int, Field(ge=0, le=10_000)] | None = None
    written_pass: PassLine | None = None
    interview_pass: PassLine | None = None
    interview_ratio: Annotated[int, Field(ge=1, le=50)] | None = None
    tie_break: Annotated[list[ExamPart], Field(max_length=2)] | None = None
    decimals: Annotated[int, Field(ge=0, le=4)] | None = None
    replacement_rounds: Annotated[int, Field(ge=0, le=20)] | None = None


class ExamTermsView(View):
    """The terms in force; `ours` names those that no article and no notice states: defaults of this system."""

    written_weight: int
    interview_weight: int
    written_pass: Decimal | None
    interview_pass: Decimal | None
    interview_ratio: int
    tie_break: list[ExamPart]
    decimals: int
    replacement_rounds: int
    ours: list[str]


class NoticeText(Body):
    """What a notice says. Instants carry their offset; days are of Asia/Shanghai, `birth_until` is included.

    `opens_at` left out: sign-up opens at once. `age_reference_date`: the day on which conditions hold and completed
    years are reckoned; left out, where no condition of the regulation asks for an age, the day on which sign-up closes.
    """

    title: Line
    conditions: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    materials: Annotated[list[Material], Field(max_length=50, default_factory=list)]
    exam: ExamTerms | None = None
    opens_at: Moment | None = None
    closes_at: Moment
    age_reference_date: Day | None = None
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
    materials: list[Material]
    exam: ExamTermsView | None
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
    required: bool = Field(description="False: a claim to priority, left out by whoever has none.")


class NoticeView(NoticeSummary):
    """A notice with every revision, newest first, its posts, and what an applicant has to state."""

    plan_id: UUID
    pack_id: str
    pack_version: str
    revisions: list[RevisionView]
    exam: ExamTermsView | None
    items: list[NoticeItemView]
    declarations: list[DeclarationView]

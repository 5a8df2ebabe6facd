"""What goes in and out of the regulation room over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from kernel.http.figures import FigurePath, FigureValue
from kernel.http.interpretations import InterpretationView
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

LocalState = Literal["proposed", "in_force", "rejected", "superseded"]
labelled(
    "regulation.local_parameter.state",
    {
        "proposed": ("待审批", "Proposed"),
        "in_force": ("已批准", "In force"),
        "rejected": ("未通过", "Rejected"),
        "superseded": ("已被替代", "Superseded"),
    },
)
FigureState = Literal["set", "not_regulated", "national", "deferred", "unresolved"]
labelled(
    "regulation.figure.state",
    {
        "set": ("已规定", "Set"),
        "not_regulated": ("本办法未规定", "Not regulated here"),
        "national": ("适用国家规定", "The statute applies"),
        "deferred": ("由指定层级制定", "Left to a level"),
        "unresolved": ("载于未取得的文件", "In a document that is not loaded"),
    },
)
Line = Annotated[str, Field(min_length=1, max_length=500)]


class PackVersionView(View):
    """A published version of the tenant's regulation."""

    id: UUID
    pack_id: str
    pack_version: str
    digest: str
    valid_from: date
    valid_before: date | None = Field(description="The first day on which it no longer holds.")


class ArticleView(View):
    """An article: its text, what became of it, and where the system rests on it."""

    number: str
    status: str
    text: str | None
    detail: dict[str, Any]
    interpretations: list[InterpretationView]


Words = dict[str, str]
"""One name in Chinese and English: `zh`, `en`."""


class WorkflowTerms(View):
    """What a workflow and its steps are called."""

    label: Words
    article: str | None
    steps: dict[str, Words]


class TermsView(View):
    """The names that the regulation in force gives to what answers name by a code; the code is the key."""

    levels: dict[str, Words]
    departments: dict[str, Words] = Field(description="The names that hold today.")
    facts: dict[str, Words]
    workflows: dict[str, WorkflowTerms]


class EvaluateBody(Body):
    """Facts on which to try a rule; nothing is stored."""

    rule: str
    facts: dict[str, Any]
    on: date | None = None


class FindingView(View):
    """What the rule says about those facts."""

    rule: str
    article: str | None
    words: str | None
    facts: dict[str, Any]
    outcome: str
    value: Any
    message: dict[str, str]
    remarks: list[dict[str, str]]


class LocalParameterProposal(Body):
    """A figure that the acting office sets for its unit; in force from `valid_from` once approved."""

    path: FigurePath
    unit_id: UUID
    value: FigureValue
    valid_from: date
    source: Line = Field(description="The document that sets the figure: title and number.")
    reason: Line


class LocalParameterDecision(Body):
    """What the approver of the same office says; a rejection gives its reason in `comment`."""

    action: Literal["approve", "reject"]
    comment: Line | None = None


class LocalParameterView(View):
    """A local parameter; `valid_before` is the first day on which it no longer holds."""

    id: UUID
    path: str
    unit_id: UUID
    value: Any
    valid_from: date
    valid_before: date | None
    source: str
    reason: str
    article: str | None
    state: LocalState
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    comment: str | None
    case_id: UUID | None = Field(description="The approval by which it was set, where the regulation asks for one.")


class FigureView(View):
    """A figure as it stands: its value, or why there is none. Silence is never zero."""

    path: str
    label: dict[str, str]
    kind: str
    unit: str | None
    state: FigureState
    value: Any = Field(description="Null unless the state is `set`.")
    article: str | None
    words: str | None
    source: str | None = Field(description="The document of the value, where it is not the article's own text.")
    statute: str | None = Field(description="What applies instead, in the state `national`.")
    waits_for: str | None = Field(description="The level or document that the figure is left to.")
    set_by: dict[str, str] | None = Field(
        description="The department and level that may set it locally, and the workflow by which it does, if any."
    )

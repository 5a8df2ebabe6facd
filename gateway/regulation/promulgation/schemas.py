"""What goes in and out of drafts and publication over HTTP."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from gateway.regulation.schemas import Line
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

DraftState = Literal["checked", "published", "rejected"]
labelled(
    "regulation.draft.state",
    {"checked": ("已校验", "Checked"), "published": ("已发布", "Published"), "rejected": ("未采用", "Rejected")},
)
ChangeKind = Literal["added", "removed", "changed"]
labelled(
    "regulation.change.kind",
    {"added": ("新增", "Added"), "removed": ("删去", "Removed"), "changed": ("修改", "Changed")},
)
FileName = Annotated[str, Field(pattern=r"^(cases/)?[a-z0-9][a-z0-9_-]{0,60}\.(yaml|txt)$")]
FileText = Annotated[str, Field(max_length=400_000)]


class DraftBody(Body):
    """The files of the pack's folder by name, as they lie beside `pack.yaml`, and the cases below `cases/`."""

    files: dict[FileName, FileText] = Field(min_length=1, max_length=200)
    note: Line = Field(description="What this version changes and why.")


class DraftView(View):
    """A draft that passed its check, and what became of it."""

    id: UUID
    pack_id: str
    pack_version: str
    digest: str
    note: str
    state: DraftState
    submitted_by: UUID
    submitted_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    valid_from: date | None
    document: str | None
    comment: str | None
    version_id: UUID | None = Field(description="The published version that came of it.")


class DraftDecision(Body):
    """What an approver of the issuing organ says; publishing names the day and the document."""

    action: Literal["publish", "reject"]
    valid_from: date | None = Field(default=None, description="The first day of the version; today at the earliest.")
    document: Line | None = Field(default=None, description="The decision of the issuing organ: title and number.")
    comment: Line | None = None


class ChangeView(View):
    """One difference between two versions, in words; `member` names it as the pack does."""

    section: str
    member: str
    kind: ChangeKind
    article: str | None
    text: dict[str, str]


class DifferenceView(View):
    """What the later of two versions changes, in the order of the text."""

    earlier: str
    later: str
    changes: list[ChangeView]

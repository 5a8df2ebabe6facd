"""What goes in and out of resignations over HTTP."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

ResignationState = Literal["given", "withdrawal_asked", "withdrawn", "by_agreement", "by_party_rules"]
EndState = Literal["waiting", "done", "cancelled", "void"]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]

labelled(
    "roster.resignation_state",
    {
        "given": ("已提出", "given"),
        "withdrawal_asked": ("请求撤回", "withdrawal asked for"),
        "withdrawn": ("已撤回", "withdrawn"),
        "by_agreement": ("按服务协议办理", "as agreed"),
        "by_party_rules": ("按党内法规和法律法规办理", "by Party rules and law"),
    },
)
labelled(
    "roster.ending_state",
    {
        "waiting": ("待届满", "waiting for its day"),
        "done": ("已办结", "done"),
        "cancelled": ("已取消", "cancelled"),
        "void": ("不再适用", "void"),
    },
)


class ResignationBody(Body):
    """One's written resignation. Without `last_day` it is the day on which the statute's notice ends."""

    notice: Annotated[str, StringConstraints(min_length=4, max_length=2000)] = Field(repr=False)
    last_day: Day | None = None


class HandOver(Body):
    """The hand-over was done. It is a duty, not a condition: the contract ends without it."""

    done_on: Day


class Approval(Body):
    """The Party organisation of the community approves; what it is for follows from the relation (SH-26)."""

    comment: Annotated[str, StringConstraints(min_length=2, max_length=500)]


class ResignationView(View):
    """A resignation, without its text. `end` says what became of the end: null while none is fixed."""

    id: UUID
    dossier_id: UUID
    person_id: UUID
    relation: str
    given_on: date
    last_day: date | None
    state: ResignationState
    end: EndState | None
    approved_on: date | None = Field(description="Null where it was not approved, or no approval is regulated.")
    handed_over_on: date | None
    findings: list[dict[str, Any]]
    version: int


class ResignationText(View):
    """The written resignation itself. Each reading is audited."""

    id: UUID
    notice: str

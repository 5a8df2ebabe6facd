"""What goes in and out of reorganisations over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from gateway.directory.schemas import Kind, Title
from kernel.http.schema import Body, View

Code = Annotated[str, Field(pattern=r"^(\d{6}|\d{12})$", description="GB/T 2260, or the statistical code of 12 digits")]
Level = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,19}$")]
Words = Annotated[str, Field(min_length=1, max_length=500)]


class Decided(Body):
    """On which day it takes effect, why, and by which decision. Today is carried out at once, later on its day."""

    valid_from: date
    reason: Words
    document: Words


class UnitMake(Decided):
    """A new unit under another one."""

    parent_id: UUID
    level: Level
    code: Code
    title: Title


class UnitRenaming(Decided):
    """Another name from a day on."""

    title: Title


class UnitMove(Decided):
    """Another unit above it, with all that lies below."""

    parent_id: UUID


class _Closing(Decided):
    """What becomes of the posts still held on the day; the departments end with the unit."""

    posts: Annotated[
        Literal["end", "move", "refuse"],
        Field(
            default="end",
            description="`end`: they end on the day. `move`: their holders get the same in the successor's department"
            " of that kind, set up where it has none; the three administrators' end. `refuse`: nothing is done while"
            " somebody holds one; the answer names them.",
        ),
    ]


class UnitMerge(_Closing):
    """It is closed; what it had is of `into_id`, a unit of the same level."""

    into_id: UUID


class UnitPart(Body):
    """A unit that is split off, of the same level under the same parent, with these of the units below.

    `departments`: those of these kinds are set up there, too; without it, all that the unit has. `posts`: who holds
    these posts of the unit is given the same there; the others stay.
    """

    code: Code
    title: Title
    children: Annotated[list[UUID], Field(default_factory=list, max_length=200)]
    departments: Annotated[list[Kind], Field(max_length=50)] | None = None
    posts: Annotated[list[UUID], Field(default_factory=list, max_length=500)]


class UnitSplit(Decided):
    """Units that are split off; whatever is not named stays."""

    parts: Annotated[list[UnitPart], Field(min_length=1, max_length=20)]


class UnitClosure(_Closing):
    """It is closed. With open units below a successor is named, to which all of it goes, as in a merger."""

    successor_id: UUID | None = None


class Withdrawal(Body):
    """Why a planned reorganisation does not take place."""

    reason: Words


class ReorganisationView(View):
    """One act on the tree. `state`: planned, done, refused on its day (`refused` says why), or withdrawn."""

    id: UUID
    kind: str
    unit_id: UUID
    state: str
    valid_from: date
    reason: str
    document: str
    details: dict[str, Any]
    refused: str | None
    done_at: datetime | None
    version: int


class UnitVersionView(View):
    """What a unit was in a half-open period, and the act that made it so."""

    unit_id: UUID
    title: str
    level: str
    code: str
    parent_id: UUID | None
    valid_from: date
    valid_before: date | None
    operation_id: UUID | None

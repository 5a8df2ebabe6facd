"""The exam over HTTP. Scores travel as decimal text, so that every row's fault can be named in words."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View
from services.recruitment.vocabulary import ExamPart

Part = ExamPart
ExamState = Literal["seated", "interview", "fixed"]
ROWS = 5_000
"""The largest sitting of a banner has some thousands; larger ones come in several imports."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Ticket = Annotated[str, StringConstraints(min_length=1, max_length=20)]
Written = Annotated[str, StringConstraints(min_length=1, max_length=12)]

labelled(
    "recruitment.exam_state",
    {
        "seated": ("已编排考场", "Seats given"),
        "interview": ("笔试已结束，进入面试", "Written exam closed, interviews"),
        "fixed": ("排名已确定", "Ranking fixed"),
    },
)


class Room(Body):
    """A room with so many seats."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    seats: Annotated[int, Field(ge=1, le=2_000)]


class Seating(Body):
    """Where and when the exam is held. Tickets and seats are given in an order that nobody chose."""

    place: Line
    held_at: AwareDatetime
    rooms: Annotated[list[Room], Field(min_length=1, max_length=200)]


class Attendance(Body):
    """Who did not come, by ticket; `present` takes back an absence that was marked wrongly."""

    absent: Annotated[list[Ticket], Field(max_length=ROWS, default_factory=list)]
    present: Annotated[list[Ticket], Field(max_length=ROWS, default_factory=list)]


class ScoreRow(Body):
    """One candidate's score, named by ticket or application; at most two decimals."""

    ticket: Ticket | None = None
    application_id: UUID | None = None
    score: Written


class PanelMark(Body):
    """What one examiner of the panel gave; a recused one gives nothing and says why."""

    examiner: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    score: Written | None = None
    recused: bool = False
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None


class PanelRow(Body):
    """One candidate's interview: the marks of the panel."""

    ticket: Ticket | None = None
    application_id: UUID | None = None
    marks: Annotated[list[PanelMark], Field(min_length=1, max_length=30)]


class Import(Body):
    """`dry_run`: look at every row, store nothing. `correction_reason`: the rows replace scores recorded before."""

    dry_run: bool = False
    correction_reason: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None


class WrittenImport(Import):
    """Scores of the written exam: all rows or none."""

    rows: Annotated[list[ScoreRow], Field(min_length=1, max_length=ROWS)]


class InterviewImport(Import):
    """Marks of the interview: all rows or none."""

    rows: Annotated[list[PanelRow], Field(min_length=1, max_length=1_000)]


class RowError(View):
    """What is wrong with one row; `row` counts from 1."""

    row: int
    pointer: str
    message_zh: str
    message_en: str


class ImportView(View):
    """What an import did, or would do: `stored` rows, or the faults that stand against it."""

    notice_id: UUID
    part: Part
    dry_run: bool
    rows: int
    stored: int
    errors: list[RowError]


class ExamView(View):
    """How far the exam of a notice is."""

    notice_id: UUID
    state: ExamState
    place: str
    held_at: AwareDatetime
    candidates: int
    fixed_at: AwareDatetime | None
    version: int


class CandidateView(View):
    """A candidate with ticket, seat, attendance and the scores that hold."""

    application_id: UUID
    item_id: UUID
    ticket: str
    room: str
    seat: int
    written_absent: bool
    interview_absent: bool
    interviewed: bool | None
    written: Decimal | None
    interview: Decimal | None


class TicketView(View):
    """The admission ticket (准考证) as its holder reads it, with the own scores once they stand."""

    application_id: UUID
    ticket: str
    place: str
    room: str
    seat: int
    held_at: AwareDatetime
    interviewed: bool | None
    written: Decimal | None
    interview: Decimal | None

"""Operations on the exam of a notice, and the applicant's own admission ticket."""

from uuid import UUID

from kernel.errors import ParameterNotSet, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.recruitment import permissions
from services.recruitment.exam import actions, queries
from services.recruitment.exam.schemas import (
    Attendance,
    CandidateView,
    ExamView,
    ImportView,
    InterviewImport,
    Part,
    Seating,
    TicketView,
    WrittenImport,
)

router = Router(service="recruitment", tag="exam")
IMPORT_BYTES = 2 * 1024 * 1024
"""A full import of interview marks: a thousand candidates with a panel of nine."""


@router.post(
    "/notices/{notice_id}/exam",
    permission=permissions.EXAM_RUN,
    creates=True,
    articles=["NM-8", "SH-8"],
    problems=[WrongState, ParameterNotSet],
)
async def seat_exam(tx: Tx, notice_id: UUID, body: Seating) -> ExamView:
    """Give every qualified applicant an admission ticket, a room and a seat."""
    return await actions.seat(tx, notice_id, body)


@router.get("/notices/{notice_id}/exam", permission=permissions.EXAM_READ, articles=["NM-8", "SH-8"])
async def read_exam(tx: Tx, notice_id: UUID) -> ExamView:
    """How far the exam is."""
    return await queries.view(tx, notice_id)


@router.get("/notices/{notice_id}/exam/candidates", permission=permissions.EXAM_READ, articles=["NM-8", "SH-8"])
async def list_candidates(tx: Tx, page: PageOf, notice_id: UUID) -> Page[CandidateView]:
    """Candidates by ticket, with seats, attendance and scores."""
    found = await queries.listed(tx, notice_id, page.limit, page.after)
    items, following = page.page(found, lambda each: (each.ticket,))
    return Page(items=items, next=following)


@router.post(
    "/notices/{notice_id}/exam/{part}/attendance",
    permission=permissions.EXAM_RUN,
    creates=True,
    articles=["NM-8", "SH-8"],
    problems=[WrongState],
)
async def record_absences(tx: Tx, notice_id: UUID, part: Part, body: Attendance) -> ExamView:
    """Record who did not come to a part."""
    return await actions.mark_absent(tx, notice_id, part, body)


@router.post(
    "/notices/{notice_id}/exam/written/scores",
    permission=permissions.SCORE_IMPORT,
    creates=True,
    articles=["NM-8", "SH-8"],
    problems=[WrongState],
    body_limit=IMPORT_BYTES,
)
async def import_written_scores(tx: Tx, notice_id: UUID, body: WrittenImport) -> ImportView:
    """Import scores of the written exam, all rows or none; with `dry_run` only look at them."""
    return await actions.import_written(tx, notice_id, body)


@router.post(
    "/notices/{notice_id}/exam/written/close",
    permission=permissions.EXAM_RUN,
    creates=True,
    articles=["NM-8", "SH-8"],
    problems=[WrongState],
)
async def close_written_exam(tx: Tx, notice_id: UUID) -> ExamView:
    """End the written exam; who enters the interview follows from the notice's ratio and pass line."""
    return await actions.close_written(tx, notice_id)


@router.post(
    "/notices/{notice_id}/exam/interview/scores",
    permission=permissions.SCORE_IMPORT,
    creates=True,
    articles=["NM-8", "SH-8"],
    problems=[WrongState],
    body_limit=IMPORT_BYTES,
)
async def import_interview_scores(tx: Tx, notice_id: UUID, body: InterviewImport) -> ImportView:
    """Import the marks of the panel, all rows or none; recused examiners do not count."""
    return await actions.import_interview(tx, notice_id, body)


@router.get(
    "/my/applications/{application_id}/ticket", permission=permissions.APPLICATION_OWN, articles=["NM-8", "SH-8"]
)
async def read_my_ticket(tx: Tx, application_id: UUID) -> TicketView:
    """One's own admission ticket, and one's scores."""
    return await queries.ticket(tx, application_id)

"""Operations on attendance."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.calendar import CalendarMissing
from kernel.errors import RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.attendance import actions, queries
from services.roster.attendance.schemas import (
    AbsenceBody,
    AbsenceView,
    Annulment,
    CountersView,
    OverstayFinding,
    OverstayView,
    ReviewFinding,
    ReviewView,
)
from services.roster.leave.schemas import DayUnit
from services.roster.permissions import ABSENCE_DETERMINE, LEAVE_OWN, LEAVE_READ

router = Router(service="roster", tag="attendance")

ARTICLES = ["NM-27", "SH-25"]
Year = Annotated[int | None, Query(ge=2000, lt=2200, description="A calendar year; without it, this one.")]
Unit = Annotated[
    DayUnit | None,
    Query(description="With calendar, calendar days are counted and nothing is judged against the limits."),
]


@router.post(
    "/absences",
    permission=ABSENCE_DETERMINE,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[RuleRefused, WrongState],
)
async def determine_absence(tx: Tx, body: AbsenceBody) -> AbsenceView:
    """Determine days of absence without valid reason (旷工), in one's own name."""
    return await actions.determine(tx, body)


@router.get("/absences", permission=LEAVE_READ, articles=ARTICLES)
async def list_absences(
    tx: Tx, paging: PageOf, dossier_id: Annotated[UUID | None, Query()] = None
) -> Page[AbsenceView]:
    """The determinations of the scope."""
    return await queries.page(tx, paging, dossier_id=dossier_id)


@router.get("/absences/{absence_id}", permission=LEAVE_READ, articles=ARTICLES)
async def read_absence(tx: Tx, absence_id: UUID) -> AbsenceView:
    """One determination."""
    return queries.view(await queries.get(tx, absence_id))


@router.post(
    "/absences/{absence_id}/annul",
    permission=ABSENCE_DETERMINE,
    creates=True,
    articles=ARTICLES,
    problems=[WrongState],
)
async def annul_absence(tx: Tx, absence_id: UUID, body: Annulment) -> AbsenceView:
    """Take a determination back, with the reason."""
    return await actions.annul(tx, absence_id, body)


@router.post(
    "/leaves/{leave_id}/overstay",
    permission=ABSENCE_DETERMINE,
    creates=True,
    articles=ARTICLES,
    problems=[RuleRefused, WrongState],
)
async def settle_overstay(tx: Tx, leave_id: UUID, body: OverstayFinding) -> OverstayView:
    """Determine whether leave was overstayed without valid reason (超假), in one's own name."""
    return await actions.settle_overstay(tx, leave_id, body)


@router.get(
    "/dossiers/{dossier_id}/absence-counters", permission=LEAVE_READ, articles=ARTICLES, problems=[CalendarMissing]
)
async def read_absence_counters(tx: Tx, dossier_id: UUID, year: Year = None, unit: Unit = None) -> CountersView:
    """A worker's absence in a year, beside the limits that the regulation writes."""
    return await actions.counters(tx, dossier_id, year, calendar_only=unit == "calendar")


@router.post(
    "/dossiers/{dossier_id}/absence-review",
    permission=ABSENCE_DETERMINE,
    creates=True,
    articles=["SH-25"],
    problems=[RuleRefused, CalendarMissing],
)
async def review_absence(tx: Tx, dossier_id: UUID, body: ReviewFinding) -> ReviewView:
    """Find, in one's own name, whether absence above a limit in calendar days alone is the ground of exit."""
    return await actions.review(tx, dossier_id, body)


@router.get("/own/absences", permission=LEAVE_OWN, articles=ARTICLES)
async def own_absences(tx: Tx) -> Page[AbsenceView]:
    """What was determined about the person who asks."""
    return Page[AbsenceView](items=await queries.own(tx))


@router.get("/own/absence-counters", permission=LEAVE_OWN, articles=ARTICLES, problems=[CalendarMissing])
async def own_absence_counters(tx: Tx, year: Year = None, unit: Unit = None) -> CountersView:
    """One's own counters."""
    return await actions.own_counters(tx, year, calendar_only=unit == "calendar")

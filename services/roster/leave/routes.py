"""Operations on leave: a worker's own, and the township's."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.calendar import CalendarMissing
from kernel.errors import ParameterNotSet, RuleRefused, WrongState
from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page
from services.roster.leave import actions, queries
from services.roster.leave.schemas import (
    BalanceView,
    EarlierWorkBody,
    EarlierWorkView,
    LeaveKindView,
    LeaveRequest,
    LeaveState,
    LeaveView,
    OwnLeaveRequest,
    Return,
)
from services.roster.permissions import LEAVE_KINDS, LEAVE_OWN, LEAVE_READ, LEAVE_RECORD

router = Router(service="roster", tag="leave")

ARTICLES = ["NM-15", "NM-27", "SH-17", "AL-3", "FEL-7"]
REFUSALS = [RuleRefused, WrongState, CalendarMissing, ParameterNotSet]
Year = Annotated[int | None, Query(ge=2000, lt=2200, description="A calendar year; without it, this one.")]


@router.get("/leave-kinds", permission=LEAVE_KINDS, articles=ARTICLES)
async def list_leave_kinds(tx: Tx) -> Page[LeaveKindView]:
    """The kinds of leave here, with unit and most days."""
    return Page[LeaveKindView](items=await actions.kinds(tx))


@router.post("/own/leaves", permission=LEAVE_OWN, creates=True, status_code=201, articles=ARTICLES, problems=REFUSALS)
async def ask_for_leave(tx: Tx, body: OwnLeaveRequest) -> LeaveView:
    """Ask for one's own leave."""
    return await actions.ask(tx, body)


@router.get("/own/leaves", permission=LEAVE_OWN, articles=["NM-27"])
async def own_leaves(tx: Tx) -> Page[LeaveView]:
    """The leave of the person who asks."""
    return Page[LeaveView](items=await queries.own(tx))


@router.post("/own/leaves/{leave_id}/withdraw", permission=LEAVE_OWN, creates=True, articles=["NM-27"])
async def withdraw_own_leave(tx: Tx, leave_id: UUID) -> LeaveView:
    """Take back one's own request before it is decided."""
    return await actions.withdraw(tx, leave_id)


@router.get("/own/leave-balance", permission=LEAVE_OWN, articles=["AL-2", "AL-3", "ALM-5"], problems=[ParameterNotSet])
async def own_leave_balance(tx: Tx, year: Year = None) -> BalanceView:
    """One's own annual leave."""
    return await actions.own_balance(tx, year)


@router.post("/leaves", permission=LEAVE_RECORD, creates=True, status_code=201, articles=ARTICLES, problems=REFUSALS)
async def record_leave(tx: Tx, body: LeaveRequest) -> LeaveView:
    """Record a worker's request for leave; another official of the township decides on it."""
    return await actions.record(tx, body)


@router.get("/leaves", permission=LEAVE_READ, articles=["NM-27"])
async def list_leaves(
    tx: Tx,
    paging: PageOf,
    dossier_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[LeaveState | None, Query()] = None,
    on: Annotated[IsoDay | None, Query(description="Leave that covers this day.")] = None,
) -> Listed[LeaveView]:
    """The leave of the scope."""
    return await queries.page(tx, paging, dossier_id=dossier_id, state=state, on=on)


@router.get("/leaves/{leave_id}", permission=LEAVE_READ, articles=["NM-27"])
async def read_leave(tx: Tx, leave_id: UUID) -> LeaveView:
    """One leave."""
    return queries.view(await queries.get(tx, leave_id))


@router.post(
    "/leaves/{leave_id}/return", permission=LEAVE_RECORD, creates=True, articles=["NM-27"], problems=[WrongState]
)
async def register_return(tx: Tx, leave_id: UUID, body: Return) -> LeaveView:
    """Register the return from leave (销假)."""
    return await actions.register_return(tx, leave_id, body)


@router.get(
    "/dossiers/{dossier_id}/leave-balance",
    permission=LEAVE_READ,
    articles=["AL-2", "AL-3", "ALM-5"],
    problems=[ParameterNotSet],
)
async def read_leave_balance(tx: Tx, dossier_id: UUID, year: Year = None) -> BalanceView:
    """Annual leave of a worker in a year."""
    return await actions.balance(tx, dossier_id, year)


@router.post(
    "/dossiers/{dossier_id}/earlier-work",
    permission=LEAVE_RECORD,
    creates=True,
    status_code=201,
    articles=["AL-3"],
)
async def state_earlier_work(tx: Tx, dossier_id: UUID, body: EarlierWorkBody) -> EarlierWorkView:
    """State months of work with other employers, which annual leave counts."""
    return await actions.state_earlier_work(tx, dossier_id, body)

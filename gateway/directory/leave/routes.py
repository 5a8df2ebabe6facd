"""HTTP of officials' leaves: under the user who is away."""

from uuid import UUID

from fastapi import Request

from gateway.directory import permissions
from gateway.directory.leave import actions, queries
from gateway.directory.leave.schemas import LeaveBody, LeaveEnd, LeaveView
from gateway.directory.substitution.routes import tell_edges
from kernel.errors import RuleRefused, WrongState
from kernel.http.etag import IfMatch
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page

router = Router(service="directory", tag="directory")


@router.post(
    "/users/{user_id}/leaves",
    permission=permissions.SUBSTITUTE_WRITE,
    creates=True,
    status_code=201,
    problems=[RuleRefused],
)
async def record_leave(tx: Tx, user_id: UUID, body: LeaveBody) -> LeaveView:
    """Record that an official is away for some days, with who stands in for their posts."""
    return await actions.record(tx, user_id, body)


@router.get("/users/{user_id}/leaves", permission=permissions.SUBSTITUTE_WRITE)
async def list_leaves(tx: Tx, user_id: UUID, paging: PageOf) -> Page[LeaveView]:
    """The leaves of an official."""
    await actions.in_care(tx, user_id)
    items, following = await queries.of_user(tx, user_id, paging)
    return Page(items=items, next=following)


@router.get("/users/{user_id}/leaves/{leave_id}", permission=permissions.SUBSTITUTE_WRITE)
async def get_leave(tx: Tx, user_id: UUID, leave_id: UUID) -> LeaveView:
    """One leave, with the posts for which nobody stands in."""
    await actions.in_care(tx, user_id)
    return await queries.one(tx, user_id, leave_id)


@router.patch("/users/{user_id}/leaves/{leave_id}", permission=permissions.SUBSTITUTE_WRITE, problems=[WrongState])
async def end_leave(
    request: Request, tx: Tx, user_id: UUID, leave_id: UUID, body: LeaveEnd, version: IfMatch
) -> LeaveView:
    """The official is back: nobody stands in by this leave from that day on, answered once every edge knows."""
    shown, ended = await actions.end(tx, user_id, leave_id, version, body)
    for each in ended:
        tell_edges(request, tx, each)
    return shown

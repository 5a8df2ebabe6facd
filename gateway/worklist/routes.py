"""The worklist over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Query, Request

from gateway.worklist import actions, live, permissions, queries, stream
from gateway.worklist.schemas import Counts, ItemView, Whose, WorklistPage
from kernel.errors import WrongState
from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.stream import EventStream

_STREAM: dict[str, Any] = {"response_class": EventStream, "response_model": None}
router = Router(service="worklist", tag="worklist")
Position = Annotated[
    UUID | None,
    Header(alias="Shegong-Position", description="The position a decision answered with: the list waits for it."),
]


@router.get("/items", permission=permissions.ITEM_READ, response_model=WorklistPage)
async def list_items(
    tx: Tx,
    request: Request,
    page: PageOf,
    whose: Whose = "mine",
    service: Annotated[str | None, Query(max_length=50)] = None,
    workflow: Annotated[str | None, Query(max_length=100)] = None,
    claimed: bool | None = None,
    overdue: bool = False,
    position: Position = None,
) -> Listed[ItemView]:
    """What waits for the acting post over all services, the soonest due first."""
    reached = position is None or await live.reached(tx, request.app.state.wakeups, position)
    return await queries.items(
        tx,
        page,
        whose=whose,
        service=service,
        workflow=workflow,
        claimed=claimed,
        overdue=overdue,
        up_to_date=reached,
    )


@router.post(
    "/items/{item_id}/dismissal",
    permission=permissions.ITEM_DISMISS,
    creates=True,
    status_code=204,
    problems=[WrongState],
    response_model=None,
)
async def dismiss_item(tx: Tx, item_id: UUID) -> None:
    """Put a notice (告知) away that was read; colleagues of the office still find it."""
    await actions.dismiss(tx, item_id)


@router.get("/counts", permission=permissions.ITEM_READ)
async def count_items(tx: Tx) -> Counts:
    """How much waits for the acting post, by workflow, and what is late or without anybody within its scope."""
    return await queries.counts(tx)


@router.get("/stream", permission=permissions.ITEM_READ, **_STREAM)
async def stream_changes(
    request: Request, last_event_id: Annotated[str | None, Header(alias="Last-Event-ID")] = None
) -> EventStream:
    """What changes on the desk of the acting post, as server-sent events; resumes behind `Last-Event-ID`.

    `counts` comes first, or on coming back what changed meanwhile as `changed` each; `reset` where that can no longer
    be told: list again. Ends with the access token; come back with a fresh one.
    """
    state, context = request.app.state, request.state.context
    events = stream.changes(state.database, state.wakeups, context, state.cursor_key, last_event_id)
    return EventStream(events, state.streams, (context.tenant, context.actor.user or context.actor.client_id))

"""The worklist over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Query, Request

from gateway.worklist import live, permissions, queries, stream
from gateway.worklist.schemas import Counts, Whose, WorklistPage
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.stream import EventStream

_STREAM: dict[str, Any] = {"response_class": EventStream, "response_model": None}
router = Router(service="worklist", tag="worklist")
Position = Annotated[
    UUID | None,
    Header(alias="Shegong-Position", description="The position a decision answered with: the list waits for it."),
]


@router.get("/items", permission=permissions.ITEM_READ)
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
) -> WorklistPage:
    """What waits for the acting post over all services, the soonest due first."""
    state, reached = request.app.state, True
    if position is not None:
        reached = await live.reached(state.database, state.wakeups, tx.context, position)
    items, following = await queries.items(
        tx, page, whose=whose, service=service, workflow=workflow, claimed=claimed, overdue=overdue
    )
    return WorklistPage(items=items, next=following, up_to_date=reached)


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

"""Webhooks over HTTP: for the administrators of a tenant."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Request

from gateway.identity import queries as identity
from gateway.webhooks import actions, permissions, queries
from gateway.webhooks.schemas import (
    DeliveryView,
    EndpointChange,
    EndpointMade,
    EndpointMake,
    EndpointView,
    ReplayAsk,
    ReplayView,
)
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, InvalidInput
from kernel.http.etag import IfMatch
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page

router = Router(service="webhooks", tag="webhooks")


async def _of_all(tx: Tx) -> Transaction:
    await actions.check_seat(tx)
    return tx


OfAll = Annotated[Transaction, Depends(_of_all)]
"""Route parameter: the open transaction of somebody who acts for the whole tenant, all of whose news is pushed."""


# No Idempotency-Key: the answer holds a secret that is kept nowhere in clear.
@router.post("/endpoints", permission=permissions.ENDPOINT_WRITE, status_code=201, problems=[InvalidInput, Conflict])
async def make_endpoint(request: Request, tx: OfAll, body: EndpointMake) -> EndpointMade:
    """Register an address for a client of the tenant; its secret is shown this once."""
    known = {client.id for client in await identity.clients(tx)}
    return await actions.make(tx, body, known_clients=known, development=_in_development(request))


@router.get("/endpoints", permission=permissions.ENDPOINT_READ)
async def list_endpoints(tx: OfAll, page: PageOf) -> Page[EndpointView]:
    """The addresses of the tenant and how they stand, those disabled by their failures among them."""
    items, following = await queries.endpoints(tx, page)
    return Page(items=items, next=following)


@router.get("/endpoints/{endpoint_id}", permission=permissions.ENDPOINT_READ)
async def get_endpoint(tx: OfAll, endpoint_id: UUID) -> EndpointView:
    """One address."""
    return EndpointView.model_validate(await queries.endpoint(tx, endpoint_id))


@router.patch("/endpoints/{endpoint_id}", permission=permissions.ENDPOINT_WRITE)
async def change_endpoint(
    request: Request, tx: OfAll, endpoint_id: UUID, body: EndpointChange, version: IfMatch
) -> EndpointView:
    """Another address, other events; pause it, or take it up again: what waits is then sent at once."""
    return await actions.change(tx, endpoint_id, body, version, development=_in_development(request))


@router.delete("/endpoints/{endpoint_id}", permission=permissions.ENDPOINT_WRITE, status_code=204)
async def remove_endpoint(tx: OfAll, endpoint_id: UUID, version: IfMatch) -> None:
    """Take an address away, with whatever is on its way to it."""
    await actions.remove(tx, endpoint_id, version)


# No Idempotency-Key: as above; asked again, it is rotated again, and the receiver keeps the last.
@router.post("/endpoints/{endpoint_id}/secret", permission=permissions.ENDPOINT_WRITE)
async def rotate_secret(tx: OfAll, endpoint_id: UUID) -> EndpointMade:
    """A new secret, shown this once; the one before stays valid beside it for 24 hours."""
    return await actions.rotate(tx, endpoint_id)


@router.get("/endpoints/{endpoint_id}/deliveries", permission=permissions.ENDPOINT_READ)
async def list_deliveries(
    tx: OfAll, endpoint_id: UUID, page: PageOf, state: Literal["waiting", "delivered", "abandoned"] | None = None
) -> Page[DeliveryView]:
    """What was sent to an address and what came of it, the newest first; kept for 30 days."""
    items, following = await queries.deliveries(tx, endpoint_id, page, state)
    return Page(items=items, next=following)


@router.post("/endpoints/{endpoint_id}/replays", permission=permissions.ENDPOINT_WRITE, creates=True)
async def replay_deliveries(tx: OfAll, endpoint_id: UUID, body: ReplayAsk) -> ReplayView:
    """Send one delivery again, or all recorded since an instant, each under its old `webhook-id`."""
    return ReplayView(again=await actions.replay(tx, endpoint_id, body))


def _in_development(request: Request) -> bool:
    return bool(request.app.state.config.profile == "development")

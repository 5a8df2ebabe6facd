"""All SQL that reads webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from gateway.webhooks.schemas import DeliveryView, EndpointView
from gateway.webhooks.tables import Delivery, Endpoint
from kernel.context import TenantId
from kernel.db.transaction import Database, Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging

_DUE = text(
    "select tenant_id, id, endpoint_id from ("
    " select d.tenant_id, d.id, d.endpoint_id, d.due_at,"
    " row_number() over (partition by d.tenant_id, d.endpoint_id order by d.due_at, d.id) as place"
    " from webhook_delivery d join webhook_endpoint e on e.tenant_id = d.tenant_id and e.id = d.endpoint_id"
    " where d.state = 'waiting' and e.state = 'active' and d.due_at <= clock_timestamp()"
    " and d.endpoint_id <> all(:busy)) due"
    " where place <= :each order by due_at, id limit :limit"
)


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose time has come."""

    tenant: TenantId
    id: UUID
    endpoint_id: UUID


async def due(database: Database, *, each: int, limit: int, busy: Sequence[UUID]) -> list[Due]:
    """What is to be sent now, over all tenants: the earliest of each endpoint that is not busy."""
    async with database.relay.connect() as connection:
        rows = await connection.execute(_DUE, {"each": each, "limit": limit, "busy": list(busy)})
        return [Due(TenantId(row[0]), row[1], row[2]) for row in rows]


async def endpoints(tx: Transaction, paging: Paging) -> tuple[list[EndpointView], str | None]:
    """One page of the addresses, the oldest first."""
    statement = select(Endpoint).order_by(col(Endpoint.id)).limit(paging.limit + 1)
    if paging.after is not None:
        statement = statement.where(col(Endpoint.id) > UUID(paging.after[0]))
    rows = (await tx.session.execute(statement)).scalars().all()
    found, following = paging.page(rows, lambda row: (str(row.id),))
    return [EndpointView.model_validate(row) for row in found], following


async def endpoint(tx: Transaction, endpoint_id: UUID, *, lock: bool = False) -> Endpoint:
    """One address; locked by whoever changes it."""
    statement = select(Endpoint).where(col(Endpoint.id) == endpoint_id)
    if lock:
        statement = statement.with_for_update()
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def deliveries(
    tx: Transaction, endpoint_id: UUID, paging: Paging, state: str | None
) -> tuple[list[DeliveryView], str | None]:
    """One page of what was, or is to be, sent to an address, the newest first."""
    await endpoint(tx, endpoint_id)
    statement = select(Delivery).where(col(Delivery.endpoint_id) == endpoint_id).order_by(col(Delivery.id).desc())
    if state is not None:
        statement = statement.where(col(Delivery.state) == state)
    if paging.after is not None:
        statement = statement.where(col(Delivery.id) < UUID(paging.after[0]))
    rows = (await tx.session.execute(statement.limit(paging.limit + 1))).scalars().all()
    found, following = paging.page(rows, lambda row: (str(row.id),))
    return [DeliveryView.model_validate(row) for row in found], following

"""Use cases of webhooks: addresses and their secrets, what is to be sent, and what came of sending it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from sqlalchemy import func, text
from sqlmodel import col, select, update

from gateway.webhooks import queries, rules
from gateway.webhooks.schemas import EndpointChange, EndpointMade, EndpointMake, EndpointView, EventName, ReplayAsk
from gateway.webhooks.tables import Delivery, Endpoint
from kernel.clock import utcnow
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound, Text
from kernel.events.envelope import rfc3339
from kernel.events.outbox import audit
from kernel.http.etag import check_version
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.privacy import kms

OVERLAP = timedelta(hours=24)
"""How long the secret before stays valid after a rotation."""
LEASE = timedelta(seconds=30)
"""How long one try may take before another process may take the delivery; a try itself is given up far earlier."""
GONE = 410
_AFTER = {"pause": "paused", "resume": "active"}
ENDPOINTS = 50
"""Addresses of one tenant: each event is kept once for each."""
_ENQUEUE = text(
    "insert into webhook_delivery (tenant_id, id, endpoint_id, event_id, event, body, state, attempts, tried, due_at)"
    " select e.tenant_id, uuidv7(), e.id, :event_id, :event, :body, 'waiting', 0, 0, clock_timestamp()"
    " from webhook_endpoint e where e.tenant_id = :tenant and e.events @> cast(:events as jsonb)"
    " on conflict (tenant_id, endpoint_id, event_id) do nothing"
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A delivery taken in hand: what is sent where, signed with which secrets. `tried` names the hand."""

    id: UUID
    endpoint_id: UUID
    event_id: UUID
    url: str
    body: str
    tried: int
    secrets: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"Outgoing({self.id})"


async def check_seat(tx: Transaction) -> None:
    """Raise `Forbidden` in a post below the tenant's topmost unit: what is pushed tells of every unit."""
    actor = tx.context.actor
    if actor.unit_no is not None and (await org.unit_by_no(tx, actor.unit_no)).parent_id is not None:
        raise Forbidden(
            Text("推送地址由本辖区最高一级维护", "Webhooks are maintained by the topmost unit of the tenant.")
        )


async def make(tx: Transaction, body: EndpointMake, *, known_clients: set[str], development: bool) -> EndpointMade:
    """Register an address. Its secret is in the answer alone."""
    if body.client_id not in known_clients:
        unknown = FieldError("/client_id", Text("没有这个应用", "There is no such client."))
        raise InvalidInput(errors=[unknown])
    _check_url(body.url, development=development)
    if (await tx.session.execute(select(func.count()).select_from(Endpoint))).scalar_one() >= ENDPOINTS:
        raise Conflict(Text("推送地址已达上限", "There are as many endpoints as there may be."))
    secret = os.urandom(rules.SECRET_BYTES)
    row = Endpoint(
        tenant_id=tx.tenant,
        id=(made := new_id()),
        client_id=body.client_id,
        url=body.url,
        events=list(dict.fromkeys(body.events)),
        secret=await _wrap(tx, made, secret),
    )
    tx.session.add(row)
    await tx.session.flush()
    await tx.session.refresh(row)
    await _audit(tx, row, "made")
    return EndpointMade(**EndpointView.model_validate(row).model_dump(), secret=rules.shown(secret))


async def change(
    tx: Transaction, endpoint_id: UUID, body: EndpointChange, version: int, *, development: bool
) -> EndpointView:
    """Another address, other events, paused, or active again."""
    row = await queries.endpoint(tx, endpoint_id, lock=True)
    check_version(row.version, version)
    if body.url is not None:
        _check_url(body.url, development=development)
        row.url = body.url
    if body.events is not None:
        row.events = list(dict.fromkeys(body.events))
    wanted = _AFTER[body.action] if body.action is not None else row.state
    if wanted != row.state:
        row.state, row.disabled_because = wanted, None
        if wanted == "active":
            await _send_again(tx, row, col(Delivery.state) == "waiting")
    row.version += 1
    await tx.session.flush()
    await _audit(tx, row, "changed")
    return EndpointView.model_validate(row)


async def remove(tx: Transaction, endpoint_id: UUID, version: int) -> None:
    """Take an address away, with whatever is on its way to it."""
    row = await queries.endpoint(tx, endpoint_id, lock=True)
    check_version(row.version, version)
    await _audit(tx, row, "removed")
    await tx.session.delete(row)
    await tx.session.flush()


async def rotate(tx: Transaction, endpoint_id: UUID) -> EndpointMade:
    """A new secret; the one before stays valid beside it for a day, any older one ends."""
    row = await queries.endpoint(tx, endpoint_id, lock=True)
    secret = os.urandom(rules.SECRET_BYTES)
    row.previous_secret, row.previous_until = row.secret, utcnow() + OVERLAP
    row.secret = await _wrap(tx, row.id, secret)
    row.version += 1
    await tx.session.flush()
    await _audit(tx, row, "secret_rotated")
    return EndpointMade(**EndpointView.model_validate(row).model_dump(), secret=rules.shown(secret))


async def replay(tx: Transaction, endpoint_id: UUID, body: ReplayAsk) -> int:
    """Send one delivery again, or all recorded since an instant; returns how many."""
    row = await queries.endpoint(tx, endpoint_id, lock=True)
    if (body.delivery_id is None) == (body.since is None):
        raise InvalidInput(Text("须指定一次推送或起始时间", "Name one delivery, or the instant to begin from."))
    if body.since is not None:
        again = await _send_again(tx, row, col(Delivery.recorded_at) >= body.since)
    else:
        again = await _send_again(tx, row, col(Delivery.id) == body.delivery_id)
        if not again:
            raise NotFound
    await _audit(tx, row, "replayed", deliveries=again)
    return again


async def enqueue(
    tx: Transaction, event_id: UUID, name: EventName, recorded_at: datetime, data: Mapping[str, object]
) -> None:
    """Have an event sent to every address that asks for it: once each, in the transaction that learns of it."""
    body = {"type": name, "timestamp": rfc3339(recorded_at), "data": data}
    values = {
        "tenant": tx.tenant,
        "event_id": event_id,
        "event": name,
        "events": orjson.dumps([name]).decode(),
        "body": orjson.dumps(body).decode(),
    }
    await tx.session.execute(_ENQUEUE, values)


async def take(tx: Transaction, delivery_id: UUID) -> Outgoing | None:
    """Take a delivery in hand; None where another process has it, or it is no longer to be sent."""
    found = await tx.session.execute(
        select(Delivery, Endpoint)
        .join(Endpoint, (col(Endpoint.tenant_id) == Delivery.tenant_id) & (col(Endpoint.id) == Delivery.endpoint_id))
        .where(
            col(Delivery.id) == delivery_id,
            col(Delivery.state) == "waiting",
            col(Delivery.due_at) <= func.clock_timestamp(),
            col(Endpoint.state) == "active",
        )
        .with_for_update(skip_locked=True, of=Delivery)
    )
    pair = found.one_or_none()
    if pair is None:
        return None
    row, at = pair
    row.tried, row.due_at = row.tried + 1, utcnow() + LEASE
    secrets = [await _unwrap(tx, at.id, at.secret)]
    if at.previous_secret is not None and at.previous_until is not None and at.previous_until > utcnow():
        secrets.append(await _unwrap(tx, at.id, at.previous_secret))
    return Outgoing(row.id, at.id, row.event_id, at.url, row.body, row.tried, tuple(secrets))


async def settle(tx: Transaction, sent: Outgoing, *, status: int | None, cause: str | None, chance: float) -> None:
    """Write what came of a try. Whoever fails for too long, or is gone (410), is disabled until somebody looks."""
    # The address first, as whoever changes it has it: the other way round they could wait for each other.
    at = await queries.endpoint(tx, sent.endpoint_id, lock=True) if cause is not None else None
    found = await tx.session.execute(
        select(Delivery)
        .where(col(Delivery.id) == sent.id, col(Delivery.tried) == sent.tried, col(Delivery.state) == "waiting")
        .with_for_update()
    )
    row = found.scalar_one_or_none()
    if row is None:
        return  # removed meanwhile, sent anew, or its lease ran out and another wrote
    row.attempts, row.last_status, row.last_cause = row.attempts + 1, status, cause
    if at is None:
        row.state, row.delivered_at = "delivered", utcnow()
    elif status == GONE or row.attempts >= rules.ATTEMPTS:
        row.state = "abandoned"
        at.state, at.disabled_because, at.version = "disabled", cause, at.version + 1
        await _audit(tx, at, "disabled", cause=cause)
    else:
        row.due_at = utcnow() + rules.pause(row.attempts, chance)
    await tx.session.flush()


async def _send_again(tx: Transaction, row: Endpoint, which: object) -> int:
    """Those deliveries from the beginning, due now; a try that is under way writes nothing any more."""
    done = await tx.session.execute(
        update(Delivery)
        .where(col(Delivery.endpoint_id) == row.id, which)  # type: ignore[arg-type]  # an SQL condition
        .values(state="waiting", attempts=0, tried=col(Delivery.tried) + 1, due_at=func.clock_timestamp())
        .returning(col(Delivery.id))
    )
    return len(done.all())


def _check_url(url: str, *, development: bool) -> None:
    fault = rules.url_fault(url, development=development)
    if fault is not None:
        raise InvalidInput(errors=[FieldError("/url", fault)])


async def _wrap(tx: Transaction, endpoint_id: UUID, secret: bytes) -> bytes:
    return await kms.current().wrap(tx.tenant, secret, b"webhook_endpoint|" + endpoint_id.bytes)


async def _unwrap(tx: Transaction, endpoint_id: UUID, wrapped: bytes) -> bytes:
    return await kms.current().unwrap(tx.tenant, wrapped, b"webhook_endpoint|" + endpoint_id.bytes)


async def _audit(tx: Transaction, row: Endpoint, what: str, **facts: object) -> None:
    known = {"client_id": row.client_id, "host": rules.target_of(row.url)[1], **facts}
    await audit(tx, f"webhooks.endpoint.{what}", subject_type="webhook_endpoint", subject_id=row.id, facts=known)

"""Idempotency-Key: a POST that makes something has its effect once, and the same answer every time.

The row is written in the transaction of the effect, so neither can be without the other. Two requests with one
key wait for each other on that row; the second then answers what the first did.
"""

import hashlib
from datetime import datetime

import msgspec
from sqlalchemy import LargeBinary
from sqlmodel import Field, select
from starlette.responses import Response

from kernel.context import Actor, Context
from kernel.db.driver import spelt
from kernel.db.table import Rls, TenantTable, json_field, recorded_now
from kernel.db.transaction import Transaction
from kernel.errors import BadRequest, IdempotencyInProgress, IdempotencyMismatch, Text

HEADER = "Idempotency-Key"
MAX_LENGTH = 200
"""A UUID is 36 characters; this leaves room for any scheme a client may have."""


class IdempotencyRow(TenantTable, table=True):
    """One key as one actor used it on one route, with the answer that was given."""

    __tablename__ = "k_idempotency"
    __rls__ = Rls.tenant_wide("keyed by the actor, who alone can name the row", relay="select, delete")

    actor: str = Field(primary_key=True)
    route: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    status: int | None = None
    headers: dict[str, str] | None = json_field(default=None, nullable=True)
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    recorded_at: datetime = recorded_now()


_CLAIM = (
    "insert into k_idempotency (tenant_id, actor, route, key, fingerprint) values ({}::uuid, {}, {}, {}, {})"
    " on conflict do nothing"
)
_FINISH = (
    "update k_idempotency set status = $5, headers = $6, body = $7"
    " where tenant_id = $1::uuid and actor = $2 and route = $3 and key = $4"
)


class Replay(Exception):
    """The key was used before with the same body: answer what was answered then."""

    def __init__(self, response: Response) -> None:
        super().__init__("replay")
        self.response = response


def read_key(value: str | None) -> str:
    """The key of the header, or `BadRequest` where it is missing or not printable ASCII of sensible length."""
    if not value:
        raise BadRequest(Text("缺少 Idempotency-Key 请求头", "The Idempotency-Key header is missing."))
    if len(value) > MAX_LENGTH or not value.isascii() or not value.isprintable():
        raise BadRequest(Text("Idempotency-Key 无效", "The Idempotency-Key header is not valid."))
    return value


def actor_key(actor: Actor) -> str:
    """Who used the key: the same user in another post is another actor."""
    return f"{actor.kind}:{actor.user or actor.person or actor.client_id or ''}:{actor.post or ''}"


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What must be equal for a repetition to be one."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def claim(context: Context, route: str, key: str, print_: str) -> str:
    """The statement that claims the key; the transaction is begun with it, which saves a trip."""
    return _CLAIM.format(*map(spelt, (str(context.tenant), actor_key(context.actor), route, key, print_)))


async def begin(tx: Transaction, route: str, key: str, print_: str) -> None:
    """See whether this transaction claimed the key, or raise `Replay`, `IdempotencyMismatch` or
    `IdempotencyInProgress`."""
    actor = actor_key(tx.context.actor)
    if tx.first == "INSERT 0 1":
        return
    row = (
        await tx.session.execute(
            select(IdempotencyRow).where(
                IdempotencyRow.actor == actor, IdempotencyRow.route == route, IdempotencyRow.key == key
            )
        )
    ).scalar_one()
    if row.fingerprint != print_:
        raise IdempotencyMismatch
    if row.status is None or row.body is None:
        raise IdempotencyInProgress(headers={"Retry-After": "1"})
    raise Replay(
        Response(
            row.body, row.status, {"Cache-Control": "no-store", **(row.headers or {}), "Idempotency-Replayed": "true"}
        ),
    )


KEPT_HEADERS = frozenset({"content-type", "location", "etag", "shegong-position"})
"""What a repetition is answered with again."""


async def finish(tx: Transaction, route: str, key: str, response: Response) -> None:
    """Store the answer beside the effect, before the commit."""
    kept = {name: value for name, value in response.headers.items() if name in KEPT_HEADERS}
    said = msgspec.json.encode(kept).decode(), bytes(response.body)
    await tx.run(_FINISH, tx.tenant, actor_key(tx.context.actor), route, key, response.status_code, *said)

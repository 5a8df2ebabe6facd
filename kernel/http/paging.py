"""Keyset cursors: signed, bound to tenant, path, filters and scope; nothing is skipped or shown twice.

A cursor names the numbering of units under which it was made. Many lists are in the order of the tree, and after a
reorganisation that order is another: the list is begun anew then, rather than shown with holes.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Query, Request

from kernel.context import Context, TenantId
from kernel.errors import BadRequest, ListChanged, Text
from kernel.org.numbering import NumberingCache

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
"""A page of this size stays far below a megabyte."""


class Paging:
    """What page is asked for. `after` holds the sort key of the last row of the page before, or None."""

    def __init__(
        self, limit: int, after: tuple[Any, ...] | None, key: bytes, binding: bytes, numbering: int = 0
    ) -> None:
        self.limit = limit
        self.after = after
        self._key = key
        self._binding = binding
        self._numbering = numbering

    def next(self, last: Sequence[Any]) -> str:
        """The cursor of the page that follows the row with this sort key (text, numbers, None)."""
        packed = msgspec.msgpack.encode([self._numbering, *last])
        tag = hmac.digest(self._key, self._binding + packed, hashlib.sha256)[:16]
        return base64.urlsafe_b64encode(tag + packed).decode().rstrip("=")

    def page(self, rows: Sequence[Any], key_of: Any) -> tuple[list[Any], str | None]:
        """Cut `rows` (read with `limit + 1`) to the page and give the next cursor; `key_of(row)` is its sort key."""
        shown = list(rows[: self.limit])
        more = len(rows) > self.limit
        return shown, self.next(key_of(shown[-1])) if more else None


def open_cursor(value: str, key: bytes, binding: bytes, numbering: int = 0) -> tuple[Any, ...]:
    """The sort key in a cursor, or `BadRequest` where it was not made for this list, tenant and scope.

    `ListChanged` where units were numbered anew since it was made.
    """
    wrong = BadRequest(Text("分页游标无效", "The cursor is not valid for this list."))
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise wrong from error
    tag, packed = raw[:16], raw[16:]
    if not hmac.compare_digest(tag, hmac.digest(key, binding + packed, hashlib.sha256)[:16]):
        raise wrong
    made_under, *last = msgspec.msgpack.decode(packed)
    if made_under != numbering:
        raise ListChanged
    return tuple(last)


def binding_of(context: Context, path: str, filters: Sequence[tuple[str, str]]) -> bytes:
    """What a cursor is bound to."""
    # Packed, not joined: a separator inside a filter's value must not make two lists alike.
    parts = [
        "numbered",
        str(context.tenant),
        path,
        str(context.scope.lo),
        str(context.scope.hi),
        str(context.actor.person or context.actor.post or ""),
        *sorted(filters),
    ]
    return hashlib.sha256(msgspec.msgpack.encode(parts)).digest()


async def _paging(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Paging:
    filters = [(k, v) for k, v in request.query_params.multi_items() if k not in ("cursor", "limit")]
    binding = binding_of(request.state.context, request.url.path, filters)
    key: bytes = request.app.state.cursor_key
    tenant: TenantId = request.state.context.tenant
    units: NumberingCache = request.app.state.numbering
    if cursor is None:
        return Paging(limit, None, key, binding, await units.of(tenant))
    numbering = await units.now(tenant)
    return Paging(limit, open_cursor(cursor, key, binding, numbering), key, binding, numbering)


PageOf = Annotated[Paging, Depends(_paging)]
"""Route parameter: the page asked for by `limit` and `cursor`."""

"""Header fields on the way in and out. Framing is always our own; nothing about the caller is believed (T9).

Dropped on the way in: hop-by-hop fields (RFC 9110 §7.6.1), framing, whatever starts with `Shegong` save the
position a worklist reader may send, names with an underscore (some readers take it for a hyphen), forwarding
fields, and, before a service, the token and cookies: it believes the signed principal alone.
"""

from collections.abc import Iterable

from gateway.edge.inbound import Inbound
from gateway.edge.trace import good_tracestate
from kernel.errors import BadRequest, Text

_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"http2-settings",
    }
)
_DROPPED_IN = _HOP_BY_HOP | {
    b"host",
    b"content-length",
    b"expect",
    b"forwarded",
    b"x-forwarded-for",
    b"x-forwarded-host",
    b"x-forwarded-proto",
    b"x-forwarded-prefix",
    b"x-real-ip",
    b"x-request-id",
    b"x-original-url",
    b"x-rewrite-url",
    b"x-http-method-override",
    b"traceparent",
}
_SECRETS = frozenset({b"authorization", b"cookie"})
_DROPPED_OUT = _HOP_BY_HOP | {b"content-length", b"date", b"server", b"x-request-id", b"shegong-principal"}
"""Framing towards the client is our own, too."""
_TOKEN_CHARACTERS = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_POSITION = b"shegong-position"

_good_names: set[bytes] = set()
_GOOD_NAMES_LIMIT = 1000
"""Names seen and found good; beyond it each is looked at again."""


def request_head(
    request: Inbound, target: bytes, authority: bytes, own: Iterable[bytes], *, secrets: bool, trace: bool
) -> bytes:
    """The head of the upstream request, complete with its final empty line.

    `own`: our lines ("name: value"). `secrets`: whether Authorization and Cookie go along. `trace`: whether a
    tracestate belongs to the traceparent sent. Raises: `BadRequest` when anything could end a line early.
    """
    lines = [request.method.encode("ascii") + b" " + target + b" HTTP/1.1", b"host: " + authority, *own]
    listed = _listed(request.read.get(b"connection"))
    for name, value in request.headers:
        if name in _DROPPED_IN or name in listed or (name in _SECRETS and not secrets):
            continue
        if name not in _good_names and not _judged_good(name):
            continue
        if name == b"tracestate" and not (trace and good_tracestate(value)):
            continue
        lines.append(name + b": " + value)
    lines.append(b"\r\n")
    head = b"\r\n".join(lines)
    # Each line brought one CR LF; any more came in by a value (or by the method).
    if head.count(b"\r") != len(lines) or head.count(b"\n") != len(lines) or b"\0" in head:
        raise BadRequest(
            Text("请求头含有非法字符", "A header field holds a forbidden character."), cause="CR, LF or NUL"
        )
    return head


def answer_headers(
    received: list[tuple[bytes, bytes]], own: list[tuple[bytes, bytes]], defaults: list[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    """The fields sent to the client: those of the service that may pass, then ours, which win (only Vary adds
    up), then `defaults` where the service said nothing."""
    connection = [value for name, value in received if name == b"connection"]
    listed = _listed(b",".join(connection)) if connection else frozenset()
    ours = {name for name, _ in own if name != b"vary"}
    sent = [
        field
        for field in received
        if (name := field[0]) not in _DROPPED_OUT
        and name not in ours
        and name not in listed
        and not name.startswith(b"access-control-")
    ]
    said = {name for name, _ in sent}
    return sent + own + [field for field in defaults if field[0] not in said]


def _listed(connection: bytes | None) -> frozenset[bytes]:
    """Fields that the Connection field names as meant for this hop only."""
    if connection is None:
        return frozenset()
    return frozenset(part.strip().lower() for part in connection.split(b","))


def _judged_good(name: bytes) -> bool:
    if (
        not name
        or name.translate(None, _TOKEN_CHARACTERS)
        or b"_" in name
        or (name.lower().startswith(b"shegong") and name.lower() != _POSITION)
        or name.lower() != name
    ):
        return False
    if len(_good_names) < _GOOD_NAMES_LIMIT:
        _good_names.add(name)
    return True

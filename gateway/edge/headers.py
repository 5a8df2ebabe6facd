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
_DROPPED_OUT = _HOP_BY_HOP | {
    b"content-length",
    b"date",
    b"server",
    b"x-request-id",
    b"ratelimit",
    b"ratelimit-policy",
    b"shegong-principal",
}
"""Framing towards the client is our own too, and so is what only the edge can say. CORS fields are as well."""
_TOKEN_CHARACTERS = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_POSITION = b"shegong-position"

_DROP, _PASS, _SECRET, _STATE = range(4)
_fates: dict[bytes, int] = {}
_FATES_LIMIT = 1000
"""Names seen and what becomes of their fields; beyond it each is looked at again."""


def request_head(
    request: Inbound, target: bytes, authority: bytes, own: Iterable[bytes], *, secrets: bool, trace: bool
) -> bytes:
    """The head of the upstream request, complete with its final empty line.

    `own`: our lines ("name: value"). `secrets`: whether Authorization and Cookie go along. `trace`: whether a
    tracestate belongs to the traceparent sent. Raises: `BadRequest` when anything could end a line early.
    """
    # Only what services themselves read changes from one request of a client to the next.
    kept = not (secrets or trace)
    onward = request.fields.onward if kept else None
    if onward is None:
        onward = _onward(request, secrets=secrets, trace=trace)
        if kept:
            request.fields.onward = onward
    passed, count = onward
    lines = [request.method.encode("ascii") + b" " + target + b" HTTP/1.1", b"host: " + authority, *own]
    head = b"\r\n".join(lines) + passed + b"\r\n\r\n"
    # Each line brought one CR LF; any more came in by a value (or by the method).
    count += len(lines) + 1
    if head.count(b"\r") != count or head.count(b"\n") != count or b"\0" in head:
        raise BadRequest(
            Text("请求头含有非法字符", "A header field holds a forbidden character."), cause="CR, LF or NUL"
        )
    return head


def _onward(request: Inbound, *, secrets: bool, trace: bool) -> tuple[bytes, int]:
    """The client's fields that go on, each with a line end before it, and their number."""
    lines = []
    listed = _listed(request.read.get(b"connection"))
    for name, value in request.headers:
        fate = _fates.get(name)
        if fate is None:
            fate = _judged(name)
        if fate == _DROP or (listed and name in listed):
            continue
        if (fate == _SECRET and not secrets) or (fate == _STATE and not (trace and good_tracestate(value))):
            continue
        lines.append(b"\r\n%b: %b" % (name, value))
    return b"".join(lines), len(lines)


def answer_headers(
    received: list[tuple[bytes, bytes]], own: list[tuple[bytes, bytes]], defaults: list[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    """The fields sent to the client: those of the service that may pass, then ours, then `defaults` where the service
    said nothing."""
    listed: frozenset[bytes] = frozenset()
    sent, said = [], set()
    for field in received:
        name = field[0]
        if name == b"connection":
            listed = listed | _listed(field[1])
        if name not in _DROPPED_OUT and not name.startswith(b"access-control-"):
            sent.append(field)
            said.add(name)
    if listed:
        sent = [field for field in sent if field[0] not in listed]
        said -= listed
    return sent + own + [field for field in defaults if field[0] not in said]


def _listed(connection: bytes | None) -> frozenset[bytes]:
    """Fields that the Connection field names as meant for this hop only."""
    if connection is None:
        return frozenset()
    return frozenset(part.strip().lower() for part in connection.split(b","))


def _judged(name: bytes) -> int:
    lowered = name.lower()
    if (
        not name
        or lowered != name
        or name.translate(None, _TOKEN_CHARACTERS)
        or b"_" in name
        or (name.startswith(b"shegong") and name != _POSITION)
        or name in _DROPPED_IN
    ):
        fate = _DROP
    else:
        fate = _SECRET if name in _SECRETS else _STATE if name == b"tracestate" else _PASS
    if len(_fates) < _FATES_LIMIT:
        _fates[name] = fate
    return fate

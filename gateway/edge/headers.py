"""Header fields on the way in and out. Framing is always our own; nothing about the caller is believed (T9).

Dropped on the way in: hop-by-hop fields (RFC 9110 §7.6.1), framing, whatever starts with `Shegong` save the
position a worklist reader may send, names with an underscore (some readers take it for a hyphen), forwarding
fields, and, before a service, the token and cookies: it believes the signed principal alone.
"""

from collections.abc import Iterable, Mapping

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
    first = b"%b %b HTTP/1.1" % (request.method.encode("ascii"), target)
    return _checked([first, b"host: " + authority, *own]) + onward


def _checked(lines: list[bytes]) -> bytes:
    """Each with its line end; one that brings another with it came in by a value (or by the method)."""
    said = b"".join(lines)
    if b"\r" in said or b"\n" in said or b"\0" in said:
        raise BadRequest(
            Text("请求头含有非法字符", "A header field holds a forbidden character."), cause="CR, LF or NUL"
        )
    return b"\r\n".join([*lines, b""])


def _onward(request: Inbound, *, secrets: bool, trace: bool) -> bytes:
    """The client's fields that go on, and the empty line behind them."""
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
        lines.append(b"%b: %b" % (name, value))
    return _checked(lines) + b"\r\n"


Field = tuple[bytes, bytes, bytes]
"""A field of a service's answer: its name in lower case, its value, and the line that goes on to the client, empty
where it may not."""


def answered(name: bytes, value: bytes) -> Field:
    """A field as a service sent it."""
    stays = name in _DROPPED_OUT or name.startswith(b"access-control-")
    return name, value, b"" if stays else b"%b: %b\r\n" % (name, value)


def lines(fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Fields of our own, as they are sent."""
    return b"".join([b"%b: %b\r\n" % field for field in fields])


def answer_lines(received: list[Field], own: bytes, defaults: Mapping[bytes, bytes]) -> bytes:
    """The lines sent to the client: those of the service that may pass, then ours, then those of `defaults` (by name)
    where the service said nothing."""
    listed: frozenset[bytes] = frozenset()
    said = {name for name, _, _ in received}
    if b"connection" in said:
        listed = frozenset().union(*(_listed(value) for name, value, _ in received if name == b"connection"))
        said -= listed
    sent = [line for name, _, line in received if name not in listed]
    sent.append(own)
    sent += (
        defaults.values() if said.isdisjoint(defaults) else [defaults[name] for name in defaults if name not in said]
    )
    return b"".join(sent)


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

"""A request as it came in: the few headers that the edge itself reads, checked while they are picked."""

from typing import Any

from gateway.edge.paths import checked_query, normalised
from kernel.context import Language
from kernel.errors import BadRequest, Text, preferred_language

HEADERS_LIMIT = 32 * 1024
"""Bytes of all header fields; ours are below 4 KB, browsers with cookies below 16 KB."""
LANGUAGE_LIMIT = 200
"""Longer Accept-Language fields are cut; what a browser prefers stands first."""

_READ = frozenset(
    {
        b"authorization",
        b"origin",
        b"accept-language",
        b"traceparent",
        b"content-length",
        b"transfer-encoding",
        b"connection",
        b"access-control-request-method",
        b"idempotency-key",
    }
)


class Inbound:
    """One request. `path` is decoded and normalised, `raw_path` its spelling; `method` is GET for a HEAD.

    `length`: bytes of the body, None when it comes in chunks of unknown number.
    """

    __slots__ = (
        "address",
        "head_only",
        "headers",
        "language",
        "length",
        "method",
        "path",
        "query",
        "raw_path",
        "read",
    )

    def __init__(self, scope: Any) -> None:
        client = scope.get("client")
        self.address: str | None = client[0] if client else None
        self.headers: list[tuple[bytes, bytes]] = scope["headers"]
        self.head_only = scope["method"] == "HEAD"
        self.method: str = "GET" if self.head_only else scope["method"]
        self.read: dict[bytes, bytes] = {}
        self.length: int | None = 0
        self.raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        self.query: bytes = scope["query_string"]
        self.path = ""
        self.language: Language = "zh"

    def check(self) -> None:
        """Read and check it; apart from the making, so that a refusal already has its language.

        Raises: `BadRequest`."""
        self.read = read = _pick(self.headers)
        self.language = preferred_language(read.get(b"accept-language", b"")[:LANGUAGE_LIMIT].decode("latin-1"))
        self.length = _length(read)
        self.path = normalised(self.raw_path)
        checked_query(self.query)


def _pick(headers: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    read: dict[bytes, bytes] = {}
    size = 0
    for name, value in headers:
        size += len(name) + len(value)
        if name in _READ:
            if name in read:
                # Two of what must be one: the next reader may take the other.
                raise _unreadable(f"two {name.decode('ascii')} fields")
            read[name] = value
    if size > HEADERS_LIMIT:
        raise _unreadable("header fields too long")
    return read


def _length(read: dict[bytes, bytes]) -> int | None:
    length, encoding = read.get(b"content-length"), read.get(b"transfer-encoding")
    if encoding is not None:
        if length is not None or encoding.lower() != b"chunked":
            raise _unreadable("framing")
        return None
    if length is None:
        return 0
    if not length.isdigit() or len(length) > 15:
        raise _unreadable("content-length")
    return int(length)


def _unreadable(cause: str) -> BadRequest:
    return BadRequest(
        Text(
            "请求头无法明确识别，请按 HTTP/1.1 改正",
            "The header fields are ambiguous; correct them as HTTP/1.1 asks.",
        ),
        cause=cause,
    )

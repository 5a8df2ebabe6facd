"""A request as it came in: its request line and its fields, read strictly (RFC 9112).

Absolute and authority form are refused like whatever two readers could understand differently. So what h11 or a
service reads from what is sent on is what was read here (tests/integration/gateway/edge/test_framing.py).
"""

from gateway.edge.fields import FieldBlock, unreadable
from gateway.edge.paths import checked_query, normalised
from kernel.context import Language

SHARED_BYTES = 4096
"""Longer blocks of fields are not kept for the next request: ten thousand connections keep one each."""

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_METHODS = {name.encode(): name for name in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")}
_VERSIONS = {b"HTTP/1.1": False, b"HTTP/1.0": True}


class Inbound:
    """One request. `path` is decoded and normalised, `raw_path` its spelling; `method` is GET for a HEAD.

    `headers`, `read` and `length` are those of its `fields`. `keep`: whether the client may send another request
    behind it.
    """

    __slots__ = (
        "address",
        "fields",
        "head_only",
        "headers",
        "keep",
        "language",
        "length",
        "method",
        "old",
        "path",
        "query",
        "raw_path",
        "read",
    )

    def __init__(self, address: str | None) -> None:
        self.address = address
        self.fields = NO_FIELDS
        self.headers: list[tuple[bytes, bytes]] = []
        self.head_only = self.old = self.keep = False
        self.method = ""
        self.read: dict[bytes, bytes] = {}
        self.length: int | None = 0
        self.raw_path = self.query = b""
        self.path = ""
        self.language: Language = "zh"

    def take(self, head: bytes, last: FieldBlock | None = None) -> None:
        """Read and check the head, without the empty line at its end. `last`: the fields of the request before.

        Apart from the making, so that a refusal already has its language. Raises: `BadRequest`,
        `HeadersTooLarge`."""
        line, _, raw = head.partition(b"\r\n")
        fields = last if last is not None and last.raw == raw else FieldBlock(raw)
        self.language = fields.language
        parts = line.split(b" ")
        if len(parts) != 3:
            raise unreadable("request line")
        method, target, version = parts
        old, known = _VERSIONS.get(version), _METHODS.get(method)
        if old is None or not method or (known is None and method.translate(None, _LETTERS)):
            raise unreadable("request line")
        if fields is not last:
            fields.framed()
        self.fields, self.headers, self.read, self.length = fields, fields.headers, fields.read, fields.length
        self.old = old
        if old and self.length is None:
            raise unreadable("framing")
        self.head_only = method == b"HEAD"
        self.method = known or ("GET" if self.head_only else method.decode("ascii"))
        self.keep = not (old or fields.closes)
        if not old and b"host" not in self.read:
            raise unreadable("no host")
        self.raw_path, _, self.query = target.partition(b"?")
        self.path = normalised(self.raw_path)
        if self.query:
            checked_query(self.query)


NO_FIELDS = FieldBlock(b"")
"""Of a request that could not be read."""

"""A request as it came in: its head read strictly, by RFC 9112 without the leniences it allows.

Whatever two readers could understand differently is refused: bare LF, folded lines, space before a colon, NUL and
other controls, two framing fields, absolute and authority form. So what h11 or a service reads from what is sent on
is what was read here (tests/integration/gateway/edge/test_framing.py).
"""

from gateway.edge.paths import checked_query, normalised
from kernel.context import Language
from kernel.errors import BadRequest, HeadersTooLarge, Text, preferred_language

HEADERS_LIMIT = 32 * 1024
"""Bytes of the whole head; ours are below 4 KB, browsers with cookies below 16 KB."""
FIELDS_LIMIT = 100
"""Header fields of one request; browsers send some twenty."""
LANGUAGE_LIMIT = 200
"""Longer Accept-Language fields are cut; what a browser prefers stands first."""
LENGTH_DIGITS = 15

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
        b"host",
        b"expect",
    }
)
_TOKEN = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
TEXT = bytes([9, *range(32, 127), *range(128, 256)])
"""What may stand in a line of the head (RFC 9110 §5.5): no control but the tab."""
_METHOD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VERSIONS = {b"HTTP/1.1": False, b"HTTP/1.0": True}

_names: dict[bytes, bytes] = {}
_NAMES_LIMIT = 1000
"""Names seen and found to be tokens, by how they were spelled; beyond it each is looked at again."""


class Inbound:
    """One request. `path` is decoded and normalised, `raw_path` its spelling; `method` is GET for a HEAD.

    `headers` have lower-case names. `length`: bytes of the body, None when it comes in chunks of unknown number.
    `keep`: whether the client may send another request behind it.
    """

    __slots__ = (
        "address",
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
        self.headers: list[tuple[bytes, bytes]] = []
        self.head_only = self.old = self.keep = False
        self.method = ""
        self.read: dict[bytes, bytes] = {}
        self.length: int | None = 0
        self.raw_path = self.query = b""
        self.path = ""
        self.language: Language = "zh"

    def take(self, head: bytes) -> None:
        """Read and check the head, without the empty line at its end.

        Apart from the making, so that a refusal already has its language. Raises: `BadRequest`,
        `HeadersTooLarge`."""
        lines = head.split(b"\r\n")
        # Each line end is CR LF, and nothing else in the head is a control.
        if head.translate(None, TEXT) != b"\r\n" * (len(lines) - 1):
            raise unreadable("a control character in the head")
        if len(lines) > FIELDS_LIMIT:
            raise HeadersTooLarge(cause="too many header fields")
        parts = lines[0].split(b" ")
        if len(parts) != 3:
            raise unreadable("request line")
        self._fields(lines)
        read = self.read
        language = read.get(b"accept-language")
        if language is not None:
            self.language = preferred_language(language[:LANGUAGE_LIMIT].decode("latin-1"))
        method, target, version = parts
        if version not in _VERSIONS or not method or method.translate(None, _METHOD):
            raise unreadable("request line")
        self.old = _VERSIONS[version]
        self.head_only = method == b"HEAD"
        self.method = "GET" if self.head_only else method.decode("ascii")
        self.length = self._length()
        self.keep = not self.old and b"close" not in read.get(b"connection", b"").lower()
        if not self.old and b"host" not in read:
            raise unreadable("no host")
        self.raw_path, _, self.query = target.partition(b"?")
        self.path = normalised(self.raw_path)
        if self.query:
            checked_query(self.query)

    def _fields(self, lines: list[bytes]) -> None:
        headers, read = self.headers, self.read
        for place in range(1, len(lines)):
            spelled, colon, value = lines[place].partition(b":")
            name = _names.get(spelled)
            if name is None or not colon:
                name, value = field_of(lines[place])
            else:
                value = value.strip(b" \t")
            if name in _READ:
                if name in read:
                    # Two of what must be one: the next reader may take the other.
                    raise unreadable(f"two {name.decode('ascii')} fields")
                read[name] = value
            headers.append((name, value))

    def _length(self) -> int | None:
        length, encoding = self.read.get(b"content-length"), self.read.get(b"transfer-encoding")
        if encoding is not None:
            if length is not None or self.old or encoding.lower() != b"chunked":
                raise unreadable("framing")
            return None
        if length is None:
            return 0
        if not length.isdigit() or len(length) > LENGTH_DIGITS:
            raise unreadable("content-length")
        return int(length)


def field_of(line: bytes) -> tuple[bytes, bytes]:
    """Name, in lower case, and value of a header or trailer line without controls. Raises: `BadRequest`."""
    spelled, colon, value = line.partition(b":")
    name = _names.get(spelled) or _name(spelled)
    if not colon:
        raise unreadable("a line without a colon")
    return name, value.strip(b" \t")


def unreadable(cause: str) -> BadRequest:
    """The refusal of what is not unambiguous HTTP/1.1."""
    return BadRequest(
        Text(
            "请求头无法明确识别，请按 HTTP/1.1 改正",
            "The header fields are ambiguous; correct them as HTTP/1.1 asks.",
        ),
        cause=cause,
    )


def _name(spelled: bytes) -> bytes:
    # A folded line begins with a space, which no token has.
    if not spelled or spelled.translate(None, _TOKEN):
        raise unreadable("a field name that is no token")
    name = spelled.lower()
    if len(_names) < _NAMES_LIMIT:
        _names[spelled] = name
    return name

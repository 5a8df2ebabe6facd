"""The header fields of a head, read strictly, by RFC 9112 without the leniences it allows.

Whatever two readers could understand differently is refused: bare LF, folded lines, space before a colon, NUL and
other controls, two framing fields. What was read stands for the bytes it was read from: clients repeat themselves, so
the next request of a connection with the very same bytes shares it (`Inbound.take`).
"""

from typing import TYPE_CHECKING

from kernel.context import Language
from kernel.errors import BadRequest, HeadersTooLarge, Text, preferred_language

if TYPE_CHECKING:
    from gateway.edge.tokens import Claims

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

_names: dict[bytes, bytes] = {}
_NAMES_LIMIT = 1000
"""Names seen and found to be tokens, by how they were spelled; beyond it each is looked at again."""


class FieldBlock:
    """`headers` have lower-case names; nobody changes them. `length`: bytes of the body by its field, None when it
    comes in chunks. `closes`: whether the client asks for the connection to end.

    `onward`: the lines of it that go to a service, and `known`: what its token was found to say, at
    which version of the facts; both once they have been worked out."""

    __slots__ = ("closes", "headers", "known", "language", "length", "onward", "raw", "read")

    def __init__(self, raw: bytes) -> None:
        """Raises: `BadRequest`, `HeadersTooLarge`; for the framing, `framed`."""
        self.raw = raw
        self.headers: list[tuple[bytes, bytes]] = []
        self.read: dict[bytes, bytes] = {}
        self.length: int | None = 0
        self.onward: bytes | None = None
        self.known: tuple[int, Claims] | None = None
        self.language: Language = "zh"
        lines = raw.split(b"\r\n") if raw else []
        # Each line end is CR LF, and nothing else is a control.
        if raw.translate(None, TEXT) != b"\r\n" * (len(lines) - 1):
            raise unreadable("a control character in the head")
        if len(lines) >= FIELDS_LIMIT:
            raise HeadersTooLarge(cause="too many header fields")
        self._take(lines)
        self.closes = b"close" in self.read.get(b"connection", b"").lower()
        language = self.read.get(b"accept-language")
        if language is not None:
            self.language = preferred_language(language[:LANGUAGE_LIMIT].decode("latin-1"))

    def _take(self, lines: list[bytes]) -> None:
        headers, read = self.headers, self.read
        for line in lines:
            spelled, colon, value = line.partition(b":")
            name = _names.get(spelled)
            if name is None or not colon:
                name, value = field_of(line)
            else:
                value = value.strip(b" \t")
            if name in _READ:
                if name in read:
                    # Two of what must be one: the next reader may take the other.
                    raise unreadable(f"two {name.decode('ascii')} fields")
                read[name] = value
            headers.append((name, value))

    def framed(self) -> None:
        """Find the length. Apart from the making, so that a refusal already has its language. Raises: `BadRequest`."""
        length, encoding = self.read.get(b"content-length"), self.read.get(b"transfer-encoding")
        if encoding is not None:
            if length is not None or encoding.lower() != b"chunked":
                raise unreadable("framing")
            self.length = None
        elif length is not None:
            if not length.isdigit() or len(length) > LENGTH_DIGITS:
                raise unreadable("content-length")
            self.length = int(length)


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

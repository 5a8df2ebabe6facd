"""Answers of services that came in one piece and in the plainest form there is, read without the parser.

Hardly any answer is another one, and a parser that calls back for each field takes longer than all else here. Lines
repeat themselves (the type, the server, the date within its second), so what one was read as is remembered.
"""

from gateway.edge.headers import Field, answered

HEAD_LIMIT = 64 * 1024
"""Bytes of the answer's head; our services send below 2 KB."""
LENGTH_DIGITS = 15
REMEMBERED = 1000
REMEMBERED_BYTES = 200
"""So many lines at most, and none that is longer; when there are more, all are forgotten."""

_TEXT = bytes([9, *range(32, 127), *range(128, 256)])
_names: dict[bytes, bytes] = {}
_fields: dict[bytes, Field] = {}
_statuses: dict[bytes, int] = {}


def name_of(spelled: bytes) -> bytes:
    """In lower case; `spelled` was found to be a token, and is known as one from now on."""
    name = spelled.lower()
    if len(_names) < REMEMBERED:
        _names[spelled] = name
    return name


def read(data: bytes) -> tuple[int, list[Field], bytes] | None:
    """Status, fields and body; None for what only the parser may judge."""
    end = data.find(b"\r\n\r\n")
    if not 0 <= end <= HEAD_LIMIT:
        return None
    lines = iter(data[:end].split(b"\r\n"))
    first = next(lines)
    status = _statuses.get(first) or _status(first)
    length, fields = -1, []
    for line in lines:
        field = _fields.get(line) or _field(line)
        if field is None:
            return None
        name, value, _ = field
        if name == b"content-length":
            if length >= 0:
                return None
            length = int(value)
        # A connection that stays open, as `_field` saw to, says nothing to the client.
        if name != b"connection":
            fields.append(field)
    if not status or length != len(data) - end - 4:
        return None
    return status, fields, data[end + 4 :]


def _status(line: bytes) -> int:
    """Of a final answer with a body; 0 for every other."""
    if line[:9] != b"HTTP/1.1 " or not line[9:12].isdigit() or line[12:13] not in (b" ", b"") or _unclean(line):
        return 0
    status = int(line[9:12])
    if not 200 <= status <= 599 or status in (204, 304):
        return 0
    if len(_statuses) < REMEMBERED and len(line) <= REMEMBERED_BYTES:
        _statuses[line] = status
    return status


def _field(line: bytes) -> Field | None:
    spelled, colon, value = line.partition(b": ")
    name = _names.get(spelled)
    if name is None or not colon or name == b"transfer-encoding" or value != value.strip(b" \t") or _unclean(line):
        return None
    if name == b"connection" and value.lower() != b"keep-alive":
        return None
    if name == b"content-length" and (not value.isdigit() or len(value) > LENGTH_DIGITS):
        return None
    field = answered(name, value)
    if len(line) <= REMEMBERED_BYTES:
        if len(_fields) >= REMEMBERED:
            _fields.clear()
        _fields[line] = field
    return field


def _unclean(line: bytes) -> bytes:
    """The controls in it."""
    return line.translate(None, _TEXT)

"""What is read without the parser is what the parser reads; all else is left to it."""

import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.edge import plain
from gateway.edge.headers import Field, answered

NAMES = (b"Content-Type", b"content-length", b"Date", b"ETag", b"Connection", b"Transfer-Encoding")
GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\ncontent-length: 2\r\nConnection: keep-alive\r\n\r\n{}"


@pytest.fixture(autouse=True)
def known_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for memory in ("_names", "_fields", "_statuses"):
        monkeypatch.setattr(plain, memory, {})
    for name in NAMES:
        plain.name_of(name)


class Parsed:
    """What httptools reads."""

    def __init__(self, data: bytes) -> None:
        self.fields: list[Field] = []
        self.body, self.complete = b"", False
        self.parser = httptools.HttpResponseParser(self)
        self.parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append(answered(name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.complete = True


def test_a_plain_answer_is_read_and_again_from_memory() -> None:
    expected = (200, [answered(b"content-type", b"a/b"), answered(b"content-length", b"2")], b"{}")
    assert plain.read(GOOD) == plain.read(GOOD) == expected


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (b"HTTP/1.1 200 OK", b"HTTP/1.0 200 OK"),
        (b"HTTP/1.1 200 OK", b"HTTP/1.1 204 No Content"),
        (b"HTTP/1.1 200 OK", b"HTTP/1.1 103 Early Hints"),
        (b"HTTP/1.1 200 OK", b"HTTP/1.1 200 O\rK"),
        (b"HTTP/1.1 200 OK", b"HTTP/1.1 2000"),
        (b"length: 2", b"length: 3"),
        (b"length: 2", b"length: +2"),
        (b"length: 2", b"length: " + b"0" * 20 + b"2"),
        (b"length: 2", b"length: 2\r\ncontent-length: 2"),
        (b"length: 2\r\n", b"length: 2\r\n folded\r\n"),
        (b"Content-Type: a/b", b"Content-Type:a/b"),
        (b"Content-Type: a/b", b"Content-Type: a\nb"),
        (b"Content-Type: a/b", b"X-Unknown: a"),
        (b"Content-Type: a/b", b"Transfer-Encoding: chunked"),
        (b"keep-alive", b"close"),
        (b"\r\n\r\n{}", b"\r\n{}"),
    ],
)
def test_what_is_not_plain_is_left_to_the_parser(part: bytes, other: bytes) -> None:
    assert plain.read(GOOD) is not None
    for _ in range(2):  # nor is it, once it was seen
        assert plain.read(GOOD.replace(part, other)) is None


@given(
    st.lists(st.tuples(st.sampled_from(NAMES[:4]), st.binary(max_size=12)), max_size=5),
    st.binary(max_size=20),
)
def test_what_is_read_is_what_the_parser_reads(said: list[tuple[bytes, bytes]], body: bytes) -> None:
    head = b"".join(b"%b: %b\r\n" % field for field in said)
    data = b"HTTP/1.1 200 OK\r\n%bcontent-length: %d\r\n\r\n%b" % (head, len(body), body)
    read = plain.read(data)
    if read is not None:
        parsed = Parsed(data)
        assert parsed.complete
        assert (parsed.parser.get_status_code(), parsed.fields, parsed.body) == read


def test_the_memory_is_bounded() -> None:
    for number in range(3 * plain.REMEMBERED):
        assert plain.read(GOOD.replace(b"a/b", b"a/%d" % number))
    assert plain.read(GOOD.replace(b"a/b", b"a" * (plain.REMEMBERED_BYTES + 1)))
    assert len(plain._fields) <= plain.REMEMBERED
    assert max(map(len, plain._fields)) <= plain.REMEMBERED_BYTES

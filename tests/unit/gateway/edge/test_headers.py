import pytest
from h11 import SERVER, Connection, EndOfMessage, Request
from hypothesis import given
from hypothesis import strategies as st

from gateway.edge.fields import FIELDS_LIMIT
from gateway.edge.headers import answer_lines, answered, lines, request_head
from gateway.edge.inbound import Inbound
from gateway.edge.trace import continued, good_tracestate
from kernel.errors import BadRequest, HeadersTooLarge, preferred_language

from .factory import NOTICES, inbound

OWN = [b"x-request-id: 1", b"content-length: 0"]


def head(request: Inbound, *, secrets: bool = False, trace: bool = True) -> bytes:
    return request_head(request, b"/t", b"svc:1", OWN, secrets=secrets, trace=trace)


def raw(fields: list[tuple[bytes, bytes]]) -> Inbound:
    request = inbound()
    request.headers = fields
    return request


def test_framing_is_ours_and_hop_by_hop_fields_stay_behind() -> None:
    request = inbound(
        "POST",
        NOTICES,
        [
            ("host", "evil.example"),
            ("content-length", "5"),
            ("connection", "keep-alive, X-Secret"),
            ("x-secret", "1"),
            ("te", "trailers"),
            ("upgrade", "h2c"),
            ("expect", "100-continue"),
            ("authorization", "Bearer x"),
            ("cookie", "a=b"),
            ("accept", "application/json"),
        ],
    )
    assert head(request) == (
        b"POST /t HTTP/1.1\r\nhost: svc:1\r\nx-request-id: 1\r\ncontent-length: 0\r\naccept: application/json\r\n\r\n"
    )
    assert b"\r\ncookie: a=b\r\n" in head(request, secrets=True)


@pytest.mark.parametrize("value", [b"a\r\nx: y", b"a\nb", b"a\rb", b"a\0b", b"\r\n"])
def test_a_value_cannot_end_a_line(value: bytes) -> None:
    with pytest.raises(BadRequest):
        head(raw([(b"accept", value)]))


@pytest.mark.parametrize(
    "name",
    [b"x:y", b"x y", b"", b"x\r\ny", b"x_y", b"shegong-principal", b"Shegong-Principal", b"shegong_principal", b"\xff"],
)
def test_a_doubtful_name_is_not_sent_on(name: bytes) -> None:
    assert (
        head(raw([(name, b"v")])) == b"GET /t HTTP/1.1\r\nhost: svc:1\r\nx-request-id: 1\r\ncontent-length: 0\r\n\r\n"
    )


@given(st.lists(st.tuples(st.binary(max_size=12), st.binary(max_size=20)), max_size=6))
def test_whatever_the_fields_the_service_reads_one_request(fields: list[tuple[bytes, bytes]]) -> None:
    """h11 is the judge: exactly one request, with our path and no body, or we refused."""
    try:
        sent = head(raw(fields))
    except BadRequest:
        return
    judge = Connection(SERVER)
    judge.receive_data(sent)
    try:
        request = judge.next_event()
    except Exception as error:
        # h11 refuses some octets in values that RFC 9110 calls obsolete text; what is refused is not
        # smuggled.
        assert "Remote" in type(error).__name__  # noqa: PT017 -- the refusal itself is an accepted outcome
        return
    assert isinstance(request, Request)
    assert request.target == b"/t"
    assert isinstance(judge.next_event(), EndOfMessage)
    assert judge.trailing_data == (b"", False)


@pytest.mark.parametrize(
    "fields",
    [
        [("content-length", "5"), ("content-length", "5")],
        [("content-length", "5"), ("transfer-encoding", "chunked")],
        [("transfer-encoding", "gzip, chunked")],
        [("content-length", "+5")],
        [("content-length", "5,5")],
        [("content-length", "9" * 30)],
        [("authorization", "Bearer a"), ("authorization", "Bearer b")],
    ],
)
def test_an_ambiguous_request_is_refused(fields: list[tuple[str, str]]) -> None:
    with pytest.raises(BadRequest):
        inbound("POST", NOTICES, fields)


def test_more_fields_than_anybody_needs_are_refused() -> None:
    fields = [(f"x-{number}", "") for number in range(FIELDS_LIMIT)]
    assert len(inbound(headers=fields[:-2]).headers) == FIELDS_LIMIT - 1
    with pytest.raises(HeadersTooLarge):
        inbound(headers=fields)


def test_fields_of_the_answer_that_are_the_edges_own_are_replaced() -> None:
    received = [
        (b"content-type", b"text/html"),
        (b"connection", b"x-internal"),
        (b"x-internal", b"1"),
        (b"date", b"now"),
        (b"server", b"uvicorn"),
        (b"access-control-allow-origin", b"*"),
        (b"vary", b"Accept-Language"),
        (b"content-security-policy", b"default-src 'self'"),
        (b"x-request-id", b"theirs"),
    ]
    own = lines([(b"x-request-id", b"ours"), (b"vary", b"Origin")])
    defaults = {
        b"content-security-policy": b"content-security-policy: none\r\n",
        b"x-internal": b"x-internal: ours\r\n",
    }
    assert answer_lines([answered(*field) for field in received], own, defaults) == lines(
        [
            (b"content-type", b"text/html"),
            (b"vary", b"Accept-Language"),
            (b"content-security-policy", b"default-src 'self'"),
            (b"x-request-id", b"ours"),
            (b"vary", b"Origin"),
            (b"x-internal", b"ours"),
        ]
    )


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (b"", "zh"),
        (b"en", "en"),
        (b"zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (b"fr,en-GB;q=0.7,zh;q=0.3", "en"),
        (b"en;q=x", "zh"),
        (b"*", "zh"),
        (b"en;q=0", "zh"),
        (b"\xff\xfe", "zh"),
    ],
)
def test_the_language_is_the_one_preferred_and_chinese_otherwise(header: bytes, language: str) -> None:
    assert preferred_language(header.decode("latin-1")) == language


TRACE = b"4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    ("inbound_trace", "continues"),
    [
        (b"00-" + TRACE + b"-00f067aa0ba902b7-01", True),
        (b"00-" + TRACE + b"-00f067aa0ba902b7-01-x", False),
        (b"01-" + TRACE + b"-00f067aa0ba902b7-01", False),
        (b"00-" + TRACE.upper() + b"-00f067aa0ba902b7-01", False),
        (b"00-" + b"0" * 32 + b"-00f067aa0ba902b7-01", False),
        (b"00-" + TRACE + b"-0000000000000000-01", False),
        (None, False),
    ],
)
def test_only_a_valid_trace_is_continued(inbound_trace: bytes | None, continues: bool) -> None:
    sent, found = continued(inbound_trace)
    assert (found, TRACE.decode() in sent) == (continues, continues)
    assert len(sent) == 55


def test_a_tracestate_is_printable_and_short() -> None:
    assert good_tracestate(b"a=b,c=d")
    assert not good_tracestate(b"a=\xff")
    assert not good_tracestate(b"a" * 513)

import pytest

from gateway.edge.paths import PATH_LIMIT, QUERY_LIMIT, checked_query, normalised
from kernel.errors import BadRequest


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"/", "/"),
        (b"/api/v1/recruitment/notices", "/api/v1/recruitment/notices"),
        (b"/docs/", "/docs/"),
        (b"/a/b.c/..d/...", "/a/b.c/..d/..."),
        (b"/.well-known/openid-configuration", "/.well-known/openid-configuration"),
        (b"/a/%E7%A4%BE%20x", "/a/社 x"),
    ],
)
def test_a_path_in_its_normal_spelling_is_decoded(raw: bytes, path: str) -> None:
    assert normalised(raw) == path


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"api",
        b"*",
        b"//evil.example/x",
        b"/a//b",
        b"/a/../b",
        b"/a/./b",
        b"/a/..",
        b"/a/.",
        b"/a/%2e%2e/b",
        b"/a/.%2E/b",
        b"/a%2fb",
        b"/a%2Fb",
        b"/a%5cb",
        b"/a\\b",
        b"/a%00b",
        b"/a\x00b",
        b"/a%0d%0ab",
        b"/a\r\nb",
        b"/a%252fb",
        b"/a%7Fb",
        b"/a%zzb",
        b"/a%2",
        b"/a%ff%feb",
        b"/a b",
        "/社".encode(),
        b"/a?b",
        b"/a#b",
        b"/a\n",
        b"/" + b"a" * PATH_LIMIT,
        b"http://other.example/a",
    ],
)
def test_a_path_that_two_parsers_may_read_differently_is_refused(raw: bytes) -> None:
    with pytest.raises(BadRequest):
        normalised(raw)


@pytest.mark.parametrize("raw", [b"a=b c", b"a=\r\n", b"a=\x00", b"a=\xff", b"a" * (QUERY_LIMIT + 1)])
def test_a_query_that_is_not_printable_or_too_long_is_refused(raw: bytes) -> None:
    with pytest.raises(BadRequest):
        checked_query(raw)


def test_a_query_is_sent_on_as_it_is_spelled() -> None:
    assert checked_query(b"q=%E7%A4%BE&a=1+2") == b"q=%E7%A4%BE&a=1+2"

"""Whoever asks for everything is not held by an answer without an end."""

from collections.abc import Iterator

import httpx
import pytest

from deploy.cli.demo.glimpse import Glimpsing, first_event


class Endless(httpx.SyncByteStream):
    """Says more for ever, until it is closed."""

    def __init__(self) -> None:
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield b"event: counts\nid: 1\n"
        while not self.closed:
            yield b"data: {}\n\nevent: changed\nid: 2\ndata: {}\n\n"

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("kind", ["text/event-stream", "application/json"])
def test_a_stream_is_read_to_its_first_event_and_left(kind: str) -> None:
    stream = Endless()
    shown = httpx.ByteStream(b"{}")
    answers = httpx.MockTransport(
        lambda _: httpx.Response(
            200, headers={"content-type": kind}, stream=stream if kind == "text/event-stream" else shown
        )
    )
    with httpx.Client(transport=Glimpsing(answers), base_url="http://x") as http:
        answer = http.get("/")
    if kind == "text/event-stream":
        assert (answer.content, stream.closed) == (b"event: counts\nid: 1\ndata: {}\n\n", True)
    else:
        assert answer.json() == {}


def test_a_stream_that_says_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.cli.demo.glimpse.SECONDS", 0.0)
    with pytest.raises(TimeoutError):
        first_event(iter([b"x", b"y"]))

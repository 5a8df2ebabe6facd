"""What only edges in processes of their own can show: their memory, and two of them under one gateway."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway.edgefeed.changes import FamilyRevoked
from gateway.edgefeed.server import EdgeFeed
from tests.unit.gateway.edge.factory import NOTICES, changes, token

from .harness import Service, feed_of, serving
from .processes import EdgeProcess, edge_process
from .test_exchange import MEGABYTE, MORE, UPLOAD

LEASE_SECONDS = 1.5
ROOM = 24 * MEGABYTE
"""What an edge may take for a body in either direction: the parts on their way, the buffers, the allocator's slack."""
LARGE = 100
LARGE_SECONDS = 60.0


def bearer(**changed: object) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(**changed)}"}  # type: ignore[arg-type]  # claims by name


@contextlib.asynccontextmanager
async def edges(
    number: int, service: Service, lease: float = LEASE_SECONDS
) -> AsyncIterator[tuple[EdgeFeed, list[EdgeProcess]]]:
    """So many edges before one service."""
    feed_options: dict[str, Any] = {"lease_seconds": lease, "beat_seconds": 0.1}
    async with contextlib.AsyncExitStack() as at:
        port = await at.enter_async_context(serving(service))
        feed = await at.enter_async_context(feed_of(changes(MORE), [], **feed_options))
        url = f"http://127.0.0.1:{port}"
        upstreams = {"recruitment": url, "gateway": url}
        starting = [at.enter_async_context(edge_process(feed, upstreams)) for _ in range(number)]
        yield feed, [await each for each in starting]


async def test_100_megabytes_and_a_stream_of_events_pass_in_constant_memory() -> None:
    service = Service()

    async def handler(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "GET":
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]}
            )
            for number in range(LARGE):
                await send({"type": "http.response.body", "body": b"data: %d\n\n" % number, "more_body": True})
            await send({"type": "http.response.body", "body": b"x" * LARGE * MEGABYTE})
            return
        size, more = 0, True
        while more:
            message = await receive()
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        service.remember(scope, size)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(LARGE):
            yield b"x" * MEGABYTE

    service.handler = handler
    # A stream of events ends with the lease, which the feed in this process may be too busy to renew.
    async with edges(1, service, lease=LARGE_SECONDS) as (_, (edge,)):
        await edge.client.post(UPLOAD, content=b"x", headers=bearer())
        before = edge.memory()
        edge.forget_peak()
        assert (
            await edge.client.post(UPLOAD, content=parts(), headers=bearer(), timeout=LARGE_SECONDS)
        ).status_code == 200
        assert service.seen[-1]["size"] == LARGE * MEGABYTE
        assert edge.memory("VmHWM") - before < ROOM
        received = 0
        async with edge.client.stream("GET", NOTICES, headers=bearer(), timeout=LARGE_SECONDS) as answer:
            async for part in answer.aiter_bytes():
                received += len(part)
        assert received > LARGE * MEGABYTE
        assert edge.memory("VmHWM") - before < ROOM


async def test_a_revocation_holds_at_both_edges_when_it_is_confirmed_whatever_is_under_way() -> None:
    async with edges(2, Service()) as (feed, both):
        answers: list[tuple[float, int]] = []
        stop = asyncio.Event()

        async def ask(edge: EdgeProcess) -> None:
            while not stop.is_set():
                began = time.monotonic()
                answers.append((began, (await edge.client.get(NOTICES, headers=bearer())).status_code))

        asking = [asyncio.create_task(ask(edge)) for edge in both for _ in range(4)]
        while sum(status == 200 for _, status in list(answers)) < 50:  # noqa: ASYNC110 -- real requests go on
            await asyncio.sleep(0.01)
        feed._leases_end = 0.0  # this feed is not new: no edge of a feed before it can be about
        await feed.publish(FamilyRevoked(sid="family-1", until=time.time() + 300))
        confirmed, so_far = time.monotonic(), len(answers)
        while len(answers) < so_far + 50:  # noqa: ASYNC110 -- as above
            await asyncio.sleep(0.01)
        stop.set()
        await asyncio.gather(*asking)
        # 503: an edge that the machine kept waiting has no lease for a moment, and serves nobody.
        after = {status for began, status in answers if began >= confirmed}
        assert 401 in after <= {401, 503}
        assert {status for _, status in answers} - {503} == {200, 401}
        for edge in both:
            assert (await edge.client.get(NOTICES, headers=bearer(sid="family-2"))).status_code == 200


async def test_an_edge_that_stands_still_holds_a_revocation_up_for_its_lease_and_never_serves_after_it() -> None:
    async with edges(2, Service()) as (feed, (awake, asleep)):
        feed._leases_end = 0.0
        granted = min(session.granted_at for session in feed._sessions)
        os.kill(asleep.pid, signal.SIGSTOP)
        try:
            asked = asyncio.create_task(asleep.client.get(NOTICES, headers=bearer(), timeout=30))
            await feed.publish(FamilyRevoked(sid="family-1", until=time.time() + 300))
            assert time.monotonic() - granted > LEASE_SECONDS - 0.5
            assert (await awake.client.get(NOTICES, headers=bearer())).status_code == 401
        finally:
            os.kill(asleep.pid, signal.SIGCONT)
        # What came in while it stood still is judged by its lease, which is over.
        assert (await asked).status_code in (401, 503)
        assert (await asleep.client.get(NOTICES, headers=bearer())).status_code in (401, 503)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_an_edge_told_to_end_answers_what_is_under_way_first(number: signal.Signals) -> None:
    service, reached, go_on = Service(), asyncio.Event(), asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        reached.set()
        await go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})

    service.handler = slow
    async with edges(1, service) as (_, (edge,)):
        asked = asyncio.create_task(edge.client.get(NOTICES, headers=bearer()))
        await reached.wait()
        os.kill(edge.pid, number)
        await _refuses(edge)
        go_on.set()
        answer = await asked
        assert (answer.content, answer.headers["connection"]) == (b"done", "close")


async def _refuses(edge: EdgeProcess) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                async with httpx.AsyncClient() as fresh:
                    await fresh.get(f"http://127.0.0.1:{edge.port}/health/live")
            except httpx.TransportError:
                return

"""A stream of events lasts as long as its caller would be let in again, and not beyond the edge."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from gateway.edge.tokens import LEEWAY_SECONDS
from gateway.edgefeed.changes import Change, FamilyRevoked, GrantsSet
from tests.unit.gateway.edge.factory import NOTICES, TENANT, post, token

from .harness import PATIENCE_SECONDS, Service, Stack, serving, stack

PATH = f"{NOTICES}/01900000-0000-7000-8000-000000000001/lines"


class Live(Service):
    """Sends an event whenever it is told to, without an end of its own."""

    def __init__(self) -> None:
        super().__init__(handler=self.events)
        self.more, self.left = asyncio.Event(), asyncio.Event()

    async def events(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        sending = asyncio.create_task(self.send(send))
        while (await receive())["type"] != "http.disconnect":
            pass
        sending.cancel()
        self.left.set()

    async def send(self, send: Any) -> None:
        while True:
            await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
            self.more.clear()
            await self.more.wait()


@contextlib.asynccontextmanager
async def listening(**claims: Any) -> AsyncIterator[tuple[Stack, Live, httpx.Response, AsyncIterator[bytes]]]:
    live = Live()
    async with serving(live) as port, stack(port) as at:
        at.feed._leases_end = 0.0  # this feed is not new: no edge of a feed before it can be about
        bearer = {"Authorization": f"Bearer {token(**claims)}"}
        async with at.client.stream("GET", PATH, headers=bearer) as answer:
            assert answer.headers["content-type"] == "text/event-stream"
            parts = answer.aiter_bytes()
            assert await anext(parts) == b"data: 1\n\n"
            yield at, live, answer, parts


async def ends(parts: AsyncIterator[bytes]) -> None:
    """The answer comes to its end, complete; an answer torn off would raise."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert [part async for part in parts] == []


CAUSES: dict[str, Change] = {
    "signed out": FamilyRevoked(sid="family-1", until=time.time() + 300),
    "the post is over": post(valid_before=date(2024, 1, 1)),
    "the unit has another place": post(unit_no=7000, lo=7000, hi=7999),
    "the permission is gone": GrantsSet(tenant=TENANT, grants={}),
}


@pytest.mark.parametrize("cause", CAUSES)
async def test_a_stream_ends_when_its_caller_would_not_be_let_in_again(cause: str) -> None:
    async with listening() as (at, live, _, parts):
        await at.feed.publish(CAUSES[cause])
        # What the service still has to tell passes on no more.
        live.more.set()
        await ends(parts)
        await asyncio.wait_for(live.left.wait(), PATIENCE_SECONDS)


async def test_a_stream_ends_with_its_token() -> None:
    async with listening(exp=int(time.time()) - LEEWAY_SECONDS + 2) as (_, live, _, parts):
        await ends(parts)
        await asyncio.wait_for(live.left.wait(), PATIENCE_SECONDS)


async def test_a_stream_does_not_hold_the_edge_back_from_ending() -> None:
    async with listening() as (at, live, _, parts):
        began = time.monotonic()
        stopping = asyncio.create_task(at.server.stop(PATIENCE_SECONDS))
        await ends(parts)
        await stopping
        assert time.monotonic() - began < PATIENCE_SECONDS / 2
        await asyncio.wait_for(live.left.wait(), PATIENCE_SECONDS)


async def test_what_concerns_others_does_not_end_it() -> None:
    async with listening() as (at, live, _, parts):
        await at.feed.publish(FamilyRevoked(sid="family-2", until=time.time() + 300))
        live.more.set()
        assert await asyncio.wait_for(anext(parts), PATIENCE_SECONDS) == b"data: 1\n\n"

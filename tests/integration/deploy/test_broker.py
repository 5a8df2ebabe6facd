"""A process cannot speak in another's name on the broker, nor hear another's answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error
from nats.js.api import StreamConfig

from deploy.cli.stack.broker_rights import inbox_of, stream_of
from deploy.cli.stack.testing import TestStack

DEADLINE = 5


@asynccontextmanager
async def signed_in(servers: TestStack, process: str) -> AsyncIterator[tuple[Client, "asyncio.Queue[Exception]"]]:
    errors: asyncio.Queue[Exception] = asyncio.Queue()
    user, password = servers.urls.login(process, servers.secrets)
    client = await nats.connect(
        servers.urls.nats,
        user=user,
        password=password,
        inbox_prefix=inbox_of(process).encode(),
        error_cb=errors.put,
        allow_reconnect=False,
    )
    try:
        yield client, errors
    finally:
        await client.close()


async def test_a_process_publishes_its_own_news_and_is_denied_anothers(servers: TestStack) -> None:
    async with signed_in(servers, "recruitment") as (client, errors):
        jetstream = client.jetstream()
        await jetstream.add_stream(StreamConfig(name=stream_of("recruitment"), subjects=["shegong.recruitment.>"]))
        kept = await jetstream.publish("shegong.recruitment.t.application.hired.v1", b"own")
        assert kept.stream == "SHEGONG_RECRUITMENT"
        assert errors.empty()

        await client.publish("shegong.roster.t.contract.signed.v1", b"forged")
        told = await asyncio.wait_for(errors.get(), DEADLINE)
    assert "permissions violation for publish" in str(told).lower()


async def test_a_process_cannot_make_or_remove_anothers_stream(servers: TestStack) -> None:
    async with signed_in(servers, "training") as (client, errors):
        jetstream = client.jetstream(timeout=1)
        await jetstream.add_stream(StreamConfig(name=stream_of("training"), subjects=["shegong.training.>"]))
        with pytest.raises(Error):
            await jetstream.add_stream(StreamConfig(name=stream_of("gateway"), subjects=["shegong.gateway.>"]))
        with pytest.raises(Error):
            await jetstream.delete_stream(stream_of("training"))
        told = [str(errors.get_nowait()).lower() for _ in range(errors.qsize())]
    assert len(told) == 2
    assert all("permissions violation" in words for words in told)


async def test_a_process_hears_its_own_answers_and_is_denied_anothers(servers: TestStack) -> None:
    async with signed_in(servers, "roster") as (client, errors):
        await client.subscribe(f"{inbox_of('roster')}.probe")
        await client.flush()
        assert errors.empty()
        await client.subscribe(f"{inbox_of('gateway')}.>")
        told = await asyncio.wait_for(errors.get(), DEADLINE)
    assert "permissions violation for subscription" in str(told).lower()


async def test_another_process_hears_the_news_through_a_consumer_of_its_own(servers: TestStack) -> None:
    async with signed_in(servers, "assessment") as (speaker, _):
        jetstream = speaker.jetstream()
        await jetstream.add_stream(StreamConfig(name=stream_of("assessment"), subjects=["shegong.assessment.>"]))
        await jetstream.publish("shegong.assessment.t.review.closed.v1", b"news")
    async with signed_in(servers, "roster") as (listener, errors):
        subscription = await listener.jetstream().pull_subscribe(
            "shegong.assessment.>", durable="roster_review", stream=stream_of("assessment")
        )
        (message,) = await subscription.fetch(1, timeout=DEADLINE)
        await message.ack_sync()
        assert message.data == b"news"
        assert errors.empty()

"""Event subjects: a process speaks in its own name only and hears others' news only through its consumers (case 18).

Tenants have no user on the broker and no client is let through to it, so a tenant's subjects are kept apart by the
processes that read them: each opens its transaction for the tenant that the event names.
"""

import asyncio
import contextlib
from itertools import permutations

import pytest
from nats.aio.client import Client

from deploy.cli.stack.testing import TestStack
from kernel.config import DATABASES, Process
from kernel.events.nats import inbox_prefix, stream_of
from kernel.ids import new_id

QUIET_SECONDS = 1.0
"""So long the broker may take to refuse; a refusal ends the wait at once, so only what is allowed costs it."""


class Listener:
    """A connection as one process, with what the broker refused it."""

    def __init__(self, stack: TestStack, process: Process) -> None:
        self.config = stack.config(process)
        self.client = Client()
        self.refused = asyncio.Queue[str]()

    async def __aenter__(self) -> "Listener":
        password = self.config.nats_password

        async def refuse(error: Exception) -> None:
            self.refused.put_nowait(str(error).lower())

        await self.client.connect(
            self.config.nats_url,
            user=self.config.nats_user,
            password=password.get_secret_value(),
            inbox_prefix=inbox_prefix(self.config.process).encode(),
            error_cb=refuse,
            allow_reconnect=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()

    async def may_publish(self, subject: str) -> bool:
        """Whether the broker takes a message there."""
        await self.client.publish(subject, b"{}")
        return not await self._told_off(subject)

    async def may_hear(self, subject: str) -> bool:
        """Whether the broker lets it listen there."""
        await self.client.subscribe(subject)
        return not await self._told_off(subject)

    async def _told_off(self, subject: str) -> bool:
        # The broker answers a refusal after the fact, if at all before the answer to a ping that follows it.
        await self.client.flush()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(QUIET_SECONDS):
                while subject.lower() not in await self.refused.get():
                    continue
                return True
        return False


def of(process: str) -> str:
    """A subject of that process's news, of some tenant."""
    return f"shegong.{process}.{new_id()}.probe.probed.v1"


@pytest.mark.parametrize(("asking", "other"), tuple(permutations(DATABASES, 2)))
async def test_no_process_speaks_for_another_or_hears_its_subjects(
    servers: TestStack, asking: Process, other: Process
) -> None:
    async with Listener(servers, asking) as listener:
        assert not await listener.may_publish(of(other))
        assert not await listener.may_hear("shegong.>")
        assert not await listener.may_hear(of(other))
        assert not await listener.may_hear(f"{inbox_prefix(other)}.>")
        for subject in (
            f"$JS.API.STREAM.CREATE.{stream_of(other)}",
            f"$JS.API.STREAM.UPDATE.{stream_of(other)}",
            f"$JS.API.STREAM.DELETE.{stream_of(other)}",
            f"$JS.API.STREAM.PURGE.{stream_of(other)}",
            f"$JS.API.STREAM.MSG.GET.{stream_of(other)}",
            f"$JS.API.STREAM.MSG.DELETE.{stream_of(other)}",
            f"$JS.API.DIRECT.GET.{stream_of(other)}",
        ):
            assert not await listener.may_publish(subject), subject


@pytest.mark.parametrize("process", DATABASES)
async def test_a_process_speaks_in_its_own_name(servers: TestStack, process: Process) -> None:
    """The control beside the refusals, and what nobody may do to the record of news: take any of it away."""
    async with Listener(servers, process) as listener:
        assert await listener.may_publish(of(process))
        assert await listener.may_hear(f"{inbox_prefix(process)}.>")
        assert not await listener.may_hear(of(process))
        for word in ("DELETE", "PURGE", "MSG.DELETE"):
            assert not await listener.may_publish(f"$JS.API.STREAM.{word}.{stream_of(process)}"), word


async def test_nobody_is_let_in_without_a_user(servers: TestStack) -> None:
    client = Client()
    with pytest.raises(Exception, match=r"(?i)authorization"):
        await client.connect(servers.config("roster").nats_url, allow_reconnect=False, connect_timeout=2)
    await client.close()

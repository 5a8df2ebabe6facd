"""A background loop ends although a library swallowed its cancellation."""

import asyncio
import contextlib

import pytest

from kernel.events.ending import go_on


async def test_a_swallowed_cancellation_is_raised_in_the_next_turn() -> None:
    swallowed = False
    started = asyncio.Event()

    async def work() -> None:
        nonlocal swallowed
        while True:
            go_on()
            started.set()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            swallowed = True

    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
    assert swallowed


async def test_a_deadline_inside_the_loop_does_not_end_it() -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0):
            await asyncio.Event().wait()
    go_on()

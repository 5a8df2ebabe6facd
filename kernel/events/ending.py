"""Ending a background task for certain: a cancellation that a library swallowed is raised again.

`asyncio.wait_for` of Python 3.11 returns the result and forgets the cancellation when both come at once; the NATS
client uses it in every request. A loop that asks here in each turn ends anyway.
"""

import asyncio


def go_on() -> None:
    """Raise `CancelledError` if the current task was asked to end."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError

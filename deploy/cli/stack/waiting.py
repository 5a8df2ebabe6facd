"""Waiting for a condition with a deadline, without thread or event loop (both forbid a later fork)."""

import select
import time
from collections.abc import Callable

STEP_SECONDS = 0.02


def wait_until(condition: Callable[[], bool], *, seconds: float, step: float = STEP_SECONDS) -> bool:
    """Ask until the condition holds; False once the deadline has passed."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        select.select((), (), (), step)
    return True

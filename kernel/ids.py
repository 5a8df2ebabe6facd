"""Identifiers: UUID version 7 (RFC 9562), so that keys made later sort later and indexes stay dense."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Make a UUIDv7: 48 bits of Unix milliseconds, 12 bits of a counter, 62 random bits.

    Within one process each id is greater than the one before, also inside one millisecond.
    """
    global _last
    with _lock:
        # 12 counter bits below the millisecond; running over them borrows from the next millisecond.
        _last = max(_last + 1, (time.time_ns() // 1_000_000) << 12)
        ticks = _last
    value = (ticks >> 12) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64
    value |= 0b10 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=value)

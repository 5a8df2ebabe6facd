"""Request ids and W3C Trace Context (https://www.w3.org/TR/trace-context/): continued when valid, else
begun."""

import os
import re
import time

_TRACEPARENT = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_TRACESTATE = re.compile(rb"[ -~]{1,512}")


_DIGITS = 48
_DIGITS_AT_ONCE = _DIGITS * 256
_random, _random_at = "", 0
_stamp, _stamp_at = "", -1
"""The part of request ids that tells their millisecond, and which that is."""


def _fresh() -> str:
    """24 random bytes in hexadecimal, taken from the system in larger pieces: a call for each costs a trip."""
    global _random, _random_at
    if _random_at >= len(_random):
        _random, _random_at = os.urandom(_DIGITS_AT_ONCE // 2).hex(), 0
    _random_at += _DIGITS
    return _random[_random_at - _DIGITS : _random_at]


def request_id() -> str:
    """A UUIDv7 (RFC 9562) as text. Unlike `kernel.ids` it does not count within a millisecond: it is no key."""
    global _stamp, _stamp_at
    fresh, now = _fresh(), time.time_ns() // 1_000_000
    if now != _stamp_at:
        digits = f"{now:012x}"
        _stamp, _stamp_at = f"{digits[:8]}-{digits[8:]}-7", now
    return f"{_stamp}{fresh[:3]}-{_VARIANT[fresh[3]]}{fresh[4:7]}-{fresh[7:19]}"


_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def continued(inbound: bytes | None) -> tuple[str, bool]:
    """The traceparent to send on, and whether it continues the caller's trace. Always a new parent id."""
    fresh = _fresh()
    span = fresh[:16]
    match = _TRACEPARENT.fullmatch(inbound) if inbound is not None else None
    if match is None:
        return f"00-{fresh[16:]}-{span}-00", False
    return f"00-{match[1].decode()}-{span}-{match[2].decode()}", True


def good_tracestate(value: bytes) -> bool:
    """Whether a tracestate may be sent on."""
    return _TRACESTATE.fullmatch(value) is not None

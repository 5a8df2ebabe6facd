"""Request ids and W3C Trace Context (https://www.w3.org/TR/trace-context/): continued when valid, else
begun."""

import os
import re

_TRACEPARENT = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_TRACESTATE = re.compile(rb"[ -~]{1,512}")


def continued(inbound: bytes | None) -> tuple[str, bool]:
    """The traceparent to send on, and whether it continues the caller's trace. Always a new parent id."""
    fresh = os.urandom(24).hex()
    span = fresh[:16]
    match = _TRACEPARENT.fullmatch(inbound) if inbound is not None else None
    if match is None:
        return f"00-{fresh[16:]}-{span}-00", False
    return f"00-{match[1].decode()}-{span}-{match[2].decode()}", True


def good_tracestate(value: bytes) -> bool:
    """Whether a tracestate may be sent on."""
    return _TRACESTATE.fullmatch(value) is not None

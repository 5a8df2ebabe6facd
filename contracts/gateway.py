"""What the gateway's identity server publishes: that a code was asked for. For itself alone."""

from typing import ClassVar

from kernel.events.event import Event


class CodeAsked(Event, frozen=True, kw_only=True):
    """Somebody asked for a code by message. Aggregate: the check, which knows where it goes, if anywhere.

    The code is made when this is received: whoever asked was answered before that, so neither the answer nor its time
    tells whether a phone or a user name is known.
    """

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "check"
    name: ClassVar[str] = "code_asked"
    v: ClassVar[int] = 1

    language: str

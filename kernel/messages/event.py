"""The event by which any service asks for a message."""

from typing import ClassVar

from kernel.events.event import Event


class MessageWanted(Event, frozen=True, kw_only=True):
    """A message is to be sent. The aggregate is the message.

    Sealed for the gateway: `to` (a phone number or an address) and `text`. `expires_at` is the real
    instant (RFC 3339) after which it helps nobody any more.
    """

    aggregate: ClassVar[str] = "message"
    name: ClassVar[str] = "wanted"
    v: ClassVar[int] = 1

    template: str
    channel: str
    expires_at: str

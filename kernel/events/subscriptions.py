"""Which handlers a service has for which events of others."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import msgspec

from kernel.db.transaction import Transaction
from kernel.events.event import E, Event, EventShapeWrong, Received, check

Handler = Callable[[Transaction, Received[E]], Awaitable[None]]
RunHandler = Callable[[Transaction, Sequence[Received[E]]], Awaitable[None]]
"""Takes events of one aggregate that follow one another; the transaction has the business instant of the last."""
Feed = tuple[str, str]
"""Source service and aggregate type: what one durable consumer reads."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """The handlers of one event and version from one source."""

    decoder: "msgspec.json.Decoder[Event]"
    handlers: list[Handler[Any]] = field(default_factory=list)
    run_handlers: list[RunHandler[Any]] = field(default_factory=list)
    in_earnest: list[object] = field(default_factory=list)
    """Those of both that need a transaction."""

    @property
    def only_rows(self) -> bool:
        """Whether all that handle it do nothing but put and remove rows."""
        return not self.in_earnest


class Subscriptions:
    """What a service listens to. A consumer reads every event of an aggregate type, handled here or not:

    only so does it see the versions without gaps.
    """

    def __init__(self) -> None:
        self._known: dict[Feed, dict[tuple[str, int], Subscription]] = {}

    def on(
        self, kind: type[E], *, sources: Sequence[str] = (), only_rows: bool = False
    ) -> Callable[[Handler[E]], Handler[E]]:
        """Register a handler for `kind`. `sources` names the publishers of events that every service
        publishes.

        only_rows: it takes what it needs from the event, and writes by `kernel.db.put` alone; it may be run twice.
        Several handlers of one event run in the order of registration, in one transaction.
        """
        known = self._subscriptions(kind, sources)

        def register(handler: Handler[E]) -> Handler[E]:
            for each in known:
                each.handlers.append(handler)
                if not only_rows:
                    each.in_earnest.append(handler)
            return handler

        return register

    def on_runs(self, kind: type[E], *, sources: Sequence[str] = ()) -> Callable[[RunHandler[E]], RunHandler[E]]:
        """As `on`, for a handler that is given all events of a transaction at once, after those of `on`."""
        known = self._subscriptions(kind, sources)

        def register(handler: RunHandler[E]) -> RunHandler[E]:
            for each in known:
                each.run_handlers.append(handler)
                each.in_earnest.append(handler)
            return handler

        return register

    def _subscriptions(self, kind: type[E], sources: Sequence[str]) -> list[Subscription]:
        check(kind)
        named = (kind.source,) if kind.source else tuple(sources)
        if not named or (kind.source and sources):
            raise EventShapeWrong(f"{kind.__name__}: sources are named exactly where the event names none")
        feeds = [self._known.setdefault((source, kind.aggregate), {}) for source in named]
        return [each.setdefault((kind.name, kind.v), Subscription(msgspec.json.Decoder(kind))) for each in feeds]

    def include(self, other: "Subscriptions") -> Self:
        """Take over the handlers of another set (each feature has its own); returns itself."""
        for feed, events in other._known.items():
            mine = self._known.setdefault(feed, {})
            for key, subscription in events.items():
                found = mine.setdefault(key, Subscription(subscription.decoder))
                found.handlers.extend(subscription.handlers)
                found.run_handlers.extend(subscription.run_handlers)
                found.in_earnest.extend(subscription.in_earnest)
        return self

    def feeds(self) -> Iterator[Feed]:
        """Every pair of source and aggregate type that is listened to."""
        return iter(sorted(self._known))

    def in_runs(self, feed: Feed) -> bool:
        """Whether events of a feed are better taken together than at once."""
        return any(each.run_handlers for each in self._known.get(feed, {}).values())

    def find(self, feed: Feed, event: str, version: int) -> Subscription | None:
        """The handlers of one event, None where this service has none."""
        return self._known.get(feed, {}).get((event, version))

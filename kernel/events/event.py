"""What an event is: a struct of primitives with its name and version, as published in `contracts/`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

import msgspec

from kernel.context import TenantId


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all published events. Members are primitives; a member never holds personal data.

    source: the service that may publish it; empty where every service does (audit, approval cases).
    aggregate: type of the thing it happened to, `snake_case`; its events are ordered by its version.
    name: what happened, past tense. v: version of the shape.
    """

    source: ClassVar[str] = ""
    aggregate: ClassVar[str] = ""
    name: ClassVar[str] = ""
    v: ClassVar[int] = 1


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Seal:
    """Personal data for one receiving service, encrypted under the person's key.

    `data` is what the receiver gets, by member; it is in no log, header or other table.
    """

    receiver: str
    person_id: UUID
    data: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Received(Generic[E]):
    """An event as its handler sees it. `version` counts the events of the aggregate from 1 without gaps.

    sealed: the opened sealed member if it is addressed to this service, else None; None too when the person
    has been erased.
    """

    id: UUID
    tenant: TenantId
    source: str
    aggregate_id: UUID
    version: int
    business_time: datetime
    recorded_at: datetime
    data: E
    sealed: Mapping[str, str] | None = field(default=None, repr=False)
    traceparent: str | None = None


class EventShapeWrong(TypeError):
    """An event class lacks its names, or has a member that hides one of them."""


RESERVED = frozenset({"source", "aggregate", "name", "v", "sealed"})


def check(kind: type[Event]) -> None:
    """Raise `EventShapeWrong` unless the class can be published."""
    taken = RESERVED.intersection(kind.__struct_fields__)
    if taken:
        raise EventShapeWrong(f"{kind.__name__}: {', '.join(sorted(taken))} cannot be members of an event")
    for label in (kind.aggregate, kind.name):
        if not label or not label.replace("_", "a").isalnum() or label != label.lower():
            raise EventShapeWrong(f"{kind.__name__}: aggregate and name are snake_case words")

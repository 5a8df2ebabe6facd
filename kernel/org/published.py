"""The events from which the read model is filled: what directory and regulation publish to every process.

Each carries the whole present state of its aggregate, so that applying the newest is enough. Instants and days are
ISO 8601 text, ids UUID text.
"""

from typing import ClassVar

from kernel.events.event import Event


class TenantChanged(Event, frozen=True, kw_only=True):
    """A tenant was made or changed (aggregate id: the tenant)."""

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "tenant"
    name: ClassVar[str] = "changed"
    v: ClassVar[int] = 1

    slug: str
    title: str
    status: str
    business_offset_seconds: float


class UnitChanged(Event, frozen=True, kw_only=True):
    """A unit was made, renamed, moved or closed. `unit_no`…`last_no` is the range of its subtree."""

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "unit"
    name: ClassVar[str] = "changed"
    v: ClassVar[int] = 1

    unit_no: int
    last_no: int
    level: str
    code: str
    title: str
    parent_id: str | None
    valid_from: str
    valid_before: str | None


class PostChanged(Event, frozen=True, kw_only=True):
    """An official's post in a department was given, changed or ended."""

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "post"
    name: ClassVar[str] = "changed"
    v: ClassVar[int] = 1

    user_id: str
    unit_id: str
    unit_no: int
    department_kind: str
    level: str
    duty: str
    valid_from: str
    valid_before: str | None


class PackPublished(Event, frozen=True, kw_only=True):
    """A version of a regulation pack comes into force for the tenant; `content` is the whole pack as JSON."""

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "pack"
    name: ClassVar[str] = "published"
    v: ClassVar[int] = 1

    pack_id: str
    pack_version: str
    valid_from: str
    valid_before: str | None
    content: str


class LocalParameterSet(Event, frozen=True, kw_only=True):
    """A local parameter came into force, or its period was ended by a later one (aggregate id: the decision).

    `value` is JSON text. A period that ends on the day it begins never held.
    """

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "local_parameter"
    name: ClassVar[str] = "set"
    v: ClassVar[int] = 1

    path: str
    unit_id: str
    value: str
    document: str
    valid_from: str
    valid_before: str | None

"""The events from which the read model is filled: what directory and regulation publish to every process.

Each carries the whole present state of its aggregate, so that applying the newest is enough. Instants and days are
ISO 8601 text, ids UUID text.
"""

from typing import ClassVar

import msgspec

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


class UnitsRenumbered(Event, frozen=True, kw_only=True):
    """Units got other numbers, were merged or split (aggregate id: the tenant, which keeps their order).

    The unit `unit_ids[i]` had the number `old_nos[i]` and has `unit_nos[i]`…`last_nos[i]`; the unit `merged_ids[i]`
    is closed and its matters are those of `into_ids[i]` from `valid_from` on. Off the unit `split_ids[i]` the new one
    `part_ids[i]` was split. `document` is the decision.
    """

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "tree"
    name: ClassVar[str] = "renumbered"
    v: ClassVar[int] = 1

    valid_from: str
    document: str
    unit_ids: list[str]
    old_nos: list[int]
    unit_nos: list[int]
    last_nos: list[int]
    merged_ids: list[str]
    into_ids: list[str]
    split_ids: list[str] = msgspec.field(default_factory=list)
    part_ids: list[str] = msgspec.field(default_factory=list)


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


class UnitsLoaded(Event, frozen=True, kw_only=True):
    """Many units were made at once, by on-boarding (aggregate id: the tenant). The i-th member of each list is of the
    i-th unit; a parent that is none is ''. It says what they were at first: a later `UnitChanged` counts before it.
    """

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "load"
    name: ClassVar[str] = "units"
    v: ClassVar[int] = 1

    unit_ids: list[str]
    unit_nos: list[int]
    last_nos: list[int]
    levels: list[str]
    codes: list[str]
    titles: list[str]
    parent_ids: list[str]
    valid_froms: list[str]


class PostsLoaded(Event, frozen=True, kw_only=True):
    """Many posts were given at once, by on-boarding or an import (aggregate id: the tenant). The i-th member of each
    list is of the i-th post; an end that is none is ''. A later `PostChanged` counts before it.
    """

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "load"
    name: ClassVar[str] = "posts"
    v: ClassVar[int] = 1

    post_ids: list[str]
    user_ids: list[str]
    unit_ids: list[str]
    unit_nos: list[int]
    department_kinds: list[str]
    levels: list[str]
    duties: list[str]
    valid_froms: list[str]
    valid_befores: list[str]


class SubstitutionChanged(Event, frozen=True, kw_only=True):
    """Somebody stands in for the holder of a post in a period (aggregate id: the substitution).

    A period that ends on the day it begins never held.
    """

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "substitution"
    name: ClassVar[str] = "changed"
    v: ClassVar[int] = 1

    post_id: str
    user_id: str
    valid_from: str
    valid_before: str


class LeaveChanged(Event, frozen=True, kw_only=True):
    """An official is away in a period (aggregate id: the leave); why is nobody else's concern.

    A period that ends on the day it begins never held.
    """

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "leave"
    name: ClassVar[str] = "changed"
    v: ClassVar[int] = 1

    user_id: str
    valid_from: str
    valid_before: str


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
    followed: bool = False
    """It ends because another version begins on that day, whose news may come later than this."""


class PackBegan(Event, frozen=True, kw_only=True):
    """The first day of a version that was published ahead has come (aggregate id: the version)."""

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "pack"
    name: ClassVar[str] = "began"
    v: ClassVar[int] = 1

    pack_version: str


class InterpretationPublished(Event, frozen=True, kw_only=True):
    """The organ that interprets the regulation answered on an article (解释), from a day on."""

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "interpretation"
    name: ClassVar[str] = "published"
    v: ClassVar[int] = 1

    article: str
    text: str
    document: str
    organ_zh: str
    organ_en: str
    valid_from: str


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
    followed: bool = False
    """It ends because a later decision holds from that day on, whose news may come later than this."""

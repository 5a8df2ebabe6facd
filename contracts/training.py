"""What training publishes: the hours a person owes and has, and the day on which they suffice (NM-20, SH-27).

All are events of one need, so whoever follows them sees opening, credits and completion in order. Hours are
decimal strings in class hours (学时).
"""

from typing import ClassVar

from kernel.events.event import Event


class NeedOpened(Event, frozen=True, kw_only=True):
    """A person owes hours of one kind (`pre_service`: before taking up the post)."""

    source: ClassVar[str] = "training"
    aggregate: ClassVar[str] = "need"
    name: ClassVar[str] = "opened"
    v: ClassVar[int] = 1

    person_id: str
    kind: str
    cycle: str
    required_hours: str
    forms: list[str]
    community_unit_no: int
    article: str | None = None


class HoursCredited(Event, frozen=True, kw_only=True):
    """An entry of the hours ledger touched the need; `credited_hours` is what counts toward it after the entry.

    hours: of this entry, negative for a counter-entry. counts: whether its form counts toward the need at all.
    met_on: last day of the class that completed the hours as the ledger stands now; a counter-entry may move it or
    take it back (None).
    """

    source: ClassVar[str] = "training"
    aggregate: ClassVar[str] = "need"
    name: ClassVar[str] = "hours_credited"
    v: ClassVar[int] = 1

    person_id: str
    kind: str
    cycle: str
    entry_id: str
    session_id: str
    form: str
    hours: str
    counts: bool
    credited_hours: str
    required_hours: str
    met_on: str | None
    community_unit_no: int


class NeedMet(Event, frozen=True, kw_only=True):
    """The hours suffice. `met_on` is the last day of the class that completed them, not the day of entry."""

    source: ClassVar[str] = "training"
    aggregate: ClassVar[str] = "need"
    name: ClassVar[str] = "met"
    v: ClassVar[int] = 1

    person_id: str
    kind: str
    cycle: str
    credited_hours: str
    required_hours: str
    met_on: str
    community_unit_no: int


class NeedChanged(Event, frozen=True, kw_only=True):
    """The terms of a need changed with the posts held, and what then counts; `required_hours` is zero where nothing is
    owed any more."""

    source: ClassVar[str] = "training"
    aggregate: ClassVar[str] = "need"
    name: ClassVar[str] = "changed"
    v: ClassVar[int] = 1

    person_id: str
    kind: str
    cycle: str
    credited_hours: str
    required_hours: str
    met_on: str | None
    community_unit_no: int
    article: str | None = None

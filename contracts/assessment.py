"""What assessment publishes: grades confirmed, probation assessed, the ground that two failed years raise.

No personal data: persons are ids.
"""

from typing import ClassVar

from kernel.events.event import Event

SOURCE = "assessment"


class GradeConfirmed(Event, frozen=True, kw_only=True):
    """The yearly grade of a person is confirmed (NM-28, SH-22). Aggregate: the person's result.

    `grade` is the pack's or county's word; `failing` and `outstanding` what it means under the mapping in force.
    """

    source: ClassVar[str] = SOURCE
    aggregate: ClassVar[str] = "result"
    name: ClassVar[str] = "grade_confirmed"
    v: ClassVar[int] = 1

    person_id: str
    dossier_id: str
    year: int
    grade: str
    failing: bool
    outstanding: bool
    community_unit_id: str
    community_unit_no: int
    confirmed_on: str


class ProbationAssessed(Event, frozen=True, kw_only=True):
    """The assessment at the end of probation was decided in time (NM-37(1)). Aggregate: the result."""

    source: ClassVar[str] = SOURCE
    aggregate: ClassVar[str] = "probation"
    name: ClassVar[str] = "assessed"
    v: ClassVar[int] = 1

    person_id: str
    dossier_id: str
    contract_id: str
    passed: bool
    decided_on: str


class GradesCounted(Event, frozen=True, kw_only=True):
    """A counter of the regulation is full: so many grades in its window are a ground of exit. Aggregate: the result.

    `years` are those that counted, the newest first.
    """

    source: ClassVar[str] = SOURCE
    aggregate: ClassVar[str] = "result"
    name: ClassVar[str] = "grades_counted"
    v: ClassVar[int] = 1

    person_id: str
    dossier_id: str
    ground: str
    years: list[int]
    article: str


class FailedTwice(Event, frozen=True, kw_only=True):
    """Two adjacent assessed years were failed: the ground of NM-37(2) or SH-25(3). Aggregate: the result."""

    source: ClassVar[str] = SOURCE
    aggregate: ClassVar[str] = "result"
    name: ClassVar[str] = "failed_twice"
    v: ClassVar[int] = 1

    person_id: str
    dossier_id: str
    first_year: int
    second_year: int
    article: str

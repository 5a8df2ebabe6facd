"""Tables of headcount: what was fixed, what is reserved, claimed and taken, and the number that stands now.

Figures are added and never changed: on any day the one with the latest `valid_from` holds, of two from the same day
the one decided later.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from kernel.db.table import DateRange, Rls, TenantTable, instant, json_field, period_field, recorded_now


class FixedPosts(TenantTable, table=True):
    """A number of posts that holds for a unit from a day on (NM-5, NM-6). Rows are added only.

    `basis_id`: the population figure or the proposal that it follows from; None where it was fixed directly.
    """

    __tablename__ = "roster_headcount_figure"
    __rls__ = Rls(app="select, insert")
    __table_args__ = (
        CheckConstraint("posts >= 0", name="posts"),
        Index("roster_headcount_figure_unit_ix", "tenant_id", "unit_no", "valid_from", "id"),
        Index("roster_headcount_figure_newest_ix", "tenant_id", "unit_id", "valid_from", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    unit_id: UUID
    level: str
    posts: int
    valid_from: date
    document: str | None = None
    """The decision's own document number, where it has one."""
    basis_id: UUID | None = None
    ranges: list[list[int]] | None = json_field(default=None)
    """The numbers `[least, most]` between which a norm leaves the choice (SH-5); `posts` is the largest of them."""
    decided_at: datetime = instant()
    decided_by_post: UUID | None = None
    pack_id: str
    pack_version: str
    recorded_at: datetime = recorded_now()


class Headcount(TenantTable, table=True):
    """The numbers of a unit as they were last published. Whoever changes one of them holds this row's lock."""

    __tablename__ = "roster_headcount"
    __rls__ = Rls(app="select, insert, update")
    __closed_units__ = "its sums follow what is wound up"

    unit_id: UUID = Field(primary_key=True)
    unit_no: int
    level: str
    fixed: int | None = None
    occupied: int = 0
    reserved: int = 0
    ranges: list[list[int]] | None = json_field(default=None)


class Reservation(TenantTable, table=True):
    """Posts of one community kept for a recruitment plan. `consumed`: claimed by people hired; `released`: given back.

    A plan that was returned and submitted again asks anew: each time is a round of its own.
    """

    __tablename__ = "roster_headcount_reservation"
    __rls__ = Rls(app="select, insert, update")
    __table_args__ = (
        CheckConstraint("posts > 0 and consumed >= 0 and released >= 0 and consumed + released <= posts", name="sum"),
        Index("roster_headcount_reservation_unit_ix", "tenant_id", "unit_no", "plan_id"),
    )

    plan_id: UUID = Field(primary_key=True)
    round: int = Field(primary_key=True)
    unit_id: UUID = Field(primary_key=True)
    unit_no: int
    posts: int
    consumed: int = 0
    released: int = 0
    granted_on: date
    released_on: date | None = None


class Claim(TenantTable, table=True):
    """The seat of a person hired who is not in post yet. `ended_on`: when it was taken, or fell free.

    `round` names the reservation it came from; None where there was none left: then it counts on top.
    """

    __tablename__ = "roster_headcount_claim"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        Index("roster_headcount_claim_unit_ix", "tenant_id", "unit_no"),
        Index("roster_headcount_claim_person_ix", "tenant_id", "person_id"),
    )

    application_id: UUID = Field(primary_key=True)
    unit_no: int
    unit_id: UUID
    person_id: UUID
    plan_id: UUID
    round: int | None = None
    claimed_on: date
    ended_on: date | None = None


class Seat(TenantTable, table=True):
    """A seat taken: a post held in the community. A person with two posts there takes one seat."""

    __tablename__ = "roster_headcount_seat"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (Index("roster_headcount_seat_unit_ix", "tenant_id", "unit_no"),)

    post_id: UUID = Field(primary_key=True)
    unit_no: int
    unit_id: UUID
    dossier_id: UUID
    person_id: UUID
    category: str
    period: DateRange = period_field()

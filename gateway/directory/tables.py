"""Tables of the directory. The tree is one per tenant; whoever works in the tenant may know it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import (
    DateRange,
    Rls,
    TenantTable,
    UniquePeriods,
    instant,
    json_field,
    period_field,
    recorded_now,
)

_TREE = "the tree of units and posts is known to all who work in the tenant; the relay role feeds it to the edges"


class Slug(TenantTable, table=True):
    """The name of a tenant in addresses; rows stand under the platform's tenant, so that no two are equal."""

    __tablename__ = "directory_slug"
    __rls__ = Rls.tenant_wide("rows of the platform: which tenant an address means", relay="select")

    slug: str = Field(primary_key=True)
    named_tenant_id: UUID


class Tenant(TenantTable, table=True):
    """A tenant: the jurisdiction that issued a regulation (one row, keyed by itself)."""

    __tablename__ = "directory_tenant"
    __rls__ = Rls.tenant_wide(
        "one row that says what the tenant is; the relay role lists them for the edges", relay="select"
    )

    slug: str
    title: str
    status: str = "active"
    business_offset_seconds: float = 0.0
    version: int = 1


class Unit(TenantTable, table=True):
    """A unit of the organisation tree, numbered in pre-order: `unit_no`…`last_no` is its subtree."""

    __tablename__ = "directory_unit"
    __rls__ = Rls.tenant_wide(_TREE)
    __renumbered__ = False
    __table_args__ = (
        UniqueConstraint("tenant_id", "unit_no"),
        ForeignKeyConstraint(["tenant_id", "parent_id"], ["directory_unit.tenant_id", "directory_unit.id"]),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    last_no: int
    level: str
    code: str
    title: str
    parent_id: UUID | None = None
    valid_from: date
    valid_before: date | None = None
    version: int = 1
    successor_id: UUID | None = None
    """The unit it was merged into, within whose range its number then lies."""


class UnitVersion(TenantTable, table=True):
    """What a unit was in a period: name, level, code and the unit above it (T2). The present is its last version."""

    __tablename__ = "directory_unit_version"
    __rls__ = Rls.tenant_wide(_TREE)
    __temporal__ = (UniquePeriods(key=("unit_id",)),)
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "unit_id"], ["directory_unit.tenant_id", "directory_unit.id"]),
        Index("directory_unit_version_parent_ix", "tenant_id", "parent_id"),
    )

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    title: str
    level: str
    code: str = Field(index=True)
    parent_id: UUID | None = None
    period: DateRange = period_field()
    operation_id: UUID | None = None
    """The reorganisation that made it so, where it was one."""


class RetiredRange(TenantTable, table=True):
    """Numbers that a unit's subtree had once. They are never given again: an old scope must not meet new rows."""

    __tablename__ = "directory_retired_range"
    __rls__ = Rls.tenant_wide(_TREE, app="select, insert")

    first_no: int = Field(primary_key=True)
    end_no: int
    unit_id: UUID
    recorded_at: datetime = recorded_now()


class Reorganisation(TenantTable, table=True):
    """One act on the tree: create, rename, move, merge, split or close, on a day, by whom and on which decision (T2).

    `state`: planned (its day is to come), done, refused (on its day it could no longer be done) or withdrawn.
    """

    __tablename__ = "directory_reorganisation"
    __rls__ = Rls.tenant_wide(_TREE)

    id: UUID = Field(primary_key=True)
    kind: str
    unit_id: UUID
    state: str
    valid_from: date
    reason: str
    document: str
    details: dict[str, Any] = json_field()
    decided_by_post: UUID | None = None
    refused: str | None = None
    done_at: datetime | None = instant(default=None)
    """Business instant."""
    recorded_at: datetime = recorded_now()
    version: int = 1


class Department(TenantTable, table=True):
    """A department of a unit, by kind (社会工作部, 组织部 …), in a half-open period; without first day: as long as the
    unit. That two of one kind never stand in a unit at once is kept under the unit's row lock."""

    __tablename__ = "directory_department"
    __rls__ = Rls.tenant_wide(_TREE)
    __table_args__ = (
        UniqueConstraint("tenant_id", "unit_id", "kind", "valid_from", postgresql_nulls_not_distinct=True),
        ForeignKeyConstraint(["tenant_id", "unit_id"], ["directory_unit.tenant_id", "directory_unit.id"]),
    )

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    kind: str
    title: str
    valid_from: date | None = None
    valid_before: date | None = None
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class User(TenantTable, table=True):
    """Somebody who signs in: an official (with posts), or a person (applicant, worker) with a person id."""

    __tablename__ = "directory_user"
    __rls__ = Rls.tenant_wide("read at sign-in, before the user's units are known")
    __table_args__ = (UniqueConstraint("tenant_id", "user_name"),)

    id: UUID = Field(primary_key=True)
    user_name: str
    display_name: str
    person_id: UUID | None = None
    status: str = "active"
    version: int = 1


class Post(TenantTable, table=True):
    """A post: one user, one department, one duty, for a period (T3). `acting`: held for the time being (代职)."""

    __tablename__ = "directory_post"
    __rls__ = Rls.tenant_wide(_TREE)
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["directory_user.tenant_id", "directory_user.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "department_id"], ["directory_department.tenant_id", "directory_department.id"]
        ),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(index=True)
    department_id: UUID
    unit_id: UUID
    duty: str
    valid_from: date
    valid_before: date | None = None
    version: int = 1
    acting: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class OfficialLeave(TenantTable, table=True):
    """Days on which an official is away (请假、休假), half-open, and why. Never deleted."""

    __tablename__ = "directory_leave"
    __rls__ = Rls.tenant_wide(_TREE, app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["directory_user.tenant_id", "directory_user.id"]),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(index=True)
    valid_from: date
    valid_before: date
    reason: str
    version: int = 1


class Substitution(TenantTable, table=True):
    """Who stands in for the holder of a post (代理), in a half-open period, and why (T3). Never deleted."""

    __tablename__ = "directory_substitution"
    __rls__ = Rls.tenant_wide(_TREE)
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "post_id"], ["directory_post.tenant_id", "directory_post.id"]),
        ForeignKeyConstraint(["tenant_id", "user_id"], ["directory_user.tenant_id", "directory_user.id"]),
        ForeignKeyConstraint(["tenant_id", "leave_id"], ["directory_leave.tenant_id", "directory_leave.id"]),
    )

    id: UUID = Field(primary_key=True)
    post_id: UUID = Field(index=True)
    user_id: UUID = Field(index=True)
    valid_from: date
    valid_before: date
    reason: str
    leave_id: UUID | None = Field(default=None, index=True)
    """The leave with which it was recorded, and with which it ends."""
    version: int = 1

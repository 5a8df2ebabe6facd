"""Tables of the read model. Shared by the whole tenant: every post may know which units and posts exist."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, json_field, recorded_now

_SHARED = Rls.tenant_wide("the tree of units, its posts and its rules are known to all who work in the tenant")


class OrgTenant(TenantTable, table=True):
    """The tenant itself (one row): its name in addresses, whether it is active, its business time."""

    __tablename__ = "k_org_tenant"
    __rls__ = Rls.tenant_wide(
        "one row that says what the tenant is; timers of the relay role read its business time", relay="select"
    )

    slug: str
    title: str
    status: str
    business_offset_seconds: float


class OrgUnit(TenantTable, table=True):
    """A unit: its place in the pre-order numbering, its level, code and name."""

    __tablename__ = "k_org_unit"
    __rls__ = _SHARED
    __renumbered__ = False

    id: UUID = Field(primary_key=True)
    unit_no: int = Field(index=True)
    last_no: int
    level: str
    code: str
    title: str
    parent_id: UUID | None = None
    valid_from: date
    valid_before: date | None = None
    successor_id: UUID | None = None
    """The unit it was merged into; its rows are that unit's now."""


class OrgNumber(TenantTable, table=True):
    """A number that a unit had once and has no longer; numbers are never given twice.

    `unit_no` is the number that stands for it now (of the successor, where the unit was merged). `unit_id` and
    `last_no` are of the unit that had the old number.
    """

    __tablename__ = "k_org_number"
    __rls__ = Rls.tenant_wide("the tree is known to all; the relay role looks where stragglers may be", relay="select")
    __renumbered__ = False

    old_no: int = Field(primary_key=True)
    unit_id: UUID = Field(index=True)
    unit_no: int = Field(index=True)
    last_no: int
    recorded_at: datetime = recorded_now()


class OrgPost(TenantTable, table=True):
    """An official's post: which department kind in which unit, with which duty, from when to when."""

    __tablename__ = "k_org_post"
    __rls__ = _SHARED

    id: UUID = Field(primary_key=True)
    user_id: UUID
    unit_id: UUID
    unit_no: int = Field(index=True)
    department_kind: str
    level: str
    duty: str
    valid_from: date
    valid_before: date | None = None


class OrgSubstitution(TenantTable, table=True):
    """Who stands in for the holder of a post (代理), and from when to when."""

    __tablename__ = "k_org_substitution"
    __rls__ = _SHARED

    id: UUID = Field(primary_key=True)
    post_id: UUID = Field(index=True)
    user_id: UUID
    valid_from: date
    valid_before: date


class OrgLeave(TenantTable, table=True):
    """Days on which an official is away (请假、休假), half-open."""

    __tablename__ = "k_org_leave"
    __rls__ = _SHARED

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(index=True)
    valid_from: date
    valid_before: date


class OrgPack(TenantTable, table=True):
    """A version of the tenant's regulation pack and the period in which it is in force."""

    __tablename__ = "k_org_pack"
    __rls__ = _SHARED

    id: UUID = Field(primary_key=True)
    pack_id: str
    pack_version: str
    valid_from: date
    valid_before: date | None = None
    content: str


class OrgInterpretation(TenantTable, table=True):
    """What the interpreting organ answered on an article, and from which day on it is shown with its findings."""

    __tablename__ = "k_org_interpretation"
    __rls__ = _SHARED

    id: UUID = Field(primary_key=True)
    article: str
    text: str
    document: str
    organ_zh: str
    organ_en: str
    valid_from: date


class OrgParameter(TenantTable, table=True):
    """A local parameter in force: the figure that a unit's office set for it and the units below, in a period."""

    __tablename__ = "k_org_parameter"
    __rls__ = _SHARED

    id: UUID = Field(primary_key=True)
    path: str
    unit_id: UUID = Field(index=True)
    value: Any = json_field()
    source: str
    valid_from: date
    valid_before: date | None = None

"""Tables of the directory. The tree is one per tenant; whoever works in the tenant may know it."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable

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


class Department(TenantTable, table=True):
    """A department of a unit, by kind (社会工作部, 组织部 …)."""

    __tablename__ = "directory_department"
    __rls__ = Rls.tenant_wide(_TREE)
    __table_args__ = (
        UniqueConstraint("tenant_id", "unit_id", "kind"),
        ForeignKeyConstraint(["tenant_id", "unit_id"], ["directory_unit.tenant_id", "directory_unit.id"]),
    )

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    kind: str
    title: str


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
    """A post: one user, one department, one duty, for a period (T3)."""

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

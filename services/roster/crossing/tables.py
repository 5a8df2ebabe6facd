"""Tables of moves to other tenants: the giving side's record, and the names under which tenants are known."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant


class Crossing(TenantTable, table=True):
    """A worker's release to another tenant. Stays with the giving side; of the receiving side it has the address."""

    __tablename__ = "roster_crossing"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        # One at a time: nobody starts to serve in two places.
        Index(
            "roster_crossing_open_ix",
            "tenant_id",
            "dossier_id",
            unique=True,
            postgresql_where=text("state in ('released', 'consented')"),
        ),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    dossier_id: UUID
    person_id: UUID
    receiving_tenant_id: UUID
    receiving_slug: str
    receiving_title: str
    receiving_unit_code: str
    reason: str
    office_ends_by: str | None = None
    state: str
    released_by: UUID | None = None
    released_at: datetime = instant()
    consented_at: datetime | None = instant(default=None)
    closed_at: datetime | None = instant(default=None)
    version: int = 1


class KnownTenant(TenantTable, table=True):
    """Which tenant a name in addresses means. Rows stand under the platform's tenant, where no request looks."""

    __tablename__ = "roster_known_tenant"
    __rls__ = Rls.tenant_wide("rows of the platform: which tenant a name means")
    __table_args__ = (UniqueConstraint("tenant_id", "named_tenant_id"),)

    slug: str = Field(primary_key=True)
    named_tenant_id: UUID
    title: str

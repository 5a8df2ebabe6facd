"""Tables of the dossier: the person once, and the posts held in time (O2)."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import DateRange, Rls, TenantTable, UniquePeriods, period_field


class Dossier(TenantTable, table=True):
    """One person's dossier. `unit_no` is the community's; the four party units stand apart (NM-12, 17, 24).

    `id_number` and `phone` are ciphertext; `id_number_index` finds the person again within the tenant.
    """

    __tablename__ = "roster_dossier"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id"),
        UniqueConstraint("tenant_id", "id_number_index"),
        # Lists walk the scope's range in this order.
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    full_name: str
    id_number: bytes
    id_number_index: bytes
    phone: bytes
    category: str
    post_title: str
    community_unit_id: UUID
    employer_unit_id: UUID | None = None
    payer_unit_id: UUID | None = None
    manager_unit_id: UUID | None = None
    user_unit_id: UUID | None = None
    application_id: UUID
    enrolled_on: date
    on_duty_from: date | None = None
    pack_id: str
    pack_version: str
    version: int = 1


class Post(TenantTable, table=True):
    """A post held for a period. Several may be held at once (secretary and director), the same one only once."""

    __tablename__ = "roster_post"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __temporal__ = (UniquePeriods(key=("dossier_id", "community_unit_id", "title")),)
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "dossier_id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    community_unit_id: UUID
    category: str
    title: str
    period: DateRange = period_field()

"""Table of the dossier: the person once (O2). The posts held in time stand with `appointment`."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable


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
    application_id: UUID | None = None
    """By which application the person was hired; None where the dossier was entered from earlier history."""
    enrolled_on: date
    on_duty_from: date | None = None
    left_on: date | None = None
    """First day on which the worker is no longer one; None while the worker is."""
    pack_id: str
    pack_version: str
    version: int = 1

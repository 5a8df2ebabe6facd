"""What is known of a file; its contents lie in the object store under the same id."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class File(TenantTable, table=True):
    """One file of a unit, about a person where `person_id` names one. Rows are added only.

    `sealed_key` opens the contents and `sealed_name` is the name the sender gave: both encrypted under the person's
    data key, or for a file about nobody the key wrapped by the tenant's and no name kept.
    """

    __tablename__ = "k_file"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (Index("k_file_unit_ix", "tenant_id", "unit_no", "id"),)

    id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID | None = None
    sha256: str
    size: int
    media_type: str
    sealed_key: bytes
    sealed_name: bytes | None = None
    uploaded_at: datetime = instant()
    recorded_at: datetime = recorded_now()

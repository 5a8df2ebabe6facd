"""Table of training classes."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Numeric
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant


class Session(TenantTable, table=True):
    """A class held (or to be held) by its organiser; `class_hours` is what full attendance gives.

    `round`: a training or round of the responsible level, which its programme makes it.
    """

    __tablename__ = "training_session"
    __rls__ = Rls(unit="unit_no")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "programme_id"], ["training_programme.tenant_id", "training_programme.id"]),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    organiser_unit_id: UUID
    title: str
    form: str
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    class_hours: Decimal = Field(sa_type=Numeric(8, 2))
    programme_id: UUID | None = None
    round: bool = False
    version: int = 1

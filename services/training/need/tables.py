"""Table of training needs."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, Numeric, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, json_field


class Need(TenantTable, table=True):
    """Hours that a person owes, once per kind and cycle. `unit_no` is the community's.

    `forms` are the forms of training that count (NM-20: off the job only). `credited_hours` and `met_on` follow from
    the ledger and are written with each entry of it.

    A yearly need (`cycle` is the year) also has the post that decides (`role`), whether the person was in post for a
    part of the year only, whether the hours owed before the post stand `apart` from it, and the training due once in
    `every_years`, the first time counted from `since`: `trained_on` is the newest, `train_by` the last day for the one
    still owed in this year. `lapsed`: no post of the year stands behind it any more.
    """

    __tablename__ = "training_need"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id", "kind", "cycle"),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    kind: str
    cycle: str
    required_hours: Decimal = Field(sa_type=Numeric(8, 2))
    credited_hours: Decimal = Field(sa_type=Numeric(8, 2))
    forms: list[str] = json_field()
    article: str | None = None
    opened_on: date
    met_on: date | None = None
    application_id: UUID | None = None
    role: str | None = None
    part_year: bool = False
    apart: bool = False
    every_years: int | None = None
    since: date | None = None
    trained_on: date | None = None
    train_by: date | None = None
    lapsed: bool = False
    pack_id: str
    pack_version: str
    version: int = 1

"""Table of methods of assessment."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, json_field


class Scheme(TenantTable, table=True):
    """A method of one unit, in force from a day once it is approved; a later one takes its place."""

    __tablename__ = "assessment_scheme"
    __rls__ = Rls(app="select, insert, update")
    __table_args__ = (
        Index(None, "tenant_id", "unit_no", "id"),
        Index(
            "assessment_scheme_one_a_day",
            "tenant_id",
            "unit_no",
            "valid_from",
            unique=True,
            postgresql_where=text("state = 'approved'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    unit_id: UUID
    title: str
    valid_from: date
    terms: dict[str, Any] = json_field()
    state: str
    case_id: UUID | None = None
    pack_id: str
    pack_version: str
    drafted_by_post: UUID | None = None
    version: int = 1

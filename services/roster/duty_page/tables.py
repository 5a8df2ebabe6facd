"""Table of the public pages of communities."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field


class DutyPage(TenantTable, table=True):
    """The public page of a community: commitments and how many people work where. It holds no personal data.

    `counts` is {place: {"people": number, "roles": {role: number}}} as of `counted_on`.
    """

    __tablename__ = "roster_duty_page"
    __rls__ = Rls(published="published_at is not null", app="select, insert, update")
    __table_args__ = (UniqueConstraint("tenant_id", "community_unit_id"),)

    id: UUID = Field(primary_key=True)
    unit_no: int
    community_unit_id: UUID
    community_title: str
    commitments: list[dict[str, Any]] = json_field()
    counts: dict[str, Any] = json_field()
    counted_on: date
    published_at: datetime = instant()
    published_by: UUID | None = None
    version: int = 1

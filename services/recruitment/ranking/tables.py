"""The ranking as it was fixed."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Numeric
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class RankingLine(TenantTable, table=True):
    """A candidate's place when the ranking was fixed, with its explanation. Added once, never changed.

    `rank` and `total` are null for who was not ranked; `explanation` then says why.
    """

    __tablename__ = "recruitment_ranking"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "application_id"], ["recruitment_application.tenant_id", "recruitment_application.id"]
        ),
        Index("recruitment_ranking_item_ix", "tenant_id", "item_id", "rank"),
    )

    application_id: UUID = Field(primary_key=True)
    notice_id: UUID
    item_id: UUID
    unit_no: int
    person_id: UUID
    rank: int | None = None
    total: Decimal | None = Field(default=None, sa_type=Numeric)
    written: Decimal | None = Field(default=None, sa_type=Numeric)
    interview: Decimal | None = Field(default=None, sa_type=Numeric)
    article: str | None = None
    explanation: list[dict[str, Any]] = json_field()
    user_id: UUID | None = None
    post_id: UUID | None = None
    fixed_at: datetime = instant()
    recorded_at: datetime = recorded_now()

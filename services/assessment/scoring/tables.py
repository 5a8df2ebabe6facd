"""Table of scores."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Numeric
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field


class Score(TenantTable, table=True):
    """The score of one component of one result, by the official who gave it last while the stage was under way.

    `scorers` are all who ever gave it: none of them reviews an appeal.
    """

    __tablename__ = "assessment_score"
    __rls__ = Rls(app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "result_id"], ["assessment_result.tenant_id", "assessment_result.id"]),
    )

    result_id: UUID = Field(primary_key=True)
    component: str = Field(primary_key=True)
    unit_no: int
    points: Decimal = Field(sa_type=Numeric(8, 2))
    remark: str | None = None
    user_id: UUID
    post_id: UUID
    scorers: list[str] = json_field()
    scored_at: datetime = instant()

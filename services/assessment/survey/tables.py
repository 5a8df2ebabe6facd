"""Tables of the residents' survey. What keeps an answer apart from who gave it is stated at each table.

Nothing joins a token and an answer: no column, no order, no instant. A used token's row is removed, not marked, so that
not even the database's own record of the writing transaction stands on both sides.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, Numeric, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, json_field

_RESIDENTS = "residents have no unit and no account; only the holder of a token can name its row"


class Survey(TenantTable, table=True):
    """The survey of one cycle. Its form never changes once it is opened; answers are taken up to `closes_on`."""

    __tablename__ = "assessment_survey"
    __rls__ = Rls(published="opens_on is not null", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "cycle_id"], ["assessment_cycle.tenant_id", "assessment_cycle.id"]),
        UniqueConstraint("tenant_id", "cycle_id"),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    cycle_id: UUID
    unit_no: int
    title: str
    questions: list[dict[str, Any]] = json_field()
    opens_on: date
    closes_on: date


class SurveyPart(TenantTable, table=True):
    """The survey in one community: how many tokens were made for it. `unit_no` is the community's."""

    __tablename__ = "assessment_survey_part"
    __rls__ = Rls(app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "survey_id"], ["assessment_survey.tenant_id", "assessment_survey.id"]),
        CheckConstraint("issued >= 0 and withdrawn between 0 and issued", name="issued"),
    )

    survey_id: UUID = Field(primary_key=True)
    unit_no: int = Field(primary_key=True)
    community_unit_id: UUID
    minimum: int
    closes_on: date
    best: int
    full_score: Decimal = Field(sa_type=Numeric(8, 2))
    rounding: dict[str, Any] = json_field()
    issued: int = 0
    withdrawn: int = 0

    def terms(self) -> dict[str, Any]:
        """By what its answers are counted."""
        names = ("minimum", "best", "full_score", "rounding")
        return {name: getattr(self, name) for name in names}


class SurveyToken(TenantTable, table=True):
    """A token not used yet, as its SHA-256 alone. It goes with the answer that it gives a right to."""

    __tablename__ = "assessment_survey_token"
    __rls__ = Rls.tenant_wide(_RESIDENTS, app="select, insert, delete")
    __table_args__ = (Index(None, "tenant_id", "survey_id", "community_unit_no"),)

    survey_id: UUID = Field(primary_key=True)
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    community_unit_no: int


class SurveyAnswer(TenantTable, table=True):
    """An answer: the marks, the community and the day. Its id is random, so that it tells no order."""

    __tablename__ = "assessment_survey_answer"
    __rls__ = Rls.tenant_wide(_RESIDENTS, app="select, insert")
    __table_args__ = (Index(None, "tenant_id", "survey_id", "community_unit_no"),)

    id: UUID = Field(primary_key=True)
    survey_id: UUID
    community_unit_no: int
    answered_on: date
    marks: dict[str, int] = json_field()
    points: int

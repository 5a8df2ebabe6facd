"""Tables of transfers: the giving side's record and the receiving side's (NM-23)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field


class Transfer(TenantTable, table=True):
    """A worker's release by the unit that gives; stays with it, with the posts it then had (`posts_left`)."""

    __tablename__ = "roster_transfer"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        # One at a time: two acceptances would move the same dossier to two places.
        Index(
            "roster_transfer_open_ix",
            "tenant_id",
            "dossier_id",
            unique=True,
            postgresql_where=text("state in ('released', 'consented', 'accepted')"),
        ),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    dossier_id: UUID
    person_id: UUID
    from_community_unit_id: UUID
    to_community_unit_id: UUID
    to_unit_no: int
    role: str
    effective_on: date
    reason: str
    office_ends_by: str | None = None
    state: str
    released_by: UUID | None = None
    released_at: datetime = instant()
    answered_at: datetime | None = instant(default=None)
    posts_left: list[dict[str, Any]] = json_field()
    version: int = 1


class Reception(TenantTable, table=True):
    """What the receiving unit is shown once the worker consents, and what it decided. Its id is the transfer's."""

    __tablename__ = "roster_reception"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (Index(None, "tenant_id", "unit_no", "id"),)

    id: UUID = Field(primary_key=True)
    unit_no: int
    dossier_id: UUID
    person_id: UUID
    full_name: str
    from_unit_id: UUID
    community_unit_id: UUID
    role: str
    effective_on: date
    evidence: dict[str, Any] = json_field()
    state: str
    decided_by: UUID | None = None
    decided_at: datetime | None = instant(default=None)
    comment: str | None = None
    version: int = 1

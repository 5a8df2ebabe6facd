"""What waits for whom, and the numbered changes by which a client learns of it. The deciding service is the truth."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class WorklistCase(TenantTable, table=True):
    """A case of one of the services, as its events told of it last. `unit_no` is that of its subject."""

    __tablename__ = "worklist_case"
    __rls__: ClassVar[Rls] = Rls(unit="unit_no", app="select, insert, update")
    __table_args__ = (Index("worklist_case_unit_ix", "tenant_id", "unit_no", "id"),)

    id: UUID = Field(primary_key=True)
    unit_no: int
    service: str
    workflow: str
    subject_type: str
    subject_id: UUID
    subject_unit_id: UUID
    pack_id: str
    pack_version: str
    state: str
    submitter_user_id: UUID | None = None
    barred: list[str] = json_field(default_factory=list)
    """Users who may not act in the case."""
    opened_at: datetime = instant()
    """Business instant."""


class WorklistItem(TenantTable, table=True):
    """One open step, or one signature asked for at it (`signer`: `department@level`, empty for the step itself)."""

    __tablename__ = "worklist_item"
    __rls__: ClassVar[Rls] = Rls(unit="unit_no")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "case_id"], ["worklist_case.tenant_id", "worklist_case.id"]),
        Index("worklist_item_desk_ix", "tenant_id", "acting_unit_id", "department", "due_on", "id"),
        # What is late, and what nobody can act on: few of all that waits, read by themselves at any width of scope.
        Index(
            "worklist_item_escalated_ix",
            "tenant_id",
            "due_on",
            "id",
            "unit_no",
            postgresql_where=text("escalated is true"),
        ),
        Index(
            "worklist_item_unstaffed_ix",
            "tenant_id",
            "due_on",
            "id",
            "unit_no",
            postgresql_where=text("unstaffed is not null"),
        ),
        Index("worklist_item_case_ix", "tenant_id", "case_id", "step", "signer", unique=True),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    case_id: UUID
    step: str
    signer: str = ""
    round: int
    kind: str
    department: str
    level: str
    duties: list[str] = json_field()
    acting_unit_id: UUID | None = None
    unstaffed: str | None = None
    due_on: date | None = None
    ends_on: date | None = None
    article: str | None = None
    claimed_by: UUID | None = None
    delegate_id: UUID | None = None
    reminded: bool = False
    escalated: bool = False
    dismissed: list[str] = json_field(default_factory=list, sa_column_kwargs={"server_default": "[]"})
    """Users who have read a notice (告知) and put it away."""
    opened_at: datetime = instant()
    """Business instant."""


class WorklistChange(TenantTable, table=True):
    """One event that was applied; `seq` counts them per tenant in the order of commit, so none is ever passed by."""

    __tablename__ = "worklist_change"
    __rls__: ClassVar[Rls] = Rls(unit="unit_no", app="select, insert, delete")
    __table_args__ = (Index("worklist_change_event_ix", "tenant_id", "event_id", unique=True),)

    seq: int = Field(primary_key=True, sa_type=BigInteger)
    unit_no: int
    event_id: UUID
    case_id: UUID
    data: dict[str, Any] = json_field()
    """Service, workflow and state of the case after the event."""
    desks: list[dict[str, str]] | None = json_field(default=None)
    """What was on whose desk before and after: item, unit, department, level. None where it was not noted."""
    recorded_at: datetime = recorded_now()


class WorklistHead(TenantTable, table=True):
    """The last number given out to a change; its row lock orders them by commit."""

    __tablename__ = "worklist_head"
    __rls__: ClassVar[Rls] = Rls.tenant_wide("one counter per tenant, of no unit", app="select, insert, update")

    last_seq: int = Field(sa_type=BigInteger)

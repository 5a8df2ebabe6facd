"""Tables of the cases. Case, steps and timeline carry the unit of the subject, so its superiors see them too.

Acting and submitting units are kept by id: a reorganisation renumbers units, and a step must not lose its
office by that (A6).
"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class ApprovalCase(TenantTable, table=True):
    """One case with its pinned definition. `person_id` is the person it concerns, who may see it."""

    __tablename__ = "k_approval_case"
    __rls__: ClassVar[Rls] = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __closed_units__ = "what is decided on, the feature's own row names; a closed unit's matters are wound up"
    __table_args__ = (
        # A second case on the same matter while the first is under way would let two decisions contradict.
        Index(
            "k_approval_case_live_uq",
            "tenant_id",
            "workflow",
            "subject_type",
            "subject_id",
            unique=True,
            postgresql_where=text("state in ('open', 'returned')"),
        ),
        # The policy asks for the person: with it the index alone tells which are the newest of a narrow scope.
        Index("k_approval_case_unit_ix", "tenant_id", "unit_no", "id", postgresql_include=["person_id"]),
        # The newest of a wide scope are walked by age; the unit behind it tells whose they are without the row.
        Index("k_approval_case_newest_ix", "tenant_id", "id", "unit_no"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID | None = None
    workflow: str
    definition: dict[str, Any] = json_field()
    pack_id: str
    pack_version: str
    facts: dict[str, Any] = json_field()
    subject_type: str
    subject_id: UUID
    subject_unit_id: UUID
    subject_user: UUID | None = None
    state: str
    returned_step: str | None = None
    submitter_user: UUID | None = None
    submitter_person: UUID | None = None
    submitter_unit_id: UUID | None = None
    submitter_department: str | None = None
    submitter_level: str | None = None
    submitters: list[str] = json_field()
    recused: list[str] = json_field(default_factory=list, sa_column_kwargs={"server_default": "[]"})
    """Users who stood aside (回避)."""
    version: int = 1
    opened_at: datetime = instant()
    """Business instant, as is `decided_at`."""
    decided_at: datetime | None = instant(default=None)
    recorded_at: datetime = recorded_now()


class ApprovalStep(TenantTable, table=True):
    """One step of a case. `acting_unit_id` is found when it opens; `unstaffed` says why nobody is there."""

    __tablename__ = "k_approval_step"
    __rls__: ClassVar[Rls] = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __closed_units__ = "what is decided on, the feature's own row names; a closed unit's matters are wound up"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "case_id"], ["k_approval_case.tenant_id", "k_approval_case.id"]),
        Index(
            "k_approval_step_desk_ix",
            "tenant_id",
            "acting_unit_id",
            "department",
            postgresql_where=text("state = 'open'"),
        ),
    )

    case_id: UUID = Field(primary_key=True)
    position: int = Field(primary_key=True)
    unit_no: int
    person_id: UUID | None = None
    step: str
    kind: str
    department: str
    level: str
    acting_unit_id: UUID | None = None
    unstaffed: str | None = None
    state: str
    round: int
    due_on: date | None = None
    ends_on: date | None = None
    objections: list[dict[str, Any]] = json_field()
    claimed_by: UUID | None = None
    delegate_id: UUID | None = None
    reminded_on: date | None = None
    escalated: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    figures: dict[str, int] = json_field(default_factory=dict, sa_column_kwargs={"server_default": "{}"})
    met: bool | None = None
    questioned: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class ApprovalSigner(TenantTable, table=True):
    """An office asked for its signature at a step (会签, 会同), in the order of asking (`seat`).

    One that a later round asks no more stays, as removed.
    """

    __tablename__ = "k_approval_signer"
    __rls__: ClassVar[Rls] = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __closed_units__ = "what is decided on, the feature's own row names; a closed unit's matters are wound up"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "case_id", "position"],
            ["k_approval_step.tenant_id", "k_approval_step.case_id", "k_approval_step.position"],
        ),
        Index(
            "k_approval_signer_desk_ix",
            "tenant_id",
            "acting_unit_id",
            "department",
            postgresql_where=text("state = 'open'"),
        ),
    )

    case_id: UUID = Field(primary_key=True)
    position: int = Field(primary_key=True)
    department: str = Field(primary_key=True)
    level: str = Field(primary_key=True)
    unit_no: int
    person_id: UUID | None = None
    seat: int
    state: str
    added: bool
    acting_unit_id: UUID | None = None
    unstaffed: str | None = None


class ApprovalFile(TenantTable, table=True):
    """A file laid beside a case (附件), by whoever may act on it or read it. Rows are added only."""

    __tablename__ = "k_approval_file"
    __rls__: ClassVar[Rls] = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "case_id"], ["k_approval_case.tenant_id", "k_approval_case.id"]),
        ForeignKeyConstraint(["tenant_id", "file_id"], ["k_file.tenant_id", "k_file.id"]),
    )

    case_id: UUID = Field(primary_key=True)
    file_id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID | None = None
    user_id: UUID | None = None
    post_id: UUID | None = None
    added_at: datetime = instant()
    """Business instant."""


class ApprovalRecord(TenantTable, table=True):
    """One line of the timeline (A5). Lines are only added: the app role can neither update nor delete."""

    __tablename__ = "k_approval_record"
    __rls__: ClassVar[Rls] = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "case_id"], ["k_approval_case.tenant_id", "k_approval_case.id"]),
    )

    case_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    unit_no: int
    person_id: UUID | None = None
    action: str
    step: str | None = None
    article: str | None = None
    comment: str | None = None
    state: str
    objection_id: UUID | None = None
    upheld: bool | None = None
    actor_kind: str
    user_id: UUID | None = None
    post_id: UUID | None = None
    on_behalf_of: UUID | None = None
    details: dict[str, Any] = json_field(default_factory=dict, sa_column_kwargs={"server_default": "{}"})
    """What the action brought with it: where a return goes, the fields marked, figures, attachments …"""
    actor_unit_no: int | None = None
    actor_department: str | None = None
    actor_level: str | None = None
    actor_duty: str | None = None
    acted_at: datetime = instant()
    """Business instant."""
    recorded_at: datetime = recorded_now()

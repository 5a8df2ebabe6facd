"""All SQL of the cases: one for decision (locked), one to look at, lists, the timeline."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false
from sqlmodel import col, select

from kernel.approvals.definition import SIGNED, Office, WorkflowDefinition
from kernel.approvals.embed.schemas import CaseLine, CaseView, ObjectionView, RecordLine, SignerView, StepView
from kernel.approvals.embed.tables import ApprovalCase, ApprovalRecord, ApprovalSigner, ApprovalStep
from kernel.approvals.model import Case, Objection, Signer, Step, Submitter
from kernel.approvals.resolve import DUTIES
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from kernel.org.substitutes import stands_for
from kernel.org.tables import OrgPost, OrgUnit

_LINES = Listing(CaseLine, ApprovalCase)
LIVE = ("open", "approved")
"""States of a case in which steps may be open: after the decision a record may still be filed."""


@dataclass(slots=True)
class Held:
    """A case as the machine sees it, beside the rows it is stored in."""

    case: Case
    row: ApprovalCase
    steps: list[ApprovalStep]
    signers: list[ApprovalSigner]
    """In the order of asking, step by step."""

    def signer(self, position: int, office: Office) -> ApprovalSigner | None:
        """The row of one signer of the step at that position."""
        return next(
            (
                row
                for row in self.signers
                if (row.position, row.department, row.level) == (position, office.department, office.level)
            ),
            None,
        )


async def load(tx: Transaction, case_id: UUID, *, lock: bool = False) -> Held:
    """The case; with `lock` its row is held to the end, so that decisions come one after the other.

    Raises `NotFound` for a case that is missing or outside the scope.
    """
    statement = select(ApprovalCase).where(col(ApprovalCase.id) == case_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    steps = list(
        (
            await tx.session.execute(
                select(ApprovalStep)
                .where(col(ApprovalStep.case_id) == case_id)
                .order_by(col(ApprovalStep.position))
                .execution_options(populate_existing=True)
            )
        ).scalars()
    )
    signers = await _signers(tx, case_id) if any(step.kind in SIGNED for step in steps) else []
    numbers = await _numbers(
        tx,
        {
            row.submitter_unit_id,
            *(each.acting_unit_id for each in steps),
            *(each.acting_unit_id for each in signers),
        },
    )
    return Held(_case(row, steps, signers, numbers), row, steps, signers)


async def _signers(tx: Transaction, case_id: UUID) -> list[ApprovalSigner]:
    found = await tx.session.execute(
        select(ApprovalSigner)
        .where(col(ApprovalSigner.case_id) == case_id)
        .order_by(col(ApprovalSigner.position), col(ApprovalSigner.seat))
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())


async def _numbers(tx: Transaction, units: set[UUID | None]) -> dict[UUID | None, int]:
    """Present numbers of the units concerned: a reorganisation may have changed them since."""
    ids = units - {None}
    found = await tx.session.execute(select(OrgUnit.id, OrgUnit.unit_no).where(col(OrgUnit.id).in_(ids)))
    return {row[0]: row[1] for row in found}


def _case(
    row: ApprovalCase, steps: list[ApprovalStep], signers: list[ApprovalSigner], numbers: dict[UUID | None, int]
) -> Case:
    workflow = WorkflowDefinition.load(row.definition)
    return Case(
        id=row.id,
        workflow=workflow,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        submitter=Submitter(
            user=row.submitter_user,
            person=row.submitter_person,
            unit_no=numbers.get(row.submitter_unit_id),
            department=row.submitter_department,
            level=row.submitter_level,
        ),
        submitters=tuple(UUID(user) for user in row.submitters),
        steps=tuple(
            Step(
                definition=definition,
                state=step.state,  # type: ignore[arg-type]  # written from the same Literal
                round=step.round,
                due_on=step.due_on,
                ends_on=step.ends_on,
                unit_no=numbers.get(step.acting_unit_id),
                unstaffed=step.unstaffed,
                objections=tuple(Objection(UUID(each["id"]), each["round"], each["state"]) for each in step.objections),
                signers=tuple(_signer(each, numbers) for each in signers if each.position == step.position),
                claimed_by=step.claimed_by,
                delegate=step.delegate_id,
                reminded_on=step.reminded_on,
                escalated=step.escalated,
                figures=step.figures,
                met=step.met,
                questioned=step.questioned,
            )
            for definition, step in zip(workflow.steps, steps, strict=True)
        ),
        state=row.state,  # type: ignore[arg-type]  # written from the same Literal
        returned_step=row.returned_step,
        subject_user=row.subject_user,
        subject_person=row.person_id,
        recused=tuple(UUID(user) for user in row.recused),
    )


def _signer(row: ApprovalSigner, numbers: dict[UUID | None, int]) -> Signer:
    return Signer(
        Office(row.department, row.level),
        row.state,  # type: ignore[arg-type]  # written from the same Literal
        row.added,
        numbers.get(row.acting_unit_id),
        row.unstaffed,
    )


def view(held: Held) -> CaseView:
    """The case as it goes out."""
    row = held.row
    return CaseView(
        **{name: getattr(row, name) for name in CaseView.model_fields if name in ApprovalCase.model_fields},
        submitter_user_id=row.submitter_user,
        steps=[
            StepView(
                **{
                    name: getattr(stored, name)
                    for name in StepView.model_fields
                    if name in ApprovalStep.model_fields and name != "objections"
                },
                mode=step.definition.mode,
                signers=[SignerView.model_validate(each) for each in held.signers if each.position == stored.position],
                blocks=step.definition.blocks,
                article=step.definition.article,
                words=step.definition.words,
                objections=[ObjectionView(id=each.id, state=each.state) for each in step.objections],
            )
            for step, stored in zip(held.case.steps, held.steps, strict=True)
        ],
    )


async def cases(
    tx: Transaction, paging: Paging, *, state: str | None, mine: bool, unstaffed: bool, subject_id: UUID | None
) -> Listed[CaseLine]:
    """Cases in the scope, newest first; `mine` keeps those at which the acting post can act now, `unstaffed` those
    with an open step at which nobody can."""
    statement = _LINES.select()
    scope, actor = tx.context.scope, tx.context.actor
    if actor.kind != "person":
        # The policy's own bounds once more, so that the planner takes the unit index at every width.
        statement = statement.where(col(ApprovalCase.unit_no).between(scope.lo, scope.hi))
    if paging.after is not None:
        statement = statement.where(col(ApprovalCase.id) < UUID(paging.after[0]))
    if state is not None:
        statement = statement.where(col(ApprovalCase.state) == state)
    if subject_id is not None:
        statement = statement.where(col(ApprovalCase.subject_id) == subject_id)
    if unstaffed:
        empty = waiting(tx, col(ApprovalStep.unstaffed).is_not(None), col(ApprovalSigner.unstaffed).is_not(None))
        statement = statement.where(empty, col(ApprovalCase.state).in_(LIVE))
    if mine:
        statement = statement.where(*await _at_my_desk(tx))
    rows = await _LINES.in_order(tx, paging, statement, col(ApprovalCase.id), newest=True)
    return _LINES.page(paging, rows, lambda row: (row.id,))


def waiting(tx: Transaction, at_step: ColumnElement[bool], to_sign: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that a case has an open step of that kind, or waits for a signature of that kind.

    Named as a set, not asked of each case: few wait of all that there ever were.
    """
    steps, signatures = (
        select(col(kind.case_id)).where(col(kind.tenant_id) == tx.tenant, col(kind.state) == "open", condition)
        for kind, condition in ((ApprovalStep, at_step), (ApprovalSigner, to_sign))
    )
    return col(ApprovalCase.id).in_(steps.union_all(signatures))


async def _at_my_desk(tx: Transaction) -> list[ColumnElement[bool]]:
    """An open step belongs to the acting post's office and duty, or was delegated to the actor there, or waits for the
    signature of that office; and the matter is neither the actor's own nor that of whom the actor stands in for."""
    actor = tx.context.actor
    instead = await stands_for(tx, actor)
    concerned = [actor.user, instead.holder] if instead else [actor.user]
    kinds = [kind for kind, duties in DUTIES.items() if actor.duty in duties]
    unit = select(OrgUnit.id).where(col(OrgUnit.unit_no) == actor.unit_no).scalar_subquery()
    at_step = and_(
        col(ApprovalStep.kind).in_(kinds) | (col(ApprovalStep.delegate_id) == actor.user),
        col(ApprovalStep.kind) != "countersign",
        col(ApprovalStep.acting_unit_id) == unit,
        col(ApprovalStep.department) == actor.department_kind,
        col(ApprovalStep.level) == actor.level,
    )
    to_sign = and_(
        col(ApprovalSigner.acting_unit_id) == unit,
        col(ApprovalSigner.department) == actor.department_kind,
        col(ApprovalSigner.level) == actor.level,
    )
    return [
        waiting(tx, at_step, to_sign if actor.duty in DUTIES["countersign"] else false()),
        col(ApprovalCase.state).in_(LIVE),
        *(~col(ApprovalCase.submitters).contains([str(user)]) for user in concerned),
        *(~col(ApprovalCase.recused).contains([str(user)]) for user in concerned),
        *(col(ApprovalCase.subject_user).is_distinct_from(user) for user in concerned),
    ]


async def records(tx: Transaction, case_id: UUID) -> list[ApprovalRecord]:
    """The whole timeline of a case, from its submission on."""
    found = await tx.session.execute(
        select(ApprovalRecord).where(col(ApprovalRecord.case_id) == case_id).order_by(col(ApprovalRecord.number))
    )
    return list(found.scalars())


async def posts_of(tx: Transaction, ids: set[UUID | None]) -> dict[UUID, OrgPost]:
    """Posts by id, ended ones too."""
    found = await tx.session.execute(select(OrgPost).where(col(OrgPost.id).in_(ids - {None})))
    return {post.id: post for post in found.scalars()}


async def timeline(tx: Transaction, case_id: UUID, paging: Paging) -> tuple[list[RecordLine], str | None]:
    """The lines of the case from the first on; `NotFound` for a case outside the scope."""
    statement = (
        select(ApprovalRecord)
        .where(col(ApprovalRecord.case_id) == case_id)
        .order_by(col(ApprovalRecord.number))
        .limit(paging.limit + 1)
    )
    if paging.after is not None:
        statement = statement.where(col(ApprovalRecord.number) > paging.after[0])
    rows = (await tx.session.execute(statement)).scalars().all()
    if not rows and paging.after is None:  # opening a case writes its first line: no line, no case
        raise NotFound
    shown, following = paging.page(rows, lambda row: (row.number,))
    return [RecordLine.model_validate(row) for row in shown], following

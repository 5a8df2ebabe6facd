"""Writing a case: its rows, its signers, the line of the timeline."""

from typing import Any
from uuid import UUID

from kernel.approvals.definition import Office
from kernel.approvals.embed.queries import Held
from kernel.approvals.embed.tables import ApprovalCase, ApprovalRecord, ApprovalSigner, ApprovalStep
from kernel.approvals.model import FINAL, Case, Record, Step, Transition
from kernel.db.transaction import Transaction
from kernel.org.tables import OrgUnit


async def insert(
    tx: Transaction,
    transition: Transition,
    *,
    unit: OrgUnit,
    origin: UUID | None,
    pack: tuple[str, str],
    facts: dict[str, Any],
) -> Held:
    """The rows of a new case. `origin`: unit of the submitting post; `pack`: id and version pinned."""
    case = transition.case
    walls: dict[str, Any] = {
        "tenant_id": tx.tenant,
        "unit_no": unit.unit_no,
        "person_id": case.subject_person,
    }
    row = ApprovalCase(
        **walls,
        id=case.id,
        workflow=case.workflow.name,
        definition=case.workflow.dump(),
        pack_id=pack[0],
        pack_version=pack[1],
        facts=facts,
        subject_type=case.subject_type,
        subject_id=case.subject_id,
        subject_unit_id=unit.id,
        subject_user=case.subject_user,
        state=case.state,
        submitter_user=case.submitter.user,
        submitter_person=case.submitter.person,
        submitter_unit_id=origin,
        submitter_department=case.submitter.department,
        submitter_level=case.submitter.level,
        submitters=[],
        version=0,
        opened_at=tx.now,
    )
    steps = [
        ApprovalStep(
            **walls,
            case_id=case.id,
            position=position,
            step=step.id,
            kind=step.definition.kind,
            department=step.definition.by.department,
            level=step.definition.by.level,
            state=step.state,
            round=step.round,
            objections=[],
        )
        for position, step in enumerate(case.steps)
    ]
    tx.session.add(row)
    # The steps refer to the case, and without a Relationship the session does not know which goes first.
    await tx.session.flush()
    tx.session.add_all(steps)
    await tx.session.flush()
    return Held(case, row, steps, [])


async def save(tx: Transaction, held: Held, transition: Transition) -> None:
    """Bring the rows to the state of the case and add the line of the timeline."""
    case, row = held.case, held.row
    row.version += 1
    row.state, row.returned_step = case.state, case.returned_step
    row.submitters = [str(user) for user in case.submitters]
    if case.state in FINAL and row.decided_at is None:
        row.decided_at = tx.now
    row.recused = [str(user) for user in case.recused]
    for step, stored in zip(case.steps, held.steps, strict=True):
        _write(step, stored)
    tx.session.add(_line(tx, row, case, transition.record))
    await tx.session.flush()


def _write(step: Step, stored: ApprovalStep) -> None:
    stored.state, stored.round, stored.unstaffed = step.state, step.round, step.unstaffed
    stored.due_on, stored.ends_on = step.due_on, step.ends_on
    stored.objections = [{"id": str(each.id), "round": each.round, "state": each.state} for each in step.objections]
    stored.claimed_by, stored.delegate_id = step.claimed_by, step.delegate
    stored.reminded_on, stored.escalated = step.reminded_on, step.escalated
    stored.figures, stored.met, stored.questioned = dict(step.figures), step.met, step.questioned


def write_signers(tx: Transaction, held: Held, position: int) -> None:
    """Bring the rows of a step's signers to their state; whom this round asks no more stays as removed."""
    step, stored = held.case.steps[position], held.steps[position]
    for seat, signer in enumerate(step.signers):
        row = held.signer(position, signer.office)
        if row is None:
            row = ApprovalSigner(
                tenant_id=tx.tenant,
                case_id=stored.case_id,
                position=position,
                department=signer.office.department,
                level=signer.office.level,
                unit_no=stored.unit_no,
                person_id=stored.person_id,
                seat=seat,
                state=signer.state,
                added=signer.added,
            )
            tx.session.add(row)
            held.signers.append(row)
        row.seat, row.state, row.added, row.unstaffed = seat, signer.state, signer.added, signer.unstaffed
    asked = {signer.office for signer in step.signers}
    for row in held.signers:
        if row.position == position and Office(row.department, row.level) not in asked:
            row.state = "removed"


def _line(tx: Transaction, row: ApprovalCase, case: Case, record: Record) -> ApprovalRecord:
    actor = record.actor
    return ApprovalRecord(
        tenant_id=tx.tenant,
        case_id=case.id,
        # Every action raises the version by one under the row's lock, so lines are numbered without gaps.
        number=row.version,
        unit_no=row.unit_no,
        person_id=row.person_id,
        action=record.action,
        step=record.step,
        article=record.article,
        comment=record.comment,
        state=record.state,
        objection_id=record.objection,
        upheld=record.upheld,
        actor_kind=actor.kind,
        user_id=actor.user,
        post_id=actor.post,
        on_behalf_of=record.on_behalf_of,
        details=dict(record.details),
        actor_unit_no=actor.unit_no,
        actor_department=actor.department_kind,
        actor_level=actor.level,
        actor_duty=actor.duty,
        acted_at=tx.now,
    )

"""Writing a case: its rows, the seats of the steps that open, the end of a publicity as a timer."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from kernel.approvals import resolve
from kernel.approvals.embed.queries import Held
from kernel.approvals.embed.tables import ApprovalCase, ApprovalRecord, ApprovalStep
from kernel.approvals.model import FINAL, Case, Record, Step, Transition
from kernel.clock import SHANGHAI
from kernel.db.transaction import Transaction
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from kernel.schedule.actions import at

PERIOD_END = "approvals.period_end"
"""Kind of the timer that ends a publicity."""


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
    return Held(case, row, steps)


async def open_step(tx: Transaction, held: Held, step_id: str) -> None:
    """Find the office of a step that opens, relative to the subject's unit now, and set its timer."""
    index = next(i for i, each in enumerate(held.case.steps) if each.id == step_id)
    unit, seat = await find_seat(tx, held, index)
    case = held.case
    held.case = case.put(replace(case.steps[index], unit_no=seat.unit_no, unstaffed=seat.unstaffed))
    held.steps[index].acting_unit_id = unit.id if unit else None
    opened = held.case.steps[index]
    if opened.ends_on is not None:
        after = datetime.combine(opened.ends_on + timedelta(days=1), time(), SHANGHAI)
        payload = {"case": str(case.id), "step": step_id, "round": opened.round}
        await at(tx, PERIOD_END, after.astimezone(UTC), unit_no=held.row.unit_no, payload=payload)


async def find_seat(tx: Transaction, held: Held, index: int) -> tuple[OrgUnit | None, resolve.Seat]:
    """The office of a step, relative to the subject's unit now, and who is missing there."""
    definition = held.case.steps[index].definition
    subject = await org.unit(tx, held.row.subject_unit_id)
    unit = await org.ancestor(tx, subject.unit_no, definition.by.level)
    posts = await org.posts(tx, department_kind=definition.by.department, unit_no=unit.unit_no) if unit else []
    return unit, resolve.seat(
        definition,
        unit.unit_no if unit else None,
        [resolve.Holder(post.id, post.user_id, post.duty) for post in posts],
        resolve.barred_users(held.case),
    )


async def save(tx: Transaction, held: Held, transition: Transition) -> None:
    """Bring the rows to the state of the case and add the line of the timeline."""
    case, row = held.case, held.row
    row.version += 1
    row.state, row.returned_step = case.state, case.returned_step
    row.submitters = [str(user) for user in case.submitters]
    if case.state in FINAL and row.decided_at is None:
        row.decided_at = tx.now
    for step, stored in zip(case.steps, held.steps, strict=True):
        _write(step, stored)
    tx.session.add(_line(tx, row, case, transition.record))
    await tx.session.flush()


def _write(step: Step, stored: ApprovalStep) -> None:
    stored.state, stored.round, stored.unstaffed = step.state, step.round, step.unstaffed
    stored.due_on, stored.ends_on = step.due_on, step.ends_on
    stored.objections = [{"id": str(each.id), "round": each.round, "state": each.state} for each in step.objections]


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
        actor_unit_no=actor.unit_no,
        actor_department=actor.department_kind,
        actor_level=actor.level,
        actor_duty=actor.duty,
        acted_at=tx.now,
    )

"""What the world hears of an action on a case: events for worklists, audit, the position of the answer."""

from datetime import date
from uuid import UUID

from kernel.approvals import resolve
from kernel.approvals.embed.published import ApprovalCaseDecided, ApprovalCaseOpened, ApprovalStepOpened
from kernel.approvals.embed.queries import Held
from kernel.approvals.model import Step, Transition
from kernel.db.transaction import Transaction
from kernel.events.event import Event
from kernel.events.outbox import audit, emit

SUBJECT = "approval_case"


async def tell(tx: Transaction, held: Held, transition: Transition) -> None:
    """Publish and audit a stored action; the answer names the last event, for the worklist to wait on."""
    events: list[Event] = [_opened(held, transition) if held.row.version == 1 else _decided(held, transition)]
    for step, stored in zip(held.case.steps, held.steps, strict=True):
        if step.id in transition.opened:
            events.append(_step_opened(held, step, stored.acting_unit_id))
            await _note_unstaffed(tx, held, step)
    for event in events:
        tx.position(await emit(tx, event, aggregate_id=held.case.id, unit_no=held.row.unit_no))
    record = transition.record
    await audit(
        tx,
        f"{tx.process}.approval.{record.action}",
        subject_type=SUBJECT,
        subject_id=held.case.id,
        facts={
            "workflow": held.row.workflow,
            "step": record.step,
            "state": record.state,
            **({"on_behalf_of": str(record.on_behalf_of)} if record.on_behalf_of else {}),
        },
    )


async def tell_seat(tx: Transaction, held: Held, index: int) -> None:
    """Publish that an open step waits at another desk than before, or that its desk lost or got who decides there."""
    step = held.case.steps[index]
    opened = _step_opened(held, step, held.steps[index].acting_unit_id)
    await emit(tx, opened, aggregate_id=held.case.id, unit_no=held.row.unit_no)
    await _note_unstaffed(tx, held, step)


async def _note_unstaffed(tx: Transaction, held: Held, step: Step) -> None:
    """Where nobody can decide, the tenant's administrators find it in the audit."""
    if step.unstaffed is not None:
        facts = {"step": step.id, "why": step.unstaffed}
        what = f"{tx.process}.approval.unstaffed"
        await audit(tx, what, subject_type=SUBJECT, subject_id=held.case.id, facts=facts)


def _opened(held: Held, transition: Transition) -> ApprovalCaseOpened:
    row, actor = held.row, transition.record.actor
    return ApprovalCaseOpened(
        workflow=row.workflow,
        subject_type=row.subject_type,
        subject_id=str(row.subject_id),
        subject_unit_id=str(row.subject_unit_id),
        unit_no=row.unit_no,
        pack_id=row.pack_id,
        pack_version=row.pack_version,
        state=row.state,
        submitter_user_id=_text(actor.user),
        submitter_post_id=_text(actor.post),
    )


def _step_opened(held: Held, step: Step, acting_unit: UUID | None) -> ApprovalStepOpened:
    definition = step.definition
    return ApprovalStepOpened(
        step=step.id,
        round=step.round,
        kind=definition.kind,
        blocks=definition.blocks,
        department=definition.by.department,
        level=definition.by.level,
        duties=sorted(resolve.DUTIES[definition.kind]),
        acting_unit_id=_text(acting_unit),
        acting_unit_no=step.unit_no,
        barred_user_ids=sorted(map(str, resolve.barred_users(held.case))),
        due_on=_text(step.due_on),
        ends_on=_text(step.ends_on),
        article=definition.article,
        unstaffed=step.unstaffed,
    )


def _decided(held: Held, transition: Transition) -> ApprovalCaseDecided:
    row, record = held.row, transition.record
    return ApprovalCaseDecided(
        action=record.action,
        step=record.step,
        state=row.state,
        open_steps=[step.id for step in held.case.pending],
        workflow=row.workflow,
        subject_type=row.subject_type,
        subject_id=str(row.subject_id),
        actor_kind=record.actor.kind,
        user_id=_text(record.actor.user),
        post_id=_text(record.actor.post),
        on_behalf_of=_text(record.on_behalf_of),
    )


def _text(value: UUID | date | None) -> str | None:
    return None if value is None else str(value)

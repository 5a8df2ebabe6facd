"""What the world hears of an action on a case: events for worklists, audit, the position of the answer."""

from datetime import date
from uuid import UUID

from kernel.approvals import resolve
from kernel.approvals.embed.published import (
    ApprovalCaseDecided,
    ApprovalCaseOpened,
    ApprovalSignatureAsked,
    ApprovalStepOpened,
)
from kernel.approvals.embed.queries import Held
from kernel.approvals.model import Step, Transition
from kernel.db.transaction import Transaction
from kernel.events.event import Event
from kernel.events.outbox import audit, emit

SUBJECT = "approval_case"


Desk = tuple[str, int, str, str]
"""Step, round, department and level of a signature that is asked for."""


def asked(held: Held) -> frozenset[Desk]:
    """The signatures that the stored rows wait for."""
    return frozenset(
        (held.steps[row.position].step, held.steps[row.position].round, row.department, row.level)
        for row in held.signers
        if row.state == "open" and held.steps[row.position].state == "open"
    )


async def tell(tx: Transaction, held: Held, transition: Transition, before: frozenset[Desk] = frozenset()) -> None:
    """Publish and audit a stored action; the answer names the last event, for the worklist to wait on.

    `before`: the signatures that were waited for before it.
    """
    events: list[Event] = [_opened(held, transition) if held.row.version == 1 else _decided(held, transition)]
    for step, stored in zip(held.case.steps, held.steps, strict=True):
        if step.id in transition.opened:
            events.append(_step_opened(held, step, stored.acting_unit_id))
            await _note_unstaffed(tx, held, step)
    events.extend(_signatures(held, before))
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
    """Publish that an open step, and what it waits to have signed, waits at another desk than before, or that a desk
    lost or got who decides there."""
    step = held.case.steps[index]
    opened: list[Event] = [_step_opened(held, step, held.steps[index].acting_unit_id)]
    opened.extend(event for event in _signatures(held, frozenset()) if event.step == step.id)
    for event in opened:
        await emit(tx, event, aggregate_id=held.case.id, unit_no=held.row.unit_no)
    await _note_unstaffed(tx, held, step)


async def _note_unstaffed(tx: Transaction, held: Held, step: Step) -> None:
    """Where nobody can decide or sign, the tenant's administrators find it in the audit."""
    empty = [(step.unstaffed, None), *((each.unstaffed, each.office) for each in step.signers if each.state == "open")]
    for why, office in empty:
        if why is None:
            continue
        facts = {"step": step.id, "why": why} | ({"signer": office.department} if office else {})
        what = f"{tx.process}.approval.unstaffed"
        await audit(tx, what, subject_type=SUBJECT, subject_id=held.case.id, facts=facts)


def _signatures(held: Held, before: frozenset[Desk]) -> list[ApprovalSignatureAsked]:
    """What is newly waited for."""
    found = []
    for row in held.signers:
        step, stored = held.case.steps[row.position], held.steps[row.position]
        if row.state != "open" or step.state != "open" or (step.id, step.round, row.department, row.level) in before:
            continue
        found.append(
            ApprovalSignatureAsked(
                step=step.id,
                round=step.round,
                kind=step.definition.kind,
                department=row.department,
                level=row.level,
                duties=sorted(resolve.DUTIES[step.definition.kind]),
                acting_unit_id=_text(row.acting_unit_id),
                barred_user_ids=sorted(map(str, resolve.barred_users(held.case))),
                due_on=_text(stored.due_on),
                article=step.definition.article,
                unstaffed=row.unstaffed,
            )
        )
    return found


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
        open_signers=[
            f"{step.id}/{signer.office.department}@{signer.office.level}"
            for step in held.case.pending
            for signer in step.signers
            if signer.state == "open"
        ],
        claimed=[f"{step.id}/{step.claimed_by}" for step in held.case.pending if step.claimed_by],
        delegated=[f"{step.id}/{step.delegate}" for step in held.case.pending if step.delegate],
        barred_user_ids=sorted(map(str, resolve.barred_users(held.case))),
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

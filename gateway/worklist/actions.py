"""Applying the events of approvals to the worklist. Each in the consumer's transaction, once, in order of the case."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlmodel import col, delete, select

from gateway.worklist import queries
from gateway.worklist.tables import WorklistCase, WorklistChange, WorklistItem
from kernel.clock import utcnow
from kernel.db.transaction import Transaction
from kernel.errors import NotFound, Text, WrongState
from kernel.ids import new_id

CHANNEL = "worklist"
"""Where waiting requests are woken; the payload is the tenant's id."""
# One trip: the number, and the change with the desks it lies on.
_NOTE = text(
    "with counted as (insert into worklist_head as h (tenant_id, last_seq) values (:tenant, 1)"
    " on conflict (tenant_id) do update set last_seq = h.last_seq + 1 returning last_seq),"
    " lying as (select coalesce(jsonb_agg(jsonb_build_object('item', id, 'unit', acting_unit_id,"
    " 'department', department, 'level', level)), '[]') as desks from worklist_item"
    " where tenant_id = :tenant and case_id = :case_id),"
    " told as (insert into worklist_change (tenant_id, seq, unit_no, event_id, case_id, data, desks)"
    " select :tenant, last_seq, :unit_no, :event_id, :case_id, cast(:data as jsonb), desks || cast(:left as jsonb)"
    " from counted, lying returning seq)"
    " select seq from told"
)
Desk = dict[str, str]
"""An item and the office that it lies, or lay, before: item, unit, department, level."""
KEEP = timedelta(days=7)
"""How long a change is kept for clients that come back; later ones read their list anew."""
FORGET_EVERY = 1_000
"""Changes of a tenant between two looks for what is too old."""
SIGNED_ALONE = frozenset({"countersign"})
"""Kinds at which nobody decides on the step itself: its signers are the items."""


NOTICE = "notify"
"""The kind at which there is only something to read (告知)."""


async def dismiss(tx: Transaction, item_id: UUID) -> None:
    """Put away a notice that lies on the acting post's desk; for whom it was, and for nobody else. Twice is once.

    Raises `NotFound` for what does not lie there, `WrongState` for what waits to be acted on.
    """
    item = await queries.at_my_desk(tx, item_id)
    if item is None:
        raise NotFound
    if item.kind != NOTICE:
        raise WrongState(Text("待办事项应当办理，不能移除", "What waits to be acted on is not put away."))
    user = str(tx.context.actor.user)
    if user not in item.dismissed:
        item.dismissed = [*item.dismissed, user]
        await tx.session.flush()


async def open_case(tx: Transaction, case_id: UUID, service: str, data: dict[str, Any]) -> WorklistCase:
    """Remember a case that was submitted."""
    case = WorklistCase(
        tenant_id=tx.tenant,
        id=case_id,
        unit_no=data["unit_no"],
        service=service,
        workflow=data["workflow"],
        subject_type=data["subject_type"],
        subject_id=UUID(data["subject_id"]),
        subject_unit_id=UUID(data["subject_unit_id"]),
        pack_id=data["pack_id"],
        pack_version=data["pack_version"],
        state=data["state"],
        submitter_user_id=_uuid(data["submitter_user_id"]),
        opened_at=tx.now,
    )
    tx.session.add(case)
    await tx.session.flush()
    return case


async def known_case(tx: Transaction, case_id: UUID) -> WorklistCase | None:
    """The case; None for one that was opened before the worklist was there."""
    return (await tx.session.execute(select(WorklistCase).where(col(WorklistCase.id) == case_id))).scalar_one_or_none()


async def put_item(tx: Transaction, case: WorklistCase, data: dict[str, Any], signer: str = "") -> list[Desk]:
    """Lay a step, or a signature, on the desk of the office that it waits for; again where the desk has changed.

    Returns the desks that it was taken from.
    """
    if not signer and data["kind"] in SIGNED_ALONE:
        return []
    case.barred = data["barred_user_ids"]
    item = await _item(tx, case.id, data["step"], signer)
    left = [_desk(item)] if item is not None else []
    if item is None or item.round != data["round"]:
        if item is not None:
            await tx.session.delete(item)
            await tx.session.flush()
        item = WorklistItem(
            tenant_id=tx.tenant,
            id=new_id(),
            unit_no=case.unit_no,
            case_id=case.id,
            step=data["step"],
            signer=signer,
            round=data["round"],
            kind=data["kind"],
            department=data["department"],
            level=data["level"],
            duties=data["duties"],
            opened_at=tx.now,
        )
        tx.session.add(item)
    item.acting_unit_id, item.unstaffed = _uuid(data["acting_unit_id"]), data["unstaffed"]
    item.due_on, item.ends_on = _day(data["due_on"]), _day(data.get("ends_on"))
    item.article = data["article"]
    await tx.session.flush()
    return left


async def follow_decision(tx: Transaction, case: WorklistCase, data: dict[str, Any]) -> list[Desk]:
    """Take from the desks what is done, and note who has claimed, been reminded, is late. Returns the desks left."""
    left = []
    case.state, case.barred = data["state"], data["barred_user_ids"]
    claimed, delegated = _pairs(data["claimed"]), _pairs(data["delegated"])
    for item in await _items(tx, case.id):
        if item.kind == NOTICE:
            # Nobody acts on it: it lies there until it was read.
            continue
        waits = f"{item.step}/{item.signer}" in data["open_signers"] if item.signer else item.step in data["open_steps"]
        if not waits:
            left.append(_desk(item))
            await tx.session.delete(item)
            continue
        item.claimed_by, item.delegate_id = claimed.get(item.step), delegated.get(item.step)
        item.reminded = item.reminded or data["action"] == "remind"
        item.escalated = item.escalated or (data["action"] == "escalate" and data["step"] == item.step)
    await tx.session.flush()
    return left


async def note(tx: Transaction, event_id: UUID, case: WorklistCase, left: Sequence[Desk] = ()) -> None:
    """Number the change and wake who waits for it. Last in the transaction: the counter's row is held to its end.

    left: desks from which something of the case was taken; those on which something lies are looked up.
    """
    told = {"service": case.service, "workflow": case.workflow, "case_id": str(case.id), "state": case.state}
    values = {
        "tenant": tx.tenant,
        "unit_no": case.unit_no,
        "event_id": event_id,
        "case_id": case.id,
        "data": orjson.dumps(told).decode(),
        "left": orjson.dumps(left).decode(),
    }
    seq = (await tx.session.execute(_NOTE, values)).scalar_one()
    tx.call(CHANNEL, str(tx.tenant))
    if seq % FORGET_EVERY == 0:
        old = utcnow() - KEEP
        await tx.session.execute(delete(WorklistChange).where(col(WorklistChange.recorded_at) < old))


async def _items(tx: Transaction, case_id: UUID) -> Sequence[WorklistItem]:
    return (await tx.session.execute(select(WorklistItem).where(col(WorklistItem.case_id) == case_id))).scalars().all()


async def _item(tx: Transaction, case_id: UUID, step: str, signer: str) -> WorklistItem | None:
    found = await tx.session.execute(
        select(WorklistItem).where(
            col(WorklistItem.case_id) == case_id, col(WorklistItem.step) == step, col(WorklistItem.signer) == signer
        )
    )
    return found.scalar_one_or_none()


def _desk(item: WorklistItem) -> Desk:
    unit = str(item.acting_unit_id) if item.acting_unit_id else ""
    return {"item": str(item.id), "unit": unit, "department": item.department, "level": item.level}


def _pairs(told: Sequence[str]) -> dict[str, UUID]:
    """`step/user` of each, as a mapping."""
    return {step: UUID(user) for step, _, user in (each.rpartition("/") for each in told)}


def _uuid(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None

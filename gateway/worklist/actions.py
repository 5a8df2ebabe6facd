"""Applying the events of approvals to the worklist. Each in the consumer's transaction, once, in order of the case."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from gateway.worklist.tables import WorklistCase, WorklistChange, WorklistHead, WorklistItem
from kernel.db.transaction import Transaction
from kernel.ids import new_id

CHANNEL = "worklist"
"""Where waiting requests are woken; the payload is the tenant's id."""
_WAKE = text("select pg_notify(:channel, :tenant)")
KEEP = timedelta(days=7)
"""How long a change is kept for clients that come back; later ones read their list anew."""
FORGET_EVERY = 1_000
"""Changes of a tenant between two looks for what is too old."""
SIGNED_ALONE = frozenset({"countersign"})
"""Kinds at which nobody decides on the step itself: its signers are the items."""


async def open_case(tx: Transaction, case_id: UUID, service: str, data: dict[str, Any]) -> None:
    """Remember a case that was submitted."""
    tx.session.add(
        WorklistCase(
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
    )
    await tx.session.flush()


async def put_item(tx: Transaction, case_id: UUID, data: dict[str, Any], signer: str = "") -> None:
    """Lay a step, or a signature, on the desk of the office that it waits for; again where the desk has changed."""
    if not signer and data["kind"] in SIGNED_ALONE:
        return
    case = await _case(tx, case_id)
    if case is None:
        return
    case.barred = data["barred_user_ids"]
    item = await _item(tx, case_id, data["step"], signer)
    if item is None or item.round != data["round"]:
        if item is not None:
            await tx.session.delete(item)
            await tx.session.flush()
        item = WorklistItem(
            tenant_id=tx.tenant,
            id=new_id(),
            unit_no=case.unit_no,
            case_id=case_id,
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


async def follow_decision(tx: Transaction, case_id: UUID, data: dict[str, Any]) -> None:
    """Take from the desks what is done, and note who has claimed, been reminded, is late."""
    case = await _case(tx, case_id)
    if case is None:
        return
    case.state, case.barred = data["state"], data["barred_user_ids"]
    claimed, delegated = _pairs(data["claimed"]), _pairs(data["delegated"])
    for item in await _items(tx, case_id):
        waits = f"{item.step}/{item.signer}" in data["open_signers"] if item.signer else item.step in data["open_steps"]
        if not waits:
            await tx.session.delete(item)
            continue
        item.claimed_by, item.delegate_id = claimed.get(item.step), delegated.get(item.step)
        item.reminded = item.reminded or data["action"] == "remind"
        item.escalated = item.escalated or (data["action"] == "escalate" and data["step"] == item.step)
    await tx.session.flush()


async def note(tx: Transaction, event_id: UUID, case_id: UUID) -> None:
    """Number the change and wake who waits for it. Last in the transaction: the counter's row is held to its end."""
    case = await _case(tx, case_id)
    if case is None:
        return
    counted = insert(WorklistHead).values(tenant_id=tx.tenant, last_seq=1)
    counted = counted.on_conflict_do_update(
        index_elements=["tenant_id"], set_={"last_seq": col(WorklistHead.last_seq) + 1}
    )
    seq = (await tx.session.execute(counted.returning(col(WorklistHead.last_seq)))).scalar_one()
    open_steps = sorted({item.step for item in await _items(tx, case_id)})
    tx.session.add(
        WorklistChange(
            tenant_id=tx.tenant,
            seq=seq,
            unit_no=case.unit_no,
            event_id=event_id,
            case_id=case_id,
            data={
                "service": case.service,
                "workflow": case.workflow,
                "case_id": str(case_id),
                "state": case.state,
                "open_steps": open_steps,
            },
        )
    )
    await tx.session.flush()
    await tx.session.execute(
        text("select pg_notify(:channel, :tenant)"), {"channel": CHANNEL, "tenant": str(tx.tenant)}
    )


async def _case(tx: Transaction, case_id: UUID) -> WorklistCase | None:
    """None for a case that was opened before the worklist was there."""
    return (await tx.session.execute(select(WorklistCase).where(col(WorklistCase.id) == case_id))).scalar_one_or_none()


async def _items(tx: Transaction, case_id: UUID) -> Sequence[WorklistItem]:
    return (await tx.session.execute(select(WorklistItem).where(col(WorklistItem.case_id) == case_id))).scalars().all()


async def _item(tx: Transaction, case_id: UUID, step: str, signer: str) -> WorklistItem | None:
    found = await tx.session.execute(
        select(WorklistItem).where(
            col(WorklistItem.case_id) == case_id, col(WorklistItem.step) == step, col(WorklistItem.signer) == signer
        )
    )
    return found.scalar_one_or_none()


def _pairs(told: Sequence[str]) -> dict[str, UUID]:
    """`step/user` of each, as a mapping."""
    return {step: UUID(user) for step, _, user in (each.rpartition("/") for each in told)}


def _uuid(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None

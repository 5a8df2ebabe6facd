"""Deciding on a change of the tree, and carrying it out on its day; every process hears of it by events."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from gateway.directory import queries as directory
from gateway.directory.reorganisation import carrying_out, queries
from gateway.directory.reorganisation.schemas import (
    Decided,
    ReorganisationView,
    UnitClosure,
    UnitMake,
    UnitMerge,
    UnitMove,
    UnitRenaming,
    UnitSplit,
    Withdrawal,
)
from gateway.directory.tables import Reorganisation, Unit
from kernel.clock import midnight
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, InvalidInput, Problem, Text, WrongState
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.schedule.actions import at

DUE = "directory.reorganisation.due"
"""Kind of the timer that carries out what was planned, on its day."""


async def make(tx: Transaction, body: UnitMake) -> ReorganisationView:
    """A new unit under one in scope."""
    parent = await directory.unit(tx, body.parent_id)
    details = {"parent_id": str(parent.id), "level": body.level, "code": body.code, "title": body.title}
    return await _decide(tx, "create", new_id(), parent, body, details)


async def make_many(
    tx: Transaction, near: Unit, body: Decided, units: Sequence[Mapping[str, str]]
) -> ReorganisationView:
    """Many new units by one decision, each behind its parent: `id`, `parent_id`, `level`, `code`, `title`.

    `near`: a unit in scope under which some of them lie; who sees it sees the decision.
    """
    return await _decide(tx, "import", near.id, near, body, {"units": [dict(unit) for unit in units]})


async def rename(tx: Transaction, unit_id: UUID, body: UnitRenaming) -> ReorganisationView:
    """Another name for a unit in scope."""
    unit = await directory.unit(tx, unit_id)
    return await _decide(tx, "rename", unit.id, unit, body, {"title": body.title})


async def move(tx: Transaction, unit_id: UUID, body: UnitMove) -> ReorganisationView:
    """Another parent for a unit; both lie in scope."""
    unit, parent = await directory.unit(tx, unit_id), await directory.unit(tx, body.parent_id)
    return await _decide(tx, "move", unit.id, unit, body, {"parent_id": str(parent.id)})


async def merge(tx: Transaction, unit_id: UUID, body: UnitMerge) -> ReorganisationView:
    """A unit goes into another one; both lie in scope."""
    unit, into = await directory.unit(tx, unit_id), await directory.unit(tx, body.into_id)
    return await _decide(tx, "merge", unit.id, unit, body, {"into_id": str(into.id), "posts": body.posts})


async def split(tx: Transaction, unit_id: UUID, body: UnitSplit) -> ReorganisationView:
    """Units are split off one in scope, with those of the units below that are named."""
    unit = await directory.unit(tx, unit_id)
    parts = [{"id": str(new_id()), **part.model_dump(mode="json")} for part in body.parts]
    return await _decide(tx, "split", unit.id, unit, body, {"parts": parts})


async def close(tx: Transaction, unit_id: UUID, body: UnitClosure) -> ReorganisationView:
    """A unit in scope is closed; with a successor all of it goes there."""
    unit = await directory.unit(tx, unit_id)
    details: dict[str, str] = {"posts": body.posts}
    if body.successor_id is not None:
        details["into_id"] = str((await directory.unit(tx, body.successor_id)).id)
    elif body.posts == "move":
        message = Text("须指定承接机构", "needs a successor")
        raise InvalidInput(errors=[FieldError("/posts", message)])
    return await _decide(tx, "close", unit.id, unit, body, details)


async def _decide(
    tx: Transaction, kind: str, unit_id: UUID, near: Unit, body: Decided, details: Mapping[str, Any]
) -> ReorganisationView:
    """Keep the decision; carry it out where its day is today. `near`: the unit by whose number it is kept."""
    if body.valid_from < tx.today:
        message = Text("不得早于今日：已过之日的管辖不再改变", "not before today: a past day stays as it was")
        raise InvalidInput(errors=[FieldError("/valid_from", message)])
    row = Reorganisation(
        tenant_id=tx.tenant,
        id=new_id(),
        kind=kind,
        unit_id=unit_id,
        state="planned",
        valid_from=body.valid_from,
        reason=body.reason,
        document=body.document,
        details=dict(details),
        decided_by_post=tx.context.actor.post,
    )
    tx.session.add(row)
    await tx.session.flush()
    if body.valid_from == tx.today:
        await _carry_out(tx, row)
    else:
        payload = {"reorganisation": str(row.id)}
        await at(tx, DUE, midnight(body.valid_from), unit_no=near.unit_no, payload=payload)
    facts = {"kind": kind, "valid_from": body.valid_from.isoformat(), "document": body.document, "state": row.state}
    await audit(
        tx, "directory.unit.reorganise", subject_type="unit", subject_id=unit_id, reason=body.reason, facts=facts
    )
    return ReorganisationView.model_validate(row)


async def _carry_out(tx: Transaction, row: Reorganisation) -> None:
    await carrying_out.carry_out(tx, row)
    row.state, row.done_at = "done", tx.now
    row.version += 1
    await tx.session.flush()


async def fall_due(tx: Transaction, operation_id: UUID) -> None:
    """Carry out what was planned. What can no longer be done is kept as refused, with the reason, and audited."""
    row = await queries.operation(tx, operation_id, lock=True)
    if row.state != "planned":
        return
    try:
        async with tx.savepoint():
            await _carry_out(tx, row)
    except Problem as problem:
        row = await queries.operation(tx, operation_id, lock=True)
        row.state = "refused"
        row.refused = (problem.detail or problem.title).zh
        row.version += 1
        await tx.session.flush()
    await audit(
        tx,
        "directory.unit.reorganise",
        subject_type="unit",
        subject_id=row.unit_id,
        reason=row.reason,
        facts={"kind": row.kind, "valid_from": row.valid_from.isoformat(), "state": row.state},
    )


async def withdraw(tx: Transaction, operation_id: UUID, body: Withdrawal) -> ReorganisationView:
    """A planned reorganisation does not take place. Raises `WrongState` for any other."""
    row = await queries.seen(tx, await queries.operation(tx, operation_id, lock=True))
    if row.state != "planned":
        raise WrongState(Text("只能撤回尚未生效的调整", "Only what is still planned is withdrawn."))
    row.state = "withdrawn"
    row.version += 1
    await tx.session.flush()
    await audit(tx, "directory.unit.withdraw", subject_type="unit", subject_id=row.unit_id, reason=body.reason)
    return ReorganisationView.model_validate(row)

"""Receives the approval events of every service; the inbox applies each once, in the order of its case."""

from typing import Any

import msgspec

from gateway.worklist import actions
from kernel.approvals.embed.published import (
    ApprovalCaseDecided,
    ApprovalCaseOpened,
    ApprovalSignatureAsked,
    ApprovalStepOpened,
)
from kernel.config import DATABASES
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions

subscriptions = Subscriptions()
SERVICES = tuple(each for each in DATABASES if each != "gateway")


@subscriptions.on(ApprovalCaseOpened, sources=SERVICES)
async def on_opened(tx: Transaction, event: Received[ApprovalCaseOpened]) -> None:
    """A case was submitted."""
    await actions.note(tx, event.id, await actions.open_case(tx, event.aggregate_id, event.source, _data(event)))


@subscriptions.on(ApprovalStepOpened, sources=SERVICES)
async def on_step(tx: Transaction, event: Received[ApprovalStepOpened]) -> None:
    """Somebody has to act, or a step waits at another desk."""
    case = await actions.known_case(tx, event.aggregate_id)
    if case is not None:
        left = await actions.put_item(tx, case, _data(event))
        await actions.note(tx, event.id, case, left)


@subscriptions.on(ApprovalSignatureAsked, sources=SERVICES)
async def on_signature(tx: Transaction, event: Received[ApprovalSignatureAsked]) -> None:
    """An office is asked to sign."""
    case = await actions.known_case(tx, event.aggregate_id)
    if case is not None:
        left = await actions.put_item(tx, case, _data(event), f"{event.data.department}@{event.data.level}")
        await actions.note(tx, event.id, case, left)


@subscriptions.on(ApprovalCaseDecided, sources=SERVICES)
async def on_decided(tx: Transaction, event: Received[ApprovalCaseDecided]) -> None:
    """Somebody acted on a case."""
    case = await actions.known_case(tx, event.aggregate_id)
    if case is not None:
        left = await actions.follow_decision(tx, case, _data(event))
        await actions.note(tx, event.id, case, left)


def _data(event: Received[Any]) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.to_builtins(event.data)
    return data

"""Appends to the chain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from gateway.audit import queries, rules
from gateway.audit.schemas import ChainCopy
from kernel.db.transaction import Transaction
from kernel.events.audit import AuditRecorded
from kernel.events.event import Received


async def append(tx: Transaction, events: Sequence[Received[AuditRecorded]]) -> None:
    """Chain entries behind the tenant's last one."""
    seq, last_hash = await queries.lock_head(tx)
    links = []
    for event in events:
        seq += 1
        entry: dict[str, Any] = msgspec.to_builtins(event.data)
        hash_ = rules.link_hash(last_hash, seq, event.id, event.source, event.version, entry)
        link = rules.Link(
            seq=seq,
            event_id=event.id,
            service=event.source,
            number=event.version,
            action=event.data.action,
            occurred_at=datetime.fromisoformat(event.data.occurred_at),
            entry=entry,
            previous_hash=last_hash,
            hash=hash_,
        )
        links.append(link)
        last_hash = hash_
    await queries.add_links(tx, links)


async def verify_copy(tx: Transaction, copy: ChainCopy) -> rules.Verdict:
    """Verify a copy of a piece of the chain in itself, and that it is a piece of this tenant's chain."""
    links = [
        rules.Link(
            **each.model_dump(exclude={"previous_hash", "hash"}),
            previous_hash=bytes.fromhex(each.previous_hash),
            hash=bytes.fromhex(each.hash),
        )
        for each in sorted(copy.entries, key=lambda each: each.seq)
    ]
    verdict = rules.verdict_of_copy(links)
    last = links[-1]
    if verdict.broken_at is None and await queries.hash_of(tx, last.seq) != last.hash:
        return rules.Verdict(0, last.seq, "it is no entry of this chain")
    return verdict

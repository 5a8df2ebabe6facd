"""Appends to the chain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.audit import queries, rules
from gateway.audit.schemas import ChainCopy
from kernel.db.transaction import Transaction


async def append(
    tx: Transaction, *, event_id: UUID, service: str, number: int, entry: dict[str, Any], occurred_at: datetime
) -> None:
    """Chain one entry behind the tenant's last one."""
    last_seq, last_hash = await queries.lock_head(tx)
    seq = last_seq + 1
    hash_ = rules.link_hash(last_hash, seq, event_id, service, number, entry)
    link = rules.Link(
        seq=seq,
        event_id=event_id,
        service=service,
        number=number,
        action=entry["action"],
        occurred_at=occurred_at,
        entry=entry,
        previous_hash=last_hash,
        hash=hash_,
    )
    await queries.add_link(tx, link)


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

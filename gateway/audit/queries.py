"""All SQL of the audit."""

from collections.abc import Sequence

import orjson
from sqlalchemy import func, true
from sqlmodel import col, select

from gateway.audit import rules
from gateway.audit.schemas import AuditEntryView
from gateway.audit.tables import AuditEntry, AuditHead
from kernel.db.transaction import Transaction
from kernel.http.paging import Paging

BATCH = 1_000
"""Links read at a time when a chain is verified: bounded memory at any length."""


_HEAD = "select last_seq, last_hash from audit_head where tenant_id = $1 for update"
_LINK_TYPES = {
    "seq": "bigint", "event_id": "uuid", "service": "text", "number": "bigint", "action": "text",
    "occurred_at": "timestamptz", "entry": "jsonb", "previous_hash": "bytea", "hash": "bytea",
}  # fmt: skip
# One trip: the links and the head that says which is the last.
_APPEND = (
    "with linked as (insert into audit_entry"  # noqa: S608 - constants; values are bound
    f" (tenant_id, {', '.join(_LINK_TYPES)}) select $1::uuid, l.* from unnest("
    + ", ".join(f"${place}::{each}[]" for place, each in enumerate(_LINK_TYPES.values(), 2))
    + ") as l)"
    " insert into audit_head as h (tenant_id, last_seq, last_hash) values ($1, $11, $12)"
    " on conflict (tenant_id) do update set last_seq = excluded.last_seq, last_hash = excluded.last_hash"
)


async def lock_head(tx: Transaction) -> tuple[int, bytes]:
    """Number and hash of the last link of the tenant's chain, held until the end of the transaction."""
    rows = await tx.run(_HEAD, tx.tenant)
    return (rows[0][0], rows[0][1]) if rows else (0, rules.GENESIS)


async def add_links(tx: Transaction, links: Sequence[rules.Link]) -> None:
    """Put links behind the last one, whose lock the transaction holds; every request leaves one or more."""
    values = {name: [getattr(link, name) for link in links] for name in _LINK_TYPES}
    values["entry"] = [orjson.dumps(link.entry).decode() for link in links]
    await tx.run(_APPEND, tx.tenant, *values.values(), links[-1].seq, links[-1].hash)


async def entries(
    tx: Transaction, paging: Paging, *, action: str | None, subject_id: str | None
) -> tuple[list[AuditEntryView], str | None]:
    """One page of entries, newest first."""
    statement = select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(paging.limit + 1)
    if action is not None:
        statement = statement.where(col(AuditEntry.action) == action)
    if subject_id is not None:
        statement = statement.where(col(AuditEntry.entry)["subject_id"].astext == subject_id)
    if paging.after is not None:
        statement = statement.where(col(AuditEntry.seq) < paging.after[0])
    rows = (await tx.session.execute(statement)).scalars().all()
    shown, following = paging.page(rows, lambda row: [row.seq])
    return [AuditEntryView.model_validate(row) for row in shown], following


async def links_after(tx: Transaction, seq: int) -> Sequence[rules.Link]:
    """The next links of the chain, in order."""
    found = await tx.session.execute(
        select(AuditEntry).where(col(AuditEntry.seq) > seq).order_by(col(AuditEntry.seq)).limit(BATCH)
    )
    return [
        rules.Link(
            seq=row.seq,
            event_id=row.event_id,
            service=row.service,
            number=row.number,
            action=row.action,
            occurred_at=row.occurred_at,
            entry=row.entry,
            previous_hash=row.previous_hash,
            hash=row.hash,
        )
        for row in found.scalars()
    ]


async def verdict(tx: Transaction) -> rules.Verdict:
    """Verify the tenant's chain, in batches, against the head as it is now."""
    until, last_hash, newest = await _end(tx)
    verifier = rules.Verifier()
    while links := await links_after(tx, verifier.checked):
        for link in links:
            if link.seq > until:
                break
            reason = verifier.broken(link)
            if reason is not None:
                return rules.Verdict(verifier.checked, link.seq, reason)
        if links[-1].seq >= until:
            break
    if verifier.checked < until:
        return rules.Verdict(verifier.checked, verifier.checked + 1, "entries are missing at the end")
    if newest > until or not verifier.ends_at(until, last_hash):
        return rules.Verdict(verifier.checked, until + 1, "the head of the chain was changed or removed")
    return rules.Verdict(verifier.checked)


async def hash_of(tx: Transaction, seq: int) -> bytes | None:
    """The hash of one entry of the chain; None where there is no such entry."""
    return (await tx.session.execute(select(AuditEntry.hash).where(col(AuditEntry.seq) == seq))).scalar_one_or_none()


async def _end(tx: Transaction) -> tuple[int, bytes, int]:
    """Number and hash in the head, and the newest entry's number; in one statement, so that appending goes on."""
    newest = select(func.coalesce(func.max(col(AuditEntry.seq)), 0)).scalar_subquery()
    found = await tx.session.execute(
        select(AuditHead.last_seq, AuditHead.last_hash, newest)
        .select_from(select(newest.label("newest")).subquery())
        .outerjoin(AuditHead, true())
    )
    last_seq, last_hash, last_entry = found.one()
    return last_seq or 0, last_hash or rules.GENESIS, last_entry

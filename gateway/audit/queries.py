"""All SQL of the audit."""

from collections.abc import Sequence

from sqlmodel import col, select

from gateway.audit import rules
from gateway.audit.schemas import AuditEntryView
from gateway.audit.tables import AuditEntry, AuditHead
from kernel.db.transaction import Transaction
from kernel.http.paging import Paging

BATCH = 1_000
"""Links read at a time when a chain is verified: bounded memory at any length."""


async def lock_head(tx: Transaction) -> AuditHead | None:
    """The head of the tenant's chain, held until the end of the transaction."""
    return (await tx.session.execute(select(AuditHead).with_for_update())).scalar_one_or_none()


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
        rules.Link(row.seq, row.event_id, row.service, row.number, row.entry, row.previous_hash, row.hash)
        for row in found.scalars()
    ]


async def verdict(tx: Transaction) -> rules.Verdict:
    """Verify the tenant's chain, in batches, against the head as it is now."""
    head = (await tx.session.execute(select(AuditHead))).scalar_one_or_none()
    verifier = rules.Verifier()
    until = head.last_seq if head else 0
    while links := await links_after(tx, verifier.checked):
        for link in links:
            if link.seq > until:
                break
            reason = verifier.broken(link)
            if reason is not None:
                return rules.Verdict(verifier.checked, link.seq, reason)
        if links[-1].seq >= until:
            break
    if not verifier.ends_at(until, head.last_hash if head else rules.GENESIS):
        return rules.Verdict(verifier.checked, verifier.checked + 1, "entries are missing at the end")
    return rules.Verdict(verifier.checked)

"""HTTP of the audit."""

from typing import Annotated

from fastapi import Query

from gateway.audit import actions, permissions, queries
from gateway.audit.rules import Verdict
from gateway.audit.schemas import AuditEntryView, ChainCopy, VerificationView
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page

router = Router(service="audit", tag="audit")


@router.get("/entries", permission=permissions.ENTRY_READ)
async def list_entries(
    tx: Tx,
    paging: PageOf,
    action: Annotated[str | None, Query(max_length=100)] = None,
    subject_id: Annotated[str | None, Query(max_length=64)] = None,
) -> Page[AuditEntryView]:
    """The tenant's audit entries, newest first."""
    items, following = await queries.entries(tx, paging, action=action, subject_id=subject_id)
    return Page(items=items, next=following)


@router.get("/verification", permission=permissions.VERIFY_READ, deadline=60)
async def verify_chain(tx: Tx) -> VerificationView:
    """Verify the whole chain and name the first broken link."""
    return _shown(await queries.verdict(tx))


@router.post("/copy-verifications", permission=permissions.VERIFY_READ)
async def verify_copy(tx: Tx, body: ChainCopy) -> VerificationView:
    """Verify a copy of a piece of the chain, as read or exported, and name the first entry that was changed."""
    return _shown(await actions.verify_copy(tx, body))


def _shown(verdict: Verdict) -> VerificationView:
    return VerificationView(
        whole=verdict.broken_at is None,
        checked=verdict.checked,
        broken_at=verdict.broken_at,
        reason=verdict.reason,
    )

"""HTTP of the audit."""

from typing import Annotated

from fastapi import Query

from gateway.audit import permissions, queries
from gateway.audit.schemas import AuditEntryView, VerificationView
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
    verdict = await queries.verdict(tx)
    return VerificationView(
        whole=verdict.broken_at is None,
        checked=verdict.checked,
        broken_at=verdict.broken_at,
        reason=verdict.reason,
    )

"""Writes what the edges refused into the audit: every 401, 403 and 404 on an operation alike (T10)."""

from collections.abc import Sequence
from dataclasses import replace

from gateway.edgefeed.messages import Refusal
from kernel.clock import utcnow
from kernel.context import PLATFORM_TENANT, Actor, ActorKind, Context, TenantId
from kernel.db.transaction import Database
from kernel.events.outbox import audit


async def record(database: Database, refusals: Sequence[Refusal], dropped: int) -> None:
    """Record a batch, each refusal in the chain of its tenant; those of nobody in the platform's."""
    by_tenant: dict[TenantId, list[Refusal]] = {}
    for refusal in refusals:
        by_tenant.setdefault(TenantId(refusal.tenant) if refusal.tenant else PLATFORM_TENANT, []).append(refusal)
    for tenant, several in by_tenant.items():
        async with database.transaction(Context.system(tenant, utcnow())) as tx:
            for refusal in several:
                tx.context = _as_refused(tx.context, refusal)
                await audit(
                    tx,
                    "edge.refused",
                    subject_type="operation",
                    subject_id=None,
                    facts={
                        "status": refusal.status,
                        "method": refusal.method,
                        "path": refusal.path,
                        "id": str(refusal.id),
                    },
                )
    if dropped:
        async with database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as tx:
            await audit(tx, "edge.refusals_dropped", subject_type="edge", subject_id=None, facts={"count": dropped})


def _as_refused(context: Context, refusal: Refusal) -> Context:
    """The context in which the entry is written: the refused caller as the edge knew them."""
    kind: ActorKind = "official" if refusal.post else "person" if refusal.person else "public"
    actor = Actor(kind, user=refusal.user, post=refusal.post, person=refusal.person, client_id=refusal.client_id)
    return replace(context, actor=actor, request_id=refusal.request_id, address=refusal.address)

"""Writes what the edges refused into the audit (T10): every 401, 403 and 404 on an operation alike, and who asked too
often, the first at once and the others of a minute as one entry with their number."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from gateway.edgefeed.messages import Refusal
from kernel.clock import utcnow
from kernel.context import PLATFORM_TENANT, Actor, ActorKind, Context, TenantId
from kernel.db.transaction import Database, Transaction
from kernel.events.outbox import audit


class RefusalBook:
    """Takes the edges' batches. A batch that failed half-way comes again; what is recorded of it is not repeated."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._recorded: set[UUID] = set()

    async def record(self, refusals: Sequence[Refusal], dropped: int) -> None:
        """Record a batch, each refusal in the chain of its tenant; those of nobody in the platform's."""
        by_tenant: dict[TenantId, list[Refusal]] = {}
        for refusal in refusals:
            if refusal.id not in self._recorded:
                tenant = TenantId(refusal.tenant) if refusal.tenant else PLATFORM_TENANT
                by_tenant.setdefault(tenant, []).append(refusal)
        for tenant, several in by_tenant.items():
            async with self._database.transaction(Context.system(tenant, utcnow())) as tx:
                for refusal in several:
                    await _record(tx, refusal)
            self._recorded.update(refusal.id for refusal in several)
        if dropped:
            async with self._database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as tx:
                facts = {"count": dropped}
                await audit(tx, "edge.refusals_dropped", subject_type="edge", subject_id=None, facts=facts)
        self._recorded.difference_update(refusal.id for refusal in refusals)


async def _record(tx: Transaction, refusal: Refusal) -> None:
    tx.context = _as_refused(tx.context, refusal)
    facts = {
        "status": refusal.status,
        "times": refusal.times,
        "method": refusal.method,
        "path": refusal.path,
        "id": str(refusal.id),
        "at": datetime.fromtimestamp(refusal.at, UTC).isoformat(),
    }
    await audit(tx, "edge.refused", subject_type="operation", subject_id=None, facts=facts)


def _as_refused(context: Context, refusal: Refusal) -> Context:
    """The context in which the entry is written: the refused caller as the edge knew them."""
    kind: ActorKind = "official" if refusal.post else "person" if refusal.person else "public"
    actor = Actor(kind, user=refusal.user, post=refusal.post, person=refusal.person, client_id=refusal.client_id)
    return replace(context, actor=actor, request_id=refusal.request_id, address=refusal.address)

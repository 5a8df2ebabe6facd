"""SQL of the timers: what is due over all tenants (relay role), and the claim of one row (app role)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from kernel.clock import utcnow
from kernel.context import Context, TenantId
from kernel.db.transaction import Database, Transaction
from kernel.schedule.tables import Schedule

_DUE = text(
    "select s.tenant_id, s.id, t.business_offset_seconds"
    " from k_org_tenant t join k_schedule s on s.tenant_id = t.tenant_id"
    " where s.state = 'waiting' and s.kind = any(:kinds)"
    " and s.due_business_at <= clock_timestamp() + make_interval(secs => t.business_offset_seconds)"
    " and (s.retry_at is null or s.retry_at <= clock_timestamp())"
    " order by s.due_business_at, s.id limit :limit"
)


@dataclass(frozen=True, slots=True)
class Due:
    """A row that is due, and how far its tenant's business time is from real time."""

    tenant: TenantId
    id: UUID
    offset: timedelta

    def context(self) -> Context:
        """The system at work in the tenant's present business instant."""
        return Context.system(self.tenant, utcnow() + self.offset)


async def due(database: Database, kinds: Sequence[str], limit: int) -> list[Due]:
    """The rows of those kinds due now in their tenant's business time, earliest first, at most `limit`."""
    async with database.relay.connect() as connection:
        rows = await connection.execute(_DUE, {"kinds": list(kinds), "limit": limit})
        return [Due(TenantId(row[0]), row[1], timedelta(seconds=row[2])) for row in rows]


async def claim(tx: Transaction, row_id: UUID) -> Schedule | None:
    """The waiting row, locked to the end of the transaction; None where another worker has or did it."""
    found = await tx.session.execute(
        select(Schedule)
        .where(col(Schedule.id) == row_id, col(Schedule.state) == "waiting")
        .with_for_update(skip_locked=True)
    )
    return found.scalar_one_or_none()

"""Setting a timer, in the transaction of what it belongs to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.ids import new_id
from kernel.schedule.tables import Schedule


async def at(tx: Transaction, kind: str, due: datetime, *, unit_no: int, payload: dict[str, Any]) -> UUID:
    """Have `kind` handled at the business instant `due`, if this transaction commits.

    `payload` carries ids only: it is kept, and no erasure reaches it.
    """
    row = Schedule(tenant_id=tx.tenant, id=new_id(), unit_no=unit_no, kind=kind, payload=payload, due_business_at=due)
    tx.session.add(row)
    await tx.session.flush()
    return row.id

"""Setting a timer, in the transaction of what it belongs to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from kernel.db.built import TENANT, Built
from kernel.db.transaction import Transaction
from kernel.ids import new_id
from kernel.schedule.tables import Schedule

_SET = Built(
    lambda: insert(Schedule).values(
        {"tenant_id": TENANT}
        | {name: bindparam(name) for name in ("id", "unit_no", "kind", "payload", "due_business_at")}
    )
)


async def at(tx: Transaction, kind: str, due: datetime, *, unit_no: int, payload: dict[str, Any]) -> UUID:
    """Have `kind` handled at the business instant `due`, if this transaction commits.

    `payload` carries ids only: it is kept, and no erasure reaches it.
    """
    timer = new_id()
    await _SET.run(tx, id=timer, unit_no=unit_no, kind=kind, payload=payload, due_business_at=due)
    return timer

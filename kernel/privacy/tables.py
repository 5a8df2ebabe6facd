"""Where a service keeps the wrapped data keys of its persons. `backup` leaves this table out."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class PersonKey(TenantTable, table=True):
    """A person's data key, wrapped by the tenant's key.

    Erased (`wrapped` empty) the row stays as a tombstone, so that an old event cannot bring the key back.
    """

    __tablename__ = "k_person_key"
    __rls__: ClassVar[Rls] = Rls(
        unit=None,
        person="person_id",
        app="select, insert, update",
        relay="select",
        reason="a person is not bound to one unit; the rows they own in other tables are",
    )

    person_id: UUID = Field(primary_key=True)
    key_version: int = Field(primary_key=True)
    wrapped: bytes | None = None
    recorded_at: datetime = recorded_now()
    erased_at: datetime | None = instant(default=None)

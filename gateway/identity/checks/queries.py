"""SQL of codes by message."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import col

from gateway.identity.checks.tables import Check, Phone
from kernel.db.transaction import Transaction

_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('code for ' || :tenant || :target, 0))")


async def lock_target(tx: Transaction, target_index: bytes) -> None:
    """Let those who ask for one phone or user name count one after the other."""
    await tx.session.execute(_ONE_AT_A_TIME, {"tenant": str(tx.tenant), "target": target_index.hex()})


async def asked_for(tx: Transaction, target_index: bytes, since: datetime) -> tuple[int, datetime | None]:
    """How many codes went out to a target since then, and when the last did."""
    found = await tx.session.execute(
        select(func.count(), func.max(Check.recorded_at)).where(
            col(Check.target_index) == target_index, col(Check.recorded_at) > since, ~col(Check.held_back)
        )
    )
    count, last = found.one()
    return count, last


async def asked_from(tx: Transaction, source_index: bytes, since: datetime) -> int:
    """How many codes were asked for from an address since then."""
    found = await tx.session.execute(
        select(func.count()).where(col(Check.source_index) == source_index, col(Check.recorded_at) > since)
    )
    return found.scalar_one()


async def check(tx: Transaction, check_id: UUID) -> Check | None:
    """One check, held until the end of the transaction."""
    found = await tx.session.execute(select(Check).where(col(Check.id) == check_id).with_for_update())
    return found.scalar_one_or_none()


async def check_of(tx: Transaction, handle_hash: bytes, purpose: str) -> Check | None:
    """The check of a handle, held until the end of the transaction: tries are judged one after the other."""
    found = await tx.session.execute(
        select(Check).where(col(Check.handle_hash) == handle_hash, col(Check.purpose) == purpose).with_for_update()
    )
    return found.scalar_one_or_none()


async def phone(tx: Transaction, user_id: UUID) -> Phone | None:
    """The phone of a user."""
    found = await tx.session.execute(select(Phone).where(col(Phone.user_id) == user_id))
    return found.scalar_one_or_none()

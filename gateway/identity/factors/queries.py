"""SQL of the second factor."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlmodel import col

from gateway.identity.factors.tables import FactorRemoval, RecoveryCode, Setting, Totp
from gateway.identity.tables import Credential, Session
from kernel.db.transaction import Transaction
from kernel.errors import NotFound

_codes: Table = RecoveryCode.__table__  # type: ignore[attr-defined]  # set by SQLModel's metaclass
_totp: Table = Totp.__table__  # type: ignore[attr-defined]  # set by SQLModel's metaclass


async def totp(tx: Transaction, user_id: UUID) -> Totp | None:
    """A user's second factor, in force or being set up, held until the end of the transaction."""
    found = await tx.session.execute(select(Totp).where(col(Totp.user_id) == user_id).with_for_update())
    return found.scalar_one_or_none()


async def take_recovery(tx: Transaction, user_id: UUID, code_hash: bytes) -> bool:
    """Use up a recovery code; False when there is none such."""
    taken = (
        delete(_codes).where(_codes.c.user_id == user_id, _codes.c.code_hash == code_hash).returning(_codes.c.user_id)
    )
    return (await tx.session.execute(taken)).first() is not None


async def write_recovery(tx: Transaction, user_id: UUID, hashes: Sequence[bytes]) -> None:
    """Replace a user's recovery codes."""
    await tx.session.execute(delete(_codes).where(_codes.c.user_id == user_id))
    rows = [{"tenant_id": tx.tenant, "user_id": user_id, "code_hash": each} for each in hashes]
    await tx.session.execute(insert(_codes), rows)


async def drop_totp(tx: Transaction, user_id: UUID) -> None:
    """Remove a user's second factor; the recovery codes go with it."""
    await tx.session.execute(delete(Totp).where(col(Totp.user_id) == user_id))


async def standing(tx: Transaction, user_id: UUID) -> tuple[bool, datetime | None, bool]:
    """Whether a user must change the password, when it was set last (None: there is none), whether a second factor
    is in force."""
    found = await tx.session.execute(
        select(col(Credential.must_change), col(Credential.changed_at)).where(col(Credential.user_id) == user_id)
    )
    must_change, changed_at = found.one_or_none() or (False, None)
    confirmed = select(func.count()).where(col(Totp.user_id) == user_id, col(Totp.confirmed_at).is_not(None))
    return must_change, changed_at, (await tx.session.execute(confirmed)).scalar_one() > 0


async def setting(tx: Transaction) -> str:
    """Who needs a second factor: `offered` or `officials`."""
    found = await tx.session.execute(select(col(Setting.second_factor)))
    return found.scalar_one_or_none() or "offered"


async def setting_row(tx: Transaction, *, lock: bool = False) -> Setting | None:
    """The tenant's setting, held until the end of the transaction with `lock`."""
    statement = select(Setting)
    found = await tx.session.execute(statement.with_for_update() if lock else statement)
    return found.scalar_one_or_none()


async def write_setting(tx: Transaction, second_factor: str, version: int) -> Setting:
    """Set it. Of two who set it first at once, the second breaks on the row's key."""
    row = await setting_row(tx)
    if row is None:
        row = Setting(tenant_id=tx.tenant)
        tx.session.add(row)
    row.second_factor, row.version = second_factor, version
    await tx.session.flush()
    return row


async def removals(tx: Transaction, since: datetime) -> list[FactorRemoval]:
    """Requests that wait for the second administrator, oldest first."""
    found = await tx.session.execute(
        select(FactorRemoval)
        .where(col(FactorRemoval.state) == "asked", col(FactorRemoval.asked_at) > since)
        .order_by(col(FactorRemoval.asked_at))
    )
    return list(found.scalars())


async def lock_removal(tx: Transaction, removal_id: UUID) -> FactorRemoval:
    """One request, held until the end of the transaction."""
    found = await tx.session.execute(select(FactorRemoval).where(col(FactorRemoval.id) == removal_id).with_for_update())
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def open_removal(tx: Transaction, user_id: UUID) -> FactorRemoval | None:
    """The request that waits for a user, if any, held until the end of the transaction."""
    found = await tx.session.execute(
        select(FactorRemoval)
        .where(col(FactorRemoval.user_id) == user_id, col(FactorRemoval.state) == "asked")
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def begin(tx: Transaction, user_id: UUID, sealed: bytes) -> None:
    """Begin the set-up of a second factor, unless one is there."""
    made = pg_insert(_totp).values(tenant_id=tx.tenant, user_id=user_id, sealed=sealed)
    await tx.session.execute(made.on_conflict_do_nothing())


async def show_second(tx: Transaction, session_id: UUID, now: datetime) -> None:
    """Note in a browser session that the second factor was shown in it."""
    await tx.session.execute(update(Session).where(col(Session.id) == session_id).values(second_at=now))

"""Use cases of the second factor on an open transaction. The caller commits also what was refused: the count stays."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.identity import handles, rules
from gateway.identity.factors import queries, totp
from gateway.identity.factors.tables import Totp
from gateway.identity.schemas import Holder, Missing, SessionView
from kernel.clock import utcnow
from kernel.db.transaction import Transaction
from kernel.errors import WrongState
from kernel.events.outbox import audit


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret to be put into an authenticator app, for the page alone."""

    picture: str
    spelled: str

    def __repr__(self) -> str:
        return "Enrolment(…)"


async def missing(tx: Transaction, session: SessionView, holder: Holder) -> Missing | None:
    """What the sign-in of a browser still needs."""
    must_change, changed_at, in_force = await queries.standing(tx, holder.user_id)
    if in_force and session.second_at is None:
        return "second"
    if must_change or (changed_at is not None and changed_at + rules.PASSWORD_AGE < utcnow()):
        return "password"
    if not in_force and holder.official and await queries.setting(tx) == "officials":
        return "enrol"
    return None


async def in_force(tx: Transaction, user_id: UUID) -> bool:
    """Whether a user has a second factor."""
    return (await queries.standing(tx, user_id))[2]


async def enrolment(tx: Transaction, holder: Holder, place: str) -> Enrolment:
    """The secret being set up; made at the first look, the same until it is confirmed.

    Raises `WrongState` where a second factor is in force: its secret is never shown again.
    """
    row = await queries.totp(tx, holder.user_id)
    if row is not None and row.confirmed_at is not None:
        raise WrongState
    if row is None:
        secret = totp.new_secret()
        sealed = await totp.seal(tx.tenant, holder.user_id, secret)
        await queries.begin(tx, holder.user_id, sealed)
        # Read again: the same page in another tab may have been first.
        row = await queries.totp(tx, holder.user_id)
        if row is None:
            raise LookupError("the second factor just begun is not there")
    secret = await totp.unseal(tx.tenant, holder.user_id, row.sealed)
    return Enrolment(totp.picture(totp.address(secret, holder.user_name, place)), totp.spelled(secret))


async def confirm(tx: Transaction, user_id: UUID, code: str) -> list[str] | None:
    """Put the second factor in force by a code of it; the recovery codes, shown once. None for a wrong code."""
    now = utcnow()
    row = await queries.totp(tx, user_id)
    if row is None or row.confirmed_at is not None:
        raise WrongState
    if not await _code_is_right(tx, row, code, now):
        await audit(tx, "identity.second_factor_refused", subject_type="user", subject_id=user_id)
        return None
    row.confirmed_at = now
    await tx.session.flush()
    await audit(tx, "identity.second_factor_set_up", subject_type="user", subject_id=user_id)
    return await new_recovery_codes(tx, user_id)


async def new_recovery_codes(tx: Transaction, user_id: UUID) -> list[str]:
    """Replace the recovery codes; shown once."""
    codes = totp.recovery_codes()
    await queries.write_recovery(tx, user_id, [handles.digest(code) for code in codes])
    await audit(tx, "identity.recovery_codes_made", subject_type="user", subject_id=user_id)
    return codes


async def prove(tx: Transaction, user_id: UUID, code: str) -> bool:
    """Judge the second step of a sign-in: a one-time code, or a recovery code.

    The row is held from the look-up to the count, so of any number of tries at once exactly `rules.MAX_TRIES` are
    judged before the lock.
    """
    row = await queries.totp(tx, user_id)
    if row is None or row.confirmed_at is None:
        return False
    if await _code_is_right(tx, row, code, utcnow()):
        await audit(tx, "identity.second_factor_shown", subject_type="user", subject_id=user_id)
        return True
    act = "identity.second_factor_refused" if row.locked_until is None else "identity.second_factor_locked"
    await audit(tx, act, subject_type="user", subject_id=user_id)
    return False


async def _code_is_right(tx: Transaction, row: Totp, code: str, now: datetime) -> bool:
    """Judge a code of the locked row and write the count."""
    if row.locked_until is not None and row.locked_until > now:
        return False
    secret = await totp.unseal(tx.tenant, row.user_id, row.sealed)
    typed = "".join(code.split()).lower()
    step = totp.matching_step(secret, typed, now)
    if step is not None and step > row.last_step:
        row.last_step, right = step, True
    else:
        right = row.confirmed_at is not None and await queries.take_recovery(tx, row.user_id, handles.digest(typed))
        if right:
            await audit(tx, "identity.recovery_code_used", subject_type="user", subject_id=row.user_id)
    row.failed_tries, row.locked_until = (0, None) if right else rules.after_failure(row.failed_tries, now)
    await tx.session.flush()
    return right


async def give_up(tx: Transaction, user_id: UUID, code: str) -> bool:
    """Remove one's own second factor, by a code of it; False for a wrong code."""
    if not await prove(tx, user_id, code):
        return False
    await queries.drop_totp(tx, user_id)
    await audit(tx, "identity.second_factor_given_up", subject_type="user", subject_id=user_id)
    return True

"""Asking for a code, sending it, and judging what is typed; the phone of a user.

Asking always does and answers the same, whether phone or user name are known or not; the code is made and sent by the
gateway's own consumer, after the answer.
"""

import hmac
import secrets
from datetime import timedelta
from typing import Literal
from uuid import UUID

from contracts.gateway import CodeAsked
from gateway.directory import queries as directory
from gateway.identity import handles, people, rules
from gateway.identity.checks import messages, queries
from gateway.identity.checks.tables import Check, Phone
from kernel.clock import utcnow
from kernel.context import Language
from kernel.db.transaction import Transaction
from kernel.errors import TooManyRequests
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.messages.actions import send
from kernel.privacy.blind_index import blind_index
from kernel.privacy.fields import protect, reveal
from kernel.privacy.keys import erase

Purpose = Literal["register", "reset", "phone"]
CHECK_NUMBER = "identity_check.number"
PHONE_NUMBER = "identity_phone.number"
HOUR = timedelta(hours=1)
MINUTES = int(rules.CODE_VALID.total_seconds()) // 60


async def ask(
    tx: Transaction, purpose: Purpose, target: str, *, number: str | None = None, user_id: UUID | None = None
) -> str:
    """Have a code sent; the handle under which it is typed in.

    target: the phone (which is `number` then) or the user name, as it was typed; `user_id`: whose name it is. Raises
    `TooManyRequests` for an address that asks too often, whatever for.
    """
    now = utcnow()
    target_index = blind_index(tx, f"identity_{purpose}", target)
    source_index = blind_index(tx, "identity_source", tx.context.address or "")
    if await queries.asked_from(tx, source_index, now - HOUR) >= rules.ASKED_PER_HOUR:
        raise TooManyRequests(headers={"Retry-After": "3600"})
    await queries.lock_target(tx, target_index)
    count, last = await queries.asked_for(tx, target_index, now - HOUR)
    held_back = count >= rules.CODES_PER_HOUR or (last is not None and last > now - rules.CODES_EVERY)
    handle, check_id = handles.mint(tx.tenant), new_id()
    stored = None
    if number is not None:
        stored = await protect(tx, check_id, column=CHECK_NUMBER, row_id=check_id, value=number)
    tx.session.add(
        Check(
            tenant_id=tx.tenant,
            id=check_id,
            handle_hash=handles.digest(handle),
            purpose=purpose,
            user_id=user_id,
            number=stored,
            target_index=target_index,
            source_index=source_index,
            held_back=held_back,
            expires_at=now + rules.CODE_VALID,
        )
    )
    await tx.session.flush()
    await emit(tx, CodeAsked(language=tx.context.language), aggregate_id=check_id)
    await audit(tx, f"identity.{purpose}_code_asked", subject_type="check", subject_id=check_id)
    return handle


async def ask_reset(tx: Transaction, user_name: str) -> str:
    """Have a code sent to the phone of a user, if there is such a user and they have one; the handle in any case."""
    user = await directory.user_by_name(tx, user_name)
    return await ask(tx, "reset", user_name, user_id=user.id if user else None)


async def dispatch(tx: Transaction, check_id: UUID, language: Language, place: str) -> None:
    """Make the code of a check and send it, where there is a phone to send it to."""
    row = await queries.check(tx, check_id)
    if row is None or row.held_back or row.code_hash is not None or not _alive(row):
        return
    number = await _number(tx, row)
    if number is None:
        return
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    row.code_hash = _code_hash(tx, row.id, code)
    await tx.session.flush()
    await send(
        tx,
        messages.CODES[row.purpose],
        to=number,
        key_of=row.id,
        expires_at=row.expires_at,
        language=language,
        place=place,
        code=code,
        minutes=str(MINUTES),
    )


def _alive(row: Check) -> bool:
    return row.tries < rules.CODE_TRIES and row.expires_at > utcnow()


async def _number(tx: Transaction, row: Check) -> str | None:
    if row.number is not None:
        return await reveal(tx, row.id, column=CHECK_NUMBER, row_id=row.id, stored=row.number)
    return await phone_of(tx, row.user_id) if row.user_id is not None else None


def _code_hash(tx: Transaction, check_id: UUID, code: str) -> bytes:
    # Keyed: a million codes are tried in no time by whoever has a plain hash.
    return blind_index(tx, "identity_code", f"{check_id}|{code}")


async def judge(tx: Transaction, handle: str, purpose: Purpose, code: str) -> Check | None:
    """The check, if this is its code; a wrong one is counted. The caller commits in either case.

    The row is held until the end of the transaction, so of any number of tries at once exactly `rules.CODE_TRIES` are
    judged. A right code may be typed again until `finish`: what is typed beside it may have to be mended.
    """
    row = await queries.check_of(tx, handles.digest(handle), purpose)
    if row is None or not _alive(row):
        return None
    given = _code_hash(tx, row.id, "".join(code.split()))
    if row.code_hash is not None and hmac.compare_digest(row.code_hash, given):
        return row
    row.tries += 1
    await tx.session.flush()
    act = "identity.code_refused" if row.tries < rules.CODE_TRIES else "identity.code_ended"
    await audit(tx, act, subject_type="check", subject_id=row.id)
    return None


async def finish(tx: Transaction, row: Check) -> None:
    """The check has served: its code is right no more, and its phone can be read no more."""
    row.code_hash = None
    row.tries = rules.CODE_TRIES
    await tx.session.flush()
    await erase(tx, row.id)


async def checked_number(tx: Transaction, row: Check) -> str | None:
    """The phone that a registration checked."""
    return await _number(tx, row)


async def keep_phone(tx: Transaction, user_id: UUID, person_id: UUID | None, number: str) -> None:
    """The phone of a user from now on, encrypted under the key of who they are."""
    stored = await protect(tx, person_id or user_id, column=PHONE_NUMBER, row_id=user_id, value=number)
    await tx.session.merge(Phone(tenant_id=tx.tenant, user_id=user_id, number=stored))
    await tx.session.flush()
    await audit(tx, "identity.phone_kept", subject_type="user", subject_id=user_id)


async def phone_of(tx: Transaction, user_id: UUID) -> str | None:
    """The phone of an active user, if one is known."""
    holder = await people.holder_by_id(tx, user_id)
    row = await queries.phone(tx, user_id)
    if row is None or holder is None:
        return None
    return await reveal(tx, holder.person_id or user_id, column=PHONE_NUMBER, row_id=user_id, stored=row.number)

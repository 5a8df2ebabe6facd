"""Making and using one-time links."""

from datetime import datetime
from uuid import UUID

from gateway.identity import actions as identity
from gateway.identity import handles, people, rules
from gateway.identity.invitations import queries
from gateway.identity.invitations.tables import Link
from gateway.identity.schemas import Holder, Revocation
from kernel.clock import utcnow
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, InvalidInput, Text
from kernel.events.outbox import audit

PATH = "/oauth/link"


async def invite(tx: Transaction, user_id: UUID) -> tuple[str, datetime]:
    """A one-time link's token for a user, and until when it works. An earlier link ends: one at a time."""
    await queries.drop_of(tx, user_id)
    token = handles.mint(tx.tenant)
    expires_at = utcnow() + rules.LINK_LIFETIME
    tx.session.add(Link(tenant_id=tx.tenant, token_hash=handles.digest(token), user_id=user_id, expires_at=expires_at))
    await tx.session.flush()
    await audit(tx, "identity.link_made", subject_type="user", subject_id=user_id)
    return token, expires_at


def address(issuer: str, token: str) -> str:
    """The link as it is handed over."""
    return f"{issuer}{PATH}?token={token}"


async def holder_of(tx: Transaction, token: str) -> Holder | None:
    """Whose living link this is; looking does not use it (mail programs look at links, too)."""
    user_id = await queries.user_of(tx, handles.digest(token), utcnow())
    return await people.holder_by_id(tx, user_id) if user_id else None


async def use(tx: Transaction, token: str, password: str, again: str) -> tuple[Holder, list[Revocation]] | None:
    """Set the password that the link's user chose; the link is used up by it. None where it works no more.

    Raises `InvalidInput` for a password that will not do; the link still works then.
    """
    holder = await holder_of(tx, token)
    if holder is None:
        return None
    wrong = [FieldError("/password", each) for each in rules.password_findings(password, holder.user_name)]
    if password != again:
        wrong.append(FieldError("/again", Text("两次输入的口令不一致", "The two passwords differ.")))
    if wrong:
        raise InvalidInput(errors=wrong)
    if await queries.take(tx, handles.digest(token), utcnow()) != holder.user_id:
        return None
    revoked = await identity.set_password(tx, holder.user_id, password, user_name=holder.user_name)
    await audit(tx, "identity.link_used", subject_type="user", subject_id=holder.user_id)
    return holder, revoked

"""Use cases of identity on an open transaction: passwords, sign-in, clients, signing keys."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session as SyncSession

from gateway.identity import handles, passwords, people, queries, rules
from gateway.identity.oauth.flow import revoke_families
from gateway.identity.oauth.keyring import Ring, new_key, open_key, seal_key
from gateway.identity.schemas import ClientKind, Holder, RegisteredClient, Revocation
from gateway.identity.tables import Client, Session, SigningKey
from kernel.clock import utcnow
from kernel.context import PLATFORM_TENANT
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, InvalidInput, Text
from kernel.events.outbox import audit
from kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh browser session; `cookie` is its secret."""

    cookie: str
    holder: Holder


def first_password() -> str:
    """A password for a user just made, shown once; it holds all kinds of characters that `rules` may ask for."""
    return f"{secrets.token_urlsafe(12)}-{secrets.choice('ABCDEFGHJKLMNPQRSTUVWXYZ')}a{secrets.randbelow(10)}"


async def set_password(
    tx: Transaction, user_id: UUID, password: str, *, user_name: str = "", must_change: bool = False
) -> list[Revocation]:
    """Give a user a password, which they `must_change` at once where somebody else knows it. Raises `InvalidInput`
    when it is too weak.

    Every sign-in made under the old one ends. What is returned is for the edges, after the commit; for a
    user just made there is nothing to tell.
    """
    if findings := rules.password_findings(password, user_name):
        raise InvalidInput(errors=[FieldError("/password", finding) for finding in findings])
    password_hash = await passwords.hash_password(password)
    now = utcnow()

    def write(session: SyncSession) -> list[Revocation]:
        queries.write_password(session, tx.tenant, user_id, password_hash, now, must_change=must_change)
        queries.drop_sessions_of(session, user_id)
        return revoke_families(session, tx.tenant, queries.by_user(user_id), "password_set", now)

    revocations = await tx.session.run_sync(write)
    await audit(tx, "identity.password_set", subject_type="user", subject_id=user_id)
    return revocations


async def sign_in(tx: Transaction, user_name: str, password: str, agent: str = "") -> SignedIn | None:
    """Check a password and open a browser session; None when refused, whatever the reason. `agent`: the browser.

    The caller commits in either case: the count must stay.
    """
    holder = await people.holder_by_name(tx, user_name)
    if not await password_is_right(tx, holder, password) or holder is None:
        return None
    return SignedIn(await open_session(tx, holder, utcnow(), agent), holder)


async def password_is_right(tx: Transaction, holder: Holder | None, password: str) -> bool:
    """Judge a password and count it. Without a user, or one without a password, it is wrong after the same time.

    The credential's row is held from the look-up to the count, so that of any number of tries at once exactly
    `rules.MAX_TRIES` are judged before the lock.
    """
    now = utcnow()
    found = await tx.session.run_sync(queries.lock_credential, holder.user_id) if holder else None
    if holder is None or found is None:
        await passwords.password_is(None, password)
        await audit(tx, "identity.sign_in_refused", subject_type="user", subject_id=None, reason="unknown")
        return False
    password_hash, tries, locked_until = found
    if locked_until is not None and locked_until > now:
        # The same work as for a wrong password, so that a lock cannot be told from it by the clock.
        await passwords.password_is(None, password)
        await audit(tx, "identity.sign_in_refused", subject_type="user", subject_id=holder.user_id, reason="locked")
        return False
    if not await passwords.password_is(password_hash, password):
        tries, locked_until = rules.after_failure(tries, now)
        await tx.session.run_sync(queries.write_tries, holder.user_id, tries, locked_until)
        act = "identity.sign_in_refused" if locked_until is None else "identity.locked"
        await audit(tx, act, subject_type="user", subject_id=holder.user_id, reason="wrong password")
        return False
    await tx.session.run_sync(queries.write_tries, holder.user_id, 0, None)
    return True


async def change_password(tx: Transaction, holder: Holder, password: str, again: str) -> list[Revocation]:
    """A password that its own user chooses; it differs from the present one. Raises `InvalidInput`.

    Every sign-in of the user ends, the present one too.
    """
    wrong = [FieldError("/password", finding) for finding in rules.password_findings(password, holder.user_name)]
    if password != again:
        wrong.append(FieldError("/again", Text("两次输入的口令不一致", "The two passwords differ.")))
    present = await tx.session.run_sync(queries.lock_credential, holder.user_id)
    if not wrong and present is not None and await passwords.password_is(present[0], password):
        wrong.append(FieldError("/password", Text("新口令不得与原口令相同", "Use another password than before.")))
    if wrong:
        raise InvalidInput(errors=wrong)
    return await set_password(tx, holder.user_id, password, user_name=holder.user_name)


async def open_session(
    tx: Transaction, holder: Holder, now: datetime, agent: str = "", *, second_at: datetime | None = None
) -> str:
    """A new browser session of a user who has just proved who they are; its cookie."""
    cookie = handles.mint(tx.tenant)
    tx.session.add(
        Session(
            tenant_id=tx.tenant,
            id=new_id(),
            cookie_hash=handles.digest(cookie),
            user_id=holder.user_id,
            agent=agent,
            second_at=second_at,
            auth_time=now,
            seen_at=now,
            expires_at=now + rules.SESSION_LIFETIME,
        )
    )
    await audit(tx, "identity.signed_in", subject_type="user", subject_id=holder.user_id)
    return cookie


async def register_client(
    tx: Transaction,
    client_id_suffix: str,
    redirect_uris: Sequence[str],
    kind: ClientKind,
    trusted: bool = False,
    origins: Sequence[str] = (),
    *,
    name: Text | None = None,
    sign_out_uris: Sequence[str] = (),
    permissions: Sequence[str] = (),
) -> RegisteredClient:
    """Register an application with the tenant. Its id is made of the tenant and the suffix.

    trusted: of the platform itself, its users are not asked for consent. permissions: what a `service`
    client may do in its own name. Raises `InvalidInput` for an address that no code may be sent to.
    """
    wrong = [
        FieldError(f"/redirect_uris/{at}", Text("回调地址不符合要求", f"This address cannot be used: {reason}."))
        for at, uri in enumerate([*redirect_uris, *sign_out_uris])
        if (reason := rules.redirect_findings(uri))
    ]
    if wrong:
        raise InvalidInput(errors=wrong)
    client_id = handles.compose(tx.tenant, client_id_suffix)
    secret = None if kind == "browser" else secrets.token_urlsafe(handles.SECRET_BYTES)
    label = name or Text(client_id_suffix, client_id_suffix)
    tx.session.add(
        Client(
            tenant_id=tx.tenant,
            id=client_id,
            kind=kind,
            name_zh=label.zh,
            name_en=label.en,
            secret_hash=handles.digest(secret) if secret else None,
            redirect_uris=list(redirect_uris),
            sign_out_uris=list(sign_out_uris),
            origins=list(origins),
            permissions=list(permissions),
            trusted=trusted,
        )
    )
    await tx.session.flush()
    await audit(
        tx,
        "identity.client_registered",
        subject_type="client",
        subject_id=None,
        facts={"client_id": client_id},
    )
    return RegisteredClient(client_id, secret)


async def ensure_signing_key(tx: Transaction) -> None:
    """Make the first signing key, if there is none. The transaction runs under the platform's tenant."""
    await tx.session.run_sync(queries.lock_keys)
    if rules.signing(await queries.keys(tx), utcnow()) is None:
        await _add_key(tx, utcnow())


async def rotate_signing_key(tx: Transaction) -> str:
    """Announce a new signing key; it signs after `rules.KEY_ANNOUNCED`, and the old ones stay
    `rules.KEY_KEPT` longer. The transaction runs under the platform's tenant. Returns the new key's id."""
    await tx.session.run_sync(queries.lock_keys)
    active_from = utcnow() + rules.KEY_ANNOUNCED
    await tx.session.run_sync(queries.retire_keys, active_from + rules.KEY_KEPT)
    kid = await _add_key(tx, active_from)
    await audit(tx, "identity.key_rotated", subject_type="signing_key", subject_id=None, facts={"kid": kid})
    return kid


async def _add_key(tx: Transaction, active_from: datetime) -> str:
    key = await asyncio.to_thread(new_key)
    kid = str(key.kid)
    tx.session.add(
        SigningKey(
            tenant_id=PLATFORM_TENANT,
            kid=kid,
            public_jwk=dict(key.as_dict(private=False)),
            sealed_private=await seal_key(key),
            active_from=active_from,
        )
    )
    await tx.session.flush()
    return kid


async def read_ring(tx: Transaction) -> Ring:
    """All signing keys, opened. The transaction runs under the platform's tenant."""
    return Ring(tuple([await open_key(view) for view in await queries.keys(tx)]))

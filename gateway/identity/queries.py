"""All SQL of identity. The functions that take a `Session` run inside `AsyncSession.run_sync`, where
Authlib's synchronous flow and the atomic statements it leans on share one transaction.

Which tenant's rows are read is decided by row-level security alone.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as SyncSession
from sqlmodel import SQLModel

from gateway.identity import tables
from gateway.identity.schemas import ClientView, CodeView, FamilyView, KeyView, OpenSession, SessionView
from kernel.db.transaction import Transaction

V = TypeVar("V")


def _table(kind: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(kind.__tablename__)]


_client = _table(tables.Client)
_code = _table(tables.Code)
_family = _table(tables.Family)
_refresh = _table(tables.RefreshToken)
_session = _table(tables.Session)
_credential = _table(tables.Credential)
_revoked = _table(tables.Revoked)
_key = _table(tables.SigningKey)


def _columns(table: Table, view: type[Any]) -> list[ColumnElement[Any]]:
    return [table.c[field.name] for field in fields(view)]


def _view(view: type[V], row: Row[Any] | None) -> V | None:
    return None if row is None else view(**row._mapping)


# Clients


def client(session: SyncSession, client_id: str) -> ClientView | None:
    """The registered client of that id, unless it is disabled."""
    found = select(*_columns(_client, ClientView)).where(_client.c.id == client_id, _client.c.disabled_at.is_(None))
    return _view(ClientView, session.execute(found).one_or_none())


async def clients(tx: Transaction) -> list[ClientView]:
    """All clients of the tenant that are not disabled; for the edge's facts (origins, permissions)."""
    found = select(*_columns(_client, ClientView)).where(_client.c.disabled_at.is_(None)).order_by(_client.c.id)
    return [ClientView(**row._mapping) for row in await tx.session.execute(found)]


# Codes


def code(session: SyncSession, code_hash: bytes) -> CodeView | None:
    """Look at a code without taking it."""
    found = select(*_columns(_code, CodeView)).where(_code.c.code_hash == code_hash)
    return _view(CodeView, session.execute(found).one_or_none())


def take_code(session: SyncSession, code_hash: bytes, client_id: str) -> CodeView | None:
    """Take a code of this client, so that nobody else can: of any number at once, one gets the row."""
    taken = (
        delete(_code)
        .where(_code.c.code_hash == code_hash, _code.c.client_id == client_id)
        .returning(*_columns(_code, CodeView))
    )
    return _view(CodeView, session.execute(taken).one_or_none())


# Families and refresh tokens


def family(session: SyncSession, family_id: UUID, *, lock: bool = False) -> FamilyView | None:
    """One token family. With `lock`, whatever else changes or revokes it waits for this transaction."""
    found = select(*_columns(_family, FamilyView)).where(_family.c.id == family_id)
    return _view(FamilyView, session.execute(found.with_for_update() if lock else found).one_or_none())


def family_of_refresh(session: SyncSession, token_hash: bytes) -> UUID | None:
    """The family that a refresh token, used or not, belongs to."""
    found = select(_refresh.c.family_id).where(_refresh.c.token_hash == token_hash)
    return cast("UUID | None", session.execute(found).scalar_one_or_none())


def spend_refresh(session: SyncSession, token_hash: bytes, now: datetime) -> bool:
    """Use up a refresh token; False when it was used before."""
    spent = (
        update(_refresh)
        .where(_refresh.c.token_hash == token_hash, _refresh.c.used_at.is_(None))
        .values(used_at=now)
        .returning(_refresh.c.token_hash)
    )
    return session.execute(spent).one_or_none() is not None


def refresh_state(session: SyncSession, token_hash: bytes) -> tuple[UUID, datetime, datetime | None] | None:
    """Family, expiry and time of use of a refresh token; for introspection."""
    found = select(_refresh.c.family_id, _refresh.c.expires_at, _refresh.c.used_at)
    row = session.execute(found.where(_refresh.c.token_hash == token_hash)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def revoke_families(session: SyncSession, where: ColumnElement[bool], reason: str, now: datetime) -> list[UUID]:
    """Revoke the families that `where` picks and that are not revoked yet; answers which."""
    revoked = (
        update(_family)
        .where(where, _family.c.revoked_at.is_(None))
        .values(revoked_at=now, revoked_for=reason)
        .returning(_family.c.id)
    )
    return list(session.execute(revoked).scalars())


def by_family(family_id: UUID) -> ColumnElement[bool]:
    """Pick one family."""
    return _family.c.id == family_id


def by_code(code_hash: bytes) -> ColumnElement[bool]:
    """Pick the family that came from a code."""
    return _family.c.code_hash == code_hash


def by_session(session_id: UUID) -> ColumnElement[bool]:
    """Pick all families of a signed-in browser."""
    return _family.c.session_id == session_id


def by_user(user_id: UUID) -> ColumnElement[bool]:
    """Pick all families of a user."""
    return _family.c.user_id == user_id


def set_acting(session: SyncSession, family_id: UUID, post_id: UUID | None, person_id: UUID | None) -> None:
    """Write down what the family acts as from now on. The caller holds its lock."""
    session.execute(update(_family).where(_family.c.id == family_id).values(post_id=post_id, person_id=person_id))


# Revocations


def write_revoked(session: SyncSession, subject: str, tenant_id: UUID, expires_at: datetime) -> None:
    """Note that edges must refuse `subject`; saying so twice is no error."""
    noted = insert(_revoked).values(subject=subject, tenant_id=tenant_id, expires_at=expires_at)
    session.execute(noted.on_conflict_do_nothing())


def is_revoked(session: SyncSession, subjects: Sequence[str]) -> bool:
    """Whether any of these tokens or families is revoked."""
    found = select(func.count()).select_from(_revoked).where(_revoked.c.subject.in_(subjects))
    return session.execute(found).scalar_one() > 0


async def revoked(tx: Transaction, now: datetime) -> list[tuple[str, datetime]]:
    """All revocations of the tenant that still matter: (`sid:…` or `jti:…`, until when); for the edge's
    facts."""
    found = select(_revoked.c.subject, _revoked.c.expires_at).where(_revoked.c.expires_at > now)
    return [(row.subject, row.expires_at) for row in await tx.session.execute(found)]


# Sessions and credentials


def session_of(session: SyncSession, cookie_hash: bytes, now: datetime, idle_since: datetime) -> SessionView | None:
    """The browser session of a cookie, noted as seen now; None when unknown, expired or idle for too long."""
    seen = (
        update(_session)
        .where(
            _session.c.cookie_hash == cookie_hash,
            _session.c.expires_at > now,
            _session.c.seen_at > idle_since,
        )
        .values(seen_at=now)
        .returning(*_columns(_session, SessionView))
    )
    return _view(SessionView, session.execute(seen).one_or_none())


def choose_acting(session: SyncSession, session_id: UUID, acting: str) -> None:
    """Remember in the session what the user chose to act as."""
    session.execute(update(_session).where(_session.c.id == session_id).values(acting=acting))


def sessions_of(session: SyncSession, user_id: UUID, now: datetime, idle_since: datetime) -> list[OpenSession]:
    """The browsers in which a user is signed in, the one seen last first."""
    found = (
        select(*_columns(_session, OpenSession))
        .where(_session.c.user_id == user_id, _session.c.expires_at > now, _session.c.seen_at > idle_since)
        .order_by(_session.c.seen_at.desc())
    )
    return [OpenSession(**row._mapping) for row in session.execute(found)]


def drop_session(session: SyncSession, session_id: UUID) -> None:
    """End a browser session and the codes given out in it."""
    session.execute(delete(_code).where(_code.c.session_id == session_id))
    session.execute(delete(_session).where(_session.c.id == session_id))


def other_sessions(session: SyncSession, user_id: UUID, present: UUID) -> list[UUID]:
    """All browser sessions of a user but the present one."""
    found = select(_session.c.id).where(_session.c.user_id == user_id, _session.c.id != present)
    return list(session.execute(found).scalars())


def drop_sessions_of(session: SyncSession, user_id: UUID) -> None:
    """End every browser session of a user and the codes given out in them."""
    session.execute(delete(_code).where(_code.c.user_id == user_id))
    session.execute(delete(_session).where(_session.c.user_id == user_id))


def lock_credential(session: SyncSession, user_id: UUID) -> tuple[str, int, datetime | None] | None:
    """Password hash, failed tries and lock of a user, held until the end of the transaction."""
    found = select(_credential.c.password_hash, _credential.c.failed_tries, _credential.c.locked_until)
    row = session.execute(found.where(_credential.c.user_id == user_id).with_for_update()).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def write_tries(session: SyncSession, user_id: UUID, tries: int, locked_until: datetime | None) -> None:
    """Write the count of failed tries and the lock of a user."""
    session.execute(
        update(_credential)
        .where(_credential.c.user_id == user_id)
        .values(failed_tries=tries, locked_until=locked_until)
    )


def write_password(
    session: SyncSession,
    tenant_id: UUID,
    user_id: UUID,
    password_hash: str,
    now: datetime,
    *,
    must_change: bool = False,
) -> None:
    """Set a user's password hash, with no failed tries and no lock."""
    fresh = {"password_hash": password_hash, "failed_tries": 0, "locked_until": None, "changed_at": now}
    fresh["must_change"] = must_change
    made = insert(_credential).values(tenant_id=tenant_id, user_id=user_id, **fresh)
    session.execute(made.on_conflict_do_update(index_elements=["tenant_id", "user_id"], set_=fresh))


# Signing keys (platform tenant)


async def keys(tx: Transaction) -> list[KeyView]:
    """All signing keys, oldest first. The transaction runs under the platform's tenant."""
    found = select(*_columns(_key, KeyView)).order_by(_key.c.active_from)
    return [KeyView(**row._mapping) for row in await tx.session.execute(found)]


def lock_keys(session: SyncSession) -> None:
    """Let one at a time make or replace signing keys."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("identity_signing_key"))))


def retire_keys(session: SyncSession, until: datetime) -> None:
    """Keep the keys that have no successor yet in the key set until then only."""
    session.execute(update(_key).where(_key.c.published_until.is_(None)).values(published_until=until))


def purge(session: SyncSession, now: datetime) -> None:
    """Delete what has expired and proves nothing any more: codes, sessions, revocations, spent families,
    retired keys."""
    session.execute(delete(_code).where(_code.c.expires_at < now))
    session.execute(delete(_session).where(_session.c.expires_at < now))
    session.execute(delete(_revoked).where(_revoked.c.expires_at < now))
    ended = select(_family.c.id).where(_family.c.expires_at < now)
    session.execute(delete(_refresh).where(_refresh.c.family_id.in_(ended)))
    session.execute(delete(_family).where(_family.c.expires_at < now))
    session.execute(delete(_key).where(_key.c.published_until < now))

"""The data key of each person: made on first use, imported with a sealed member, erased for good.

PIPL art. 47: erasing the key makes rows, events, archive and backups unreadable together.
"""

import os
from collections.abc import Collection, Sequence
from typing import Any, ClassVar, cast
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from kernel.clock import utcnow
from kernel.db.transaction import Transaction
from kernel.errors import Problem, Text
from kernel.privacy.cipher import DataKey
from kernel.privacy.kms import KEY_BYTES, current
from kernel.privacy.tables import PersonKey

_CACHE = "person_keys"
_READ = (
    "select key_version, wrapped from k_person_key where tenant_id = $1 and person_id = $2"
    " and ($3::integer is null or key_version = $3) order by key_version desc limit 1"
)
_STORE = (
    "insert into k_person_key (tenant_id, person_id, key_version, wrapped) values ($1, $2, $3, $4)"
    " on conflict do nothing returning 1"
)


class PersonErased(Problem):
    """The person's data was erased; what was encrypted can no longer be read by anyone."""

    status: ClassVar[int] = 410
    name: ClassVar[str] = "person-erased"
    title: ClassVar[Text] = Text("个人信息已依法删除", "The personal data was erased")
    advice: ClassVar[Text] = Text("无需重试", "Do not retry.")


def storage_context(person_id: UUID) -> bytes:
    """What a stored wrapped key is bound to."""
    return b"person-key|" + person_id.bytes


async def data_key(tx: Transaction, person_id: UUID, version: int | None = None) -> DataKey:
    """The person's key of that version, or the newest, made now if there is none.

    Raises `PersonErased`, also for a version that this service never had.
    """
    cache = _cache(tx)
    if (person_id, version) in cache:
        return cache[person_id, version]
    row = await _row(tx, person_id, version)
    key = None
    if row is None and version is None:
        key = DataKey(1, os.urandom(KEY_BYTES))
        if not await _store(tx, person_id, key):
            key, row = None, await _row(tx, person_id, None)  # another transaction was first
    if key is None:
        if row is None or row[1] is None:
            raise PersonErased
        key = DataKey(row[0], await current().unwrap(tx.tenant, row[1], storage_context(person_id)))
    cache[person_id, version] = cache[person_id, key.version] = key
    return key


async def read_keys(tx: Transaction, people: Collection[UUID]) -> None:
    """Read the keys of several people at once, for whoever opens a value of each of them in this transaction."""
    table = PersonKey.__table__.c  # type: ignore[attr-defined]  # set by SQLModel's metaclass
    # One value for all of them: planned in two thirds of the time that fifty parameters take.
    of_them = table.person_id == any_(literal(list(people), ARRAY(Uuid)))
    for row in await tx.session.execute(select(table.person_id, table.key_version, table.wrapped).where(of_them)):
        if row.wrapped is None:  # erased
            continue
        secret = await current().unwrap(tx.tenant, row.wrapped, storage_context(row.person_id))
        _cache(tx)[row.person_id, row.key_version] = DataKey(row.key_version, secret)


async def import_key(tx: Transaction, person_id: UUID, key: DataKey) -> None:
    """Keep a key that came with a sealed member. Raises `PersonErased` when the person was erased here."""
    row = await _row(tx, person_id, None)
    if row is not None and row[1] is None:
        raise PersonErased
    await _store(tx, person_id, key)


async def erase(tx: Transaction, person_id: UUID) -> None:
    """Delete the person's keys for good, in this service's database. Doing it twice is harmless."""
    _cache(tx).clear()
    tombstone = {"tenant_id": tx.tenant, "person_id": person_id, "key_version": 1, "erased_at": utcnow()}
    await tx.session.execute(insert(PersonKey).values(tombstone).on_conflict_do_nothing())
    await tx.session.execute(
        update(PersonKey)
        .where(PersonKey.person_id == person_id)  # type: ignore[arg-type]  # SQLModel types columns as values
        .values(wrapped=None, erased_at=utcnow())
        .execution_options(synchronize_session=False)
    )


def _cache(tx: Transaction) -> dict[tuple[UUID, int | None], DataKey]:
    # For this transaction only: a longer memory would outlive an erasure. By tenant, since one transaction may go from
    # one tenant to another (`Transaction.under`) and a key of the first must not serve the second.
    return cast(dict[tuple[UUID, int | None], DataKey], tx.session.info.setdefault((_CACHE, tx.tenant), {}))


async def _row(tx: Transaction, person_id: UUID, version: int | None) -> Sequence[Any] | None:
    """Version and wrapped key."""
    found = await tx.run(_READ, tx.tenant, person_id, version)
    return found[0] if found else None


async def _store(tx: Transaction, person_id: UUID, key: DataKey) -> bool:
    """Keep a key; False where there is one of that version."""
    wrapped = await current().wrap(tx.tenant, key.secret, storage_context(person_id))
    return bool(await tx.run(_STORE, tx.tenant, person_id, key.version, wrapped))

"""The sealed member: the one way in which personal data crosses services.

`data` is encrypted under the person's key and bound to event id, receiver, tenant and person. Outbox and
archive hold only that ciphertext. The relay adds the person's key, wrapped by the tenant's key for this
event and receiver, at the moment of publishing; so once the key is erased, no replay can carry it again
(PIPL art. 47).
"""

import base64
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from kernel.db.transaction import Transaction
from kernel.events.event import Seal
from kernel.privacy import cipher, kms
from kernel.privacy.keys import PersonErased, data_key, import_key, storage_context


def _bound_to(tenant: UUID, event_id: UUID, receiver: str, person_id: UUID) -> bytes:
    return b"|".join((b"sealed", tenant.bytes, event_id.bytes, receiver.encode(), person_id.bytes))


async def close(tx: Transaction, event_id: UUID, seal: Seal) -> dict[str, Any]:
    """The member as the outbox keeps it. Raises `PersonErased`."""
    key = await data_key(tx, seal.person_id)
    bound = _bound_to(tx.tenant, event_id, seal.receiver, seal.person_id)
    box = cipher.encrypt(key, msgspec.json.encode(dict(seal.data)), bound)
    return {
        "receiver": seal.receiver,
        "person_id": str(seal.person_id),
        "key_version": key.version,
        "box": base64.b64encode(box).decode(),
    }


async def attach_key(tenant: UUID, event_id: UUID, member: Mapping[str, Any], wrapped: bytes | None) -> dict[str, Any]:
    """The member as it is published.

    `wrapped` is the key as the key table holds it, None if erased.
    """
    if wrapped is None:
        return dict(member)
    person_id = UUID(member["person_id"])
    secret = await kms.current().unwrap(tenant, wrapped, storage_context(person_id))
    bound = _bound_to(tenant, event_id, member["receiver"], person_id)
    travelling = await kms.current().wrap(tenant, secret, bound)
    return {**member, "key": base64.b64encode(travelling).decode()}


async def open_member(
    tx: Transaction, event_id: UUID, receiver: str, member: Mapping[str, Any] | None
) -> dict[str, str] | None:
    """What was sealed, if `receiver` (this service) is the addressee and the person is not erased; else None.

    Keeps the person's key in this service. Raises `CannotUnwrap` or `Unreadable` for a member that was
    changed or taken from another event.
    """
    if member is None or member["receiver"] != receiver or "key" not in member:
        return None
    person_id = UUID(member["person_id"])
    bound = _bound_to(tx.tenant, event_id, receiver, person_id)
    secret = await kms.current().unwrap(tx.tenant, base64.b64decode(member["key"]), bound)
    key = cipher.DataKey(member["key_version"], secret)
    plain = cipher.decrypt(key, base64.b64decode(member["box"]), bound)
    try:
        await import_key(tx, person_id, key)
    except PersonErased:
        return None
    return msgspec.json.decode(plain, type=dict[str, str])

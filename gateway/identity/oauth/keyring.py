"""Signing keys in memory: read from the platform's rows, opened by the KMS, renewed before they grow old.

Signing must not wait for the database, and a key that another gateway process announced must stand in this
one's key set in good time; so the ring is read again every `RELOAD_SECONDS`, far more often than
`rules.KEY_ANNOUNCED`.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc.jwk import KeySet, RSAKey

from gateway.identity import rules
from gateway.identity.schemas import KeyView
from kernel.context import PLATFORM_TENANT
from kernel.privacy import kms
from kernel.privacy.cipher import DataKey, decrypt, encrypt

ALGORITHM = "RS256"
KEY_BITS = 2048
RELOAD_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class RingKey:
    """One key, ready for use."""

    key: RSAKey
    active_from: datetime
    published_until: datetime | None


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys as of one reading."""

    keys: tuple[RingKey, ...]

    def signing(self, now: datetime) -> KeySet:
        """The one key to sign with, as a set, so that its id goes into the token's header."""
        chosen = rules.signing(self.keys, now)
        if chosen is None:
            raise LookupError("there is no active signing key")
        return KeySet([chosen.key])

    def verifying(self, now: datetime) -> KeySet:
        """All keys under which a token may stand now."""
        return KeySet([key.key for key in rules.published(self.keys, now)])

    def public(self, now: datetime) -> dict[str, Any]:
        """The key set as published at the JWKS address."""
        keys = [key.key.as_dict(private=False) for key in rules.published(self.keys, now)]
        return {"keys": [{**key, "use": "sig", "alg": ALGORITHM} for key in keys]}


def new_key() -> RSAKey:
    """Make a key, its id the thumbprint of RFC 7638. Takes some 100 ms: call it in a thread."""
    key = RSAKey.generate_key(KEY_BITS, private=True, auto_kid=True)
    key.ensure_kid()
    return key


async def seal_key(key: RSAKey) -> bytes:
    """The private part as it is stored: under a data key of its own, which the KMS wraps for the platform."""
    context = f"identity_signing_key:{key.kid}".encode()
    secret = AESGCM.generate_key(256)
    wrapped = await kms.current().wrap(PLATFORM_TENANT, secret, context)
    sealed = encrypt(DataKey(1, secret), json.dumps(key.as_dict(private=True)).encode(), context)
    return len(wrapped).to_bytes(2) + wrapped + sealed


async def open_key(view: KeyView) -> RingKey:
    """A stored key, ready for use. Raises what the KMS and the cipher raise when it was changed or moved."""
    context = f"identity_signing_key:{view.kid}".encode()
    end = 2 + int.from_bytes(view.sealed_private[:2])
    secret = await kms.current().unwrap(PLATFORM_TENANT, view.sealed_private[2:end], context)
    plain = decrypt(DataKey(1, secret), view.sealed_private[end:], context)
    return RingKey(RSAKey.import_key(json.loads(plain)), view.active_from, view.published_until)


class Keyring:
    """Holds the ring and reads it again when it is old. One per gateway process."""

    def __init__(self, read: Callable[[], Awaitable[Ring]]) -> None:
        self._read = read
        self._ring: Ring | None = None
        self._due = 0.0
        self._lock = asyncio.Lock()

    async def ring(self) -> Ring:
        """The keys, at most `RELOAD_SECONDS` old."""
        if self._ring is None or time.monotonic() >= self._due:
            async with self._lock:
                if self._ring is None or time.monotonic() >= self._due:
                    self._ring = await self._read()
                    self._due = time.monotonic() + RELOAD_SECONDS
        return self._ring

    def forget(self) -> None:
        """Read again at the next use; called after a rotation in this process."""
        self._due = 0.0

"""Tenant keys, behind the interface of a key management service.

The production deployment puts a certified module (GB/T 39786) behind `Kms`; `FileKms` keeps the keys in one
file and is for development and tests. Whoever holds the tenant's key can open what it wraps, so it never
leaves here.
"""

import base64
import contextlib
import fcntl
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


class CannotUnwrap(Exception):
    """The wrapped key was made for another tenant or purpose, or was changed."""


class KmsFileUnsafe(Exception):
    """The key file can be read by others; the text names the mend."""


class Kms(Protocol):
    """What the platform asks of a key management service. `context` must be equal at wrap and unwrap."""

    async def wrap(self, tenant: UUID, key: bytes, context: bytes) -> bytes:
        """Encrypt a data key under the tenant's key, bound to `context`."""
        ...

    async def unwrap(self, tenant: UUID, wrapped: bytes, context: bytes) -> bytes:
        """Open a wrapped data key. Raises `CannotUnwrap`."""
        ...

    def index_key(self, tenant: UUID, purpose: str) -> bytes:
        """The tenant's 32 byte key for blind indexes of that purpose; kept in memory after the first call."""
        ...


class FileKms:
    """Tenant keys of 32 bytes in one JSON file (mode 0600), made on first use.

    Safe under several processes: a lock file guards making a key, the file is replaced whole and synced
    before the key is used, so no process can encrypt under a key that is not on disk.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys: dict[UUID, bytes] = {}
        self._derived: dict[tuple[UUID, str], bytes] = {}
        self._guard = threading.Lock()

    async def wrap(self, tenant: UUID, key: bytes, context: bytes) -> bytes:
        """See `Kms.wrap`; nonce followed by ciphertext (AES-256-GCM)."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher(tenant).encrypt(nonce, key, tenant.bytes + context)

    async def unwrap(self, tenant: UUID, wrapped: bytes, context: bytes) -> bytes:
        """See `Kms.unwrap`."""
        try:
            return self._cipher(tenant).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], tenant.bytes + context)
        except (InvalidTag, ValueError) as error:
            raise CannotUnwrap("the wrapped key does not belong to this tenant and purpose") from error

    def index_key(self, tenant: UUID, purpose: str) -> bytes:
        """See `Kms.index_key`."""
        return self._derive(tenant, f"blind-index|{purpose}")

    def _cipher(self, tenant: UUID) -> AESGCM:
        return AESGCM(self._derive(tenant, "wrap"))

    def _derive(self, tenant: UUID, purpose: str) -> bytes:
        # A key of its own per purpose, so that what one use leaks says nothing about another.
        found = self._derived.get((tenant, purpose))
        if found is None:
            info = f"shegong|{purpose}".encode()
            found = HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(self._tenant_key(tenant))
            self._derived[tenant, purpose] = found
        return found

    def _tenant_key(self, tenant: UUID) -> bytes:
        with self._guard:
            if tenant not in self._keys:
                self._keys.update(self._read())
            if tenant not in self._keys:
                self._keys[tenant] = self._make(tenant)
            return self._keys[tenant]

    def _make(self, tenant: UUID) -> bytes:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked():
            keys = self._read()
            if tenant not in keys:
                keys[tenant] = os.urandom(KEY_BYTES)
                self._write(keys)
            return keys[tenant]

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        lock = os.open(self._path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _read(self) -> dict[UUID, bytes]:
        try:
            mode = self._path.stat().st_mode
            text = self._path.read_text()
        except FileNotFoundError:
            return {}
        if mode & 0o077:
            raise KmsFileUnsafe(f"{self._path.name} can be read by other users: chmod 600 it, then replace the keys")
        return {UUID(tenant): base64.b64decode(key) for tenant, key in json.loads(text)["tenants"].items()}

    def _write(self, keys: dict[UUID, bytes]) -> None:
        text = json.dumps({"format": 1, "tenants": {str(t): base64.b64encode(k).decode() for t, k in keys.items()}})
        fresh = self._path.with_suffix(f".new{os.getpid()}")
        handle = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class KmsMissing(RuntimeError):
    """No key management service was installed in this process."""


_installed: list[Kms] = []


def install(kms: Kms) -> None:
    """Make `kms` the one of this process; called once at start, before anything is encrypted."""
    _installed[:] = [kms]


def current() -> Kms:
    """The process's key management service. Raises `KmsMissing`; nothing is ever stored in clear instead."""
    if not _installed:
        raise KmsMissing("install() was not called at the start of the process")
    return _installed[0]

"""The one format of encrypted personal data: AES-256-GCM now, room for SM4-GCM (GB/T 32907) beside it.

`format (1) | algorithm (1) | key version (2) | nonce (12) | ciphertext and tag`. What the ciphertext is
bound to travels as associated data and is never stored with it, so a value copied to another place does not
open there.
"""

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = 1
AES_256_GCM = 1
HEADER_BYTES = 4
NONCE_BYTES = 12


class Unreadable(Exception):
    """The ciphertext was changed, belongs elsewhere, or is of a format this version does not know.

    Carries neither the value nor the key.
    """


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one person's data; `version` rises when it is replaced."""

    version: int
    secret: bytes

    def __repr__(self) -> str:
        return f"DataKey(version={self.version})"


def encrypt(key: DataKey, plain: bytes, bound_to: bytes) -> bytes:
    """Encrypt `plain`; the same `bound_to` is needed to open it."""
    head = bytes((FORMAT, AES_256_GCM)) + key.version.to_bytes(2)
    nonce = os.urandom(NONCE_BYTES)
    return head + nonce + AESGCM(key.secret).encrypt(nonce, plain, head + bound_to)


def key_version(stored: bytes) -> int:
    """Under which version of the person's key `stored` was encrypted. Raises `Unreadable`."""
    if len(stored) < HEADER_BYTES + NONCE_BYTES + 16 or stored[0] != FORMAT or stored[1] != AES_256_GCM:
        raise Unreadable("unknown format of an encrypted value")
    return int.from_bytes(stored[2:HEADER_BYTES])


def decrypt(key: DataKey, stored: bytes, bound_to: bytes) -> bytes:
    """Open what `encrypt` made. Raises `Unreadable`."""
    if key_version(stored) != key.version:
        raise Unreadable("encrypted under another version of the key")
    head, nonce = stored[:HEADER_BYTES], stored[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
    try:
        return AESGCM(key.secret).decrypt(nonce, stored[HEADER_BYTES + NONCE_BYTES :], head + bound_to)
    except InvalidTag:
        # The chain is cut: the original says nothing more, and tracebacks of this room are kept short.
        raise Unreadable("an encrypted value does not open here") from None

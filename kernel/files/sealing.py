"""Contents are sealed part by part under a key of their own, so that a file of any size takes little memory.

AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): the nonce carries the number of
the segment and whether it is the last, so that segments can be neither reordered nor cut off. The file's key is
stored under the person's data key: erasing that makes the contents unreadable too (PIPL art. 47).
"""

import os
from collections.abc import AsyncGenerator, AsyncIterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kernel.privacy.cipher import Unreadable

FORMAT = b"\x01"
KEY_BYTES = 32
SEGMENT = 64 * 1024
"""Bytes of content in a segment."""
_TAG = 16
_PREFIX = 7
_LAST = 1


def new_key() -> bytes:
    """A key for one file."""
    return os.urandom(KEY_BYTES)


async def seal(parts: AsyncIterator[bytes], key: bytes, bound_to: bytes) -> AsyncGenerator[bytes]:
    """The sealed form of the contents, part by part; the same `bound_to` is needed to open it."""
    prefix, cipher, number, held = os.urandom(_PREFIX), AESGCM(key), 0, bytearray()
    yield FORMAT + prefix
    async for part in parts:
        held += part
        # More than one segment is held back only until it is known that it is not the last.
        while len(held) > SEGMENT:
            yield cipher.encrypt(_nonce(prefix, number, 0), bytes(held[:SEGMENT]), bound_to)
            del held[:SEGMENT]
            number += 1
    yield cipher.encrypt(_nonce(prefix, number, _LAST), bytes(held), bound_to)


async def unseal(parts: AsyncGenerator[bytes], key: bytes, bound_to: bytes) -> AsyncGenerator[bytes]:
    """Open what `seal` made, part by part. Raises `Unreadable` where anything was changed or cut off."""
    cipher, number, held, prefix = AESGCM(key), 0, bytearray(), b""
    try:
        async for part in parts:
            held += part
            if not prefix and len(held) >= len(FORMAT) + _PREFIX:
                if held[:1] != FORMAT:
                    raise Unreadable("unknown format of a sealed file")
                prefix = bytes(held[1 : 1 + _PREFIX])
                del held[: 1 + _PREFIX]
            while prefix and len(held) > SEGMENT + _TAG:
                yield cipher.decrypt(_nonce(prefix, number, 0), bytes(held[: SEGMENT + _TAG]), bound_to)
                del held[: SEGMENT + _TAG]
                number += 1
        if not prefix:
            raise Unreadable("the file is cut off")
        yield cipher.decrypt(_nonce(prefix, number, _LAST), bytes(held), bound_to)
    except InvalidTag:
        raise Unreadable("the file was changed, or cut off") from None
    finally:
        await parts.aclose()


def _nonce(prefix: bytes, number: int, last: int) -> bytes:
    return prefix + number.to_bytes(4) + bytes((last,))

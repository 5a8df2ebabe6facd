"""Frames of the edge stream: length, seal, msgpack.

    frame    = length (4 bytes, big endian, of what follows) ‖ seal (32 bytes, once welcome) ‖ msgpack
    seal     = HMAC-SHA256(session key of the direction, number of the frame in its direction (8 bytes) ‖
    msgpack) session  = HMAC-SHA256(edge key, "session" ‖ direction ‖ gateway nonce ‖ edge nonce)

So a frame that was altered, repeated, left out or put in by another ends the stream. What is on it is no
secret and no personal data beyond the address of a refused request; where the network between edge and
gateway is not the operator's own, put TLS around it.
"""

import asyncio
import hashlib
import hmac
import secrets
from typing import Generic, TypeVar

import msgspec

from gateway.edgefeed.messages import encoder

PROTOCOL = 2
NONCE_BYTES = 32
GREETING_LIMIT = 4096
"""A stranger may make us read no more than this before proving the key."""
FRAME_LIMIT = 64 * 1024 * 1024
"""A part of a snapshot is far below it; a broken length must not take the memory."""
_SEAL_BYTES = 32

In = TypeVar("In")


class StreamBroken(ConnectionError):
    """The other end broke the protocol, did not prove the key, or is gone."""


def proof(key: bytes, side: str, gateway_nonce: bytes, edge_nonce: bytes, edge: str) -> bytes:
    """What `side` ("edge" or "gateway") shows to prove that it holds the key."""
    return hmac.digest(key, side.encode() + gateway_nonce + edge_nonce + edge.encode(), hashlib.sha256)


def fresh_nonce() -> bytes:
    """32 random bytes, used once."""
    return secrets.token_bytes(NONCE_BYTES)


class Channel(Generic[In]):
    """One end of one stream. Reads raise `StreamBroken` on anything that is not a good frame."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, decoder: msgspec.msgpack.Decoder[In]
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._decoder = decoder
        self._send_key: bytes | None = None
        self._receive_key: bytes | None = None
        self._sent = 0
        self._received = 0

    def seal(self, key: bytes, side: str, gateway_nonce: bytes, edge_nonce: bytes) -> None:
        """From the next frame on every frame is sealed; `side` is this end."""
        other = "gateway" if side == "edge" else "edge"
        nonces = gateway_nonce + edge_nonce
        self._send_key = hmac.digest(key, b"session" + side.encode() + nonces, hashlib.sha256)
        self._receive_key = hmac.digest(key, b"session" + other.encode() + nonces, hashlib.sha256)

    def put(self, message: msgspec.Struct) -> None:
        """Write a frame; returns at once (`flush` waits for room)."""
        packed = encoder.encode(message)
        if self._send_key is not None:
            packed = _seal(self._send_key, self._sent, packed) + packed
            self._sent += 1
        self._writer.write(len(packed).to_bytes(4, "big") + packed)

    async def flush(self) -> None:
        """Wait until the peer takes what was written."""
        await self._writer.drain()

    async def get(self) -> In:
        """The next message. Raises: `StreamBroken`."""
        try:
            length = int.from_bytes(await self._reader.readexactly(4), "big")
            if length > (FRAME_LIMIT if self._receive_key else GREETING_LIMIT):
                raise StreamBroken("frame too long")
            packed = await self._reader.readexactly(length)
            if self._receive_key is not None:
                seal, packed = packed[:_SEAL_BYTES], packed[_SEAL_BYTES:]
                if not hmac.compare_digest(seal, _seal(self._receive_key, self._received, packed)):
                    raise StreamBroken("frame with a wrong seal")
                self._received += 1
            return self._decoder.decode(packed)
        except StreamBroken:
            raise
        except (asyncio.IncompleteReadError, OSError) as error:
            raise StreamBroken("the other end is gone") from error
        except msgspec.DecodeError as error:
            raise StreamBroken("frame not understood") from error

    def close(self) -> None:
        """End the stream at once."""
        self._writer.transport.abort()


def _seal(key: bytes, number: int, packed: bytes) -> bytes:
    return hmac.digest(key, number.to_bytes(8, "big") + packed, hashlib.sha256)

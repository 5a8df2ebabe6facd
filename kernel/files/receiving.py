"""Taking a file in: counted, hashed and looked at while it streams into the store, refused where it is not right.

The contents are stored before the transaction that tells of them; what no row tells of is swept later.
"""

import hashlib
import re
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from dataclasses import dataclass
from uuid import UUID

import structlog

from kernel.errors import InvalidInput, Problem, Text, TooLarge, UnsupportedMedia
from kernel.files import sniffing
from kernel.files.sealing import new_key, seal
from kernel.files.store import ObjectStore
from kernel.ids import new_id

NAME_LENGTH = 120

log = structlog.get_logger("files")


@dataclass(frozen=True, slots=True)
class Received:
    """A file whose contents are in the store and of which no row tells yet. `key` opens them."""

    id: UUID
    sha256: str
    size: int
    media_type: str
    name: str | None
    key: bytes

    def __repr__(self) -> str:
        return f"Received(id={self.id}, size={self.size}, media_type={self.media_type})"


async def receive(
    store: ObjectStore,
    tenant: UUID,
    parts: AsyncIterator[bytes],
    *,
    declared: str,
    accepted: Collection[str],
    limit: int,
    name: str | None = None,
) -> Received:
    """Store the contents. `limit` in bytes; `accepted` media types, one of which `declared` has to be.

    Raises `UnsupportedMedia` where the contents are not what was declared, `TooLarge`, `InvalidInput` for none.
    """
    if declared not in accepted:
        raise UnsupportedMedia(
            Text(f"只接受：{'、'.join(sorted(accepted))}", f"Accepted: {', '.join(sorted(accepted))}.")
        )
    file_id, key, seen = new_id(), new_key(), _Seen(limit)
    await store.put(tenant, file_id, seal(seen.through(parts), key, bound_to(tenant, file_id)))
    if seen.size == 0 or sniffing.media_type(bytes(seen.head), bytes(seen.tail)) != declared:
        await remove(store, tenant, file_id)
        if seen.size == 0:
            raise InvalidInput(Text("文件为空", "The file is empty."))
        raise UnsupportedMedia(
            Text("文件内容与所声明的类型不符", "The contents of the file are not of the type that was declared.")
        )
    return Received(file_id, seen.digest.hexdigest(), seen.size, declared, cleaned(name), key)


async def remove(store: ObjectStore, tenant: UUID, file_id: UUID) -> None:
    """Remove contents that were refused or sent twice; where the store does not, the sweep will."""
    try:
        await store.delete(tenant, file_id)
    except (Problem, OSError) as error:
        log.warning("contents are left to the sweep", error=type(error).__name__)


def bound_to(tenant: UUID, file_id: UUID) -> bytes:
    """What the sealed contents are bound to: copied to another file or tenant they do not open."""
    return b"k_file|" + tenant.bytes + file_id.bytes


def cleaned(name: str | None) -> str | None:
    """A file name without folders, control characters and what file systems choke on; None where nothing is left."""
    if name is None:
        return None
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(each for each in last if each.isprintable() and each not in '<>:"|?*').strip(" .")
    return kept[-NAME_LENGTH:] or None


class _Seen:
    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.digest = hashlib.sha256()
        self.head = bytearray()
        self.tail = bytearray()

    async def through(self, parts: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
        async for part in parts:
            self.size += len(part)
            if self.size > self.limit:
                raise TooLarge(
                    Text(f"文件不得超过{self.limit // 1024}KB", f"A file has at most {self.limit // 1024} KB.")
                )
            self.digest.update(part)
            if len(self.head) < sniffing.HEAD_BYTES:
                self.head += part[: sniffing.HEAD_BYTES]
            self.tail += part
            del self.tail[: -sniffing.TAIL_BYTES]
            yield part

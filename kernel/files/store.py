"""Where the contents of files lie: an object store, here a local directory, in `bucket` one of S3.

An object is whole or not there: here it is written under a temporary name, synced, then renamed. Nothing in an object
says whose it is; the row in the database does, and holds the key without which the object cannot be read.
"""

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

PART_BYTES = 64 * 1024
"""Read and written at once: the memory that one transfer takes, whatever the size of the file."""


class ObjectMissing(Exception):
    """The store holds no such object."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object in the store."""

    tenant: UUID
    id: UUID


class ObjectStore(Protocol):
    """What the platform asks of an object store. One that does not answer raises `Unavailable`."""

    async def put(self, tenant: UUID, object_id: UUID, parts: AsyncIterator[bytes]) -> None:
        """Store the parts as one object. Where `parts` raises, nothing is stored and the error goes on."""
        ...

    async def open(self, tenant: UUID, object_id: UUID) -> AsyncGenerator[bytes]:
        """The object part by part. Raises `ObjectMissing` at once, not at the first part."""
        ...

    async def delete(self, tenant: UUID, object_id: UUID) -> None:
        """Remove the object; nothing where there is none."""
        ...

    async def older_than(self, moment: datetime) -> list[Stored]:
        """Objects that were stored before `moment`. What was left half written before it is removed on the way."""
        ...


class LocalStore:
    """Objects as files `<root>/<tenant>/<id>`, readable by this process's user alone."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def put(self, tenant: UUID, object_id: UUID, parts: AsyncIterator[bytes]) -> None:
        """See `ObjectStore.put`; synced with its folder before it returns."""
        target = self._path(tenant, object_id)
        partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}{_PARTIAL}")
        file = await asyncio.to_thread(_create, partial)
        try:
            with file:
                async for part in parts:
                    await asyncio.to_thread(file.write, part)
                await asyncio.to_thread(_sync, file)
            await asyncio.to_thread(_settle, partial, target)
        except BaseException:
            # Also when the sender left: a half is of no use to anyone.
            partial.unlink(missing_ok=True)
            raise

    async def open(self, tenant: UUID, object_id: UUID) -> AsyncGenerator[bytes]:
        """See `ObjectStore.open`."""
        try:
            file = await asyncio.to_thread(_opened, self._path(tenant, object_id))
        except FileNotFoundError:
            raise ObjectMissing(f"object {object_id} is not in the store") from None
        return _parts(file)

    async def delete(self, tenant: UUID, object_id: UUID) -> None:
        """See `ObjectStore.delete`."""
        await asyncio.to_thread(self._path(tenant, object_id).unlink, missing_ok=True)

    async def older_than(self, moment: datetime) -> list[Stored]:
        """See `ObjectStore.older_than`."""
        return await asyncio.to_thread(lambda: list(self._older_than(moment)))

    def _older_than(self, moment: datetime) -> Iterator[Stored]:
        for file in self.root.glob("*/*"):
            # Another worker may remove it between the two looks.
            with contextlib.suppress(FileNotFoundError):
                if datetime.fromtimestamp(file.stat().st_mtime, UTC) >= moment:
                    continue
                if file.name.endswith(_PARTIAL):
                    file.unlink()
                    continue
                yield Stored(UUID(file.parent.name), UUID(file.name))

    def _path(self, tenant: UUID, object_id: UUID) -> Path:
        return self.root / str(tenant) / str(object_id)


_PARTIAL = ".part"


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _settle(partial: Path, target: Path) -> None:
    partial.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


async def _parts(file: BinaryIO) -> AsyncGenerator[bytes]:
    with file:
        while part := await asyncio.to_thread(file.read, PART_BYTES):
            yield part

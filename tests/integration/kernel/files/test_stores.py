"""Every object store keeps the same promises: whole or not there, streamed, removed, listed by age, one per process."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from kernel.config import Process, ProcessConfig
from kernel.files.bucket import PIECE_BYTES, BucketStore
from kernel.files.opening import not_ready, open_store
from kernel.files.receiving import bound_to, receive
from kernel.files.sealing import unseal
from kernel.files.sniffing import MEDIA_TYPES, PDF
from kernel.files.store import PART_BYTES, LocalStore, ObjectMissing, ObjectStore, Stored
from kernel.ids import new_id
from kernel.privacy.cipher import Unreadable
from tests.bucket import Bucket, key_of
from tests.unit.kernel.files import samples

TENANT = uuid4()
LATER = datetime.now(UTC) + timedelta(days=1)
EARLIER = datetime.now(UTC) - timedelta(days=1)
LARGE = 2 * PIECE_BYTES + 12_345

Opened = Callable[[Process], ObjectStore]


class House:
    """One store of each process, and what lies in it, looked at past the store."""

    def __init__(self, root: Path, bucket: Bucket | None) -> None:
        self._root, self._bucket = root, bucket

    def store(self, process: Process = "roster") -> ObjectStore:
        config = ProcessConfig(process=process, data_dir=self._root)
        return open_store(config if self._bucket is None else self._bucket.configured(config))

    def lying(self) -> int:
        """How many objects and halves of objects there are."""
        if self._bucket is not None:
            return len(self._bucket.keys()) + len(self._bucket.unfinished())
        return len([path for path in self._root.rglob("*") if path.is_file()])

    def change(self, stored: Stored, change: Callable[[bytes], bytes]) -> None:
        """Put changed contents in the place of an object."""
        if self._bucket is not None:
            key = key_of("roster", stored.tenant, stored.id)
            self._bucket.write(key, change(self._bucket.read(key)))
        else:
            file = self._root / "files" / "roster" / str(stored.tenant) / str(stored.id)
            file.write_bytes(change(file.read_bytes()))


@pytest.fixture(params=["directory", "bucket"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    return House(tmp_path, request.getfixturevalue("bucket") if request.param == "bucket" else None)


async def in_parts(content: bytes, size: int = PART_BYTES) -> AsyncGenerator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def read(store: ObjectStore, stored: Stored) -> bytes:
    return b"".join([part async for part in await store.open(stored.tenant, stored.id)])


async def kept(store: ObjectStore, content: bytes = b"whatever") -> Stored:
    stored = Stored(TENANT, new_id())
    await store.put(stored.tenant, stored.id, in_parts(content))
    return stored


def test_the_configuration_chooses(tmp_path: Path, bucket: Bucket) -> None:
    config = ProcessConfig(process="roster", data_dir=tmp_path)
    assert isinstance(open_store(config), LocalStore)
    assert isinstance(open_store(bucket.configured(config)), BucketStore)


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, LARGE])
async def test_what_is_put_is_read_back_in_parts(house: House, size: int) -> None:
    store, content = house.store(), os.urandom(size)
    stored = await kept(store, content)
    parts = [part async for part in await store.open(stored.tenant, stored.id)]
    assert b"".join(parts) == content
    assert all(0 < len(part) < 4 * PIECE_BYTES for part in parts)
    assert house.lying() == 1


async def test_a_second_put_takes_the_place_of_the_first(house: House) -> None:
    store = house.store()
    stored = await kept(store, b"first")
    await store.put(stored.tenant, stored.id, in_parts(b"second"))
    assert await read(store, stored) == b"second"


async def test_an_object_is_seen_once_it_is_whole(house: House) -> None:
    store, stored = house.store(), Stored(TENANT, new_id())
    half, going_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncGenerator[bytes]:
        async for part in in_parts(bytes(LARGE)):
            yield part
        half.set()
        await going_on.wait()
        yield b"the end"

    putting = asyncio.create_task(store.put(stored.tenant, stored.id, slow()))
    await half.wait()
    with pytest.raises(ObjectMissing):
        await store.open(stored.tenant, stored.id)
    assert await store.older_than(EARLIER) == []
    going_on.set()
    await putting
    assert (await read(store, stored)).endswith(b"the end")


@pytest.mark.parametrize("size", [1, LARGE])
async def test_a_sender_who_leaves_leaves_nothing(house: House, size: int) -> None:
    async def broken() -> AsyncGenerator[bytes]:
        async for part in in_parts(bytes(size)):
            yield part
        raise ConnectionError

    store, stored = house.store(), Stored(TENANT, new_id())
    with pytest.raises(ConnectionError):
        await store.put(stored.tenant, stored.id, broken())
    with pytest.raises(ObjectMissing):
        await store.open(stored.tenant, stored.id)
    assert house.lying() == 0


@pytest.mark.parametrize("size", [1, LARGE])
async def test_a_put_that_is_called_off_leaves_nothing(house: House, size: int) -> None:
    half = asyncio.Event()

    async def endless() -> AsyncGenerator[bytes]:
        async for part in in_parts(bytes(size)):
            yield part
        half.set()
        await asyncio.Event().wait()

    putting = asyncio.create_task(house.store().put(TENANT, new_id(), endless()))
    await half.wait()
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert house.lying() == 0


async def test_what_was_removed_is_missing_at_once_and_removed_twice_is_no_fault(house: House) -> None:
    store = house.store()
    stored = await kept(store)
    for _ in range(2):
        await store.delete(stored.tenant, stored.id)
    with pytest.raises(ObjectMissing):
        await store.open(stored.tenant, stored.id)
    assert house.lying() == 0


async def test_a_reader_may_stop_early(house: House) -> None:
    store = house.store()
    parts = await store.open(TENANT, (await kept(store, bytes(LARGE))).id)
    assert await anext(parts)
    await parts.aclose()


async def test_objects_are_listed_by_age_for_each_tenant(house: House) -> None:
    store, other = house.store(), Stored(uuid4(), new_id())
    stored = [await kept(store) for _ in range(3)]
    await store.put(other.tenant, other.id, in_parts(b"of another tenant"))
    assert sorted(await store.older_than(LATER), key=str) == sorted([*stored, other], key=str)
    assert await store.older_than(EARLIER) == []


async def test_one_process_sees_nothing_of_another(house: House) -> None:
    stored = await kept(house.store("roster"))
    other = house.store("training")
    with pytest.raises(ObjectMissing):
        await other.open(stored.tenant, stored.id)
    assert await other.older_than(LATER) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda sealed: sealed[:-20] + bytes([sealed[-20] ^ 1]) + sealed[-19:], id="one bit"),
        pytest.param(lambda sealed: sealed[: len(sealed) // 2], id="cut off"),
        pytest.param(lambda sealed: b"", id="emptied"),
    ],
)
async def test_contents_changed_in_the_store_do_not_open(house: House, change: Callable[[bytes], bytes]) -> None:
    store, content = house.store(), samples.PDF.replace(b"\n", b"\n" + b"%" * 200_000 + b"\n", 1)
    received = await receive(store, TENANT, in_parts(content), declared=PDF, accepted=MEDIA_TYPES, limit=LARGE)
    house.change(Stored(TENANT, received.id), lambda sealed: sealed)
    opened = unseal(await store.open(TENANT, received.id), received.key, bound_to(TENANT, received.id))
    assert b"".join([part async for part in opened]) == content
    house.change(Stored(TENANT, received.id), change)
    changed = unseal(await store.open(TENANT, received.id), received.key, bound_to(TENANT, received.id))
    with pytest.raises(Unreadable):
        assert b"".join([part async for part in changed])


async def test_a_store_that_works_is_ready_and_keeps_nothing_of_the_trial(house: House) -> None:
    assert await not_ready(house.store(), new_id()) is None
    assert house.lying() == 0


async def test_a_folder_that_takes_nothing_says_why(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("where a folder should be")
    told = await not_ready(open_store(ProcessConfig(process="roster", data_dir=tmp_path)), new_id())
    assert told is not None
    assert "files/roster" in told

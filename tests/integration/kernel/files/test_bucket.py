"""A bucket that fails: nothing half is ever seen, what is wrong is told with its mend, the same can be repeated."""

import asyncio
import functools
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from deploy.cli.stack.waiting import wait_until
from kernel.config import ProcessConfig
from kernel.errors import Problem, TooLarge, Unavailable
from kernel.files.bucket import PIECE_BYTES, PIECES_UNDER_WAY, BucketStore
from kernel.files.opening import not_ready
from kernel.files.receiving import receive
from kernel.files.sniffing import MEDIA_TYPES, PDF
from kernel.files.store import PART_BYTES, ObjectMissing
from kernel.ids import new_id
from kernel.testing.proxy import Proxy
from tests.bucket import Asked, Bucket
from tests.integration.kernel.files.test_stores import LARGE, LATER, TENANT, in_parts, kept, read
from tests.unit.kernel.files import samples

SHORT = timedelta(seconds=0.5)
LONG = timedelta(seconds=4)
SLOW_DOWN = ("503 Service Unavailable", "SlowDown")


@pytest.fixture
def config(tmp_path: Path, bucket: Bucket) -> ProcessConfig:
    return bucket.configured(ProcessConfig(process="roster", data_dir=tmp_path))


@pytest.fixture
def store(config: ProcessConfig) -> BucketStore:
    return BucketStore(config, LONG)


def is_part(asked: Asked) -> bool:
    return asked.method == "PUT" and "partNumber" in asked.query


async def test_a_small_object_is_one_request_and_every_body_is_summed(store: BucketStore, bucket: Bucket) -> None:
    await kept(store)
    assert [each.method for each in bucket.s3.asked] == ["PUT"]
    await kept(store, bytes(LARGE))
    sizes = [each.size for each in bucket.s3.asked if is_part(each)]
    assert sorted(sizes) == sorted([PIECE_BYTES, PIECE_BYTES, LARGE - 2 * PIECE_BYTES])
    assert bucket.s3.unsummed == 0


async def test_no_more_is_held_than_a_few_pieces_however_slow_the_store(config: ProcessConfig, bucket: Bucket) -> None:
    most = PIECES_UNDER_WAY + 1
    pulled = 0

    async def counted() -> AsyncGenerator[bytes]:
        nonlocal pulled
        async for part in in_parts(bytes((most + 3) * PIECE_BYTES)):
            pulled += len(part)
            yield part

    bucket.s3.held = is_part
    putting = asyncio.create_task(BucketStore(config).put(TENANT, new_id(), counted()))
    on_their_way = functools.partial(wait_until, lambda: bucket.s3.waiting == PIECES_UNDER_WAY, seconds=10)
    assert await asyncio.to_thread(on_their_way)
    assert pulled <= most * PIECE_BYTES + PART_BYTES
    assert bucket.keys() == []
    bucket.s3.answering.set()
    await putting
    assert pulled == (most + 3) * PIECE_BYTES
    assert len(bucket.keys()) == 1


async def test_a_store_that_stumbles_once_is_asked_again(store: BucketStore, bucket: Bucket) -> None:
    refusals = [SLOW_DOWN]
    bucket.s3.spoil = lambda asked: refusals.pop() if refusals and asked.method in ("PUT", "GET") else None
    stored = await kept(store, b"kept at the second try")
    refusals.append(SLOW_DOWN)
    assert await read(store, stored) == b"kept at the second try"


@pytest.mark.parametrize(
    ("size", "falls"),
    [
        pytest.param(1, lambda asked: asked.method == "PUT", id="small"),
        pytest.param(LARGE, lambda asked: asked.method == "POST" and "uploads" in asked.query, id="beginning"),
        pytest.param(LARGE, lambda asked: is_part(asked) and asked.size == PIECE_BYTES, id="a part"),
        pytest.param(LARGE, lambda asked: is_part(asked) and asked.size < PIECE_BYTES, id="the last part"),
        pytest.param(LARGE, lambda asked: asked.method == "POST" and "uploadId" in asked.query, id="completing"),
    ],
)
async def test_an_upload_that_fails_is_told_leaves_nothing_and_can_be_repeated(
    store: BucketStore, bucket: Bucket, size: int, falls: Callable[[Asked], bool]
) -> None:
    bucket.s3.spoil = lambda asked: SLOW_DOWN if falls(asked) else None
    tenant, object_id, content = uuid4(), new_id(), bytes(size)
    with pytest.raises(Unavailable, match="SlowDown"):
        await store.put(tenant, object_id, in_parts(content))
    assert (bucket.keys(), bucket.unfinished()) == ([], [])
    bucket.s3.spoil = lambda _: None
    await store.put(tenant, object_id, in_parts(content))
    assert len(bucket.keys()) == 1


async def test_an_upload_that_the_store_forgot_is_told_as_its_failure(store: BucketStore, bucket: Bucket) -> None:
    bucket.s3.spoil = lambda asked: ("404 Not Found", "NoSuchUpload") if is_part(asked) else None
    with pytest.raises(Unavailable, match="NoSuchUpload"):
        await store.put(TENANT, new_id(), in_parts(bytes(LARGE)))


async def test_what_may_not_be_removed_leaves_one_trial_however_often_it_is_tried(
    store: BucketStore, bucket: Bucket
) -> None:
    bucket.s3.spoil = lambda asked: ("403 Forbidden", "AccessDenied") if asked.method == "DELETE" else None
    trial = new_id()
    told = {await not_ready(store, trial) for _ in range(3)}
    assert "delete and list in the bucket" in (told.pop() or "")
    assert (told, len(bucket.keys())) == (set(), 1)


async def test_reading_removing_and_sweeping_fail_as_clearly(store: BucketStore, bucket: Bucket) -> None:
    stored = await kept(store)
    bucket.s3.spoil = lambda _: SLOW_DOWN
    for failing in (
        lambda: store.open(stored.tenant, stored.id),
        lambda: store.delete(stored.tenant, stored.id),
        lambda: store.older_than(LATER),
    ):
        with pytest.raises(Unavailable, match="the object store fails \\(SlowDown\\)"):
            await failing()
    bucket.s3.spoil = lambda _: None
    assert await read(store, stored) == b"whatever"


async def test_a_refused_file_is_refused_although_the_store_fails_to_remove_it(
    store: BucketStore, bucket: Bucket
) -> None:
    bucket.s3.spoil = lambda asked: SLOW_DOWN if asked.method == "DELETE" else None
    for content, limit in ((samples.PNG, 1000), (bytes(LARGE), PIECE_BYTES + 1)):
        with pytest.raises(Problem) as refused:
            await receive(store, TENANT, in_parts(content), declared=PDF, accepted=MEDIA_TYPES, limit=limit)
        assert refused.value.status in (TooLarge.status, 415)
    assert len(bucket.keys()) == 1, "left to the sweep"


async def test_a_line_that_breaks_in_the_middle_leaves_nothing_to_be_seen(
    config: ProcessConfig, bucket: Bucket
) -> None:
    host, _, port = bucket.s3.address.removeprefix("http://").rpartition(":")
    async with Proxy.to(host, int(port)) as proxy:
        store = BucketStore(config.model_copy(update={"files_endpoint": proxy.through(bucket.s3.address)}), LONG)
        object_id = new_id()

        async def broken() -> AsyncGenerator[bytes]:
            async for part in in_parts(bytes(PIECE_BYTES + 1)):
                yield part
            proxy.refusing = True
            await proxy.cut()
            async for part in in_parts(bytes(2 * PIECE_BYTES)):
                yield part

        with pytest.raises(Unavailable, match="does not answer"):
            await store.put(TENANT, object_id, broken())
        assert bucket.keys() == []
        proxy.refusing = False
        with pytest.raises(ObjectMissing):
            await store.open(TENANT, object_id)
        await store.put(TENANT, object_id, in_parts(bytes(LARGE)))
        assert len(bucket.keys()) == 1


async def test_a_store_that_is_silent_is_not_waited_for(config: ProcessConfig, bucket: Bucket) -> None:
    host, _, port = bucket.s3.address.removeprefix("http://").rpartition(":")
    async with Proxy.to(host, int(port)) as proxy:
        store = BucketStore(config.model_copy(update={"files_endpoint": proxy.through(bucket.s3.address)}), SHORT)
        stored = await kept(BucketStore(config, LONG), bytes(LARGE))
        parts = await store.open(stored.tenant, stored.id)
        proxy.freeze()
        begun = datetime.now(UTC)
        with pytest.raises(Unavailable, match="does not answer"):
            await store.put(TENANT, new_id(), in_parts(b"small"))
        with pytest.raises(Unavailable, match="does not answer"):
            await store.open(stored.tenant, stored.id)
        with pytest.raises(Unavailable):
            assert [part async for part in parts]
        assert datetime.now(UTC) - begun < timedelta(seconds=10)
        proxy.thaw()
        assert await read(store, stored) == bytes(LARGE)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"files_url": "s3://there-is-no-such-bucket"}, None, "make it, or mend the name"),
        ({"files_endpoint": "http://127.0.0.1:9"}, None, "look at SHEGONG_FILES_ENDPOINT"),
        ({}, ("403 Forbidden", "InvalidAccessKeyId"), "(InvalidAccessKeyId): mend SHEGONG_FILES_ACCESS_KEY"),
        ({}, ("403 Forbidden", "AccessDenied"), "let them put, get, delete and list"),
        ({}, ("403 Forbidden", "RequestTimeTooSkewed"), "set the clocks"),
        ({}, ("500 Internal Server Error", "InternalError"), "the object store fails (InternalError)"),
    ],
)
async def test_what_hinders_at_the_start_is_told_with_its_mend(
    config: ProcessConfig, bucket: Bucket, change: dict[str, Any], code: tuple[str, str] | None, words: str
) -> None:
    bucket.s3.spoil = lambda _: code
    told = await not_ready(BucketStore(config.model_copy(update=change), SHORT), new_id())
    assert told is not None
    assert words in told
    assert "made-up" not in told


async def test_a_bucket_that_may_not_be_listed_is_told_at_the_start(store: BucketStore, bucket: Bucket) -> None:
    """Without that right S3 answers 403 for what is missing, and nothing could be swept."""
    removed: list[Asked] = []

    def refusing(asked: Asked) -> tuple[str, str] | None:
        if asked.method == "DELETE":
            removed.append(asked)
        return ("403 Forbidden", "AccessDenied") if removed and asked.method == "GET" else None

    bucket.s3.spoil = refusing
    told = await not_ready(store, new_id())
    assert told is not None
    assert "list in the bucket" in told


def test_no_secret_stands_in_what_is_written_of_a_store(config: ProcessConfig, store: BucketStore) -> None:
    assert "made-up" not in f"{config!r} {config} {store!r}"

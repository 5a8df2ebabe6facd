"""Taking a file in: the limit, the declared type, the name; what is refused leaves nothing in the store."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from kernel.errors import InvalidInput, TooLarge, UnsupportedMedia
from kernel.files.receiving import Received, bound_to, cleaned, receive
from kernel.files.sealing import unseal
from kernel.files.sniffing import MEDIA_TYPES, PDF, PNG
from kernel.files.store import LocalStore, ObjectMissing
from tests.unit.kernel.files import samples

TENANT = uuid4()
LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "files")


async def in_parts(content: bytes, size: int = 7) -> AsyncGenerator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def taken(store: LocalStore, content: bytes, declared: str = PDF, limit: int = 1000) -> Received:
    return await receive(store, TENANT, in_parts(content), declared=declared, accepted=MEDIA_TYPES, limit=limit)


async def test_the_contents_are_stored_sealed_counted_and_hashed(store: LocalStore) -> None:
    received = await taken(store, samples.PDF)
    assert (received.size, received.sha256) == (len(samples.PDF), sha256(samples.PDF).hexdigest())
    raw = b"".join([part async for part in await store.open(TENANT, received.id)])
    assert b"PDF" not in raw
    parts = unseal(await store.open(TENANT, received.id), received.key, bound_to(TENANT, received.id))
    assert b"".join([part async for part in parts]) == samples.PDF
    assert str(received.key) not in repr(received)


async def test_the_limit_itself_passes_and_one_byte_more_does_not(store: LocalStore) -> None:
    assert (await taken(store, samples.PDF, limit=len(samples.PDF))).size == len(samples.PDF)
    with pytest.raises(TooLarge):
        await taken(store, samples.PDF, limit=len(samples.PDF) - 1)
    assert len(await store.older_than(LATER)) == 1


@pytest.mark.parametrize(
    ("content", "declared", "refusal"),
    [
        (samples.PNG, PDF, UnsupportedMedia),
        (samples.SCRIPT, PDF, UnsupportedMedia),
        (samples.PNG, "text/html", UnsupportedMedia),
        (samples.PNG, "", UnsupportedMedia),
        (b"", PNG, InvalidInput),
    ],
)
async def test_what_is_not_as_declared_is_refused_and_leaves_nothing(
    store: LocalStore, content: bytes, declared: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await taken(store, content, declared)
    assert await store.older_than(LATER) == []
    assert not [path for path in store.root.rglob("*") if path.is_file()]


async def test_a_sender_who_leaves_leaves_nothing(store: LocalStore) -> None:
    async def broken() -> AsyncGenerator[bytes]:
        yield samples.PDF
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await receive(store, TENANT, broken(), declared=PDF, accepted=MEDIA_TYPES, limit=1000)
    assert not [path for path in store.root.rglob("*") if path.is_file()]


async def test_a_removed_object_is_missing_at_once_and_removed_twice_is_no_fault(store: LocalStore) -> None:
    received = await taken(store, samples.PDF)
    for _ in range(2):
        await store.delete(TENANT, received.id)
    with pytest.raises(ObjectMissing):
        await store.open(TENANT, received.id)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        ("毕业证.pdf", "毕业证.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.png", "a.png"),
        ("a\x00b\n<c>.pdf", "abc.pdf"),
        (" .. ", None),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_cleaned(given: str | None, kept: str | None) -> None:
    assert cleaned(given) == kept

"""Objects in a bucket of S3, or of another store that speaks its protocol (MinIO, Ceph, public clouds).

The keys are `<folder>/<process>/<tenant>/<id>`, as the folders of the local directory are. A small object is one
request, a larger one an upload in several parts, which is seen only once it is complete and is given up where anything
fails. What a killed process leaves of one nobody sees; a rule of the bucket removes it (`docs/files.md`). Each request
carries the SHA-256 of its body (signature version 4, `x-amz-checksum-sha256`), so that the store refuses what was
changed on its way; what was changed in the store does not open (`sealing`).
"""

import contextlib
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from kernel.config import ProcessConfig
from kernel.errors import Unavailable
from kernel.files.store import PART_BYTES, ObjectMissing, Stored

if TYPE_CHECKING:
    from obstore import BytesStream  # a name for the checker alone

PIECE_BYTES = 5 * 1024 * 1024
"""The least that S3 takes as a part before the last."""
PIECES_UNDER_WAY = 2
"""With the piece that is being filled, the memory of one upload: 15 MB at most, whatever the size of the file."""
PATIENCE = timedelta(seconds=8)
"""How long the store may be silent: below the deadline of an ordinary operation, enough for a piece at 6 Mbit/s."""

_LONGEST = timedelta(minutes=10)
"""Of one download: a reader over a slow line takes it piece by piece."""
_LISTED_AT_ONCE = 1000


class BucketStore:
    """The objects of one process in a bucket."""

    def __init__(self, config: ProcessConfig, patience: timedelta = PATIENCE) -> None:
        address = urlsplit(config.files_url)
        # What is not given is left to the client: the variables AWS_…, then the role of machine or pod.
        given = {
            "endpoint": config.files_endpoint,
            "access_key_id": config.files_access_key.get_secret_value(),
            "secret_access_key": config.files_secret_key.get_secret_value(),
        }
        self._bucket = S3Store(
            address.netloc,
            prefix=f"{address.path.strip('/')}/{config.process}".lstrip("/"),
            config={name: value for name, value in given.items() if value},  # type: ignore[arg-type]  # keys of theirs
            region=config.files_region,
            checksum_algorithm="SHA256",
            disable_bulk_delete=True,  # not every store has it, and objects go one by one
            client_options={
                "allow_http": config.files_endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=2),
                "read_timeout": patience,
                "timeout": _LONGEST,
            },
            retry_config={
                "max_retries": 2,
                "retry_timeout": patience / 2,  # a silence is not waited for twice
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=1),
                    "base": 2,
                },
            },
        )

    async def put(self, tenant: UUID, object_id: UUID, parts: AsyncIterator[bytes]) -> None:
        """See `ObjectStore.put`. Raises `Unavailable`; the same may be tried again."""
        writer = obstore.open_writer_async(
            self._bucket, _key(tenant, object_id), buffer_size=PIECE_BYTES, max_concurrency=PIECES_UNDER_WAY
        )
        try:
            async for part in parts:
                with _told():
                    await writer.write(part)
            with _told():
                await writer.close()
        except BaseException as error:
            # Let the store forget the parts it has. What went wrong is told, not that this fails too.
            with contextlib.suppress(BaseError, OSError):
                await writer.__aexit__(type(error), error, error.__traceback__)
            raise

    async def open(self, tenant: UUID, object_id: UUID) -> AsyncGenerator[bytes]:
        """See `ObjectStore.open`. Raises `Unavailable`, also between two parts."""
        with _told(may_miss=True):
            found = await self._bucket.get_async(_key(tenant, object_id))
        return _parts(found.stream(min_chunk_size=PART_BYTES))

    async def delete(self, tenant: UUID, object_id: UUID) -> None:
        """See `ObjectStore.delete`. Raises `Unavailable`."""
        with contextlib.suppress(ObjectMissing), _told(may_miss=True):
            await self._bucket.delete_async(_key(tenant, object_id))

    async def older_than(self, moment: datetime) -> list[Stored]:
        """See `ObjectStore.older_than`; uploads without an end are the bucket's to remove. Raises `Unavailable`."""
        found = []
        with _told():
            async for page in self._bucket.list(chunk_size=_LISTED_AT_ONCE):
                for each in page:
                    if each["last_modified"] < moment:
                        tenant, name = each["path"].split("/")[-2:]
                        found.append(Stored(UUID(tenant), UUID(name)))
        return found


def _key(tenant: UUID, object_id: UUID) -> str:
    return f"{tenant}/{object_id}"


async def _parts(stream: "BytesStream") -> AsyncGenerator[bytes]:
    while True:
        with _told():
            part = await anext(stream, b"")
        if not part:
            return
        yield part


@contextlib.contextmanager
def _told(*, may_miss: bool = False) -> Iterator[None]:
    """What the client raises, in our words. Its own stay inside: they hold whole answers of the store."""
    try:
        yield
    except (BaseError, OSError) as error:
        if may_miss and isinstance(error, FileNotFoundError) and "NoSuchBucket" not in str(error):
            raise ObjectMissing("the object is not in the store") from None
        raise Unavailable(cause=_cause(error)) from None


_NOT_OURS = (
    "the object store refuses us ({}): mend SHEGONG_FILES_ACCESS_KEY and SHEGONG_FILES_SECRET_KEY, or let them put,"
    " get, delete and list in the bucket"
)
_MENDS = {
    "NoSuchBucket": "the bucket of SHEGONG_FILES_URL does not exist ({}): make it, or mend the name",
    "AccessDenied": _NOT_OURS,
    "InvalidAccessKeyId": _NOT_OURS,
    "SignatureDoesNotMatch": _NOT_OURS,
    "RequestTimeTooSkewed": "the object store's clock is not this machine's ({}): set the clocks",
}
_SILENT = "the object store does not answer ({}): look at SHEGONG_FILES_ENDPOINT, the network and the store itself"
_FAILS = "the object store fails ({}): look at its own log"


def _cause(error: Exception) -> str:
    """Why the store did not do it and what mends that: its own code or status where it answered at all."""
    text = str(error)
    code = re.search(r"<Code>(\w+)</Code>", text)
    status = re.search(r"status code: (\d{3})", text)
    if code is None and status is None:
        return _SILENT.format(type(error).__name__)
    named = code[1] if code else ""
    if status is not None and status[1] in ("401", "403"):
        return _MENDS.get(named, _NOT_OURS).format(named or status[1])
    return _MENDS.get(named, _FAILS).format(named or (status[1] if status else ""))

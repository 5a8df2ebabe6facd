"""Which object store a process has, and whether it can be worked with: asked at the start, told with its mend."""

from collections.abc import AsyncGenerator
from uuid import UUID

from kernel.config import ProcessConfig
from kernel.errors import Problem
from kernel.files.store import LocalStore, ObjectMissing, ObjectStore

NOBODY = UUID(int=0)
"""No tenant has this id: what a trial leaves is swept like all that no row tells of."""
_TRIAL = b"a trial at the start"


def open_store(config: ProcessConfig) -> ObjectStore:
    """The store of this process alone: the sweep of one knows nothing of the rows of another."""
    if config.files_url:
        # Only where it is asked for: the client of S3 takes memory in each of six processes.
        from kernel.files.bucket import BucketStore

        return BucketStore(config)
    return LocalStore(config.data_dir / "files" / config.process)


async def not_ready(store: ObjectStore, trial: UUID) -> str | None:
    """What hinders putting, reading, removing and missing the object of that id, in one sentence, or None."""
    try:
        await store.put(NOBODY, trial, _parts())
        read = b"".join([part async for part in await store.open(NOBODY, trial)])
        await store.delete(NOBODY, trial)
    except (Problem, ObjectMissing, OSError) as error:
        return str(error)
    if read != _TRIAL:
        return "the object store gives back other contents than it was given"
    try:
        await store.open(NOBODY, trial)
    except ObjectMissing:
        return None
    except Problem as error:
        return str(error)
    return "the object store keeps what was removed"


async def _parts() -> AsyncGenerator[bytes]:
    yield _TRIAL

"""What the tests of several rooms stand on."""

from collections.abc import Iterator

import pytest

from tests.bucket import S3, Bucket, serving_s3


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """An object store that speaks the protocol of S3."""
    with serving_s3() as server:
        yield server


@pytest.fixture
def bucket(s3: S3) -> Bucket:
    """A new bucket in it."""
    return s3.bucket()

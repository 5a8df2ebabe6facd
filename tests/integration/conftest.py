"""What the tests of several rooms stand on."""

from collections.abc import Iterator

import pytest

from tests.bucket import Bucket, serving_s3


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    """An empty bucket in a store that speaks the protocol of S3."""
    with serving_s3() as made:
        yield made

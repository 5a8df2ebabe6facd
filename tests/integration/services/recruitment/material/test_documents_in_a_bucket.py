"""The recruitment service with its files in a bucket: handed in, read back, swept; what fails can be sent again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.clock import utcnow
from kernel.files.sweeping import sweep
from kernel.ids import new_id
from kernel.testing.service_client import running
from services.recruitment.service import SERVICE
from tests.bucket import Bucket, key_of
from tests.integration.services.recruitment.journey import BASE, Journey
from tests.integration.services.recruitment.material.test_documents import NAME, hand_in
from tests.unit.kernel.files.samples import LARGE_PDF, PDF, PNG


@pytest.fixture
async def in_bucket(infrastructure: TestStack, neimenggu: str, bucket: Bucket) -> AsyncIterator[Journey]:
    async with running(SERVICE, bucket.configured(infrastructure.config("recruitment"))) as service:
        yield await Journey.begin(service, neimenggu)


@pytest.mark.article("NM-8")
@pytest.mark.parametrize("content", [PDF, LARGE_PDF], ids=["small", "large"])
async def test_a_document_is_handed_in_and_read_back(in_bucket: Journey, bucket: Bucket, content: bytes) -> None:
    applicant, application = await in_bucket.applied(await in_bucket.notice())
    made = await hand_in(in_bucket, applicant, application["id"], content)
    assert made.status_code == 201, made.text
    (key,) = bucket.keys()
    assert key.startswith(f"records/recruitment/{in_bucket.tenant.id}/")
    assert b"%PDF" not in bucket.read(key)
    path = f"/applications/{application['id']}/documents/{made.json()['id']}"
    for who, where in ((applicant, "/my" + path), ("handler", path)):
        contents = await in_bucket.call(who, "GET", f"{where}/contents")
        assert (contents.status_code, contents.content) == (200, content)
    assert (await in_bucket.made("handler", "GET", path))["name"] == NAME
    assert (await in_bucket.call("sibling", "GET", f"{path}/contents")).status_code == 404


async def test_what_is_refused_or_sent_twice_leaves_nothing(in_bucket: Journey, bucket: Bucket) -> None:
    applicant, application = await in_bucket.applied(await in_bucket.notice())
    assert (await hand_in(in_bucket, applicant, application["id"], PNG)).status_code == 415
    assert (await hand_in(in_bucket, applicant, application["id"], PDF + bytes(11 * 1024 * 1024))).status_code == 413
    assert bucket.keys() == []
    key = str(new_id())
    answers = [await hand_in(in_bucket, applicant, application["id"], key=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(bucket.keys()) == 1
    assert bucket.unfinished() == []


async def test_while_the_bucket_fails_the_answer_says_try_again_and_then_it_works(
    in_bucket: Journey, bucket: Bucket
) -> None:
    applicant, application = await in_bucket.applied(await in_bucket.notice())
    bucket.s3.spoil = lambda _: ("503 Service Unavailable", "SlowDown")
    key = str(new_id())
    refused = await hand_in(in_bucket, applicant, application["id"], LARGE_PDF, key=key)
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/unavailable")
    assert int(refused.headers["retry-after"]) > 0
    assert "SlowDown" not in refused.text
    bucket.s3.spoil = lambda _: None
    made = await hand_in(in_bucket, applicant, application["id"], LARGE_PDF, key=key)
    assert made.status_code == 201, made.text
    path = f"/applications/{application['id']}/documents/{made.json()['id']}/contents"
    bucket.s3.spoil = lambda _: ("503 Service Unavailable", "SlowDown")
    assert (await in_bucket.call("handler", "GET", path)).status_code == 503
    bucket.s3.spoil = lambda _: None
    assert (await in_bucket.call("handler", "GET", path)).content == LARGE_PDF


async def test_the_sweep_removes_what_no_row_tells_of_and_contents_that_are_gone_are_told(
    in_bucket: Journey, bucket: Bucket
) -> None:
    applicant, application = await in_bucket.applied(await in_bucket.notice())
    made = await hand_in(in_bucket, applicant, application["id"])
    (kept,) = bucket.keys()
    orphan = key_of("recruitment", in_bucket.tenant.id, new_id())
    bucket.write(orphan, b"left by a process that died")
    service = in_bucket.tenant.service
    await sweep(service.database, service.app.state.files, utcnow() - timedelta(hours=1))
    assert len(bucket.keys()) == 2, "what is young may still get its row"
    await sweep(service.database, service.app.state.files, utcnow() + timedelta(minutes=1))
    assert bucket.keys() == [kept]
    await service.app.state.files.delete(in_bucket.tenant.id, UUID(kept.rpartition("/")[2]))
    path = f"{BASE}/applications/{application['id']}/documents/{made.json()['id']}/contents"
    gone = await in_bucket.tenant.get(in_bucket.posts["handler"], path)
    assert gone.json()["type"] == "/problems/contents-lost"

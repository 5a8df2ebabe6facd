"""`shegong up` with its files in a bucket: every process works with it, and what fails there is told at readiness."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from deploy.cli.demo.cast import Tenant
from deploy.cli.demo.client import wait_for
from deploy.cli.stack.ports import read_ports
from deploy.cli.stack.testing import RunningStack
from deploy.cli.stack.waiting import wait_until
from deploy.cli.supervisor.health import readiness
from kernel.config import DATABASES
from tests.bucket import Bucket
from tests.conftest import open_folder
from tests.faults.test_live_worklist import LEAGUE, put_forward
from tests.tenants import add_tenant
from tests.unit.kernel.files.samples import LARGE_PDF, PDF


@pytest.fixture
def stack_on(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningStack]:
    monkeypatch.setenv("SHEGONG_FILES_URL", f"s3://{bucket.name}")
    monkeypatch.setenv("SHEGONG_FILES_ENDPOINT", bucket.s3.address)
    monkeypatch.setenv("SHEGONG_FILES_ACCESS_KEY", "made-up")
    monkeypatch.setenv("SHEGONG_FILES_SECRET_KEY", "hush-hush")
    with open_folder("bucket") as folder:
        running = RunningStack(folder).start("--no-demonstrations")
        try:
            yield running
        finally:
            running.stop()


def test_a_file_beside_a_case_goes_into_the_bucket_and_comes_back(stack_on: RunningStack, bucket: Bucket) -> None:
    made = add_tenant(stack_on, "bucket", datetime(2024, 9, 2, 1, tzinfo=UTC))
    tenant = Tenant(stack_on.base_url, made)
    approver = tenant[f"{LEAGUE}.approver"]
    wait_for(lambda: tenant[f"{LEAGUE}.handler"].get("/roster/headcounts").status_code == 200, "the tenant in roster")
    files = f"/roster/approvals/{put_forward(tenant, 2023)}/files"
    for contents in (PDF, LARGE_PDF):
        attached = approver.upload(files, contents, "application/pdf", name="核定依据.pdf")
        assert attached.status_code == 201, attached.text
        read = approver.get(f"{files}/{attached.json()['id']}/contents")
        assert (read.status_code, read.content == contents) == (200, True)
    kept = {f"roster/{made['tenant_id']}/{each['id']}" for each in approver.get(files).json()["items"]}
    assert kept <= set(bucket.keys())
    assert len(kept) == 2
    tenant.close()

    bucket.s3.spoil = lambda _: ("403 Forbidden", "SignatureDoesNotMatch")
    stack_on.wait_for_restart("roster", stack_on.kill("roster"))
    ports = read_ports(stack_on.folder)
    told = "mend SHEGONG_FILES_ACCESS_KEY"
    assert wait_until(lambda: told in readiness(ports["roster"])[1], seconds=20), readiness(ports["roster"])
    bucket.s3.spoil = lambda _: None
    assert wait_until(lambda: all(readiness(ports[each])[0] == 200 for each in DATABASES), seconds=20)
    for log in stack_on.folder.log.iterdir():
        assert "hush-hush" not in log.read_text(errors="replace")

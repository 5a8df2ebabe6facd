"""The house of assessment stands: health, approvals behind their permission, a document of its operations."""

from datetime import UTC, datetime
from pathlib import Path

from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import person

NOW = datetime(2025, 3, 10, 2, 0, tzinfo=UTC)
PACK = load(Path(__file__).parents[4] / "regulations" / "neimenggu").to_json()
APPROVALS = "/api/v1/assessment/approvals"


async def test_the_process_is_alive(assessment: ServiceUnderTest) -> None:
    assert (await assessment.http.get("/health/live")).status_code == 200


async def test_approvals_are_read_by_those_whom_the_pack_grants_it_and_nobody_else(
    assessment: ServiceUnderTest,
) -> None:
    tenant = await assessment.new_tenant(PACK, now=NOW)
    assert (await tenant.get(None, APPROVALS)).status_code == 401
    assert (await tenant.get(person(), APPROVALS)).status_code == 403
    assert (await tenant.get(await tenant.appoint("county", "finance"), APPROVALS)).status_code == 403
    county = await tenant.appoint("county", "society_work")
    assert (await tenant.get(county, APPROVALS)).json() == {"items": [], "next": None}


async def test_every_operation_declares_its_permission(assessment: ServiceUnderTest) -> None:
    paths = (await assessment.http.get("/openapi.json")).json()["paths"]
    assert paths
    for path, operations in paths.items():
        for operation in operations.values():
            assert operation["x-permission"].startswith("assessment."), path

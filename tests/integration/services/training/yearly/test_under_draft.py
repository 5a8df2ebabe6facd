"""Who would fall short of the year's hours under a draft, and a tenant that moves to a newer version (P5, P6)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.drafts import altered, publish, simulate
from tests.integration.services.training.house import PACK, PATH, House

HOURS, WARNING = "training.yearly_hours", "training.warning_days"
DAY = "2025-03-10"


def staff(hours: int) -> Any:
    def change(document: dict[str, Any]) -> None:
        for row in document["parameters"][HOURS]["value"]:
            if row["role"] == "staff":
                row["hours"] = hours

    return change


def earlier(document: dict[str, Any]) -> None:
    """As a release made it that did not ask for warnings yet."""
    del document["parameters"][WARNING]


@pytest.mark.article("NM-20")
async def test_who_would_fall_short_under_more_hours_is_told_by_person(house: House) -> None:
    complete, short = house.dossier(), house.dossier()
    for each in (complete, short):
        await each.take("staff", "2021-03-01")
    await complete.attends("40")
    [report] = await simulate(house.tenant, altered(PACK, staff(41)), DAY)
    assert (report["probe"], report["examined"], report["done"]) == ("yearly_hours", 2, True)
    assert report["ids"] == [str(complete.worker.actor.person)]
    assert (report["before"], report["after"], report["articles"]) == (["met"], ["short"], ["NM-20"])
    [report] = await simulate(house.tenant, altered(PACK, staff(40)), DAY)
    assert (report["examined"], report["ids"]) == (2, [])


async def test_a_draft_that_leaves_the_hours_open_is_refused_and_not_taken_for_zero(house: House) -> None:
    def leave_open(document: dict[str, Any]) -> None:
        known = document["parameters"][HOURS]
        kept = {name: known[name] for name in ("kind", "label", "article", "words")}
        document["parameters"][HOURS] = kept | {"deferred": "league"}

    await house.dossier().take("staff", "2021-03-01")
    [report] = await simulate(house.tenant, altered(PACK, leave_open), DAY)
    assert (report["refused"], report["done"], report["ids"]) == ("parameter-not-set", True, [])


async def test_a_tenant_of_an_earlier_release_moves_to_a_newer_version(training: ServiceUnderTest) -> None:
    house = await House.open(training, altered(PACK, earlier, version="1"))
    worker = house.dossier()
    await worker.take("staff", "2021-03-01")
    before = await house.tenant.get(house.county, f"{PATH}/compliance")
    assert (before.status_code, before.json()["type"]) == (409, "/problems/parameter-not-set"), before.text

    await publish(house.tenant, altered(PACK, staff(44), version="2"), "2", "2025-04-01")
    still = await house.tenant.get(house.county, f"{PATH}/compliance")
    assert still.status_code == 409, "the old version answers up to the day"
    assert (await worker.year())["pack_version"] == "1"

    await house.tenant.move_to(datetime(2025, 4, 1, 2, 0, tzinfo=UTC))
    [row] = await house.compliance(house.county)
    assert row["required_hours"] == "40.00", "what began under the old version keeps it"
    newcomer = house.dossier()
    await newcomer.take("staff", "2025-04-01")
    need = await newcomer.year()
    assert (need["pack_version"], need["required_hours"]) == ("2", "44.00")

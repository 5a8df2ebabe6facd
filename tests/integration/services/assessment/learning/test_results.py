"""Results of training as facts for the assessment, where the regulation ties them to it (SH-27)."""

from typing import Any
from uuid import UUID

import pytest

from contracts.training import HoursCredited, NeedChanged, NeedOpened
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.assessment.house import PATH, House
from tests.integration.services.assessment.regiment import Regiment

RESULTS = f"{PATH}/training-results"


@pytest.fixture
async def regiment(assessment: ServiceUnderTest) -> Regiment:
    return await Regiment.open(assessment)


async def told(house: House, person_id: UUID, need: UUID) -> dict[str, Any]:
    """Training tells of a need of twenty hours; what the later news have in common."""
    common: dict[str, Any] = {"person_id": str(person_id), "kind": "yearly", "cycle": "2025"}
    common |= {"required_hours": "20.00", "community_unit_no": house.tenant.tree["community"].unit_no}
    await house.deliver(NeedOpened(**common, forms=["off_job"], article="SH-27"), need)
    return common


def credited(common: dict[str, Any], hours: str, met_on: str | None) -> HoursCredited:
    entry: dict[str, Any] = {"entry_id": str(new_id()), "session_id": str(new_id()), "form": "off_job"}
    return HoursCredited(**common, **entry, hours=hours, counts=True, credited_hours=hours, met_on=met_on)


@pytest.mark.article("SH-27")
async def test_hours_done_and_missing_are_facts_and_follow_the_ledger(regiment: Regiment) -> None:
    person_id, need = new_id(), new_id()
    common = await told(regiment, person_id, need)
    query = {"year": "2025", "person_id": str(person_id)}
    for hours, met_on, outcome in (
        ("19.50", None, "not_met"),
        ("20.00", "2025-09-26", "met"),
        ("12.00", None, "not_met"),
    ):
        await regiment.deliver(credited(common, hours, met_on), need)
        [seen] = (await regiment.tenant.get(regiment.county, RESULTS, query=query)).json()["items"]
        assert (seen["credited_hours"], seen["met_on"]) == (hours, met_on)
        [finding] = seen["findings"]
        assert (finding["article"], finding["outcome"]) == ("SH-27", outcome)
    changed = NeedChanged(**common | {"required_hours": "0"}, credited_hours="12.00", met_on=None, article="SH-27")
    await regiment.deliver(changed, need)
    assert (await regiment.tenant.get(regiment.county, RESULTS, query=query)).json()["items"] == []


@pytest.mark.article("SH-27")
async def test_another_regiment_and_another_department_read_none_of_it(regiment: Regiment) -> None:
    await told(regiment, new_id(), new_id())
    assert (await regiment.tenant.get(regiment.sibling, RESULTS)).json()["items"] == []
    assert (await regiment.tenant.get(regiment.finance, RESULTS)).status_code == 403
    assert len((await regiment.tenant.get(regiment.county, RESULTS)).json()["items"]) == 1


@pytest.mark.article("NM-20")
async def test_where_no_text_ties_them_it_is_said_so(house: House) -> None:
    answer = await house.tenant.get(house.county, RESULTS)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-regulated")

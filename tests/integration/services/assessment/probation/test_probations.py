"""The assessment at the end of probation (NM-37(1); S7)."""

import asyncio

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.assessment.house import PATH, House, altered

PASSED = {"passed": True, "reason": "试用期表现良好", "evidence": "带教记录和走访台账"}
FAILED = PASSED | {"passed": False, "reason": "多次未完成网格任务"}


@pytest.mark.article("NM-37")
async def test_decided_on_the_last_day_by_the_township_and_told(house: House) -> None:
    worker, contract = await house.signed("2026-01-11")
    assert (await house.get(house.township, "/probations", state="due"))["items"] == []
    await house.move_to("2025-12-11")
    [due] = (await house.get(house.township, "/probations", state="due"))["items"]
    assert (due["id"], due["last_day"], due["due_on"]) == (str(contract), "2026-01-10", "2025-12-11")
    await house.move_to("2026-01-10")
    decided = await house.post(house.chief, f"/probations/{contract}/decision", FAILED)
    assert (decided["state"], decided["decided_on"]) == ("failed", "2026-01-10")
    assert (decided["decided_by_user"], decided["decided_by_post"]) == (
        str(house.chief.actor.user),
        str(house.chief.actor.post),
    )
    [told] = await house.tenant.events("assessed")
    assert (told.data["contract_id"], told.data["passed"], told.data["decided_on"]) == (
        str(contract),
        False,
        "2026-01-10",
    )
    await house.move_to("2026-01-12")
    [own] = (await house.get(worker, "/own/probations"))["items"]
    assert (own["state"], own["reason"]) == ("failed", FAILED["reason"])


@pytest.mark.article("NM-37")
async def test_the_day_after_is_refused_with_the_article_and_the_probation_has_lapsed(house: House) -> None:
    _, contract = await house.signed("2026-01-11")
    await house.live_on("2026-01-11")
    refused = await house.post(house.chief, f"/probations/{contract}/decision", FAILED, 409)
    assert (refused["type"], refused["article"]) == ("/problems/rule-refused", "NM-37(1)")
    assert refused["findings"][0]["value"] == 1
    await house.move_to("2026-01-11")
    assert (await house.get(house.county, f"/probations/{contract}"))["state"] == "lapsed"
    assert not await house.tenant.events("assessed")


async def test_the_first_conclusion_stands(house: House) -> None:
    _, contract = await house.signed("2026-01-11")
    path = f"{PATH}/probations/{contract}/decision"
    answers = await asyncio.gather(*(house.tenant.post(house.chief, path, body) for body in (PASSED, FAILED)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(await house.tenant.events("assessed")) == 1


async def test_a_contract_without_probation_and_a_regulation_without_it_list_nothing(
    house: House, assessment: ServiceUnderTest
) -> None:
    await house.signed(None)
    assert (await house.get(house.township, "/probations"))["items"] == []
    silent = await House.open(assessment, altered(rules={"assessment.probation_in_time": None}))
    await silent.signed("2026-01-11")
    assert (await silent.get(silent.township, "/probations"))["items"] == []


async def test_each_operation_needs_its_permission_and_the_scope(house: House) -> None:
    worker, contract = await house.signed("2026-01-11")
    other, _ = await house.signed("2026-01-11")
    path = f"/probations/{contract}"
    for caller, status in ((house.finance, 403), (worker, 403), (None, 401), (house.sibling, 404)):
        assert (await house.tenant.get(caller, f"{PATH}{path}")).status_code == status
    sibling_chief = await house.tenant.appoint("sibling_township", "township_office", "approver")
    for caller, status in (
        (house.township, 403),
        (house.approver, 403),
        (worker, 403),
        (None, 401),
        (sibling_chief, 404),
    ):
        await house.post(caller, f"{path}/decision", PASSED, status)
    await house.post(house.chief, f"{path}/decision", {"passed": True}, 422)
    assert (await house.tenant.get(house.finance, f"{PATH}/probations")).status_code == 403
    assert (await house.get(house.sibling, "/probations"))["items"] == []
    assert str(contract) not in {item["id"] for item in (await house.get(other, "/own/probations"))["items"]}
    assert (await house.tenant.get(house.county, f"{PATH}/own/probations")).status_code == 403

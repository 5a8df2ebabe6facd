"""Appeals against a grade, before it is sealed (S5)."""

from typing import Any

import pytest

from kernel.testing.tree import Caller
from tests.integration.services.assessment.house import PATH, House

GROUNDS = {"grounds": "工作实绩评分遗漏了上半年的网格任务"}
UPHELD = {"upheld": True, "grade": "competent", "reason": "经核实遗漏属实，改定为合格"}
REFUSED = {"upheld": False, "reason": "经复核，评分无误"}


async def confirmed(house: House, days: int = 5) -> tuple[Caller, dict[str, Any], str]:
    """Somebody who failed, with so many days to appeal; the caller, the result and the cycle's id."""
    worker = await house.worker()
    points = {str(worker.actor.person): ("20", "30")}
    results = await house.assessed(2025, points, closes_on="2025-12-12", then="2025-12-13", appeal_days=days)
    result = results[str(worker.actor.person)]
    return worker, result, str(result["cycle_id"])


@pytest.mark.article("NM-28", "SH-22")
async def test_an_upheld_appeal_changes_the_grade_before_it_is_told(house: House) -> None:
    worker, result, _ = await confirmed(house)
    assert (result["state"], result["appeals_until"]) == ("confirmed", "2025-12-18")
    appeal = await house.post(worker, f"/own/results/{result['id']}/appeals", GROUNDS, 201)
    for involved in (house.approver, house.chief):
        await house.post(
            involved, f"/appeals/{appeal['id']}/decision", UPHELD, 409 if involved is house.approver else 403
        )
    await house.move_to("2025-12-19")
    assert not await house.tenant.events("grade_confirmed"), "an open appeal keeps the cycle from its seal"
    await house.post(house.league, f"/appeals/{appeal['id']}/decision", UPHELD)
    [told] = await house.tenant.events("grade_confirmed")
    assert (told.data["grade"], told.data["failing"]) == ("competent", False)
    await house.post(house.league, f"/appeals/{appeal['id']}/decision", UPHELD, 409)
    [own] = (await house.get(worker, "/own/appeals"))["items"]
    assert (own["state"], own["decided_by_user"]) == ("upheld", str(house.league.actor.user))


async def test_a_refused_appeal_leaves_the_grade_and_the_time_still_runs(house: House) -> None:
    worker, result, cycle = await confirmed(house)
    path = f"/own/results/{result['id']}/appeals"
    appeal = await house.post(worker, path, GROUNDS, 201)
    await house.post(worker, path, GROUNDS, 409)
    await house.post(house.league, f"/appeals/{appeal['id']}/decision", REFUSED)
    assert (await house.get(house.county, f"/cycles/{cycle}"))["state"] == "confirmed"
    await house.move_to("2025-12-18")
    assert (await house.get(house.county, f"/cycles/{cycle}"))["state"] == "confirmed"
    await house.move_to("2025-12-19")
    assert (await house.get(house.county, f"/cycles/{cycle}"))["state"] == "sealed"
    [told] = await house.tenant.events("grade_confirmed")
    assert told.data["failing"] is True


async def test_the_last_day_is_in_time_and_the_next_is_not(house: House, other_house: House) -> None:
    for each, day, status in ((house, "2025-12-18", 201), (other_house, "2025-12-19", 409)):
        worker, result, _ = await confirmed(each)
        await each.move_to(day)
        await each.post(worker, f"/own/results/{result['id']}/appeals", GROUNDS, status)


async def test_each_operation_needs_its_permission_and_the_scope(house: House) -> None:
    worker, result, _ = await confirmed(house)
    other = await house.worker()
    path = f"/own/results/{result['id']}/appeals"
    for caller, status in ((other, 404), (house.county, 403), (None, 401)):
        await house.post(caller, path, GROUNDS, status)
    appeal = (await house.post(worker, path, GROUNDS, 201))["id"]
    for caller, status in ((house.finance, 403), (other, 403), (None, 401), (house.sibling_approver, 404)):
        await house.post(caller, f"/appeals/{appeal}/decision", REFUSED, status)
        assert (await house.tenant.get(caller, f"{PATH}/appeals/{appeal}")).status_code == status
    assert (await house.tenant.get(house.finance, f"{PATH}/appeals")).status_code == 403
    assert (await house.get(house.sibling, "/appeals"))["items"] == []
    assert [each["id"] for each in (await house.get(house.county, "/appeals", state="open"))["items"]] == [appeal]
    assert (await house.get(other, "/own/appeals"))["items"] == []

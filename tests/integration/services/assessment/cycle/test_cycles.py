"""Opening the assessment of a year, and reading it."""

import asyncio

import pytest

from tests.integration.services.assessment.house import PATH, House


@pytest.mark.article("NM-28")
async def test_a_county_assesses_a_year_once_however_many_open_it(house: House) -> None:
    await house.worker()
    await house.method()
    answers = await asyncio.gather(
        *(house.tenant.post(house.county, f"{PATH}/cycles", {"year": 2025}) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    [cycle] = (await house.get(house.county, "/cycles"))["items"]
    assert (cycle["year"], cycle["stage"], cycle["state"]) == (2025, "self", "open")
    await house.post(house.county, "/cycles", {"year": 2026}, 422)
    await house.post(house.county, "/cycles", {"year": 2025, "reference_on": "2025-12-11"}, 422)


async def test_results_are_seen_by_who_works_on_them_and_by_the_person(house: House) -> None:
    worker, neighbour = await house.worker(), await house.worker(community="other_community")
    cycle = (await house.opened())["id"]
    assert set(await house.results(cycle, house.township)) == {
        str(worker.actor.person),
        str(neighbour.actor.person),
    }
    mine = (await house.get(worker, "/own/results"))["items"]
    assert [item["person_id"] for item in mine] == [str(worker.actor.person)]
    path = f"{PATH}/results/{mine[0]['id']}"
    for caller, status in ((house.finance, 403), (worker, 403), (None, 401), (house.sibling, 404)):
        assert (await house.tenant.get(caller, path)).status_code == status
    assert (await house.tenant.get(house.finance, f"{PATH}/results")).status_code == 403
    assert (await house.get(house.sibling, "/results"))["items"] == []
    assert (await house.tenant.get(house.county, f"{PATH}/own/results")).status_code == 403


async def test_opening_needs_the_permission(house: House) -> None:
    worker = await house.worker()
    await house.method()
    for caller, status in (
        (house.finance, 403),
        (house.township, 403),
        (house.league, 403),
        (worker, 403),
        (None, 401),
    ):
        await house.post(caller, "/cycles", {"year": 2025}, status)
    assert (await house.tenant.get(house.finance, f"{PATH}/cycles")).status_code == 403
    assert (await house.get(house.sibling, "/cycles"))["items"] == []

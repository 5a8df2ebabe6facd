"""The list of those due with the right month, and the township's handling (NM-30)."""

import re
from typing import Any

import pytest

from tests.integration.services.roster.house import PATH, House, Worker
from tests.integration.services.roster.leavers import in_office, move, on_duty, posts, state

RETIREMENTS = f"{PATH}/retirements"


async def track(house: House, worker: Worker, name: str) -> None:
    body = {"track": name, "source": "岗位认定表2025-1号"}
    made = await house.tenant.post(house.township, f"{PATH}/dossiers/{worker.dossier_id}/retire-track", body)
    assert made.status_code == 201, made.text


async def due(house: House, until: str | None = None) -> dict[str, Any]:
    query = {"until": until} if until else None
    found = await house.tenant.get(house.township, RETIREMENTS, query=query)
    assert found.status_code == 200, found.text
    return {each["dossier_id"]: each for each in found.json()["items"]}


@pytest.mark.article("NM-30", "RET-1")
async def test_three_birth_dates_and_their_months(house: House) -> None:
    expected = {}
    for birth, name, month in (
        ("19650420", "M", "2025-05"),
        ("19700102", "F55", "2025-02"),
        ("19750320", "F50", "2025-05"),
    ):
        worker = await on_duty(house, birth)
        await track(house, worker, name)
        expected[worker.dossier_id] = month
    young = await on_duty(house, "19900101")
    await track(house, young, "M")
    listed = await due(house)
    assert {key: each["month"] for key, each in listed.items()} == expected
    assert {each["article"] for each in listed.values()} == {"NM-30"}
    assert not re.search(r"1965-?04", str(listed))
    assert len(await due(house, "2025-04")) == 1
    outside = await house.tenant.get(house.township, RETIREMENTS, query={"until": "2026-04"})
    assert outside.status_code == 422


@pytest.mark.article("NM-30")
async def test_without_a_track_it_cannot_be_computed_nor_handled(house: House) -> None:
    worker = await on_duty(house, "19750320")
    [listed] = (await due(house)).values()
    assert (listed["month"], listed["track"]) == (None, None)
    assert {each["outcome"] for each in listed["findings"]} == {"needs_judgement"}
    refused = await house.tenant.post(house.township, RETIREMENTS, {"dossier_id": worker.dossier_id})
    assert (refused.status_code, refused.json()["article"]) == (409, "NM-30")
    wrong = {"track": "F", "source": "岗位认定表2025-1号"}
    made = await house.tenant.post(house.township, f"{PATH}/dossiers/{worker.dossier_id}/retire-track", wrong)
    assert made.status_code == 422


@pytest.mark.article("NM-30")
async def test_everything_ends_with_the_month(house: House) -> None:
    worker = await on_duty(house, "19650420")
    await track(house, worker, "M")
    handled = await house.tenant.post(house.township, RETIREMENTS, {"dossier_id": worker.dossier_id})
    assert handled.status_code == 201, handled.text
    assert (handled.json()["ends_before"], handled.json()["end"]) == ("2025-06-01", "waiting")
    assert await due(house) == {}
    again = await house.tenant.post(house.township, RETIREMENTS, {"dossier_id": worker.dossier_id})
    assert again.status_code == 409
    await move(house, "2025-05-31")
    await house.service.run_timers()
    assert (await state(house, worker))[0] == "on_duty"
    await move(house, "2025-06-01")
    await house.service.run_timers()
    assert await state(house, worker) == ("left", "2025-06-01")
    assert [each["left_ground"] for each in await posts(house, worker)] == ["retirement"]


@pytest.mark.article("NM-30")
async def test_an_office_goes_on_by_the_rules_of_its_term(house: House) -> None:
    member = await in_office(house, "19650420")
    await track(house, member, "M")
    handled = await house.tenant.post(house.township, RETIREMENTS, {"dossier_id": member.dossier_id})
    assert (handled.json()["by_rules_of_the_term"], handled.json()["end"]) == (True, None)
    assert [each["valid_before"] for each in await posts(house, member)] == [None]


async def test_others_neither_read_nor_handle(house: House) -> None:
    worker = await on_duty(house, "19650420")
    body = {"dossier_id": worker.dossier_id}
    assert (await house.tenant.get(house.finance, RETIREMENTS)).status_code == 403
    assert (await house.tenant.post(house.county, RETIREMENTS, body)).status_code == 403
    assert (await house.tenant.post(house.sibling, RETIREMENTS, body)).status_code == 404
    assert (await house.tenant.get(house.sibling, RETIREMENTS)).json()["items"] == []

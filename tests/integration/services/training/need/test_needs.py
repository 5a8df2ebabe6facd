"""A hire opens the pre-service need, once, where the regulation has one (NM-20)."""

from decimal import Decimal

import pytest

from kernel.events.inbox import Outcome
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import person
from tests.integration.services.training.house import PATH, House, silent

NEEDS = f"{PATH}/needs"


@pytest.mark.article("NM-20")
async def test_a_hire_opens_a_need_of_the_hours_of_the_article(house: House) -> None:
    worker = await house.newcomer()
    need = await house.need(worker)
    assert (Decimal(need["required_hours"]), need["forms"], need["article"]) == (24, ["off_job"], "NM-20")
    assert (need["state"], Decimal(need["missing_hours"])) == ("open", 24)
    assert (await house.tenant.get(house.county, f"{NEEDS}/{need['id']}")).json() == need
    [told] = await house.tenant.events("opened")
    assert (str(told.aggregate_id), told.data["person_id"]) == (need["id"], str(worker.actor.person))


@pytest.mark.article("NM-20")
async def test_the_same_hire_delivered_twice_changes_nothing(house: House) -> None:
    event, event_id = house.hired(new_id()), new_id()
    assert await house.deliver(event, event_id=event_id) is Outcome.APPLIED
    assert await house.deliver(event, event_id=event_id) is Outcome.DUPLICATE
    assert len(await house.tenant.events("opened")) == 1


@pytest.mark.article("NM-20")
async def test_a_second_hire_of_the_person_opens_no_second_need(house: House) -> None:
    somebody = new_id()
    for _ in range(2):
        assert await house.deliver(house.hired(somebody)) is Outcome.APPLIED
    await house.need(person(somebody))
    assert len(await house.tenant.events("opened")) == 1


async def test_a_regulation_without_pre_service_hours_opens_none(training: ServiceUnderTest) -> None:
    house = await House.open(training, silent("training.pre_service_hours"))
    worker = await house.newcomer()
    assert (await house.tenant.get(worker, f"{PATH}/own/needs")).json()["items"] == []
    assert not await house.tenant.events("opened")


async def test_reading_needs_permission_and_scope(house: House) -> None:
    worker = await house.newcomer()
    need = await house.need(worker)
    path = f"{NEEDS}/{need['id']}"
    for caller, status in ((house.finance, 403), (worker, 403), (None, 401)):
        assert (await house.tenant.get(caller, path)).status_code == status
        assert (await house.tenant.get(caller, NEEDS)).status_code == status
    foreign = await house.tenant.get(house.sibling, path)
    missing = await house.tenant.get(house.sibling, f"{NEEDS}/{new_id()}")
    assert foreign.status_code == missing.status_code == 404
    assert {**foreign.json(), "instance": ""} == {**missing.json(), "instance": ""}
    assert (await house.tenant.get(house.sibling, NEEDS)).json()["items"] == []
    assert (await house.tenant.get(house.county, f"{PATH}/own/needs")).status_code == 403


async def test_a_person_sees_no_need_of_another_nor_an_official_one_of_another_tenant(
    house: House, other_house: House
) -> None:
    worker = await house.newcomer()
    need = await house.need(worker)
    assert (await house.tenant.get(await house.newcomer(), f"{PATH}/own/needs")).json()["items"] != [need]
    assert (await other_house.tenant.get(worker, f"{PATH}/own/needs")).json()["items"] == []
    assert (await other_house.tenant.get(other_house.county, f"{NEEDS}/{need['id']}")).status_code == 404


async def test_the_list_is_narrowed_by_person_and_state_and_walked_page_by_page(house: House) -> None:
    workers = [await house.newcomer() for _ in range(3)]
    one = {"person_id": str(workers[1].actor.person), "state": "open"}
    [found] = (await house.tenant.get(house.county, NEEDS, query=one)).json()["items"]
    assert found["person_id"] == one["person_id"]
    assert (await house.tenant.get(house.county, NEEDS, query={"state": "met"})).json()["items"] == []
    first = (await house.tenant.get(house.county, NEEDS, query={"limit": "2"})).json()
    rest = (await house.tenant.get(house.county, NEEDS, query={"limit": "2", "cursor": first["next"]})).json()
    seen = [item["person_id"] for item in first["items"] + rest["items"]]
    assert sorted(seen) == sorted(str(worker.actor.person) for worker in workers)
    assert rest["next"] is None

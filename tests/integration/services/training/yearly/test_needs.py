"""Posts open, raise, move and end the needs of a year, and each new year opens its own (NM-20)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.training.house import PATH, House, silent


@pytest.mark.article("NM-20")
@pytest.mark.parametrize(("role", "short", "required"), [("director", "55.5", "56"), ("staff", "39.5", "40")])
async def test_half_an_hour_short_then_met(house: House, role: str, short: str, required: str) -> None:
    worker = house.dossier()
    await worker.take(role, "2021-03-01")
    need = await worker.year()
    assert (Decimal(need["required_hours"]), need["kind"], need["article"]) == (Decimal(required), "yearly", "NM-20")
    assert (need["state"], need["part_year"]) == ("open", False)
    assert (await worker.attends(short)).status_code == 201
    need = await worker.year()
    assert (need["state"], Decimal(need["missing_hours"])) == ("open", Decimal("0.5"))
    assert not await house.tenant.events("met")
    assert (await worker.attends("0.5")).status_code == 201
    need = await worker.year()
    assert (need["state"], need["met_on"], Decimal(need["missing_hours"])) == ("met", "2025-03-07", 0)
    [met] = await house.tenant.events("met")
    assert (met.data["kind"], met.data["cycle"], Decimal(met.data["required_hours"])) == (
        "yearly",
        "2025",
        Decimal(required),
    )


@pytest.mark.article("NM-20")
async def test_one_person_with_both_posts_owes_once_whatever_is_told_twice(house: House) -> None:
    worker = house.dossier()
    await worker.take("secretary", "2021-03-01")
    await worker.take("director", "2021-03-01")
    assert Decimal((await worker.year())["required_hours"]) == 56
    assert len(await house.tenant.events("opened")) == 1


@pytest.mark.article("NM-20")
async def test_a_post_taken_in_the_year_raises_what_it_asks_and_leaving_it_does_not_lower_it(house: House) -> None:
    worker = house.dossier()
    staff = await worker.take("staff", "2021-03-01")
    await worker.attends("40")
    assert (await worker.year())["state"] == "met"
    await worker.leave(staff, "2025-03-10")
    director = await worker.take("director", "2025-03-10")
    need = await worker.year()
    assert (Decimal(need["required_hours"]), need["role"], need["state"]) == (56, "director", "open")
    assert not need["part_year"]
    await worker.leave(director, "2025-03-12", "director")
    await worker.take("staff", "2025-03-12")
    assert Decimal((await worker.year())["required_hours"]) == 56


@pytest.mark.article("NM-20")
async def test_hours_before_the_post_do_not_count_in_the_year(house: House) -> None:
    somebody = await house.newcomer()
    worker = house.dossier(somebody)
    await house.credit(somebody, await house.held(class_hours="30"), "30")
    await worker.take("staff", "2025-03-10")
    need = await worker.year()
    assert (Decimal(need["credited_hours"]), Decimal(need["required_hours"])) == (6, 40)
    assert need["part_year"]
    needs = (await house.tenant.get(somebody, f"{PATH}/own/needs")).json()["items"]
    [before] = [each for each in needs if each["kind"] == "pre_service"]
    assert (Decimal(before["credited_hours"]), before["state"]) == (30, "met")


@pytest.mark.article("NM-20")
async def test_the_new_year_opens_needs_for_whoever_is_still_in_post(house: House) -> None:
    staying, leaving = house.dossier(), house.dossier()
    await staying.take("staff", "2021-03-01")
    post = await leaving.take("staff", "2021-03-01")
    await leaving.leave(post, "2026-01-01")
    await house.tenant.move_to(datetime(2025, 12, 31, 15, 59, tzinfo=UTC))
    await house.service.run_timers()
    assert len(await house.tenant.events("opened")) == 2
    await house.tenant.move_to(datetime(2025, 12, 31, 16, 0, 1, tzinfo=UTC))
    for _ in range(2):
        await house.service.run_timers()
    assert (await staying.year(2026))["state"] == "open"
    assert len(await house.tenant.events("opened")) == 3
    year = {"class_hours": "8", "starts_at": "2025-12-31T01:00:00Z", "ends_at": "2025-12-31T09:00:00Z"}
    await staying.attends("8", **year)
    assert [Decimal((await staying.year(each))["credited_hours"]) for each in (2025, 2026)] == [8, 0]
    cycles = [event.data["cycle"] for event in await house.tenant.events("hours_credited")]
    assert cycles == ["2025"]


async def test_a_year_lapses_when_it_turns_out_that_no_post_was_held_in_it(house: House) -> None:
    worker = house.dossier()
    post = await worker.take("secretary", "2018-03-01")
    assert Decimal((await worker.year())["required_hours"]) == 56
    await worker.leave(post, "2021-03-01", "secretary")
    assert (await worker.year())["state"] == "lapsed"
    assert await house.compliance(house.county, year="2025") == []
    lapsed = await house.tenant.get(house.county, f"{PATH}/needs", query={"state": "lapsed"})
    assert len(lapsed.json()["items"]) == 1
    await worker.take("staff", "2021-03-01")
    need = await worker.year()
    assert (Decimal(need["required_hours"]), need["state"]) == (40, "open")


@pytest.mark.article("NM-20")
async def test_hours_follow_the_worker_into_another_county(house: House) -> None:
    worker = house.dossier()
    post = await worker.take("staff", "2021-03-01")
    assert (await worker.attends("30")).status_code == 201
    await worker.leave(post, "2025-03-10")
    await worker.take("staff", "2025-03-10", "sibling_community")
    here = house.session(form="online", class_hours="10", organiser_unit_id=str(house.tenant.tree["sibling_county"].id))
    made = await house.tenant.post(house.sibling, f"{PATH}/sessions", here)
    body = {"person_id": str(worker.worker.actor.person), "hours": "10"}
    credited = await house.tenant.post(house.sibling, f"{PATH}/sessions/{made.json()['id']}/hours", body)
    assert credited.status_code == 201, credited.text
    need = await worker.year()
    assert (need["state"], Decimal(need["credited_hours"])) == ("met", 40)
    [row] = await house.compliance(house.sibling, year="2025")
    assert (row["in_post"], row["part_year"]) == (True, False)
    seen = (await house.tenant.get(house.sibling, f"{PATH}/hours")).json()["items"]
    assert [Decimal(entry["hours"]) for entry in seen] == [10]
    assert await house.compliance(house.county, year="2025") == []
    late = await worker.attends("2")
    assert late.status_code == 201, late.text
    path = f"{PATH}/hours/{late.json()['id']}/corrections"
    assert (await house.tenant.post(house.county, path, {"hours": "1", "reason": "登记有误"})).status_code == 201
    assert Decimal((await worker.year())["credited_hours"]) == 41
    stranger = await house.tenant.post(
        house.sibling, f"{PATH}/sessions/{made.json()['id']}/hours", body | {"person_id": str(new_id())}
    )
    assert stranger.status_code == 404


async def test_a_regulation_without_yearly_hours_opens_none(training: ServiceUnderTest) -> None:
    house = await House.open(training, silent("training.yearly_hours"))
    await house.dossier().take("staff", "2021-03-01")
    assert not await house.tenant.events("opened")

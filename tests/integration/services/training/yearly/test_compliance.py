"""Who is short, by unit, now and at the year's end, and what counts as the yearly training or the round (NM-20)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kernel.ids import new_id
from tests.integration.services.training.house import PATH, House

COMPLIANCE = f"{PATH}/compliance"


async def programme(house: House, **changes: object) -> str:
    body = {"title": "2025年社区书记主任培训", "year": 2025, "roles": ["secretary", "director"]} | changes
    made = await house.tenant.post(house.county, f"{PATH}/programmes", body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


@pytest.mark.article("NM-20")
async def test_a_director_is_short_until_the_hours_and_the_yearly_training_stand(house: House) -> None:
    director = house.dossier()
    await director.take("director", "2021-03-01")
    await director.attends("55.5")
    [row] = await house.compliance(house.county, year="2025", short="true")
    assert (row["required_hours"], row["credited_hours"], row["missing_hours"]) == ("56.00", "55.50", "0.50")
    assert (row["article"], row["roles"], row["stage"]) == ("NM-20", ["director"], "running")
    assert row["unit_id"] == str(house.tenant.tree["community"].id)
    await director.attends("0.5")
    [row] = await house.compliance(house.county, year="2025", short="true")
    assert (row["missing_hours"], row["train_by"], row["trained_on"]) == ("0.00", "2025-12-31", None)
    await director.attends("1", programme_id=await programme(house), round=True)
    assert await house.compliance(house.county, year="2025", short="true") == []
    [row] = await house.compliance(house.county, year="2025", short="false")
    assert (row["short"], row["stage"], row["train_by"], row["trained_on"]) == (False, "met", None, "2025-03-07")


@pytest.mark.article("NM-20")
async def test_a_training_taken_back_is_owed_again(house: House) -> None:
    director = house.dossier()
    await director.take("director", "2021-03-01")
    made = await director.attends("8", programme_id=await programme(house), round=True)
    [row] = await house.compliance(house.county)
    assert row["train_by"] is None
    path = f"{PATH}/hours/{made.json()['id']}/corrections"
    assert (await house.tenant.post(house.county, path, {"hours": "0", "reason": "未到课"})).status_code == 422
    corrected = await house.tenant.post(house.county, path, {"hours": "0", "reason": "该人员未到课"})
    assert corrected.status_code == 201, corrected.text
    [row] = await house.compliance(house.county)
    assert (row["train_by"], row["credited_hours"]) == ("2025-12-31", "0.00")


@pytest.mark.article("NM-20")
async def test_other_workers_owe_the_round_within_three_years(house: House) -> None:
    worker = house.dossier()
    await worker.take("staff", "2021-03-01")
    await worker.attends("40")
    [row] = await house.compliance(house.county, year="2025")
    assert (row["short"], row["every_years"], row["train_by"]) == (False, 3, None)
    for year in (2026, 2027):
        await house.tenant.move_to(datetime(year, 1, 2, tzinfo=UTC))
        await house.service.run_timers()
    [row] = await house.compliance(house.county, year="2027")
    assert (row["short"], row["train_by"]) == (True, "2027-08-21")


@pytest.mark.article("NM-20")
async def test_a_shortage_is_warned_of_before_the_year_ends_and_stays_known_after_it(house: House) -> None:
    worker = house.dossier()
    await worker.take("staff", "2021-03-01")
    stages = []
    for now in (
        datetime(2025, 10, 1, 15, 59, tzinfo=UTC),
        datetime(2025, 10, 1, 16, 0, tzinfo=UTC),
        datetime(2025, 12, 31, 16, 0, tzinfo=UTC),
    ):
        await house.tenant.move_to(now)
        [row] = await house.compliance(house.county, year="2025", short="true")
        stages.append(row["stage"])
    assert stages == ["running", "warned", "over"]


@pytest.mark.article("NM-20")
async def test_who_has_left_is_shown_but_is_not_short(house: House) -> None:
    worker = house.dossier()
    post = await worker.take("staff", "2021-03-01")
    await worker.leave(post, "2025-02-01")
    [row] = await house.compliance(house.county)
    assert (row["in_post"], row["short"], row["part_year"], row["roles"]) == (False, False, True, [])
    assert await house.compliance(house.county, short="true") == []


@pytest.mark.article("NM-20")
async def test_units_are_summed_and_the_list_is_walked_page_by_page(house: House) -> None:
    for unit, role in (("community", "director"), ("community", "staff"), ("other_community", "staff")):
        await house.dossier().take(role, "2021-03-01", unit)
    met = house.dossier()
    await met.take("staff", "2021-03-01")
    await met.attends("40")
    first, second = (await house.tenant.get(house.county, f"{COMPLIANCE}/units")).json()["items"]
    assert (first["workers"], first["short"], first["missing_hours"]) == (3, 2, "96.00")
    assert (second["workers"], second["short"], second["missing_hours"]) == (1, 1, "40.00")
    other = str(house.tenant.tree["other_community"].id)
    assert len(await house.compliance(house.county, unit_id=other)) == 1
    [only] = (await house.tenant.get(house.county, f"{COMPLIANCE}/units", query={"unit_id": other})).json()["items"]
    assert only == second
    for path, total in ((COMPLIANCE, 4), (f"{COMPLIANCE}/units", 2)):
        page = (await house.tenant.get(house.county, path, query={"limit": "1"})).json()
        items = page["items"]
        while page["next"]:
            page = (await house.tenant.get(house.county, path, query={"limit": "1", "cursor": page["next"]})).json()
            items += page["items"]
        assert len(items) == len({str(item) for item in items}) == total


async def test_reading_needs_permission_and_scope(house: House, other_house: House) -> None:
    worker = house.dossier()
    await worker.take("staff", "2021-03-01")
    for path in (COMPLIANCE, f"{COMPLIANCE}/units"):
        for caller, status in ((house.finance, 403), (worker.worker, 403), (None, 401), (house.township, 200)):
            assert (await house.tenant.get(caller, path)).status_code == status
        assert (await house.tenant.get(house.sibling, path)).json()["items"] == []
        assert (await other_house.tenant.get(other_house.county, path)).json()["items"] == []
        for unit in (str(house.tenant.tree["community"].id), str(new_id())):
            foreign = await house.tenant.get(house.sibling, path, query={"unit_id": unit})
            assert foreign.status_code == 404
    assert len(await house.compliance(house.township)) == 1
    assert Decimal((await worker.year())["credited_hours"]) == 0

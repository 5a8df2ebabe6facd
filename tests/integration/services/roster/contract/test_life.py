"""From draft to in force: changing, discarding, signing by both sides, and who may look (NM-12)."""

from typing import Any

import pytest

from kernel.ids import new_id
from kernel.testing.tree import person
from tests.integration.services.roster.house import PATH, House

CONTRACTS = f"{PATH}/contracts"
OWN = f"{PATH}/own/contracts"


def terms(house: House, **changes: Any) -> dict[str, Any]:
    body = house.draft("", **changes)
    del body["dossier_id"]
    return body


async def test_a_draft_changes_only_on_the_version_that_was_read(house: House) -> None:
    made = await house.drafted(await house.hire())
    path = f"{CONTRACTS}/{made['id']}"
    assert (await house.tenant.call(house.township, "PUT", path, terms(house))).status_code == 428
    stale = await house.tenant.call(house.township, "PUT", path, terms(house), version=9)
    assert stale.status_code == 412
    changed = await house.tenant.call(house.township, "PUT", path, terms(house, probation_months=3), version=1)
    assert changed.status_code == 200, changed.text
    assert changed.headers["ETag"] == '"2"'
    assert changed.json()["probation_before"] == "2025-06-10"


@pytest.mark.article("LCL-19")
async def test_a_change_is_held_to_the_same_rules_as_a_draft(house: House) -> None:
    made = await house.drafted(await house.hire())
    path = f"{CONTRACTS}/{made['id']}"
    too_long = await house.tenant.call(house.township, "PUT", path, terms(house, probation_months=7), version=1)
    assert (too_long.status_code, too_long.json()["article"]) == (409, "LCL-19")


async def test_a_draft_can_be_discarded_and_another_made_in_its_place(house: House) -> None:
    worker = await house.hire()
    made = await house.drafted(worker)
    path = f"{CONTRACTS}/{made['id']}"
    assert (await house.tenant.call(house.township, "DELETE", path)).status_code == 428
    assert (await house.tenant.call(house.township, "DELETE", path, version=1)).status_code == 204
    assert (await house.tenant.get(house.township, path)).status_code == 404
    await house.drafted(worker)


@pytest.mark.article("NM-12")
async def test_signed_by_both_sides_it_is_in_force_and_roster_tells_of_it(house: House) -> None:
    worker = await house.hire()
    signed = await house.signed(worker)
    assert signed["state"] == "in_force"
    [told] = await house.tenant.events("contract_signed")
    assert told.data["contract_id"] == signed["id"]
    assert (told.data["valid_from"], told.data["valid_before"]) == ("2025-03-10", "2028-03-10")
    actions = [entry.data["action"] for entry in await house.tenant.events("recorded")]
    assert actions[-3:] == [
        "roster.contract.draft",
        "roster.contract.sign_for_employer",
        "roster.contract.sign_as_worker",
    ]


async def test_the_worker_signs_after_the_employer_and_each_side_once(house: House) -> None:
    worker = await house.hire()
    made = await house.drafted(worker)
    own, office = f"{OWN}/{made['id']}/sign", f"{CONTRACTS}/{made['id']}/sign"
    assert (await house.tenant.get(worker.caller, OWN)).json()["items"] == []
    early = await house.tenant.post(worker.caller, own)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-state")
    assert (await house.tenant.post(house.township, office)).status_code == 200
    assert (await house.tenant.post(house.township, office)).status_code == 409
    [offered] = (await house.tenant.get(worker.caller, OWN)).json()["items"]
    assert offered["state"] == "offered"
    assert (await house.tenant.post(worker.caller, own)).status_code == 200
    assert (await house.tenant.post(worker.caller, own)).status_code == 409


async def test_what_is_signed_no_longer_changes_and_is_not_discarded(house: House) -> None:
    worker = await house.hire()
    made = await house.drafted(worker)
    path = f"{CONTRACTS}/{made['id']}"
    await house.tenant.post(house.township, f"{path}/sign")
    changed = await house.tenant.call(house.township, "PUT", path, terms(house), version=2)
    assert (changed.status_code, changed.json()["type"]) == (409, "/problems/wrong-state")
    assert (await house.tenant.call(house.township, "DELETE", path, version=2)).status_code == 409


async def test_nobody_signs_in_anothers_place(house: House) -> None:
    worker = await house.hire()
    made = await house.drafted(worker)
    office, own = f"{CONTRACTS}/{made['id']}/sign", f"{OWN}/{made['id']}/sign"
    assert (await house.tenant.post(worker.caller, office)).status_code == 403
    assert (await house.tenant.post(house.county, office)).status_code == 403
    assert (await house.tenant.post(house.sibling, office)).status_code == 404
    await house.tenant.post(house.township, office)
    assert (await house.tenant.post(house.township, own)).status_code == 403
    stranger = await house.hire(
        identity={"full_name": "李测试", "id_number": "990101199001010027", "phone": "13900000001"}
    )
    for caller in (stranger.caller, person()):
        foreign = await house.tenant.post(caller, own)
        missing = await house.tenant.post(caller, f"{OWN}/{new_id()}/sign")
        assert foreign.status_code == missing.status_code == 404
        assert {**foreign.json(), "instance": ""} == {**missing.json(), "instance": ""}
    assert (await house.tenant.get(stranger.caller, OWN)).json()["items"] == []


async def test_each_operation_needs_its_permission_and_the_scope(house: House) -> None:
    worker = await house.hire()
    made = await house.drafted(worker)
    path = f"{CONTRACTS}/{made['id']}"
    for caller, status in ((house.finance, 403), (worker.caller, 403), (house.sibling, 404), (None, 401)):
        assert (await house.tenant.get(caller, path)).status_code == status
    for caller, status in ((house.county, 403), (worker.caller, 403), (house.sibling, 404)):
        assert (await house.tenant.call(caller, "PUT", path, terms(house), version=1)).status_code == status
        assert (await house.tenant.call(caller, "DELETE", path, version=1)).status_code == status
    assert (await house.tenant.get(house.finance, CONTRACTS)).status_code == 403
    assert (await house.tenant.get(house.county, OWN)).status_code == 403
    assert (await house.tenant.get(house.sibling, CONTRACTS)).json()["items"] == []
    listed = await house.tenant.get(house.county, CONTRACTS, query={"dossier_id": worker.dossier_id, "state": "draft"})
    assert [item["id"] for item in listed.json()["items"]] == [made["id"]]

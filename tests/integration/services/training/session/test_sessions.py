"""Registering training classes (L2)."""

from typing import Any

import pytest

from kernel.ids import new_id
from tests.integration.services.training.house import PATH, House

SESSIONS = f"{PATH}/sessions"


async def test_a_class_is_registered_under_its_organiser(house: House) -> None:
    made = await house.tenant.post(house.county, SESSIONS, house.session())
    assert made.status_code == 201
    view = made.json()
    assert made.headers["Location"] == f"{SESSIONS}/{view['id']}"
    assert view["unit_no"] == house.tenant.tree["county"].unit_no
    assert (await house.tenant.get(house.county, f"{SESSIONS}/{view['id']}")).json() == view
    [entry] = await house.tenant.events("recorded")
    assert entry.data["action"] == "training.session.write"


@pytest.mark.parametrize(
    "changes",
    [
        {"class_hours": "7.25"},
        {"class_hours": "0"},
        {"ends_at": "2025-03-05T01:00:00Z"},
        {"starts_at": "2025-03-05T01:00:00"},
        {"ends_at": "9999-12-31T23:59:59Z"},
        {"form": "by_letter"},
        {"unit_no": 1},
    ],
)
async def test_a_class_that_makes_no_sense_is_refused(house: House, changes: dict[str, Any]) -> None:
    assert (await house.tenant.post(house.county, SESSIONS, house.session(**changes))).status_code == 422


async def test_the_organiser_lies_in_the_scope_of_who_registers(house: House) -> None:
    tree = house.tenant.tree
    foreign = house.session(organiser_unit_id=str(tree["county"].id))
    missing = house.session(organiser_unit_id=str(new_id()))
    for caller in (house.township, house.sibling):
        answers = [await house.tenant.post(caller, SESSIONS, body) for body in (foreign, missing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert {**answers[0].json(), "instance": ""} == {**answers[1].json(), "instance": ""}
    own = house.session(organiser_unit_id=str(tree["township"].id))
    assert (await house.tenant.post(house.township, SESSIONS, own)).status_code == 201


async def test_each_operation_needs_its_permission_and_the_scope(house: House) -> None:
    worker = await house.newcomer()
    session = await house.held()
    for caller, status in ((house.finance, 403), (worker, 403), (None, 401)):
        assert (await house.tenant.post(caller, SESSIONS, house.session())).status_code == status
        assert (await house.tenant.get(caller, SESSIONS)).status_code == status
        assert (await house.tenant.get(caller, f"{SESSIONS}/{session}")).status_code == status
    assert (await house.tenant.get(house.sibling, f"{SESSIONS}/{session}")).status_code == 404
    assert (await house.tenant.get(house.sibling, SESSIONS)).json()["items"] == []
    assert [item["id"] for item in (await house.tenant.get(house.county, SESSIONS)).json()["items"]] == [session]

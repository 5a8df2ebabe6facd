"""Programmes of a level with their classes; only the level responsible makes a round (NM-20)."""

from typing import Any

import pytest

from kernel.ids import new_id
from tests.integration.services.training.house import PATH, House

PROGRAMMES = f"{PATH}/programmes"
BODY: dict[str, Any] = {"title": "2025年社区工作者轮训", "year": 2025, "roles": ["member", "staff"]}


@pytest.mark.article("NM-20")
async def test_a_programme_is_of_the_unit_and_department_of_the_acting_post(house: House) -> None:
    made = await house.tenant.post(house.county, PROGRAMMES, BODY)
    assert made.status_code == 201, made.text
    programme = made.json()
    assert (programme["organiser_level"], programme["department_kind"]) == ("county", "society_work")
    assert programme["organiser_unit_id"] == str(house.tenant.tree["county"].id)
    assert (await house.tenant.get(house.county, f"{PROGRAMMES}/{programme['id']}")).json() == programme
    assert (await house.tenant.get(house.county, PROGRAMMES, query={"year": "2025"})).json()["items"] == [programme]
    assert (await house.tenant.get(house.county, PROGRAMMES, query={"year": "2026"})).json()["items"] == []
    unknown = await house.tenant.post(house.county, PROGRAMMES, BODY | {"roles": ["mayor"]})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/roles/0")


@pytest.mark.article("NM-20")
async def test_a_round_belongs_to_a_programme_of_the_county_and_of_its_year(house: House) -> None:
    league = await house.tenant.appoint("league", "organization")
    of_county = (await house.tenant.post(house.county, PROGRAMMES, BODY)).json()["id"]
    of_league = (await house.tenant.post(league, PROGRAMMES, BODY)).json()["id"]
    of_next = (await house.tenant.post(house.county, PROGRAMMES, BODY | {"year": 2026})).json()["id"]

    async def register(**changes: Any) -> int:
        caller = league if changes.get("programme_id") == of_league else house.county
        return (await house.tenant.post(caller, f"{PATH}/sessions", house.session(**changes))).status_code

    assert await register(round=True) == 422
    assert await register(programme_id=of_league, round=True) == 422
    assert await register(programme_id=of_league) == 201
    assert await register(programme_id=of_next) == 422
    assert await register(programme_id=str(new_id())) == 404
    assert await register(programme_id=of_county, round=True) == 201


async def test_registering_and_reading_need_permission_and_scope(house: House) -> None:
    made = (await house.tenant.post(house.county, PROGRAMMES, BODY)).json()["id"]
    for caller, status in ((house.finance, 403), (house.township, 403), (None, 401)):
        assert (await house.tenant.post(caller, PROGRAMMES, BODY)).status_code == status
    assert (await house.tenant.get(house.finance, PROGRAMMES)).status_code == 403
    assert (await house.tenant.get(house.sibling, f"{PROGRAMMES}/{made}")).status_code == 404
    assert (await house.tenant.get(house.sibling, PROGRAMMES)).json()["items"] == []

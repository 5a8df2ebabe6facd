"""Departments by the kinds of the regulation, posts with a term and for the time being (T3)."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from kernel.errors import Problem
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller
from tests.integration.gateway.house import Town

PATH = "/api/v1/directory"


async def make(town: Town, caller: Caller, code: str, kind: str, **more: Any) -> httpx.Response:
    body = {"unit_id": str(town.units[code].id), "kind": kind, "valid_from": "2026-03-02", **more}
    return await town.tenant.post(caller, f"{PATH}/departments", body)


async def close(town: Town, department: dict[str, Any], day: str, version: int = 1) -> httpx.Response:
    path = f"{PATH}/departments/{department['id']}"
    return await town.tenant.call(town.system, "PATCH", path, {"valid_before": day}, version=version)


async def test_a_department_stands_where_the_regulation_has_its_kind(town: Town) -> None:
    made = await make(town, town.system, "150203", "finance")
    assert made.status_code == 201, made.text
    department = made.json()
    assert (department["title"], department["valid_from"], department["valid_before"]) == (
        "财政部门",
        "2026-03-02",
        None,
    )
    found = await town.tenant.get(town.system, made.headers["location"])
    assert (found.json(), found.headers["etag"]) == (department, '"1"')
    query = {"unit_id": str(town.units["150203"].id), "kind": "finance", "on": "2026-03-02"}
    assert [
        one["id"] for one in (await town.tenant.get(town.system, f"{PATH}/departments", query=query)).json()["items"]
    ] == [department["id"]]
    query["on"] = "2026-03-01"
    assert (await town.tenant.get(town.system, f"{PATH}/departments", query=query)).json()["items"] == []
    # Not at this level, and no such kind at all.
    for code, kind in (("150203091091", "finance"), ("150203", "township_office"), ("150203", "made_up")):
        refused = await make(town, town.system, code, kind)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/kind")
    assert (await make(town, town.system, "150203", "finance")).status_code == 409
    before = await make(town, town.system, "150203", "civil_affairs", valid_from="1999-12-31")
    assert (before.status_code, before.json()["errors"][0]["pointer"]) == (422, "/valid_from")


async def test_two_departments_of_a_kind_that_stood_from_the_first_are_one_too_many(
    gateway: ServiceUnderTest, town: Town
) -> None:
    twin = text(
        "insert into directory_department (tenant_id, id, unit_id, kind, title)"
        " select tenant_id, :id, unit_id, kind, title from directory_department where valid_from is null limit 1"
    )
    with pytest.raises(Problem, match="23505"):
        async with gateway.database.transaction(town.tenant.context()) as tx:
            await tx.session.execute(twin, {"id": new_id()})


async def test_a_department_is_closed_when_nobody_is_left_in_it_and_may_stand_again(town: Town) -> None:
    department = (await make(town, town.system, "150203", "discipline", title="纪检组")).json()
    user = await town.user("in.the.closing.one")
    body = {"user_id": user, "department_id": department["id"], "duty": "handler", "valid_from": "2026-03-02"}
    post = (await town.tenant.post(town.security, f"{PATH}/posts", body)).json()
    refused = await close(town, department, "2026-04-01")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/wrong-state")
    path = f"{PATH}/posts/{post['id']}"
    await town.tenant.call(town.security, "PATCH", path, {"valid_before": "2026-04-02"}, version=1)
    assert (await close(town, department, "2026-04-01")).status_code == 409
    closed = await close(town, department, "2026-04-02")
    assert (closed.status_code, closed.json()["valid_before"], closed.headers["etag"]) == (200, "2026-04-02", '"2"')
    assert (await close(town, department, "2026-04-03", 2)).status_code == 409
    assert (await close(town, department, "2026-04-02", 1)).status_code == 412
    # On its last day a post may be held in it, not after it.
    for day, before, status in (("2026-04-01", "2026-04-02", 201), ("2026-04-01", "2026-04-03", 422)):
        late = body | {"valid_from": day, "valid_before": before}
        assert (await town.tenant.post(town.security, f"{PATH}/posts", late)).status_code == status
    assert (await make(town, town.system, "150203", "discipline", valid_from="2026-04-01")).status_code == 409
    again = await make(town, town.system, "150203", "discipline", valid_from="2026-04-02")
    assert again.status_code == 201, again.text


async def test_a_post_has_a_term_and_one_for_the_time_being_needs_it(town: Town) -> None:
    user = await town.user("for.a.term")
    body: dict[str, Any] = {
        "user_id": user,
        "department_id": await town.department("society_work"),
        "duty": "approver",
        "valid_from": "2026-03-02",
        "acting": True,
    }
    for before in (None, "2026-03-02"):
        refused = await town.tenant.post(town.security, f"{PATH}/posts", body | {"valid_before": before})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/valid_before")
    given = await town.tenant.post(town.security, f"{PATH}/posts", body | {"valid_before": "2026-06-01"})
    assert given.status_code == 201, given.text
    assert (given.json()["acting"], given.json()["valid_before"]) == (True, "2026-06-01")


async def test_departments_are_the_system_administrators_within_their_scope(town: Town, other_town: Town) -> None:
    assert (await make(town, town.security, "150203", "public_security")).status_code == 403
    county = town.official("system_admin", "150102")
    for unit in (town.units["150203"].id, other_town.units["150102"].id, new_id()):
        body = {"unit_id": str(unit), "kind": "finance", "valid_from": "2026-03-02"}
        assert (await town.tenant.post(county, f"{PATH}/departments", body)).status_code == 404
    department = await town.department("society_work", "150203")
    path = f"{PATH}/departments/{department}"
    assert (await town.tenant.get(county, path)).status_code == 404
    closing = await town.tenant.call(county, "PATCH", path, {"valid_before": "2026-04-01"}, version=1)
    assert closing.status_code == 404
    # Control: the very same official in their own county.
    assert (await make(town, county, "150102", "finance")).status_code == 201

"""Units, posts and users: changed under ETag and scope, told to everybody, administrators apart (T2, T3, T5)."""

from uuid import uuid4

import pytest

from kernel.ids import new_id
from kernel.org import queries as org
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import person
from tests.integration.gateway.house import Town, until

PATH = "/api/v1/directory"


async def test_a_unit_is_renamed_under_its_etag_and_everybody_hears_of_it(
    gateway: ServiceUnderTest, town: Town
) -> None:
    unit = town.units["150102091091"]
    path = f"{PATH}/units/{unit.id}"
    read = await town.tenant.get(town.system, path)
    assert read.headers["etag"] == '"1"'
    renamed = await town.tenant.call(town.system, "PATCH", path, {"title": "新晨光社区"}, version=1)
    assert (renamed.status_code, renamed.headers["etag"]) == (200, '"2"')
    late = await town.tenant.call(town.system, "PATCH", path, {"title": "旧名"}, version=1)
    assert (late.status_code, late.headers["etag"]) == (412, '"2"')
    assert (await town.tenant.call(town.system, "PATCH", path, {"title": "无"})).status_code == 428

    async def heard() -> bool:
        async with gateway.database.transaction(town.tenant.context()) as tx:
            return (await org.unit(tx, unit.id)).title == "新晨光社区"

    await until(heard, "the new name in the read model")


async def test_a_unit_outside_the_scope_answers_like_a_missing_one(town: Town, other_town: Town) -> None:
    county = town.official("system_admin", "150102")
    answers = []
    for unit in (town.units["150103"].id, town.units["150100"].id, other_town.units["150102"].id, uuid4()):
        path = f"{PATH}/units/{unit}"
        for answer in (
            await town.tenant.get(county, path),
            await town.tenant.call(county, "PATCH", path, {"title": "他"}, version=1),
            await town.tenant.get(county, f"{path}/departments"),
        ):
            assert answer.status_code == 404, answer.text
            answers.append(answer.text.replace(answer.json()["instance"], ""))
    assert len(set(answers)) == 1
    # Control: the very same official reaches what lies below.
    own = await town.tenant.get(county, f"{PATH}/units/{town.units['150102092000'].id}")
    assert own.status_code == 200


async def test_a_list_of_units_shows_the_scope_in_tree_order(town: Town) -> None:
    county = town.official("system_admin", "150102")
    below = {code for code, unit in town.units.items() if county.scope.holds(unit.unit_no)}
    seen: list[str] = []
    numbers: list[int] = []
    query = {"limit": "2"}
    while True:
        page = (await town.tenant.get(county, f"{PATH}/units", query=query)).json()
        seen.extend(item["code"] for item in page["items"])
        numbers.extend(item["unit_no"] for item in page["items"])
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert set(seen) == below
    assert len(seen) == len(below)
    assert numbers == sorted(numbers)
    everything = await town.tenant.get(town.system, f"{PATH}/units", query={"limit": "200"})
    assert len(everything.json()["items"]) == len(town.units)
    counties = await town.tenant.get(town.system, f"{PATH}/units", query={"level": "county"})
    assert {item["level"] for item in counties.json()["items"]} == {"county"}


async def test_a_post_is_given_and_ended(gateway: ServiceUnderTest, town: Town) -> None:
    user = await town.user("official.one")
    given = await town.give(user, "society_work")
    assert given.status_code == 201, given.text
    post = given.json()
    assert given.headers["location"] == f"{PATH}/posts/{post['id']}"
    assert (post["department_kind"], post["level"], post["valid_before"]) == ("society_work", "region", None)
    path = f"{PATH}/posts/{post['id']}"
    early = await town.tenant.call(town.security, "PATCH", path, {"valid_before": "2026-03-01"}, version=1)
    assert early.status_code == 422
    assert early.json()["errors"][0]["pointer"] == "/valid_before"
    ended = await town.tenant.call(town.security, "PATCH", path, {"valid_before": "2026-04-01"}, version=1)
    assert (ended.status_code, ended.json()["valid_before"]) == (200, "2026-04-01")

    async def heard() -> bool:
        async with gateway.database.transaction(town.tenant.context()) as tx:
            posts = await org.posts(tx, department_kind="society_work", unit_no=town.units["150000"].unit_no)
            return any(str(one.id) == post["id"] and one.valid_before is not None for one in posts)

    await until(heard, "the end of the post in the read model")


async def test_an_ended_post_is_shortened_but_never_prolonged(town: Town) -> None:
    user = await town.user("official.two")
    post = (await town.give(user, "society_work")).json()
    path = f"{PATH}/posts/{post['id']}"
    for version, (day, status) in enumerate(
        (("2026-06-01", 200), ("2026-05-01", 200), ("2026-05-02", 409), ("2026-05-01", 200)), 1
    ):
        current = version if version < 4 else 3
        answer = await town.tenant.call(town.security, "PATCH", path, {"valid_before": day}, version=current)
        assert answer.status_code == status, (day, answer.text)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("system_admin", "security_admin"),
        ("security_admin", "audit_admin"),
        ("audit_admin", "society_work"),
        ("society_work", "system_admin"),
    ],
)
async def test_administrators_are_kept_apart(town: Town, first: str, second: str) -> None:
    """GB/T 22239-2019 8.1.5."""
    user = await town.user(f"apart.{first}.{second}".replace("_", "-"))
    given = await town.give(user, first)
    assert given.status_code == 201, given.text
    refused = await town.give(user, second)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    assert refused.json()["article"] == "GB/T 22239-2019 8.1.5"
    # Also for a day to come on which the first post is still held, not once it is over.
    assert (await town.give(user, second, valid_from="2027-01-01")).status_code == 409
    path = f"{PATH}/posts/{given.json()['id']}"
    await town.tenant.call(town.security, "PATCH", path, {"valid_before": "2026-12-31"}, version=1)
    assert (await town.give(user, second, valid_from="2026-12-30")).status_code == 409
    assert (await town.give(user, second, valid_from="2026-12-31")).status_code == 201
    # The first post cannot be drawn over the second one afterwards.
    drawn = await town.tenant.call(town.security, "PATCH", path, {"valid_before": "2027-12-31"}, version=2)
    assert drawn.status_code == 409


async def test_each_administrator_holds_only_its_own_rights(town: Town) -> None:
    unit = town.units["150000"].id
    rename = ("PATCH", f"{PATH}/units/{unit}", {"title": "区"})
    make = ("POST", f"{PATH}/users", {"user_name": "not.this", "display_name": "不"})
    entries = ("GET", "/api/v1/audit/entries", None)
    for caller, allowed in ((town.system, rename), (town.security, make), (town.auditor, entries)):
        for method, path, body in (rename, make, entries):
            answer = await town.tenant.call(caller, method, path, body, version=999 if method == "PATCH" else None)
            if (method, path, body) == allowed:
                assert answer.status_code in (200, 201, 412), answer.text
            else:
                assert answer.status_code == 403, (caller.actor.department_kind, path)


async def test_a_post_in_a_department_outside_the_scope_is_not_there_to_give(town: Town, other_town: Town) -> None:
    user = await town.user("official.three")
    county = town.official("security_admin", "150102")
    for department in (
        await town.department("society_work", "150103"),
        await other_town.department("society_work", "150102"),
        str(new_id()),
    ):
        body = {"user_id": user, "department_id": department, "duty": "viewer", "valid_from": "2026-03-01"}
        assert (await town.tenant.post(county, f"{PATH}/posts", body)).status_code == 404
    body |= {"department_id": await town.department("society_work", "150102")}
    assert (await town.tenant.post(county, f"{PATH}/posts", body)).status_code == 201


async def test_a_user_name_is_unique_within_the_tenant_alone(town: Town, other_town: Town) -> None:
    await town.user("once.only")
    again = await town.tenant.post(town.security, f"{PATH}/users", {"user_name": "once.only", "display_name": "二"})
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (409, "/user_name")
    await other_town.user("once.only")


async def test_nobody_sets_what_is_not_offered(town: Town, other_town: Town) -> None:
    """Mass assignment (reliability.md, case 19)."""
    body = {"user_name": "made.up", "display_name": "三", "tenant_id": str(other_town.tenant.id), "status": "active"}
    answer = await town.tenant.post(town.security, f"{PATH}/users", body)
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/tenant_id", "/status"}


async def test_a_person_sees_the_tree_and_no_posts(town: Town) -> None:
    somebody = person()
    assert (await town.tenant.get(somebody, f"{PATH}/units")).status_code == 200
    assert (await town.tenant.get(somebody, f"{PATH}/posts")).status_code == 403

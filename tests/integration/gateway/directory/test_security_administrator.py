"""What the security administrator cannot do: give himself a right, or reach a user beyond his units (T3, T5)."""

from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from gateway.directory import queries
from gateway.directory.substitution.routes import router as substitution
from gateway.identity.operations import router as passwords
from kernel.context import Scope
from kernel.errors import Text
from kernel.http.service import Service
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import Caller, Tree
from tests.integration.gateway.house import NOW, ROUTERS, Town

PATH = "/api/v1/directory"
COUNTY, SIBLING, LEAGUE = "150102", "150103", "150100"


@pytest.fixture(scope="module")
def tenant(gateway: ServiceUnderTest, town: Town) -> TestTenant:
    """The town with the operations of passwords and substitutions beside those of the directory."""
    service = Service("gateway", Text("网关", "Gateway"), [*ROUTERS, passwords, substitution])
    whole = ServiceUnderTest(service, gateway.app, gateway.config, gateway.http)
    return TestTenant(whole, town.tenant.id, Tree({}), NOW)


async def acting(town: Town, name: str) -> Caller:
    """A security administrator of the region whom the directory knows by that name."""
    user = await town.user(name)
    given = await town.give(user, "security_admin")
    assert given.status_code == 201, given.text
    caller = town.security
    return Caller(replace(caller.actor, user=UUID(user), post=UUID(given.json()["id"])), caller.scope)


def refused(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json().get("article")) == (409, "GB/T 22239-2019 8.1.5")


async def test_nobody_gives_himself_a_post(town: Town, tenant: TestTenant) -> None:
    me = await acting(town, "self.one")
    body = {"duty": "approver", "valid_from": "2026-03-01", "department_id": await town.department("security_admin")}
    assert refused(await tenant.post(me, f"{PATH}/posts", {**body, "user_id": str(me.actor.user)}))
    # Nor from the day on which his own post ends.
    path = f"{PATH}/posts/{me.actor.post}"
    ended = await tenant.call(me, "PATCH", path, {"valid_before": "2026-06-01"}, version=1)
    assert ended.status_code == 200, ended.text
    other = {**body, "valid_from": "2026-06-01", "department_id": await town.department("society_work")}
    assert refused(await tenant.post(me, f"{PATH}/posts", {**other, "user_id": str(me.actor.user)}))
    # Another does.
    assert (
        await tenant.post(town.security, f"{PATH}/posts", {**other, "user_id": str(me.actor.user)})
    ).status_code == 201


async def test_nobody_makes_himself_a_substitute(town: Town, tenant: TestTenant) -> None:
    me = await acting(town, "self.two")
    holder = (await town.give(await town.user("self.holder"), "security_admin")).json()
    path = f"{PATH}/posts/{holder['id']}/substitutes"
    days = {"valid_from": "2026-03-02", "valid_before": "2026-03-09", "reason": "出差"}
    assert refused(await tenant.post(me, path, {**days, "user_id": str(me.actor.user)}))
    appointed = await tenant.post(town.security, path, {**days, "user_id": str(me.actor.user)})
    assert appointed.status_code == 201, appointed.text


async def test_a_password_is_set_for_those_below_alone(town: Town, tenant: TestTenant, other_town: Town) -> None:
    county = town.official("security_admin", COUNTY)
    body = {"password": "Kingfisher-4711-pond"}
    inside = await town.user("care.inside")
    await town.give(inside, "society_work", COUNTY)
    both = await town.user("care.both")
    await town.give(both, "society_work", COUNTY)
    await town.give(both, "society_work", SIBLING)
    above = await town.user("care.above")
    await town.give(above, "society_work", LEAGUE)
    coming = await town.user("care.coming")
    await town.give(coming, "society_work", SIBLING, valid_from="2027-01-01")
    standing_in = await town.user("care.standing-in")
    post = (await town.give(await town.user("care.absent"), "society_work", SIBLING)).json()
    days = {"valid_from": "2026-03-02", "valid_before": "2026-03-09", "reason": "出差"}
    path = f"{PATH}/posts/{post['id']}/substitutes"
    assert (await tenant.post(town.security, path, {**days, "user_id": standing_in})).status_code == 201
    foreign = await other_town.user("care.foreign")
    answers = {
        user: await tenant.post(county, f"{PATH}/users/{user}/password", body)
        for user in (inside, both, above, coming, standing_in, foreign, str(new_id()))
    }
    assert answers.pop(inside).status_code == 204
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({answer.text.replace(answer.json()["instance"], "") for answer in answers.values()}) == 1
    assert (await tenant.post(town.security, f"{PATH}/users/{above}/password", body)).status_code == 204


async def test_a_persons_password_is_set_from_the_top_alone(town: Town, tenant: TestTenant) -> None:
    body = {"password": "Kingfisher-4711-pond"}
    applicant = next(each for each in town.made.sign_ins if not each.post)
    found = await _user_id(town, applicant.user_name)
    nearly = replace(town.security, scope=Scope(town.security.scope.lo + 1, town.security.scope.hi))
    for caller in (town.official("security_admin", COUNTY), nearly):
        assert (await tenant.post(caller, f"{PATH}/users/{found}/password", body)).status_code == 404
    assert (await tenant.post(town.security, f"{PATH}/users/{found}/password", body)).status_code == 204


async def _user_id(town: Town, user_name: str) -> str:
    async with town.tenant.service.database.transaction(town.tenant.context()) as tx:
        user = await queries.user_by_name(tx, user_name)
    assert user is not None
    return str(user.id)

"""What administrators do about the ways in: invitations, a lost second factor by two of them, the tenant's setting."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from gateway.identity import handles, people, rules
from gateway.identity.checks import actions as checks
from gateway.identity.factors import actions as factors
from gateway.identity.factors import queries as factor_rows
from gateway.identity.factors import totp
from gateway.identity.invitations import actions as invitations
from gateway.identity.operations import router as operations
from gateway.identity.workers import ensure_account
from gateway.onboarding import add_tenant
from kernel.clock import utcnow
from kernel.context import Context, TenantId
from kernel.errors import Text
from kernel.http.service import Service
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import Caller, Tree
from tests.integration.gateway.house import NOW, ROUTERS, Town

PATH = "/api/v1/directory"
COUNTY = "150102"


@pytest.fixture(scope="module")
def tenant(gateway: ServiceUnderTest, town: Town) -> TestTenant:
    """The town with the operations of identity beside those of the directory."""
    service = Service("gateway", Text("网关", "Gateway"), [*ROUTERS, operations])
    whole = ServiceUnderTest(service, gateway.app, gateway.config, gateway.http)
    return TestTenant(whole, town.tenant.id, Tree({}), NOW)


async def with_second_factor(town: Town, name: str) -> str:
    """An official of the county who set up a second factor; the user's id."""
    user = await town.user(name)
    await town.give(user, "society_work", COUNTY)
    async with town.tenant.service.database.transaction(town.tenant.context()) as tx:
        secret = totp.new_secret()
        await factor_rows.begin(tx, UUID(user), await totp.seal(tx.tenant, UUID(user), secret))
        step = int(utcnow().timestamp()) // totp.STEP_SECONDS
        assert await factors.confirm(tx, UUID(user), totp.code_at(secret, step))
    return user


async def in_force(town: Town, user: str) -> bool:
    async with town.tenant.service.database.transaction(town.tenant.context()) as tx:
        return await factors.in_force(tx, UUID(user))


async def ask(tenant: TestTenant, caller: Caller, user: str) -> httpx.Response:
    body = {"reason": "手机遗失，已当面核实"}
    return await tenant.post(caller, f"{PATH}/users/{user}/second-factor-removals", body)


async def decide(tenant: TestTenant, caller: Caller, removal: dict[str, Any], action: str = "remove") -> httpx.Response:
    path = f"{PATH}/second-factor-removals/{removal['id']}"
    return await tenant.call(caller, "PATCH", path, {"action": action}, version=removal["version"])


async def test_two_administrators_remove_a_lost_second_factor(town: Town, tenant: TestTenant) -> None:
    user = await with_second_factor(town, "lost.one")
    asked = await ask(tenant, town.security, user)
    assert asked.status_code == 201, asked.text
    assert await in_force(town, user), "one administrator alone changes nothing"
    assert (await ask(tenant, town.security, user)).status_code == 409, "one request at a time"
    waiting = await tenant.get(town.system, f"{PATH}/second-factor-removals")
    assert asked.json()["id"] in [each["id"] for each in waiting.json()["items"]]
    done = await decide(tenant, town.system, asked.json())
    assert (done.status_code, done.json()["state"]) == (200, "done"), done.text
    assert not await in_force(town, user)
    assert (await decide(tenant, town.system, done.json())).status_code == 409, "it is decided once"
    async with town.tenant.service.database.transaction(town.tenant.context()) as tx:
        rows = await tx.session.execute(
            text(
                "select data->>'action' from k_outbox where aggregate_type = 'audit' and data->>'subject_id' = :user"
                " union all select data->>'action' from k_outbox_archive"
                " where aggregate_type = 'audit' and data->>'subject_id' = :user"
            ),
            {"user": user},
        )
        assert {"identity.second_factor_removal_asked", "identity.second_factor_removal_done"} <= set(rows.scalars())


async def test_neither_the_same_administrator_twice_nor_the_user(town: Town, tenant: TestTenant) -> None:
    user = await with_second_factor(town, "lost.two")
    removal = (await ask(tenant, town.security, user)).json()
    same = town.system
    same = Caller(replace(same.actor, user=UUID(removal["asked_by"])), same.scope)
    themselves = Caller(replace(same.actor, user=UUID(user)), same.scope)
    for caller in (same, themselves):
        refused = await decide(tenant, caller, removal)
        assert (refused.status_code, refused.json().get("article")) == (409, "GB/T 22239-2019 8.1.5")
    asker = Caller(replace(town.security.actor, user=UUID(user)), town.security.scope)
    assert (await ask(tenant, asker, await with_second_factor(town, "lost.three"))).status_code == 201
    assert (await ask(tenant, asker, user)).json().get("article") == "GB/T 22239-2019 8.1.5"
    assert await in_force(town, user)
    refused = await decide(tenant, town.system, removal, "refuse")
    assert refused.json()["state"] == "refused"
    assert await in_force(town, user)


async def test_each_step_is_for_its_own_administrator_and_units(
    town: Town, tenant: TestTenant, other_town: Town
) -> None:
    user = await with_second_factor(town, "lost.four")
    for caller in (town.system, town.auditor, town.official("society_work", COUNTY)):
        assert (await ask(tenant, caller, user)).status_code == 403
    assert (await ask(tenant, town.official("security_admin", "150103"), user)).status_code == 404
    assert (await ask(tenant, town.security, str(new_id()))).status_code == 404
    assert (await ask(tenant, town.security, await other_town.user("lost.far"))).status_code == 404
    removal = (await ask(tenant, town.security, user)).json()
    for caller in (town.security, town.auditor):
        assert (await decide(tenant, caller, removal)).status_code == 403
    assert (await decide(tenant, town.official("system_admin", "150103"), removal)).status_code == 404
    listed = await tenant.get(town.official("system_admin", "150103"), f"{PATH}/second-factor-removals")
    assert removal["id"] not in [each["id"] for each in listed.json()["items"]]


async def test_a_request_that_waited_too_long_is_no_more(town: Town, tenant: TestTenant) -> None:
    user = await with_second_factor(town, "lost.five")
    removal = (await ask(tenant, town.security, user)).json()
    async with town.tenant.service.database.transaction(town.tenant.context()) as tx:
        await tx.session.execute(
            text("update identity_factor_removal set asked_at = asked_at - cast(:age as interval) where id = :id"),
            {"age": rules.REMOVAL_LIFETIME, "id": removal["id"]},
        )
    assert (await decide(tenant, town.system, removal)).status_code == 409
    assert (await ask(tenant, town.security, user)).status_code == 201


async def test_of_two_decisions_at_once_one_counts(town: Town, tenant: TestTenant) -> None:
    user = await with_second_factor(town, "lost.six")
    removal = (await ask(tenant, town.security, user)).json()
    answers = await asyncio.gather(*(decide(tenant, town.system, removal) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_an_administrator_invites_an_official(town: Town, tenant: TestTenant) -> None:
    user = await town.user("invited.one")
    await town.give(user, "society_work", COUNTY)
    made = await tenant.post(town.official("security_admin", COUNTY), f"{PATH}/users/{user}/invitation")
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    (token,) = parse_qs(urlsplit(made.json()["link"]).query)["token"]
    assert handles.tenant_of(token) == town.tenant.id
    async with town.tenant.service.database.transaction(town.tenant.context()) as tx:
        holder = await invitations.holder_of(tx, token)
        assert holder is not None
        assert str(holder.user_id) == user
    for caller, status in ((town.system, 403), (town.official("security_admin", "150103"), 404)):
        assert (await tenant.post(caller, f"{PATH}/users/{user}/invitation")).status_code == status


async def test_the_tenant_says_who_needs_a_second_factor(town: Town, tenant: TestTenant) -> None:
    path = f"{PATH}/sign-in-setting"
    before = await tenant.get(town.security, path)
    assert before.json() == {"second_factor": "offered", "version": 0}
    body = {"second_factor": "officials"}
    assert (await tenant.call(town.system, "PUT", path, body, version=0)).status_code == 403
    changed = await tenant.call(town.security, "PUT", path, body, version=0)
    assert (changed.status_code, changed.json()) == (200, {**body, "version": 1})
    assert (await tenant.call(town.security, "PUT", path, body, version=0)).status_code == 412
    wrong = await tenant.call(town.security, "PUT", path, {"second_factor": "nobody"}, version=1)
    assert wrong.status_code == 422
    back = await tenant.call(town.security, "PUT", path, {"second_factor": "offered"}, version=1)
    assert back.json()["version"] == 2


async def test_a_tenant_made_in_earnest_has_links_and_no_passwords(gateway: ServiceUnderTest, plan: Path) -> None:
    made = await asyncio.to_thread(add_tenant, gateway.config, plan, f"t{new_id().hex}", NOW, links=True)
    assert made.sign_ins == ()
    context = Context.system(TenantId(UUID(made.tenant_id)), NOW)
    async with gateway.database.transaction(context) as tx:
        assert (await tx.session.execute(text("select count(*) from identity_credential"))).scalar_one() == 0
        assert await factor_rows.setting(tx) == "officials"
        kinds = await tx.session.execute(
            text(
                "select u.user_name from directory_user u join directory_post p on p.user_id = u.id"
                " join directory_department d on d.id = p.department_id where d.kind like '%admin'"
            )
        )
        assert {link.user_name for link in made.links} == set(kinds.scalars())
        for link in made.links:
            (token,) = parse_qs(urlsplit(link.link).query)["token"]
            holder = await invitations.holder_of(tx, token)
            assert holder is not None
            assert holder.user_name == link.user_name
            assert utcnow() < link.expires_at <= utcnow() + rules.LINK_LIFETIME


async def test_a_worker_without_an_account_is_given_one_and_told_by_phone(town: Town) -> None:
    person = new_id()
    context = town.tenant.context()
    for _ in range(2):
        async with town.tenant.service.database.transaction(context) as tx:
            await ensure_account(tx, person, {"phone": "13900000077"}, "https://example.org")
    async with town.tenant.service.database.transaction(context) as tx:
        users = await tx.session.execute(
            text("select id from directory_user where person_id = :person"), {"person": person}
        )
        user = users.scalar_one()
        holder = await people.holder_by_id(tx, user)
        assert holder is not None
        assert (holder.person_id, holder.official) == (person, False)
        assert await checks.phone_of(tx, user) == "13900000077"
        links = await tx.session.execute(
            text("select count(*) from identity_link where user_id = :user"), {"user": user}
        )
        assert links.scalar_one() == 1


async def test_a_worker_who_applied_keeps_the_account(town: Town) -> None:
    async with town.tenant.service.database.transaction(town.tenant.context()) as tx:
        applicant = await tx.session.execute(
            text("select person_id from directory_user where person_id is not null limit 1")
        )
        person = applicant.scalar_one()
        before = (await tx.session.execute(text("select count(*) from directory_user"))).scalar_one()
        await ensure_account(tx, person, {"phone": "13900000078"}, "https://example.org")
        assert (await tx.session.execute(text("select count(*) from directory_user"))).scalar_one() == before

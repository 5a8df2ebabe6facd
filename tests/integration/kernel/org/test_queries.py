"""The read model's answers: places in the tree, who holds a post on a day, which regulation is in force on a day."""

import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from kernel.clock import local_date
from kernel.context import Context, TenantId
from kernel.db.transaction import Transaction
from kernel.errors import NotFound, ParameterNotSet
from kernel.ids import new_id
from kernel.org import grants, queries
from kernel.org.grants import GrantsCache
from kernel.org.tables import OrgPack, OrgPost
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import FOUNDED
from tests.integration.kernel.http.notes import NOW, READ, WRITE

TODAY = local_date(NOW)


async def ask(tenant: TestTenant, question: Callable[[Transaction], Awaitable[Any]]) -> Any:
    """Ask in a transaction of the tenant's own."""
    async with tenant.service.database.transaction(tenant.context()) as tx:
        return await question(tx)


async def test_every_ancestor_is_found_by_its_level(tenant: TestTenant) -> None:
    tree = tenant.tree
    for level in ("region", "league", "county", "township", "community"):
        found = await ask(tenant, lambda tx, level=level: queries.ancestor(tx, tree["community"].unit_no, level))
        assert found.id == tree[level].id
    assert await ask(tenant, lambda tx: queries.ancestor(tx, tree["region"].unit_no, "county")) is None
    sibling = await ask(tenant, lambda tx: queries.ancestor(tx, tree["sibling_community"].unit_no, "county"))
    assert sibling.id == tree["sibling_county"].id


async def test_a_unit_is_found_by_id_and_number_and_by_nobody_elses_tenant(
    service: ServiceUnderTest, tenant: TestTenant, regulation: str
) -> None:
    unit = tenant.tree["county"]
    assert (await ask(tenant, lambda tx: queries.unit(tx, unit.id))).code == unit.code
    assert (await ask(tenant, lambda tx: queries.unit_by_no(tx, unit.unit_no))).id == unit.id
    for question in (
        lambda tx: queries.unit(tx, new_id()),
        lambda tx: queries.unit_by_no(tx, unit.unit_no + 1),
    ):
        with pytest.raises(NotFound):
            await ask(tenant, question)
    other = await service.new_tenant(regulation, now=NOW)
    with pytest.raises(NotFound):
        await ask(other, lambda tx: queries.unit(tx, unit.id))


async def test_a_unit_outside_the_scope_is_a_missing_one(tenant: TestTenant) -> None:
    caller = await tenant.appoint("county", "society_work")
    inside = Context(tenant.id, caller.scope, caller.actor, NOW)
    async with tenant.service.database.transaction(inside) as tx:
        assert (await queries.unit_in_scope(tx, tenant.tree["community"].id)).id == tenant.tree["community"].id
        for outside in (tenant.tree["sibling_county"].id, tenant.tree["league"].id, new_id()):
            with pytest.raises(NotFound):
                await queries.unit_in_scope(tx, outside)


async def test_posts_are_those_held_on_the_business_day(tenant: TestTenant) -> None:
    place = tenant.tree["county"]
    periods: dict[str, tuple[date, date | None]] = {
        "open": (FOUNDED, None),
        "begins today": (TODAY, None),
        "ends today": (FOUNDED, TODAY + timedelta(days=1)),
        "ended yesterday": (FOUNDED, TODAY),
        "begins tomorrow": (TODAY + timedelta(days=1), None),
    }
    ids = {name: new_id() for name in periods}
    async with tenant.service.database.transaction(tenant.context()) as tx:
        for number, (name, (since, until)) in enumerate(periods.items()):
            tx.session.add(
                OrgPost(
                    tenant_id=tenant.id,
                    id=ids[name],
                    user_id=new_id(),
                    unit_id=place.id,
                    unit_no=place.unit_no,
                    department_kind="society_work",
                    level=place.level,
                    duty="approver" if number else "handler",
                    valid_from=since,
                    valid_before=until,
                )
            )
    found = await ask(tenant, lambda tx: queries.posts(tx, department_kind="society_work", unit_no=place.unit_no))
    assert {post.id for post in found} == {ids["open"], ids["begins today"], ids["ends today"]}
    handlers = await ask(
        tenant,
        lambda tx: queries.posts(tx, department_kind="society_work", unit_no=place.unit_no, duties=["handler"]),
    )
    assert [post.id for post in handlers] == [ids["open"]]
    for kind, unit_no in (("organization", place.unit_no), ("society_work", place.unit_no + 1000)):
        assert await ask(tenant, lambda tx, k=kind, u=unit_no: queries.posts(tx, department_kind=k, unit_no=u)) == []


async def test_the_regulation_in_force_is_that_of_the_day_on_both_sides_of_a_change(
    tenant: TestTenant, regulation: str
) -> None:
    first, change, day = date(2025, 1, 1), date(2026, 1, 1), timedelta(days=1)
    later = json.loads(regulation)
    del later["document"]["permissions"][WRITE.name]
    async with tenant.service.database.transaction(tenant.context()) as tx:
        await tx.session.execute(delete(OrgPack))
        for version, since, until, content in (
            ("1", first, change, regulation),
            ("2", change, None, json.dumps(later)),
        ):
            tx.session.add(
                OrgPack(
                    tenant_id=tenant.id,
                    id=new_id(),
                    pack_id="made-up",
                    pack_version=version,
                    valid_from=since,
                    valid_before=until,
                    content=content,
                )
            )

    async def may_write(on: date | None) -> bool:
        return WRITE.name in (await ask(tenant, lambda tx: queries.pack(tx, on))).document.permissions

    assert [await may_write(on) for on in (first, change - day, change, None)] == [True, True, False, False]
    with pytest.raises(ParameterNotSet):
        await may_write(first - day)
    for version, written in (("1", True), ("2", False)):
        pinned = await ask(tenant, lambda tx, version=version: queries.pack_version(tx, "made-up", version))
        assert (WRITE.name in pinned.document.permissions) is written
    with pytest.raises(NotFound):
        await ask(tenant, lambda tx: queries.pack_version(tx, "made-up", "3"))


async def test_a_tenant_that_nobody_told_of_is_not_found(service: ServiceUnderTest) -> None:
    unknown = Context.system(TenantId(new_id()), NOW)
    async with service.database.transaction(unknown) as tx:
        with pytest.raises(NotFound):
            await queries.business_now(tx)
        with pytest.raises(ParameterNotSet):
            await queries.pack(tx)


async def test_grants_are_kept_for_a_while_then_read_again(tenant: TestTenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants, "KEEP_SECONDS", 3600)
    keeping = GrantsCache(tenant.service.database)
    assert READ.name in await keeping.of(tenant.id)
    monkeypatch.setattr(grants, "KEEP_SECONDS", 0)
    reading = GrantsCache(tenant.service.database)
    assert READ.name in await reading.of(tenant.id)
    # Business time moves to before the regulation: nobody may do anything then.
    await tenant.move_to(NOW - timedelta(days=365 * 60))
    assert READ.name in await keeping.of(tenant.id)
    assert await reading.of(tenant.id) == {}


async def test_an_unknown_tenant_grants_nothing(service: ServiceUnderTest) -> None:
    assert await GrantsCache(service.database).of(TenantId(new_id())) == {}

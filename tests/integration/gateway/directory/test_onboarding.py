"""A tenant is made whole or not at all (T12)."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from gateway.directory import queries
from gateway.onboarding import add_tenant
from kernel.clock import utcnow
from kernel.context import PLATFORM_TENANT, Context
from kernel.errors import Conflict, Unavailable
from kernel.ids import new_id
from kernel.org.tables import OrgPost, OrgUnit
from kernel.regulation.faults import PackRefused
from kernel.testing.proxy import Proxy
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.gateway.house import NOW, Town, until, write_plan


async def slugs(gateway: ServiceUnderTest) -> set[str]:
    """The tenants that the edges would be told of."""
    return {row[1] for row in await queries.all_tenants(gateway.database)}


async def count(gateway: ServiceUnderTest, table: str) -> int:
    """All rows of a table, over all tenants, as the relay role."""
    async with gateway.database.relay.connect() as connection:
        return int((await connection.execute(text(f"select count(*) from {table}"))).scalar_one())  # noqa: S608


async def test_everything_of_the_file_is_there(gateway: ServiceUnderTest, town: Town, content: dict[str, Any]) -> None:
    async with gateway.database.transaction(town.tenant.context()) as tx:
        counts = {
            table: (await tx.session.execute(text(f"select count(*) from {table}"))).scalar_one()  # noqa: S608
            for table in (
                "directory_unit",
                "directory_department",
                "directory_user",
                "directory_post",
                "identity_credential",
                "identity_client",
                "regulation_pack_version",
            )
        }
    people = len(content["users"]) + len(content["applicants"])
    assert counts == {
        "directory_unit": len(content["units"]),
        "directory_department": len(content["departments"]),
        "directory_user": people,
        "directory_post": sum(len(user["posts"]) for user in content["users"]),
        "identity_credential": people,
        "identity_client": len(content["clients"]) + 1,
        "regulation_pack_version": 1,
    }
    assert len(town.made.sign_ins) == people
    assert len({sign_in.password for sign_in in town.made.sign_ins}) == people
    assert town.made.tenant in await slugs(gateway)


async def test_the_read_model_hears_of_every_unit_and_post(
    gateway: ServiceUnderTest, town: Town, content: dict[str, Any]
) -> None:

    async def heard() -> bool:
        async with gateway.database.transaction(town.tenant.context()) as tx:
            found = [
                (await tx.session.execute(text(f"select count(*) from {table}"))).scalar_one()  # noqa: S608
                for table in (OrgUnit.__tablename__, OrgPost.__tablename__)
            ]
        return found == [len(content["units"]), sum(len(user["posts"]) for user in content["users"])]

    await until(heard, "units and posts in the read model")


async def test_a_name_that_is_taken_is_refused_and_leaves_nothing(
    gateway: ServiceUnderTest, town: Town, plan: Path
) -> None:
    before = await slugs(gateway)
    with pytest.raises(Conflict, match="taken"):
        await asyncio.to_thread(add_tenant, gateway.config, plan, town.made.tenant, NOW)
    assert await slugs(gateway) == before


async def test_two_operators_with_one_name_make_one_tenant(gateway: ServiceUnderTest, plan: Path) -> None:
    slug = f"t{new_id().hex}"
    several = await asyncio.gather(
        *(asyncio.to_thread(add_tenant, gateway.config, plan, slug, NOW) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in several) == ["Conflict", "Onboarded"]
    assert sum(row[1] == slug for row in await queries.all_tenants(gateway.database)) == 1


async def test_a_file_that_does_not_fit_its_regulation_leaves_nothing(
    gateway: ServiceUnderTest, tmp_path: Path
) -> None:
    file = write_plan(tmp_path)
    file.write_text(file.read_text().replace("kind: system_admin", "kind: unknown_kind"))
    slug = f"t{new_id().hex}"
    with pytest.raises(PackRefused):
        await asyncio.to_thread(add_tenant, gateway.config, file, slug, NOW)
    assert slug not in await slugs(gateway)


@pytest.mark.parametrize("marker", [b"identity_client", b"COMMIT"])
async def test_a_line_cut_in_the_middle_or_at_the_commit_leaves_nothing(
    gateway: ServiceUnderTest, plan: Path, marker: bytes
) -> None:
    slug = f"t{new_id().hex}"
    server = urlsplit(gateway.config.app_dsn.get_secret_value())
    before = await slugs(gateway)
    async with Proxy.to(server.hostname or "", server.port or 5432) as proxy:
        dsn = SecretStr(proxy.through(gateway.config.app_dsn.get_secret_value()))
        proxy.cut_at(marker)
        with pytest.raises(Unavailable):
            await asyncio.to_thread(add_tenant, gateway.config.model_copy(update={"app_dsn": dsn}), plan, slug, NOW)
        assert proxy.cuts == 1
    assert await slugs(gateway) == before
    async with gateway.database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as tx:
        assert await queries.slug_taken(tx, slug) is None
    # The name is free again.
    await asyncio.to_thread(add_tenant, gateway.config, plan, slug, NOW)
    assert slug in await slugs(gateway)

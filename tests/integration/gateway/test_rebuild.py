"""The gateway's read model of the tree, built again from its archive, with moves, mergers and splits in its history."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import text

from deploy.cli.archives import trim
from deploy.cli.failures import Refusal
from deploy.cli.read_models import MODELS, rebuild
from kernel.db.migrate import wall_up_partition
from kernel.db.owner import owner
from kernel.events.models import told_for_models
from kernel.events.rebuilding import Rebuilt
from kernel.org.consumers import MODEL
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.gateway.directory.test_reorganisation import COMMUNITY, NEW_COUNTY, TOWNSHIP, act
from tests.integration.gateway.house import Town, until

PATH = "/api/v1/directory"
ORG = [str(kind.__tablename__) for kind in MODEL.tables]
Rows = Mapping[str, list[Any]]
_TABLES = text(
    "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'"
    " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1"
)


async def every_row(town: Town) -> Rows:
    """All rows of the tenant in all tables of the process, but for the clock's part of a former number."""
    found = {}
    async with town.tenant.service.database.transaction(town.tenant.context()) as tx:
        for table in (await tx.session.execute(_TABLES)).scalars().all():
            rows = text(f"select to_jsonb(t) - 'recorded_at' from {table} t order by 1")  # noqa: S608 - our own tables
            if table != "k_idempotency":
                found[table] = list((await tx.session.execute(rows)).scalars())
    return found


async def quiet(town: Town) -> bool:
    """Whether all that was told of the tree has been applied."""
    async with town.tenant.service.database.transaction(town.tenant.context()) as tx:
        left = await tx.session.execute(
            text(
                "select 1 from k_outbox union all select 1 from k_outbox_archive a left join k_inbox i"
                " on i.aggregate_type = a.aggregate_type and i.aggregate_id = a.aggregate_id"
                " where a.aggregate_type = any(:types) and a.aggregate_version > coalesce(i.last_version, 0) limit 1"
            ),
            {"types": [aggregate for _, aggregate in MODEL.subscriptions.feeds()] + ["audit"]},
        )
        return left.first() is None


async def run(gateway: ServiceUnderTest, town: Town, **how: bool) -> Rebuilt:
    ended: list[Rebuilt] = []
    told: list[float] = []
    await rebuild(
        {"gateway": gateway.config},
        "gateway",
        {"town": town.tenant.id},
        tell=lambda _, progress: told.append(progress.rate),
        end=lambda _, done: ended.append(done),
        **({"keep": True, "emptying": False} | how),
    )
    assert told
    assert all(rate > 0 for rate in told)
    return ended[0]


@pytest.fixture(scope="module")
async def town(gateway: ServiceUnderTest, plan: Any) -> Town:
    """A town whose tree was changed in every way."""
    town = await Town.found(gateway, plan)
    user = await town.user("rebuilt.official")
    given = await town.give(user, "township_office", TOWNSHIP)
    assert given.status_code == 201, given.text
    moved = await act(town, TOWNSHIP, "moves", parent_id=str(town.units[NEW_COUNTY].id))
    assert moved.status_code == 201, moved.text
    merged = await act(town, COMMUNITY, "merges", into_id=str(town.units["150102091092"].id))
    assert merged.status_code == 201, merged.text
    part = {"code": "150102094000", "title": "新街道（演示）", "children": [str(town.units["150102092091"].id)]}
    split = await act(town, "150102092000", "splits", parts=[part])
    assert split.status_code == 201, split.text
    renamed = await act(town, "150102092000", "renames", title="改名街道（演示）")
    assert renamed.status_code == 201, renamed.text
    await until(lambda: quiet(town), "the news applied")
    return town


async def test_the_rows_are_those_that_the_news_made(gateway: ServiceUnderTest, town: Town) -> None:
    before = await every_row(town)
    assert len(before["k_org_number"]) > 3
    compared = await run(gateway, town, keep=False)
    assert {each.table: (each.missing, each.changed, each.stray) for each in compared.tables} == dict.fromkeys(
        ORG, (0, 0, 0)
    )
    assert await every_row(town) == before


async def test_what_was_damaged_is_mended_and_no_row_of_another_table_is_touched(
    gateway: ServiceUnderTest, town: Town, other_town: Town
) -> None:
    before, untouched = await every_row(town), await every_row(other_town)
    async with gateway.database.transaction(town.tenant.context()) as tx:
        for damage in (
            "delete from k_org_unit where level = 'township'",
            "update k_org_unit set unit_no = unit_no + 7, title = '?' where level = 'county'",
            "delete from k_org_number",
            "delete from k_org_pack",
            "update k_org_post set unit_no = 1",
            "insert into k_org_leave select tenant_id, id, user_id, date '2026-01-01', date '2026-01-02'"
            " from k_org_post limit 1",
        ):
            done = await tx.session.execute(text(damage))
            assert getattr(done, "rowcount", 0) > 0, damage
    assert await every_row(town) != before
    done = await run(gateway, town, emptying=True)
    assert {each.table for each in done.tables if each.stray} == {"k_org_leave"}
    assert await every_row(town) == before
    assert await every_row(other_town) == untouched


async def test_it_is_built_from_months_that_were_ended_too(gateway: ServiceUnderTest, other_town: Town) -> None:
    """Audit entries go with their month, once the chain has them; what the model is made of stays (`events trim`)."""
    await until(lambda: quiet(other_town), "the news applied")
    tenant, told = other_town.tenant.id, "select count(*) from k_outbox_archive where aggregate_type = 'audit'"
    name = "k_outbox_archive_202501"
    heard = "update k_inbox set last_version = last_version {} 1 where aggregate_type = 'audit' and tenant_id = $1"
    async with owner("gateway", gateway.config.migrator_dsn.get_secret_value()) as connection:
        await connection.execute(
            f"create table {name} partition of k_outbox_archive for values from ('2025-01-01') to ('2025-02-01')"
        )
        await connection.execute(wall_up_partition(name, "gateway"))
        moving = "update k_outbox_archive set recorded_at = timestamptz '2025-01-15' where tenant_id = $1"
        await connection.execute(moving, tenant)
        audits = await connection.fetchval(told)
        mine = await connection.fetchval(f"select count(*) from {name} where aggregate_type = 'audit'")  # noqa: S608
        assert mine > 0
        await connection.execute(heard.format("-"), tenant)
        with pytest.raises(Refusal, match="audit entries of 2025-01"):
            await trim({"gateway": gateway.config}, "gateway")
        await connection.execute(heard.format("+"), tenant)
        [ended] = await trim({"gateway": gateway.config}, "gateway")
        assert ended.month == "2025-01"
        kept = told_for_models(MODELS)["gateway"]
        stays = f"select count(*) from {name} where aggregate_type = any($1)"  # noqa: S608
        assert await connection.fetchval(stays, sorted(kept)) == ended.kept > 0
        assert await connection.fetchval(told) == audits - mine
    compared = await run(gateway, other_town, keep=False)
    assert {(each.missing, each.changed, each.stray) for each in compared.tables} == {(0, 0, 0)}

"""Every table × four commands × who asks: no foreign row, and each refusal beside a success (case 16)."""

from collections.abc import Mapping

import pytest

from kernel.config import DATABASES
from tests.isolation.conftest import Isolated
from tests.isolation.matrix import judge, never_tried
from tests.isolation.rows import Seeds, Table, put, read_tables, seed


@pytest.fixture(scope="session")
async def seeded(isolated: Mapping[str, Isolated]) -> Mapping[str, tuple[list[Table], Seeds]]:
    """Two tenants' rows in every table of every database."""
    made = {}
    for process, house in isolated.items():
        async with house.connected("superuser") as superuser:
            tables = [table for table in await read_tables(superuser, house.declared()) if table.columns]
            made[process] = (tables, await seed(superuser, tables))
    return made


@pytest.mark.parametrize("process", DATABASES)
async def test_nobody_reaches_a_foreign_row(
    isolated: Mapping[str, Isolated], seeded: Mapping[str, tuple[list[Table], Seeds]], process: str
) -> None:
    tables, seeds = seeded[process]
    async with isolated[process].connected("app") as app:
        outcome = await judge(app, tables, seeds)
    assert outcome.wrong == []
    assert never_tried(tables, outcome) == []


async def test_the_matrix_sees_a_table_whose_walls_are_down(
    isolated: Mapping[str, Isolated], seeded: Mapping[str, tuple[list[Table], Seeds]]
) -> None:
    """Seen red once: the same judgement, on a table of which the walls were taken down."""
    tables, seeds = seeded["recruitment"]
    plan = [table for table in tables if table.name == "recruitment_plan"]
    for down in (
        "alter table recruitment_plan disable row level security",
        "drop policy tenant_wall on recruitment_plan",
        "drop policy scope on recruitment_plan; create policy scope on recruitment_plan to shegong_recruitment_app"
        " using (true) with check (true)",
        "drop policy scope on recruitment_plan; create policy scope on recruitment_plan to shegong_recruitment_app"
        " using (false) with check (false)",
    ):
        async with isolated["recruitment"].connected("superuser") as superuser:
            scratch = superuser.transaction()
            await scratch.start()
            try:
                await superuser.execute(down)
                await superuser.execute("set local role shegong_recruitment_app")
                outcome = await judge(superuser, plan, seeds)
            finally:
                await scratch.rollback()
        assert outcome.wrong, down


@pytest.mark.parametrize("process", DATABASES)
async def test_the_relay_reaches_only_what_it_serves(
    isolated: Mapping[str, Isolated], seeded: Mapping[str, tuple[list[Table], Seeds]], process: str
) -> None:
    tables, seeds = seeded[process]
    async with isolated[process].connected("relay") as relay:
        for table in tables:
            granted = "select" in table.rls.relay
            assert granted == await relay.fetchval("select has_table_privilege($1::text, 'select')", table.name)
            if granted:
                count = f"select count(*) from {table.name} where tenant_id = any($1)"  # noqa: S608 - catalogue
                there = sum(len(seeds.of(table.name, tenant)) for tenant in seeds.tenants)
                assert await relay.fetchval(count, list(seeds.tenants)) == there, table.name


async def test_a_second_tenant_may_use_the_very_ids_of_the_first(
    isolated: Mapping[str, Isolated], seeded: Mapping[str, tuple[list[Table], Seeds]]
) -> None:
    """No constraint leaks: equal ids, numbers and names in two tenants are no conflict (case 19)."""
    for process, (tables, seeds) in seeded.items():
        first, second = seeds.tenants
        async with isolated[process].connected("superuser") as superuser:
            scratch = superuser.transaction()
            await scratch.start()
            try:
                await superuser.execute("set local session_replication_role = replica")
                for table in tables:
                    for row in seeds.of(table.name, second):
                        names = " and ".join(f"{name} = ${place}" for place, name in enumerate(table.key, 1))
                        await superuser.execute(
                            f"delete from {table.name} where {names}",  # noqa: S608 - catalogue
                            *(row[name] for name in table.key),
                        )
                    for row in seeds.of(table.name, first):
                        await put(superuser, table, row | {"tenant_id": second})
            finally:
                await scratch.rollback()

"""The long lists are read in the order of an index at every width of scope: no whole table, no bitmap, no sort."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlmodel import col, select

from bench.platform.lists import LISTS, nodes, official, plans, statements, unordered
from kernel.context import EVERYTHING, Context, Scope
from kernel.db.transaction import Database, Transaction
from kernel.http.paging import Paging
from kernel.org.tables import OrgUnit
from services.roster.dossier.tables import Dossier
from tests.integration.generation.conftest import Filled

OTHERWISE = {"cases, newest first", "probations, by day"}
"""Lists in another order than that of the units: a narrow scope is sorted, a wide one is walked."""
ORDERED = "set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off"
"""The tables are small here: without this the planner would read and sort them whole. It still does where no index
gives the order, whatever is forbidden."""


@pytest.fixture(scope="module")
async def databases(filled: Filled) -> AsyncIterator[dict[str, Database]]:
    opened = {process: Database.open(filled.configs[process]) for process, _ in LISTS.values()}
    yield dict(opened)
    for database in opened.values():
        await database.close()


async def widths(database: Database, tenant: UUID) -> dict[str, Context]:
    """A context of each level that has workers below it."""
    async with database.transaction(official(tenant, EVERYTHING)) as tx:
        units = (await tx.session.execute(select(OrgUnit).order_by(col(OrgUnit.unit_no).desc()))).scalars()
        return {unit.level: official(tenant, Scope(unit.unit_no, unit.last_no)) for unit in units}


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_reads_its_page_and_no_more(filled: Filled, databases: dict[str, Database], name: str) -> None:
    process, reading = LISTS[name]
    for level, context in (await widths(databases[process], filled.first)).items():
        sent = await statements(databases[process], context, reading)
        assert sent, "the page was read"
        for plan in await plans(databases[process], context, sent, before=ORDERED):
            assert "Limit" in {node["Node Type"] for node in nodes(plan)}
            found = set(unordered(plan))
            assert found <= ({"Sort", "Incremental Sort"} if name in OTHERWISE else set()), (level, plan)
            conditions = [node["Index Cond"] for node in nodes(plan) if "Index Cond" in node]
            assert any("tenant_id" in each for each in conditions), (level, plan)


async def test_a_list_in_the_order_of_no_index_is_told_from_them(
    filled: Filled, databases: dict[str, Database]
) -> None:
    """What this file looks for is there when a list is wrong."""

    async def by_name(tx: Transaction, paging: Paging) -> None:
        await tx.session.execute(select(Dossier).order_by(col(Dossier.full_name)).limit(paging.limit))

    context = official(filled.first, EVERYTHING)
    sent = await statements(databases["roster"], context, by_name)
    [plan] = await plans(databases["roster"], context, sent, before=ORDERED)
    assert "Sort" in unordered(plan)


async def test_a_wide_scope_walks_the_days_of_probations(filled: Filled, databases: dict[str, Database]) -> None:
    process, reading = LISTS["probations, by day"]
    context = official(filled.first, EVERYTHING)
    sent = await statements(databases[process], context, reading)
    for plan in await plans(databases[process], context, sent, before=ORDERED):
        assert unordered(plan) == []
        assert any("last_day" in node.get("Index Name", "") for node in nodes(plan))

"""Lists in an order of their own, in a tenant of many units: a page reads its own rows of the table and hardly others
at every width of scope, whether its index was walked or its keys were sorted."""

import json
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import text

from bench.platform import big
from bench.platform.lists import LISTS, PAGE, explained, nodes, official, statements
from deploy.cli.stack.testing import TestStack
from kernel.context import EVERYTHING, Scope
from kernel.db.transaction import Database
from kernel.http.paging import Paging
from kernel.ids import new_id

SIZE = big.Size(leagues=2, counties=5, townships=5, rows=7)
WIDTHS = SIZE.widths() | {"many units and no row": Scope(1_000_000, 2_000_000)}
ORDERS = {
    "probations, by day": "select id::text from assessment_probation where {unit} order by last_day, id",
    "cases, newest first": "select id::text from k_approval_case where {unit} order by k_approval_case.id desc",
    "hires, newest first": "select id::text from recruitment_hire where {unit} order by recruitment_hire.id desc",
}
UNIT = "tenant_id = :tenant and unit_no between :lo and :hi"


@pytest.fixture(scope="module")
async def many() -> UUID:
    return new_id()


@pytest.fixture(scope="module")
async def databases(infrastructure: TestStack, many: UUID) -> AsyncIterator[dict[str, Database]]:
    await big.fill(infrastructure, many, SIZE)
    opened: dict[str, Database] = {
        process: Database.open(infrastructure.config(process)) for process, _ in big.INTO.values()
    }
    yield opened
    for database in opened.values():
        await database.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", big.INTO)
async def test_a_page_reads_its_own_rows(databases: dict[str, Database], many: UUID, name: str, width: str) -> None:
    process, reading = LISTS[name]
    context = official(many, WIDTHS[width])
    for page in await statements(databases[process], context, reading):
        [told] = await explained(databases[process], context, page, "analyze, format json")
        read, told_by_index = 0, False
        for node in nodes(told["Plan"]):
            assert node["Node Type"] not in ("Seq Scan", "Bitmap Heap Scan"), told
            if "Relation Name" in node:
                rows = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
                read += node["Heap Fetches"] if node["Node Type"] == "Index Only Scan" else rows
                told_by_index |= node["Node Type"] == "Index Only Scan"
        assert read <= 2 * (PAGE + 1), told  # twice where the keys too are read on a walk
        assert told_by_index or width not in ("township", "community"), told


@pytest.mark.parametrize("width", SIZE.widths())
@pytest.mark.parametrize("name", big.INTO)
async def test_pages_follow_one_another(databases: dict[str, Database], many: UUID, name: str, width: str) -> None:
    process, reading = LISTS[name]
    scope = SIZE.widths()[width]
    async with databases[process].transaction(official(many, EVERYTHING)) as tx:
        bounds = {"tenant": many, "lo": scope.lo, "hi": scope.hi}
        found = await tx.session.execute(text(ORDERS[name].format(unit=UNIT)), bounds)
        wanted = list(found.scalars())[: 2 * PAGE]
    assert wanted
    async with databases[process].transaction(official(many, scope)) as tx:
        first = json.loads(bytes((await reading(tx, Paging(PAGE, None, b"key", b""))).body))
        ids = [each["id"] for each in first["items"]]
        if len(wanted) > PAGE:
            # The key of the last row, as a cursor of this list carries it.
            last = first["items"][-1]
            after = (last["last_day"], last["id"]) if "last_day" in last else (last["id"],)
            second = await reading(tx, Paging(PAGE, after, b"key", b""))
            ids += [each["id"] for each in json.loads(bytes(second.body))["items"]]
    assert ids == wanted

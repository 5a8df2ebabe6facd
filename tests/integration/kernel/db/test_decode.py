"""The hot path reads what the ordinary path reads, row by row and type by type (performance.md)."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from kernel.db.table import days
from kernel.db.transaction import Database
from kernel.ids import new_id
from tests.integration.kernel.made_up import Everything, context, new_tenant

ROWS: tuple[dict[str, Any], ...] = (
    {},
    {
        "document": {"名": "值", "n": 1, "deep": [{"x": None, "y": 1.5, "z": 2**70}], "text": '"quoted" \\ \n'},
        "several": [],
        "period": days(date(2026, 1, 1), date(2026, 2, 1)),
        "at": datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8))),
        "day": date(2024, 2, 29),
        "secret": bytes(range(256)),
        "money": Decimal("123456789012.30"),
        "other": new_id(),
        "words": "内蒙古 'quoted' 𠮷",
        "count": -(2**31),
        "yes": True,
        "share": 0.1,
    },
    {
        "document": {},
        "several": ["a", 1, None, True],
        "period": days(date(2026, 1, 1), None),
        "at": datetime(1, 1, 1, tzinfo=UTC),
        "day": date(1, 1, 1),
        "secret": b"",
        "money": Decimal("-0.01"),
        "words": "",
        "count": 0,
        "yes": False,
        "share": -1e300,
    },
    {
        "period": days(date(2026, 1, 1), date(2026, 1, 1)),
        "document": {"null": "null"},
        "at": datetime.max.replace(tzinfo=UTC),
    },
)


async def test_a_folded_read_equals_the_ordinary_one_row_by_row(database: Database) -> None:
    tenant = new_tenant()
    async with database.transaction(context(tenant)) as tx:
        tx.session.add_all([Everything(tenant_id=tenant, id=new_id(), **row) for row in ROWS])
    table = vars(Everything)["__table__"]
    async with database.transaction(context(tenant)) as tx:
        ordinary = [dict(row) for row in (await tx.session.execute(select(table).order_by(table.c.id))).mappings()]
    folded = await database.fetch_folded(
        context(tenant), "select * from probe_everything where c.x is not null order by id"
    )
    assert len(folded) == len(ROWS)
    for hot, usual in zip(folded, ordinary, strict=True):
        assert hot == usual
        for name, value in usual.items():
            if value is not None and name != "other":
                assert isinstance(hot[name], type(value)) or isinstance(value, type(hot[name])), name
    assert folded[3]["period"].isempty
    assert folded[1]["at"].tzinfo is not None


async def test_columns_that_are_no_column_of_the_table_stay_as_they_are(database: Database) -> None:
    tenant = new_tenant()
    rows = await database.fetch_folded(context(tenant), "select 1 as one, 'x' as words where c.x is not null")
    assert rows == [{"one": 1, "words": "x"}]


async def test_a_folded_read_sees_what_was_committed_just_now(database: Database) -> None:
    tenant, row = new_tenant(), new_id()
    async with database.transaction(context(tenant)) as tx:
        tx.session.add(Everything(tenant_id=tenant, id=row, count=1))
    found = await database.fetch_folded(
        context(tenant), "select count from probe_everything where id = $5 and c.x is not null", row
    )
    assert found == [{"count": 1}]
    async with database.transaction(context(tenant)) as tx:
        assert (await tx.session.execute(select(col(Everything.count)))).scalar_one() == 1

"""Lists under a scope are read by the unit's index, whatever the policies say besides (decision 0001)."""

from typing import Any

from sqlalchemy import event, text
from sqlmodel import select

from kernel.clock import utcnow
from kernel.context import Actor, Context, Scope, TenantId
from kernel.db.driver import driver_connection
from kernel.db.transaction import Database
from kernel.ids import new_id
from tests.isolation.conftest import Isolated
from tests.isolation.rows import INSIDE


def conditions(plan: Any) -> list[str]:
    """The index conditions of a plan and of all below it."""
    found = [plan["Index Cond"]] if "Index Cond" in plan else []
    return found + [each for part in plan.get("Plans", ()) for each in conditions(part)]


async def test_every_unit_scoped_table_is_read_by_its_units_index(house: Isolated) -> None:
    config = house.stack.config(house.process)
    database = Database.open(config.model_copy(update={"app_dsn": type(config.app_dsn)(house.dsn("app"))}))
    written: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        written.append(statement)

    actor = Actor("official", user=new_id(), post=new_id(), unit_no=INSIDE[0])
    context = Context(TenantId(new_id()), Scope(*INSIDE), actor, utcnow(), "")
    try:
        async with database.transaction(context) as tx:
            # The tables are small here; without this the planner would read them whole.
            await tx.session.execute(text("set local enable_seqscan = off"))
            event.listen(database.engine.sync_engine, "before_cursor_execute", note)
            driver = await driver_connection(await tx.session.connection())
            for name, kind in house.declared().items():
                if kind.__rls__.unit is None:
                    continue
                await tx.session.execute(select(kind).order_by(kind.__rls__.unit).limit(50))
                explained = f"explain (format json) {written[-1]}"
                plan = await driver.fetchval(explained, context.tenant, *INSIDE, 50)
                found = conditions(plan[0]["Plan"])
                assert any(kind.__rls__.unit in each and "tenant_id" in each for each in found), (name, plan)
    finally:
        await database.close()

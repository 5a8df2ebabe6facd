"""The kernel's own tables of events and keys are walled like all others: asked as the app role."""

import pytest
from sqlalchemy import text

from kernel.errors import Problem
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.privacy.keys import data_key
from tests.integration.kernel.events.house import House, Probed, listening, new_tenant, system, until

TABLES = ["k_outbox", "k_outbox_archive", "k_event_version", "k_audit_number", "k_person_key"]


async def test_another_tenant_sees_no_row_of_any_table(house: House) -> None:
    tenant, other = new_tenant(), new_tenant()

    async def fill() -> None:
        async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
            await emit(tx, Probed(n=1), aggregate_id=new_id())
            await audit(tx, "a.b.c", subject_type="notice", subject_id=None)
            await data_key(tx, new_id())

    await fill()
    async with house.relaying(), house.consuming(listening()):
        await until(lambda: house.effects(tenant), "the effect")
        await until(lambda: house.rows("recruitment", tenant, "select 1 from k_audit_number"), "the number")
        await until(lambda: house.told(tenant), "an empty outbox")
    await fill()
    for process, tables in (("recruitment", TABLES), ("roster", ["k_inbox"])):
        for table in tables:
            count = f"select count(*) as n from {table}"  # noqa: S608 - constants
            (own,), (foreign,) = await house.rows(process, tenant, count), await house.rows(process, other, count)
            assert own.n > 0, f"{table}: the control sees its own rows"
            assert foreign.n == 0, f"{table}: a foreign row was seen"


async def test_the_app_role_cannot_write_for_another_tenant(house: House) -> None:
    tenant, other = new_tenant(), new_tenant()
    with pytest.raises(Problem, match="42501"):
        async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
            await tx.session.execute(
                text("insert into k_event_version values (:tenant, 'probe', :id, 1)"), {"tenant": other, "id": new_id()}
            )


@pytest.mark.parametrize(
    "statement",
    [
        "delete from k_outbox",
        "update k_outbox set data = '{}'",
        "update k_outbox_archive set data = '{}'",
        "delete from k_outbox_archive",
        "update k_audit_number set last_number = 0",
        "delete from k_event_version",
        "delete from k_inbox",
        "delete from k_person_key",
    ],
)
async def test_the_app_role_cannot_unsay_what_was_told(house: House, statement: str) -> None:
    with pytest.raises(Problem, match="42501"):
        await house.rows("recruitment", new_tenant(), statement)


async def test_a_month_of_the_archive_cannot_be_read_past_its_parent(house: House) -> None:
    (child,) = await house.relay_rows(
        "recruitment",
        "select inhrelid::regclass::text from pg_inherits where inhparent = 'k_outbox_archive'::regclass limit 1",
    )
    with pytest.raises(Problem, match="42501"):
        await house.rows("recruitment", new_tenant(), f"select 1 from {child[0]}")  # noqa: S608 - from the catalogue

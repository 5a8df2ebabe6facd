"""Audit entries: numbered by the relay, per tenant, without gaps, in order of commit."""

import asyncio
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.events.audit import AuditRecorded
from kernel.events.event import Received
from kernel.events.outbox import audit
from kernel.events.subscriptions import Subscriptions
from kernel.ids import new_id
from tests.integration.kernel.events.house import House, new_tenant, system, until


async def test_entries_are_numbered_without_gaps_per_tenant(house: House) -> None:
    heard: dict[UUID, list[tuple[int, int]]] = {}
    subscriptions = Subscriptions()

    @subscriptions.on(AuditRecorded, sources=["recruitment"])
    async def on_recorded(tx: Transaction, event: Received[AuditRecorded]) -> None:
        heard.setdefault(event.tenant, []).append((event.version, event.data.number))

    first, second = new_tenant(), new_tenant()

    async def record(tenant: UUID, n: int) -> None:
        async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
            await audit(tx, "recruitment.notice.publish", subject_type="notice", subject_id=new_id(), facts={"n": n})

    async with house.relaying(), house.consuming(subscriptions):
        await asyncio.gather(*(record(tenant, n) for n in range(8) for tenant in (first, second)))

        async def complete() -> bool:
            return len(heard.get(first, [])) == len(heard.get(second, [])) == 8

        await until(complete, "eight entries of each tenant")
    numbers = [(n, n) for n in range(1, 9)]
    assert heard[first] == numbers
    assert heard[second] == numbers


async def test_an_entry_is_not_numbered_before_its_transaction_commits(house: House) -> None:
    tenant = new_tenant()
    async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
        await audit(tx, "a.b.c", subject_type="notice", subject_id=None)
        async with house.dbs["recruitment"].transaction(system(tenant)) as other:
            await audit(other, "d.e.f", subject_type="notice", subject_id=None)
        async with house.relaying():
            await until(lambda: _archived(house, tenant, 1), "the entry that committed")
    async with house.relaying():
        await until(lambda: _archived(house, tenant, 2), "both entries")
    rows = await house.rows("recruitment", tenant, "select data from k_outbox_archive order by aggregate_version")
    assert [(row.data["action"], row.data["number"]) for row in rows] == [("d.e.f", 1), ("a.b.c", 2)]


async def _archived(house: House, tenant: UUID, wanted: int) -> bool:
    return len(await house.rows("recruitment", tenant, "select 1 from k_outbox_archive")) == wanted

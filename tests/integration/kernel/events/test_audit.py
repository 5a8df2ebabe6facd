"""Audit entries: numbered by the relay, per tenant, without gaps, in order of commit."""

import asyncio
from collections.abc import Mapping, Sequence
from json import loads
from typing import Any
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.events.audit import AuditRecorded
from kernel.events.event import Received
from kernel.events.outbox import audit
from kernel.events.relay_store import relay_store
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


async def test_an_entry_committed_late_goes_behind_those_that_have_their_number(house: House) -> None:
    """It has the lowest place in the outbox and the highest number, so the place alone would send it too early."""
    tenant, db = new_tenant(), house.dbs["recruitment"]
    async with house.relaying():
        await until(lambda: _empty(house), "an empty outbox")

    async def act(name: str) -> None:
        async with db.transaction(system(tenant)) as tx:
            await audit(tx, name, subject_type="notice", subject_id=None)

    def told(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
        found = [(loads(row["data"]), row["aggregate_version"]) for row in rows]
        assert all(data["number"] == number for data, number in found)
        return [(data["action"], number) for data, number in found]

    async with relay_store(db) as store:
        async with db.transaction(system(tenant)) as late:
            await audit(late, "late", subject_type="notice", subject_id=None)
            async with late.savepoint():
                pass  # before it, what was told has its place
            for name in ("first", "second", "third"):
                await act(name)
            sent = await store.take(2)
        assert told(sent) == [("first", 1), ("second", 2)]
        ahead = await store.take(2, behind=sent)
        assert told(ahead) == [("late", 3), ("third", 4)]
        async with store.moved(sent[:1], [1], 1):
            pass
        assert told(await store.take(1)) == [("second", 2)], "it was not confirmed"
        assert told(await store.take(9, behind=sent)) == [("late", 3), ("third", 4)]
    async with relay_store(db) as successor:
        async with db.transaction(system(tenant)) as tx:
            await audit(tx, "last", subject_type="notice", subject_id=None)
        left = await successor.take(9)
        assert told(left) == [("second", 2), ("late", 3), ("third", 4)]
        assert told(await successor.take(9, behind=left)) == [("last", 5)]
        async with successor.moved(left, [2, 3, 4], 1):
            pass
        assert told(await successor.take(9)) == [("last", 5)]
    async with house.relaying():
        await until(lambda: _empty(house), "an empty outbox")


async def _empty(house: House) -> bool:
    return not await house.relay_rows("recruitment", "select 1 from k_outbox")


async def _archived(house: House, tenant: UUID, wanted: int) -> bool:
    return len(await house.rows("recruitment", tenant, "select 1 from k_outbox_archive")) == wanted

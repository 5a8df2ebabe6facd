"""From outbox to effect: once, in order, with what belongs to it."""

import asyncio
from uuid import UUID

import pytest

from kernel.db.transaction import Transaction
from kernel.events import relay
from kernel.events.event import Received, Seal
from kernel.events.outbox import emit
from kernel.ids import new_id
from kernel.privacy.keys import erase
from tests.integration.kernel.events.house import (
    House,
    Probed,
    listening,
    new_tenant,
    system,
    until,
    write_down,
)


async def test_an_event_has_its_effect_once_and_moves_to_the_archive(house: House) -> None:
    tenant, aggregate = new_tenant(), new_id()
    async with house.relaying(), house.consuming(listening()):
        for n in range(1, 6):
            await house.tell(tenant, aggregate, n)
        await until(lambda: _count(house, tenant, 5), "five effects")
        await until(lambda: house.told(tenant), "an empty outbox")
    assert [(row.n, row.version) for row in await house.effects(tenant)] == [(n, n) for n in range(1, 6)]
    archived = await house.rows(
        "recruitment", tenant, "select aggregate_version, stream_seq from k_outbox_archive order by stream_seq"
    )
    assert [row.aggregate_version for row in archived] == [1, 2, 3, 4, 5]


async def test_who_awaits_an_event_comes_before_its_way_to_the_archive(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The move waits for a lull; what is told meanwhile goes at once, and nothing goes twice."""
    monkeypatch.setattr(relay, "LULL_SECONDS", 3.0)
    tenant, aggregate = new_tenant(), new_id()
    async with house.relaying(), house.consuming(listening()):
        for n in (1, 2, 3):
            await house.tell(tenant, aggregate, n)
            await until(lambda count=n: _count(house, tenant, count), "its effect", seconds=2)
            waiting = await house.rows("recruitment", tenant, "select aggregate_version from k_outbox")
            assert n in [row.aggregate_version for row in waiting]
        await until(lambda: house.told(tenant), "an empty outbox")
    archived = await house.rows(
        "recruitment", tenant, "select aggregate_version, stream_seq from k_outbox_archive order by stream_seq"
    )
    assert [row.aggregate_version for row in archived] == [1, 2, 3]
    assert [row.stream_seq - archived[0].stream_seq for row in archived] == [0, 1, 2]


async def test_nothing_is_told_of_a_transaction_that_rolled_back(house: House) -> None:
    tenant, aggregate = new_tenant(), new_id()
    try:
        async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
            await emit(tx, Probed(n=1), aggregate_id=aggregate)
            raise RuntimeError("refused")
    except RuntimeError:
        pass
    await house.tell(tenant, aggregate, 2)
    rows = await house.rows("recruitment", tenant, "select aggregate_version, data from k_outbox")
    assert [(row.aggregate_version, row.data["n"]) for row in rows] == [(1, 2)]


async def test_a_late_commit_is_neither_lost_nor_holds_up_the_others(house: House) -> None:
    tenant, late = new_tenant(), new_id()
    async with house.relaying(), house.consuming(listening()):
        async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
            await emit(tx, Probed(n=0), aggregate_id=late)
            for n in range(1, 31):
                await house.tell(tenant, new_id(), n)
            await until(lambda: _count(house, tenant, 30), "the thirty that committed meanwhile")
            assert await house.effects(tenant, late) == []
        await until(lambda: house.effects(tenant, late), "the one that committed last")


async def test_writers_of_one_aggregate_get_versions_without_gaps_in_order_of_commit(house: House) -> None:
    tenant, aggregate = new_tenant(), new_id()
    await asyncio.gather(*(house.tell(tenant, aggregate, n) for n in range(8)))
    rows = await house.rows("recruitment", tenant, "select aggregate_version as v from k_outbox order by seq")
    assert [row.v for row in rows] == list(range(1, 9))


async def test_a_sealed_member_opens_for_its_receiver_and_for_nobody_else(house: House) -> None:
    tenant, person = new_tenant(), new_id()
    for receiver in ("roster", "training"):
        async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
            seal = Seal(receiver, person, {"phone": "13900000000"})
            await emit(tx, Probed(n=1), aggregate_id=new_id(), seal=seal)
    async with house.relaying(), house.consuming(listening()):
        await until(lambda: _count(house, tenant, 2), "both events")
    assert sorted(str(row.note) for row in await house.effects(tenant)) == ["13900000000", "None"]


async def test_what_is_stored_and_archived_of_a_sealed_member_holds_neither_data_nor_key(house: House) -> None:
    tenant, person = new_tenant(), new_id()
    async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
        await emit(tx, Probed(n=1), aggregate_id=new_id(), seal=Seal("roster", person, {"phone": "13900000000"}))
    (row,) = await house.rows("recruitment", tenant, "select k_outbox::text as all, sealed from k_outbox")
    assert "13900000000" not in row.all
    assert set(row.sealed) == {"receiver", "person_id", "key_version", "box"}


async def test_after_erasure_an_event_still_on_its_way_carries_no_personal_data(house: House) -> None:
    tenant, person = new_tenant(), new_id()
    async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
        await emit(tx, Probed(n=1), aggregate_id=new_id(), seal=Seal("roster", person, {"phone": "13900000000"}))
        await erase(tx, person)
    async with house.relaying(), house.consuming(listening()):
        await until(lambda: _count(house, tenant, 1), "the event")
    (row,) = await house.effects(tenant)
    assert row.note is None


async def test_a_gap_waits_for_what_is_missing(house: House) -> None:
    """The second event of an aggregate arrives first; it is applied after the first, not before."""
    tenant, aggregate = new_tenant(), new_id()
    await house.tell(tenant, aggregate, 1)
    await house.tell(tenant, aggregate, 2)
    seen: list[int] = []
    first_fails = True

    async def once_unwilling(tx: Transaction, event: Received[Probed]) -> None:
        nonlocal first_fails
        seen.append(event.version)
        if event.tenant == tenant and event.version == 1 and first_fails:
            first_fails = False
            raise RuntimeError("not now")
        await write_down(tx, event)

    async with house.relaying(), house.consuming(listening(once_unwilling)):
        await until(lambda: _count(house, tenant, 2), "both")
    assert [row.version for row in await house.effects(tenant)] == [1, 2]


async def _count(house: House, tenant: UUID, wanted: int) -> bool:
    return len(await house.effects(tenant)) >= wanted

"""A poisoned event: bounded tries, a dead letter with its reason, others go on, replay in order and only once."""

from uuid import UUID

import pytest

from kernel.context import TenantId
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.events import consumer, dead_letters
from kernel.events.event import Received
from kernel.ids import new_id
from tests.integration.kernel.events.house import (
    House,
    Probed,
    listening,
    new_tenant,
    until,
    write_down,
)


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "FIRST_DELAY", 0.05)


async def refuse_poison(tx: Transaction, event: Received[Probed]) -> None:
    if event.data.mood == "poison":
        raise ValueError("990101198501010010")
    await write_down(tx, event)


async def test_poison_becomes_a_dead_letter_its_followers_wait_and_others_go_on(house: House) -> None:
    tenant, bad, good = new_tenant(), new_id(), new_id()
    poison = await house.tell(tenant, bad, 1, "poison")
    await house.tell(tenant, bad, 2)
    await house.tell(tenant, bad, 3)
    await house.tell(tenant, good, 7)
    roster = house.dbs["roster"]

    async def buried() -> bool:
        return len(await dead_letters.listing(roster, TenantId(tenant))) == 3

    async with house.relaying(), house.consuming(listening(refuse_poison)):
        await until(lambda: house.effects(tenant, good), "the other aggregate", seconds=2)
        await until(buried, "three dead letters")
    letters = {letter.version: letter for letter in await dead_letters.listing(roster, TenantId(tenant))}
    assert (letters[1].event_id, letters[1].waiting, letters[1].attempts) == (poison, False, consumer.MAX_FAILURES)
    assert letters[1].reason == "ValueError"
    assert letters[2].waiting
    assert letters[3].waiting
    assert await house.effects(tenant, bad) == []

    mended = listening()
    assert await dead_letters.replay(roster, mended, TenantId(tenant), poison) == 3
    assert [row.version for row in await house.effects(tenant, bad)] == [1, 2, 3]
    assert await dead_letters.replay(roster, mended, TenantId(tenant), poison) == 0
    assert [row.version for row in await house.effects(tenant, bad)] == [1, 2, 3]

    await house.tell(tenant, bad, 4)
    async with house.relaying(), house.consuming(mended):
        await until(lambda: _versions(house, tenant, bad, 4), "the next event, the ordinary way")


async def test_a_replay_that_fails_again_changes_nothing(house: House) -> None:
    tenant, bad = new_tenant(), new_id()
    poison = await house.tell(tenant, bad, 1, "poison")
    roster = house.dbs["roster"]
    async with house.relaying(), house.consuming(listening(refuse_poison)):
        await until(lambda: dead_letters.listing(roster, TenantId(tenant)), "the dead letter")
    with pytest.raises(ValueError, match="9901"):
        await dead_letters.replay(roster, listening(refuse_poison), TenantId(tenant), poison)
    assert len(await dead_letters.listing(roster, TenantId(tenant))) == 1
    assert await dead_letters.replay(roster, listening(), TenantId(tenant), poison) == 1


async def test_one_that_waits_and_fails_itself_becomes_the_next_dead_letter(house: House) -> None:
    tenant, bad = new_tenant(), new_id()
    first = await house.tell(tenant, bad, 1, "poison")
    second = await house.tell(tenant, bad, 2, "poison")
    await house.tell(tenant, bad, 3)
    roster = house.dbs["roster"]

    async def buried() -> bool:
        return len(await dead_letters.listing(roster, TenantId(tenant))) == 3

    async with house.relaying(), house.consuming(listening(refuse_poison)):
        await until(buried, "three dead letters")

    async def half_mended(tx: Transaction, event: Received[Probed]) -> None:
        if event.version == 2:
            raise KeyError(event.version)
        await write_down(tx, event)

    assert await dead_letters.replay(roster, listening(half_mended), TenantId(tenant), first) == 1
    left = await dead_letters.listing(roster, TenantId(tenant))
    assert [(letter.version, letter.waiting) for letter in left] == [(2, False), (3, True)]
    assert await dead_letters.replay(roster, listening(), TenantId(tenant), second) == 2


async def test_a_dead_letter_of_another_tenant_does_not_exist(house: House) -> None:
    tenant = new_tenant()
    poison = await house.tell(tenant, new_id(), 1, "poison")
    roster = house.dbs["roster"]
    async with house.relaying(), house.consuming(listening(refuse_poison)):
        await until(lambda: dead_letters.listing(roster, TenantId(tenant)), "the dead letter")
    other = TenantId(new_tenant())
    assert await dead_letters.listing(roster, other) == []
    with pytest.raises(NotFound):
        await dead_letters.replay(roster, listening(), other, poison)


async def _versions(house: House, tenant: UUID, aggregate: UUID, wanted: int) -> bool:
    return len(await house.effects(tenant, aggregate)) >= wanted

"""Places at the pool: one tenant's are bounded, others are not touched, none is lost (case 15)."""

import asyncio
from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.db.fairness import Places
from kernel.errors import Unavailable
from kernel.ids import new_id

ONE, OTHER = new_id(), new_id()


async def test_one_tenant_never_holds_them_all() -> None:
    places = Places(10, 0.05)
    for _ in range(places.most):
        await places.enter(ONE)
    assert places.most < 10
    with pytest.raises(Unavailable):
        await places.enter(ONE)
    await places.enter(OTHER)
    places.leave(ONE)
    await places.enter(ONE)


async def test_who_waits_is_let_in_in_order() -> None:
    places, entered = Places(1, 5), list[int]()

    async def one(number: int) -> None:
        await places.enter(ONE)
        entered.append(number)

    await places.enter(ONE)
    waiting = [asyncio.create_task(one(number)) for number in range(3)]
    await asyncio.sleep(0)
    waiting[1].cancel()
    await asyncio.gather(waiting[1], return_exceptions=True)
    places.leave(ONE)
    await waiting[0]
    places.leave(ONE)
    await waiting[2]
    assert entered == [0, 2]


@given(st.lists(st.tuples(st.sampled_from([ONE, OTHER]), st.booleans()), max_size=40))
def test_no_place_is_lost_whoever_gives_up(visits: list[tuple[UUID, bool]]) -> None:
    """Some are cancelled while they wait or at the very moment they are let in; afterwards all places are free."""

    async def play() -> None:
        places, held = Places(3, 5), Counter[UUID]()

        async def visit(tenant: UUID) -> None:
            await places.enter(tenant)
            try:
                held[tenant] += 1
                assert held[tenant] <= places.most
                await asyncio.sleep(0)
            finally:
                held[tenant] -= 1
                places.leave(tenant)

        tasks = [(asyncio.create_task(visit(tenant)), impatient) for tenant, impatient in visits]
        await asyncio.sleep(0)
        for task, impatient in tasks:
            if impatient:
                task.cancel()
        found = await asyncio.gather(*(task for task, _ in tasks), return_exceptions=True)
        assert {type(each) for each in found} <= {type(None), asyncio.CancelledError}
        assert places._lines == {}

    asyncio.run(play())

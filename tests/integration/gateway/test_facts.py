"""What the edges are told of a tenant does not depend on the order in which its news arrive, nor on their overlap."""

import asyncio
from contextlib import suppress
from typing import Any, cast

from sqlmodel import select

from gateway.edgefeed.changes import GrantsSet, RoutesSet
from gateway.edgefeed.operations import routes_of
from gateway.edgefeed.server import EdgeFeed
from gateway.facts import Facts, telling
from kernel.org.tables import OrgPack, OrgTenant
from tests.integration.gateway.house import Town

WAITS_SECONDS = 1.0


class Listening:
    """A feed that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def announce(self, *changes: Any) -> int:
        self.told += changes
        return len(self.told)


async def test_grants_are_told_though_tenant_and_pack_arrive_in_overlapping_transactions(town: Town) -> None:
    """The tenant's transaction does not see the pack of one that is not committed, and tells last."""
    feed = Listening()
    handlers = telling(cast(EdgeFeed, feed))
    database, context = town.tenant.service.database, town.tenant.context()
    async with database.transaction(context) as tx:
        row = (await tx.session.execute(select(OrgTenant))).scalar_one().model_dump()
        pack = (await tx.session.execute(select(OrgPack))).scalars().one().model_dump()
        for each in (await tx.session.execute(select(OrgTenant))).scalars():
            await tx.session.delete(each)
        for other in (await tx.session.execute(select(OrgPack))).scalars():
            await tx.session.delete(other)
    pack_told, tenant_told = asyncio.Event(), asyncio.Event()

    async def pack_arrives() -> None:
        async with database.transaction(context) as tx:
            tx.session.add(OrgPack(**pack))
            await tx.session.flush()
            await _handle(handlers, "pack", "published", tx)
            pack_told.set()
            # The tenant's news wait for this commit; were they told before it, they would know of no pack.
            with suppress(TimeoutError):
                async with asyncio.timeout(WAITS_SECONDS):
                    await tenant_told.wait()

    async def tenant_arrives() -> None:
        await pack_told.wait()
        async with database.transaction(context) as tx:
            tx.session.add(OrgTenant(**row))
            await tx.session.flush()
            await _handle(handlers, "tenant", "changed", tx)
            tenant_told.set()

    await asyncio.gather(pack_arrives(), tenant_arrives())
    last = [change for change in feed.told if isinstance(change, GrantsSet)][-1]
    assert last.grants


async def _handle(handlers: Any, aggregate: str, event: str, tx: Any) -> None:
    found = handlers.find(("gateway", aggregate), event, 1)
    for handler in found.handlers:
        await handler(tx, None)  # they look at the transaction alone


async def test_an_edge_is_told_of_which_processes_the_operations_are_not_known(town: Town) -> None:
    facts = Facts(town.tenant.service.database)
    known = routes_of("roster", [])
    facts.routes["roster"] = known
    told = [each for each in await facts.snapshot() if isinstance(each, RoutesSet)]
    assert known in told
    assert {each.service for each in told if each.awaited} == {"gateway", "recruitment", "assessment", "training"}

"""What the edges are told: read from directory, identity, regulation and the services' own documents.

A snapshot for an edge that connects, and changes as they are committed. The gateway listens to its own events for
that, so a tenant made or changed by a command in another process reaches the edges the same way.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import structlog
from sqlalchemy import text

from gateway.directory import queries as directory
from gateway.directory.edge_facts import post_change
from gateway.directory.substitution import queries as substitutions
from gateway.directory.tables import Substitution
from gateway.edgefeed.changes import Change, GrantsSet, RoutesSet, SubstituteSet, TenantSet
from gateway.edgefeed.server import EdgeFeed
from gateway.identity import edge_facts as identity
from kernel.clock import local_date, utcnow
from kernel.config import DATABASES
from kernel.context import PLATFORM_TENANT, Context, TenantId
from kernel.db.transaction import Database, Transaction
from kernel.errors import NotFound, ParameterNotSet
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.org import queries as org
from kernel.org.grants import grants_of
from kernel.org.published import (
    PackBegan,
    PackPublished,
    PostChanged,
    PostsLoaded,
    SubstitutionChanged,
    TenantChanged,
    UnitChanged,
    UnitsRenumbered,
)

log = structlog.get_logger("facts")
_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('facts of ' || :tenant, 0))")


class Facts:
    """Reads what the edges decide by."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.routes: dict[str, RoutesSet] = {}
        """The operations of every process, as far as its document was read."""

    async def snapshot(self) -> Sequence[Change]:
        """All facts there are, as changes."""
        told = (self.routes.get(each) or RoutesSet(service=each, awaited=True) for each in DATABASES)
        changes: list[Change] = [*told, *await self._keys()]
        for row in await directory.all_tenants(self._database):
            changes.extend(await self.of_tenant(TenantId(row[0])))
        return changes

    async def _keys(self) -> list[Change]:
        async with self._database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as tx:
            return await identity.key_changes(tx)

    async def of_tenant(self, tenant: TenantId) -> list[Change]:
        """All facts of one tenant."""
        async with self._database.transaction(Context.system(tenant, utcnow())) as tx:
            return await tenant_changes(tx)


async def tenant_changes(tx: Transaction) -> list[Change]:
    """The tenant, its posts, clients, revocations and grants, as this transaction sees them."""
    tenant = await directory.tenant(tx)
    # The tenant lives in its own time: posts and regulations are those of its business day.
    today = local_date(utcnow() + timedelta(seconds=tenant.business_offset_seconds))
    changes: list[Change] = [
        TenantSet(
            id=tenant.tenant_id,
            slug=tenant.slug,
            status=tenant.status,
            business_offset_seconds=tenant.business_offset_seconds,
        )
    ]
    changes.extend(post_change(tx.tenant, post) for post in await directory.every_post(tx, today))
    changes.extend(_substitute(tx, each) for each in await substitutions.not_over(tx, today))
    changes.extend(await identity.tenant_changes(tx))
    changes.append(await _grants(tx, today))
    return changes


def _substitute(tx: Transaction, row: Substitution) -> SubstituteSet:
    return SubstituteSet(
        id=row.id,
        tenant=tx.tenant,
        post=row.post_id,
        user=row.user_id,
        valid_from=row.valid_from,
        valid_before=row.valid_before,
    )


async def _grants(tx: Transaction, today: date) -> GrantsSet:
    try:
        pack = await org.pack(tx, today)
    except ParameterNotSet:
        return GrantsSet(tenant=tx.tenant, grants={})
    return GrantsSet(tenant=tx.tenant, grants=grants_of(pack))


def telling(feed: EdgeFeed) -> Subscriptions:
    """Handlers that pass on what the gateway's own events change. Registered behind those of the read model."""
    subscriptions = Subscriptions()

    async def tell(tx: Transaction) -> None:
        # News of one tenant waits for each other, until the commit: its row and its pack come in transactions that
        # may overlap, and one that does not see the other's pack yet must not be the last to tell the grants.
        await tx.session.execute(_ONE_AT_A_TIME, {"tenant": str(tx.tenant)})
        try:
            feed.announce(*await tenant_changes(tx))
        except NotFound:
            log.info("news of a tenant that is not committed here yet", tenant=str(tx.tenant))

    @subscriptions.on(TenantChanged)
    async def on_tenant(tx: Transaction, _: Received[TenantChanged]) -> None:
        await tell(tx)

    @subscriptions.on(PackPublished)
    async def on_pack(tx: Transaction, _: Received[PackPublished]) -> None:
        await tell(tx)

    @subscriptions.on(PackBegan)
    async def on_first_day(tx: Transaction, _: Received[PackBegan]) -> None:
        await tell(tx)

    async def tell_posts(tx: Transaction, units: Sequence[UUID]) -> None:
        today = local_date(tx.now)
        feed.announce(*(post_change(tx.tenant, post) for post in await directory.posts_of(tx, units, today)))

    @subscriptions.on(UnitChanged)
    async def on_unit(tx: Transaction, event: Received[UnitChanged]) -> None:
        # A unit just made has no posts yet; one that changed may reach farther than before.
        if event.version > 1:
            await tell_posts(tx, [event.aggregate_id])

    @subscriptions.on(UnitsRenumbered)
    async def on_tree(tx: Transaction, event: Received[UnitsRenumbered]) -> None:
        await tell_posts(tx, [UUID(each) for each in event.data.unit_ids])

    @subscriptions.on(PostChanged)
    async def on_post(tx: Transaction, event: Received[PostChanged]) -> None:
        feed.announce(post_change(tx.tenant, await directory.post(tx, event.aggregate_id)))

    @subscriptions.on(PostsLoaded)
    async def on_posts(tx: Transaction, event: Received[PostsLoaded]) -> None:
        posts = await directory.posts_of_ids(tx, [UUID(each) for each in event.data.post_ids])
        feed.announce(*(post_change(tx.tenant, post) for post in posts))

    @subscriptions.on(SubstitutionChanged)
    async def on_substitution(tx: Transaction, event: Received[SubstitutionChanged]) -> None:
        data = event.data
        feed.announce(
            SubstituteSet(
                id=event.aggregate_id,
                tenant=tx.tenant,
                post=UUID(data.post_id),
                user=UUID(data.user_id),
                valid_from=date.fromisoformat(data.valid_from),
                valid_before=date.fromisoformat(data.valid_before),
            )
        )

    return subscriptions

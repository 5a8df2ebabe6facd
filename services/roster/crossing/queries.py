"""SQL of moves between tenants, and the one way by which the platform goes from one tenant to another."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.context import PLATFORM_TENANT, Context, TenantId
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.org import queries as org
from services.roster.crossing.schemas import CrossingView
from services.roster.crossing.tables import Crossing, KnownTenant

OPEN = ("released", "consented")


@contextlib.asynccontextmanager
async def within(tx: Transaction, tenant: TenantId) -> AsyncIterator[Transaction]:
    """The same transaction as the platform at work in another tenant, in that tenant's own business time.

    Afterwards it is back where it was. An error leaves it where it is: the whole transaction is rolled back then. What
    is read inside is never shown to whoever asked outside.
    """
    platform = await tx.under(Context.system(tenant, tx.now, traceparent=tx.context.traceparent))
    theirs = await platform.under(replace(platform.context, business_time=await org.business_now(platform)))
    yield theirs
    await theirs.under(tx.context)


async def know(tx: Transaction, slug: str, title: str, *, active: bool) -> None:
    """Keep under which name this tenant is known; an inactive one is known no longer."""
    platform = await tx.under(Context.system(PLATFORM_TENANT, tx.now))
    gone = delete(KnownTenant).where(col(KnownTenant.named_tenant_id) == tx.tenant)
    await platform.session.execute(gone.where(col(KnownTenant.slug) != slug) if active else gone)
    if active:
        values = {"tenant_id": PLATFORM_TENANT, "slug": slug, "named_tenant_id": tx.tenant, "title": title}
        fresh = {"named_tenant_id": tx.tenant, "title": title}
        statement = insert(KnownTenant).values(values)
        await platform.session.execute(
            statement.on_conflict_do_update(index_elements=["tenant_id", "slug"], set_=fresh)
        )
    await platform.under(tx.context)


async def known_tenant(tx: Transaction, slug: str) -> KnownTenant | None:
    """The tenant of that name, read as the platform; None where there is none."""
    platform = await tx.under(Context.system(PLATFORM_TENANT, tx.now))
    row = (
        await platform.session.execute(select(KnownTenant).where(col(KnownTenant.slug) == slug))
    ).scalar_one_or_none()
    await platform.under(tx.context)
    return row


async def crossing(tx: Transaction, crossing_id: UUID, *, lock: bool = False) -> Crossing:
    """The giving side's record; `NotFound` outside the scope."""
    statement = select(Crossing).where(col(Crossing.id) == crossing_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def open_of(tx: Transaction, dossier_id: UUID) -> Crossing | None:
    """The move of a dossier that is under way; None without one."""
    found = await tx.session.execute(
        select(Crossing).where(col(Crossing.dossier_id) == dossier_id, col(Crossing.state).in_(OPEN))
    )
    return found.scalar_one_or_none()


async def crossings(tx: Transaction, paging: Paging) -> Page[CrossingView]:
    """The moves out of the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Crossing).where(col(Crossing.unit_no).between(scope.lo, scope.hi))
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Crossing.unit_no), col(Crossing.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Crossing.unit_no), col(Crossing.id)).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[CrossingView](items=[CrossingView.model_validate(row) for row in shown], next=following)


async def own(tx: Transaction) -> list[Crossing]:
    """The moves of the person who asks; row-level security leaves no others."""
    return list((await tx.session.execute(select(Crossing).order_by(col(Crossing.id)))).scalars())

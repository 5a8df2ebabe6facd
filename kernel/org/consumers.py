"""Fills the read model from directory's and regulation's events."""

from datetime import date
from uuid import UUID

import orjson

from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.org.published import LocalParameterSet, PackPublished, PostChanged, TenantChanged, UnitChanged
from kernel.org.tables import OrgPack, OrgParameter, OrgPost, OrgTenant, OrgUnit

subscriptions = Subscriptions()


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


@subscriptions.on(TenantChanged)
async def on_tenant(tx: Transaction, event: Received[TenantChanged]) -> None:
    """Keep the tenant's row."""
    data = event.data
    await tx.session.merge(
        OrgTenant(
            tenant_id=tx.tenant,
            slug=data.slug,
            title=data.title,
            status=data.status,
            business_offset_seconds=data.business_offset_seconds,
        )
    )


@subscriptions.on(UnitChanged)
async def on_unit(tx: Transaction, event: Received[UnitChanged]) -> None:
    """Keep the unit."""
    data = event.data
    await tx.session.merge(
        OrgUnit(
            tenant_id=tx.tenant,
            id=event.aggregate_id,
            unit_no=data.unit_no,
            last_no=data.last_no,
            level=data.level,
            code=data.code,
            title=data.title,
            parent_id=UUID(data.parent_id) if data.parent_id else None,
            valid_from=date.fromisoformat(data.valid_from),
            valid_before=_day(data.valid_before),
        )
    )


@subscriptions.on(PostChanged)
async def on_post(tx: Transaction, event: Received[PostChanged]) -> None:
    """Keep the post."""
    data = event.data
    await tx.session.merge(
        OrgPost(
            tenant_id=tx.tenant,
            id=event.aggregate_id,
            user_id=UUID(data.user_id),
            unit_id=UUID(data.unit_id),
            unit_no=data.unit_no,
            department_kind=data.department_kind,
            level=data.level,
            duty=data.duty,
            valid_from=date.fromisoformat(data.valid_from),
            valid_before=_day(data.valid_before),
        )
    )


@subscriptions.on(PackPublished)
async def on_pack(tx: Transaction, event: Received[PackPublished]) -> None:
    """Keep the version of the pack."""
    data = event.data
    await tx.session.merge(
        OrgPack(
            tenant_id=tx.tenant,
            id=event.aggregate_id,
            pack_id=data.pack_id,
            pack_version=data.pack_version,
            valid_from=date.fromisoformat(data.valid_from),
            valid_before=_day(data.valid_before),
            content=data.content,
        )
    )


@subscriptions.on(LocalParameterSet)
async def on_local_parameter(tx: Transaction, event: Received[LocalParameterSet]) -> None:
    """Keep the local parameter and its period."""
    data = event.data
    await tx.session.merge(
        OrgParameter(
            tenant_id=tx.tenant,
            id=event.aggregate_id,
            path=data.path,
            unit_id=UUID(data.unit_id),
            value=orjson.loads(data.value),
            source=data.document,
            valid_from=date.fromisoformat(data.valid_from),
            valid_before=_day(data.valid_before),
        )
    )

"""Fills the read model from directory's and regulation's events."""

from datetime import date
from uuid import UUID

import orjson
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.models import ReadModel
from kernel.events.subscriptions import Subscriptions
from kernel.org import loading, queries, renumbering
from kernel.org.published import (
    InterpretationPublished,
    LeaveChanged,
    LocalParameterSet,
    PackPublished,
    PostChanged,
    PostsLoaded,
    SubstitutionChanged,
    TenantChanged,
    UnitChanged,
    UnitsLoaded,
    UnitsRenumbered,
)
from kernel.org.tables import (
    OrgInterpretation,
    OrgLeave,
    OrgNumber,
    OrgPack,
    OrgParameter,
    OrgPost,
    OrgSubstitution,
    OrgTenant,
    OrgUnit,
)

subscriptions = Subscriptions()
MODEL = ReadModel(
    "org",
    (OrgTenant, OrgUnit, OrgNumber, OrgPost, OrgSubstitution, OrgLeave, OrgPack, OrgInterpretation, OrgParameter),
    subscriptions,
)


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
    unit_no, last_no, successor = await _numbers(tx, event.aggregate_id, data)
    await tx.session.merge(
        OrgUnit(
            tenant_id=tx.tenant,
            id=event.aggregate_id,
            unit_no=unit_no,
            last_no=last_no,
            level=data.level,
            code=data.code,
            title=data.title,
            parent_id=UUID(data.parent_id) if data.parent_id else None,
            valid_from=date.fromisoformat(data.valid_from),
            valid_before=_day(data.valid_before),
            successor_id=successor,
        )
    )


async def _numbers(tx: Transaction, unit_id: UUID, data: UnitChanged) -> tuple[int, int, UUID | None]:
    """Numbers change with the rows that bear them, by the news of the tree alone; a range may grow by itself."""
    known = await tx.session.get(OrgUnit, (tx.tenant, unit_id))
    if known is not None:
        last_no = max(known.last_no, data.last_no) if known.unit_no == data.unit_no else known.last_no
        return known.unit_no, last_no, known.successor_id
    given = await tx.session.execute(
        # News of a tree that was numbered anew came before the news that the unit was made.
        select(OrgNumber).where(col(OrgNumber.unit_id) == unit_id).order_by(col(OrgNumber.unit_no).desc()).limit(1)
    )
    row = given.scalar_one_or_none()
    return (data.unit_no, data.last_no, None) if row is None else (row.unit_no, row.last_no, None)


@subscriptions.on(UnitsRenumbered)
async def on_tree(tx: Transaction, event: Received[UnitsRenumbered]) -> None:
    """Renumber the read model and every row of the process with it, then hand over what merged units had."""
    data = event.data
    told = list(zip(map(UUID, data.unit_ids), data.old_nos, data.unit_nos, data.last_nos, strict=True))
    for unit_id, old_no, unit_no, last_no in told:
        row = await tx.session.get(OrgUnit, (tx.tenant, unit_id))
        if row is not None:
            row.unit_no, row.last_no = unit_no, last_no
        await renumbering.remember(tx, old_no, unit_id, unit_no, last_no)
    await renumbering.carry(tx, {old_no: unit_no for _, old_no, unit_no, _ in told})
    for merged_id, into_id in zip(map(UUID, data.merged_ids), map(UUID, data.into_ids), strict=True):
        closed, into = await queries.unit(tx, merged_id), await queries.unit(tx, into_id)
        closed.successor_id = into.id
        await renumbering.remember(tx, closed.unit_no, closed.id, into.unit_no, closed.last_no)
        await renumbering.hand_over(tx, closed, into, date.fromisoformat(data.valid_from))


@subscriptions.on(PostChanged)
async def on_post(tx: Transaction, event: Received[PostChanged]) -> None:
    """Keep the post."""
    data = event.data
    # The post is where its unit is numbered here now, whichever of the two news came first.
    unit = await tx.session.get(OrgUnit, (tx.tenant, UUID(data.unit_id)))
    await tx.session.merge(
        OrgPost(
            tenant_id=tx.tenant,
            id=event.aggregate_id,
            user_id=UUID(data.user_id),
            unit_id=UUID(data.unit_id),
            unit_no=unit.unit_no if unit else data.unit_no,
            department_kind=data.department_kind,
            level=data.level,
            duty=data.duty,
            valid_from=date.fromisoformat(data.valid_from),
            valid_before=_day(data.valid_before),
        )
    )


@subscriptions.on(UnitsLoaded)
async def on_units(tx: Transaction, event: Received[UnitsLoaded]) -> None:
    """Keep many units at once."""
    await loading.load_units(tx, event.data)


@subscriptions.on(PostsLoaded)
async def on_posts(tx: Transaction, event: Received[PostsLoaded]) -> None:
    """Keep many posts at once."""
    await loading.load_posts(tx, event.data)


@subscriptions.on(SubstitutionChanged)
async def on_substitution(tx: Transaction, event: Received[SubstitutionChanged]) -> None:
    """Keep who stands in for whom."""
    data = event.data
    await tx.session.merge(
        OrgSubstitution(
            tenant_id=tx.tenant,
            id=event.aggregate_id,
            post_id=UUID(data.post_id),
            user_id=UUID(data.user_id),
            valid_from=date.fromisoformat(data.valid_from),
            valid_before=date.fromisoformat(data.valid_before),
        )
    )


@subscriptions.on(LeaveChanged)
async def on_leave(tx: Transaction, event: Received[LeaveChanged]) -> None:
    """Keep who is away."""
    data = event.data
    await tx.session.merge(
        OrgLeave(
            tenant_id=tx.tenant,
            id=event.aggregate_id,
            user_id=UUID(data.user_id),
            valid_from=date.fromisoformat(data.valid_from),
            valid_before=date.fromisoformat(data.valid_before),
        )
    )


@subscriptions.on(PackPublished)
async def on_pack(tx: Transaction, event: Received[PackPublished]) -> None:
    """Keep the version of the pack.

    Where another follows it, it ends by that one's beginning, not by a day: this news may come before that of the
    other, and meanwhile no regulation would be in force.
    """
    data = event.data
    await tx.session.merge(
        OrgPack(
            tenant_id=tx.tenant,
            id=event.aggregate_id,
            pack_id=data.pack_id,
            pack_version=data.pack_version,
            valid_from=date.fromisoformat(data.valid_from),
            valid_before=None if data.followed else _day(data.valid_before),
            content=data.content,
        )
    )


@subscriptions.on(InterpretationPublished)
async def on_interpretation(tx: Transaction, event: Received[InterpretationPublished]) -> None:
    """Keep the interpretation, to be shown with the findings of its article."""
    data = event.data
    await tx.session.merge(
        OrgInterpretation(
            tenant_id=tx.tenant,
            id=event.aggregate_id,
            article=data.article,
            text=data.text,
            document=data.document,
            organ_zh=data.organ_zh,
            organ_en=data.organ_en,
            valid_from=date.fromisoformat(data.valid_from),
        )
    )


@subscriptions.on(LocalParameterSet)
async def on_local_parameter(tx: Transaction, event: Received[LocalParameterSet]) -> None:
    """Keep the local parameter and its period; as of packs, one that another follows ends by that one's beginning."""
    data = event.data
    open_end = data.followed and data.valid_before != data.valid_from
    await tx.session.merge(
        OrgParameter(
            tenant_id=tx.tenant,
            id=event.aggregate_id,
            path=data.path,
            unit_id=UUID(data.unit_id),
            value=orjson.loads(data.value),
            source=data.document,
            valid_from=date.fromisoformat(data.valid_from),
            valid_before=None if open_end else _day(data.valid_before),
        )
    )

"""Publishing what a community does and commits itself to, and showing it to everybody."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, InvalidInput, NotFound, Text
from kernel.events.outbox import audit
from kernel.http.etag import check_version
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from kernel.regulation.pack import Pack
from kernel.regulation.schema import ItemList
from services.roster.duty_page import queries, rules
from services.roster.duty_page.schemas import (
    Commitment,
    DutyPageBody,
    DutyPageChange,
    DutyPageView,
    DutySet,
    DutyView,
    PublicPlace,
    RoleCount,
)
from services.roster.duty_page.tables import DutyPage
from services.roster.structure import queries as structure_queries

COMMUNITY = "community"


async def publish(tx: Transaction, body: DutyPageBody) -> DutyPageView:
    """Make the duties and commitments of a community of the scope public; `Conflict` where they are.

    Raises `Forbidden` where the text gives this to units of another level, `InvalidInput` for an unknown place.
    """
    community = await _community(tx, body.community_unit_id)
    pack = await org.pack(tx)
    _check(tx, pack, body.commitments)
    await queries.lock_community(tx, community.id)
    if await queries.of_community(tx, community.id) is not None:
        raise Conflict(Text("该社区的页面已公开，请修改", "The page of this community is public; change it."))
    row = DutyPage(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=community.unit_no,
        community_unit_id=community.id,
        community_title=community.title,
        commitments=[each.model_dump() for each in body.commitments],
        counts=await structure_queries.counts(tx, community.id, tx.today),
        counted_on=tx.today,
        published_at=tx.now,
        published_by=tx.context.actor.user,
    )
    tx.session.add(row)
    await tx.session.flush()
    await _audit(tx, row)
    return _view(pack, row)


async def change(tx: Transaction, page_id: UUID, version: int, body: DutyPageChange) -> DutyPageView:
    """Put other commitments in the place of those that are public; the audit trail keeps what stood there."""
    seen = await queries.get(tx, page_id)
    await _community(tx, seen.community_unit_id)
    pack = await org.pack(tx)
    _check(tx, pack, body.commitments)
    await queries.lock_community(tx, seen.community_unit_id)
    row = await queries.get(tx, page_id, lock=True)
    check_version(row.version, version)
    row.commitments = [each.model_dump() for each in body.commitments]
    row.counts = await structure_queries.counts(tx, row.community_unit_id, tx.today)
    row.counted_on, row.published_at, row.published_by = tx.today, tx.now, tx.context.actor.user
    row.version += 1
    await tx.session.flush()
    await _audit(tx, row)
    return _view(pack, row)


async def show(tx: Transaction, page_id: UUID) -> DutyPageView:
    """The page with the duties of the regulation in force."""
    row = await queries.get(tx, page_id)
    return _view(await org.pack(tx), row)


async def recount(tx: Transaction, community_unit_id: UUID) -> None:
    """Count again how many people work where, for a page that is public."""
    await queries.lock_community(tx, community_unit_id)
    row = await queries.of_community(tx, community_unit_id)
    if row is None:
        return
    row.counts, row.counted_on = await structure_queries.counts(tx, community_unit_id, tx.today), tx.today
    row.version += 1
    await tx.session.flush()


def _check(tx: Transaction, pack: Pack, commitments: Iterable[Commitment]) -> None:
    rules.check_publisher(pack, pack.parameter(rules.PAGE_LEVEL, tx.today), tx.context.actor.level)
    rules.check_commitments(pack, [each.place for each in commitments])


async def _audit(tx: Transaction, row: DutyPage) -> None:
    facts = {"community_unit_id": str(row.community_unit_id), "commitments": [each["text"] for each in row.commitments]}
    await audit(tx, "roster.duty_page.publish", subject_type="duty_page", subject_id=row.id, facts=facts)


async def _community(tx: Transaction, unit_id: UUID) -> OrgUnit:
    try:
        unit = await org.unit_in_scope(tx, unit_id)
    except NotFound:
        unit = None
    if unit is None or unit.level != COMMUNITY:
        message = Text("不是所辖社区", "Not a community of the acting unit.")
        raise InvalidInput(message, errors=[FieldError("/community_unit_id", message)])
    return unit


def _view(pack: Pack, row: DutyPage) -> DutyPageView:
    places, systems = rules.places(pack), pack.item_list(rules.SYSTEMS)
    names = places.items if places is not None else {}
    return DutyPageView.model_validate(
        row.model_dump()
        | {
            "finding": rules.written(pack).as_json(),
            "places": [_place(pack, name, row.counts.get(name, {})) for name in names],
            "categories": [_set(name, duties) for name, duties in rules.by_category(pack).items()],
            "systems": _set("service_systems", systems) if systems is not None else None,
            "pack_id": pack.id,
            "pack_version": pack.version,
        }
    )


def _place(pack: Pack, name: str, counted: dict[str, Any]) -> PublicPlace:
    places, duties = rules.places(pack), rules.duties_of(pack, name)
    assert places is not None  # noqa: S101 - the name is one of its items
    label = places.items[name].label
    held = {role: pack.role(role) for role in counted.get("roles", {})}
    roles = [
        RoleCount(role=role, label_zh=known.label.zh, label_en=known.label.en, people=counted["roles"][role])
        for role, known in held.items()
        if known is not None
    ]
    return PublicPlace(
        place=name,
        label_zh=label.zh,
        label_en=label.en,
        article=places.article,
        duties_article=duties.article if duties is not None else None,
        duties=_duties(duties) if duties is not None else [],
        people=counted.get("people", 0),
        roles=roles,
    )


def _set(name: str, written: ItemList) -> DutySet:
    label = written.label
    return DutySet(name=name, label_zh=label.zh, label_en=label.en, article=written.article, duties=_duties(written))


def _duties(written: ItemList) -> list[DutyView]:
    return [DutyView(name=name, label_zh=item.label.zh, label_en=item.label.en) for name, item in written.items.items()]

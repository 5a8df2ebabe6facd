"""All SQL that reads the worklist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, func, or_, tuple_
from sqlalchemy import select as columns
from sqlmodel import col, select

from gateway.worklist.schemas import Count, Counts, ItemView, Whose, WorklistPage
from gateway.worklist.tables import WorklistCase, WorklistChange, WorklistHead, WorklistItem
from kernel.context import Context
from kernel.db.transaction import Database, Transaction
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from kernel.org.substitutes import stands_for
from kernel.org.tables import OrgUnit

NEVER = date.max
"""Stands in a cursor for no time to act; the database sorts that behind every day."""
TOLD_AT_ONCE = 500
"""Items that a reader who comes back is told of one by one; with more it reads its list anew."""
_SINCE = """
with heard as (
  select seq, desks from worklist_change
   where c.x is not null and tenant_id = $1::text::uuid and unit_no between $2::text::integer and $3::text::integer
     and seq >= $5 and (desks is null or desks @> $6::text::jsonb)
   order by seq limit $8),
told as (
  select lay ->> 'item' as item, max(seq) as seq from heard, jsonb_array_elements(desks) lay
   where jsonb_build_array(lay) @> $6::text::jsonb group by 1 having (max(seq), lay ->> 'item') > ($5, $7::text))
select (select array_agg(item order by seq, item) from told) as items,
       (select array_agg(seq order by seq, item) from told) as seqs,
       (select count(*) >= $8 or coalesce(bool_or(desks is null and seq > $5), false) from heard) as untold,
       h.last_seq
  from worklist_head h where c.x is not null and h.tenant_id = $1::text::uuid
"""
_LIST = Listing(ItemView, WorklistItem, WorklistCase, reckoned=("case_path",), page=WorklistPage)
_OF_CASE = ("service", "workflow", "subject_type", "subject_id", "subject_unit_id")


async def items(
    tx: Transaction,
    paging: Paging,
    *,
    whose: Whose,
    service: str | None,
    workflow: str | None,
    claimed: bool | None,
    overdue: bool,
    up_to_date: bool,
) -> Listed[ItemView]:
    """One page of what waits, the soonest due first."""
    due, item_id = col(WorklistItem.due_on), col(WorklistItem.id)
    statement = (
        _LIST.select()
        .select_from(WorklistItem)
        .join(WorklistCase, _same_case())
        .where(*await _wanted(tx, whose))
        .order_by(due, item_id)
        .limit(paging.limit + 1)
    )
    if service is not None:
        statement = statement.where(col(WorklistCase.service) == service)
    if workflow is not None:
        statement = statement.where(col(WorklistCase.workflow) == workflow)
    if claimed is not None:
        statement = statement.where(col(WorklistItem.claimed_by).is_not(None) == claimed)
    if overdue:
        statement = statement.where(col(WorklistItem.due_on) < tx.today)
    if paging.after is not None:
        day, after = date.fromisoformat(paging.after[0]), UUID(paging.after[1])
        undated = due.is_(None)
        statement = statement.where(
            and_(undated, item_id > after) if day == NEVER else or_(undated, tuple_(due, item_id) > (day, after))
        )
    rows = (await tx.session.execute(statement)).all()
    return _LIST.page(
        paging,
        rows,
        lambda row: ((row.due_on or NEVER).isoformat(), row.id),
        lambda row: {"case_path": _path(row.service, row.case_id)},
        up_to_date=up_to_date,
    )


async def counts(tx: Transaction) -> Counts:
    """How much waits for the acting post, by workflow."""
    user = tx.context.actor.user
    overdue = func.count().filter(col(WorklistItem.due_on) < tx.today)
    found = await tx.session.execute(
        columns(
            col(WorklistCase.service),
            col(WorklistCase.workflow),
            func.count(),
            overdue,
            func.count().filter(col(WorklistItem.claimed_by) == user),
            func.count().filter(col(WorklistItem.claimed_by).is_(None)),
        )
        .select_from(WorklistItem)
        .join(WorklistCase, _same_case())
        .where(*await _wanted(tx, "mine"))
        .group_by(col(WorklistCase.service), col(WorklistCase.workflow))
        .order_by(col(WorklistCase.service), col(WorklistCase.workflow))
    )
    rows = found.all()
    return Counts(
        mine=sum(row[2] for row in rows),
        overdue=sum(row[3] for row in rows),
        claimed_by_me=sum(row[4] for row in rows),
        unclaimed=sum(row[5] for row in rows),
        escalated=await _count(tx, "escalated"),
        unstaffed=await _count(tx, "unstaffed"),
        by_workflow=[Count(service=row[0], workflow=row[1], items=row[2], overdue=row[3]) for row in rows],
    )


async def at_my_desk(tx: Transaction, item_id: UUID) -> WorklistItem | None:
    """The item, held until the end of the transaction; None where it does not lie on the acting post's desk."""
    statement = (
        select(WorklistItem)
        .join(WorklistCase, _same_case())
        .where(col(WorklistItem.id) == item_id, *await _office(tx))
        .with_for_update(of=WorklistItem)
    )
    return (await tx.session.execute(statement)).scalar_one_or_none()


Place = tuple[int, str]
"""How far a reader has read: the number of a change, and the last item told of those it changed."""
ALL = "~"
"""Behind every item of a change: no id sorts after it."""


@dataclass(frozen=True, slots=True)
class Since:
    """The tenant's last number, and each item of one desk that changed up to it, once, at the place of its last change;
    None where they cannot be told."""

    last: int
    items: list[tuple[UUID, Place]] | None


async def since(database: Database, context: Context, office: UUID | None, place: Place) -> Since:
    """What changed on the desk of the acting post's office behind that place."""
    actor = context.actor
    desk = [{"unit": str(office), "department": actor.department_kind, "level": actor.level}]
    asked = (place[0], orjson.dumps(desk).decode(), place[1], TOLD_AT_ONCE)
    found = await database.fetch_folded(context, _SINCE, *asked)
    if not found:
        return Since(0, [])
    [row] = found
    items = [(UUID(item), (seq, item)) for item, seq in zip(row["items"] or (), row["seqs"] or (), strict=True)]
    return Since(row["last_seq"], None if row["untold"] else items)


async def last_change(tx: Transaction) -> int:
    """The number of the tenant's last change; 0 before the first."""
    return (await tx.session.execute(select(WorklistHead.last_seq))).scalar_one_or_none() or 0


async def office_of(tx: Transaction) -> UUID | None:
    """The unit of the acting post."""
    found = await tx.session.execute(select(OrgUnit.id).where(col(OrgUnit.unit_no) == tx.context.actor.unit_no))
    return found.scalar_one_or_none()


async def waiting(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, ItemView]:
    """Those of the items that wait for the acting post."""
    statement = select(WorklistItem, WorklistCase).join(WorklistCase, _same_case())
    found = await tx.session.execute(statement.where(col(WorklistItem.id).in_(ids), *await _wanted(tx, "mine")))
    return {item.id: _view(item, case) for item, case in found.all()}


async def has_applied(tx: Transaction, event_id: UUID) -> bool:
    """Whether the worklist has heard of that event."""
    found = await tx.session.execute(select(WorklistChange.seq).where(col(WorklistChange.event_id) == event_id))
    return found.first() is not None


async def _count(tx: Transaction, whose: Whose) -> int:
    statement = select(func.count()).select_from(WorklistItem).join(WorklistCase, _same_case())
    return (await tx.session.execute(statement.where(*await _wanted(tx, whose)))).scalar_one()


def _same_case() -> ColumnElement[bool]:
    return and_(
        col(WorklistCase.tenant_id) == col(WorklistItem.tenant_id), col(WorklistCase.id) == col(WorklistItem.case_id)
    )


async def _wanted(tx: Transaction, whose: Whose) -> list[ColumnElement[bool]]:
    """Which items are meant. As the deciding service would answer: the same office, duty and bars."""
    actor = tx.context.actor
    if whose == "unstaffed":
        return [col(WorklistItem.unstaffed).is_not(None)]
    if whose == "escalated":
        # An office hears of what is late in the offices of its own kind below it.
        return [
            col(WorklistItem.escalated).is_(True),
            col(WorklistItem.department) == actor.department_kind,
            col(WorklistItem.level) != actor.level,
        ]
    return [*await _office(tx), ~col(WorklistItem.dismissed).contains([str(actor.user)])]


async def _office(tx: Transaction) -> list[ColumnElement[bool]]:
    """What lies on the desk of the acting post."""
    actor = tx.context.actor
    instead = await stands_for(tx, actor)
    concerned = [actor.user, instead.holder] if instead else [actor.user]
    unit = select(OrgUnit.id).where(col(OrgUnit.unit_no) == actor.unit_no).scalar_subquery()
    may = col(WorklistItem.duties).contains([actor.duty])
    return [
        col(WorklistItem.acting_unit_id) == unit,
        col(WorklistItem.department) == actor.department_kind,
        col(WorklistItem.level) == actor.level,
        or_(may, col(WorklistItem.delegate_id) == actor.user),
        *(~col(WorklistCase.barred).contains([str(user)]) for user in concerned),
    ]


def _view(item: WorklistItem, case: WorklistCase) -> ItemView:
    known: dict[str, Any] = item.model_dump() | case.model_dump(include=set(_OF_CASE))
    told = {"case_path": _path(case.service, case.id)}
    return ItemView.model_validate({name: known.get(name) for name in ItemView.model_fields} | told)


def _path(service: str, case_id: UUID | str) -> str:
    return f"/api/v1/{service}/approvals/{case_id}"

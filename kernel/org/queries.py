"""Questions to the read model: units and their ancestors, the posts that may act, the pack in force on a day."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_
from sqlmodel import col, select

from kernel.clock import utcnow
from kernel.db.built import Built
from kernel.db.transaction import Transaction
from kernel.errors import NotFound, ParameterNotSet, Text
from kernel.org import packs
from kernel.org.tables import OrgInterpretation, OrgPack, OrgParameter, OrgPost, OrgTenant, OrgUnit
from kernel.regulation.local import LocalValue, overlay
from kernel.regulation.pack import Pack
from kernel.regulation.schema.base import article_of

Read = TypeVar("Read")
_IN_FORCE = Built(
    lambda: (
        select(OrgPack.id, OrgPack.pack_version, col(OrgPack.valid_before))
        .where(col(OrgPack.valid_from) <= bindparam("day"))
        .order_by(col(OrgPack.valid_from).desc())
        .limit(1)
    )
)
_OF_VERSION = Built(
    lambda: select(OrgPack.id).where(
        col(OrgPack.pack_id) == bindparam("pack"), col(OrgPack.pack_version) == bindparam("version")
    )
)


async def tenant(tx: Transaction) -> OrgTenant:
    """The tenant's row; `NotFound` before its first event has arrived."""
    row = (await tx.session.execute(select(OrgTenant))).scalar_one_or_none()
    if row is None:
        raise NotFound(cause="the tenant is not in the read model yet")
    return row


async def business_now(tx: Transaction) -> datetime:
    """The tenant's business instant by its own row; for work that no request or event started."""
    return utcnow() + timedelta(seconds=(await tenant(tx)).business_offset_seconds)


async def _once(tx: Transaction, key: tuple[object, ...], read: Callable[[], Awaitable[Read]]) -> Read:
    """What `read` gives, read once for a request: a request of a service never changes the read model, and asks for the
    same few rows from every feature it passes. Consumers, timers and the gateway may change it and always read."""
    if tx.context.actor.kind == "system" or tx.process == "gateway":
        return await read()
    if key not in tx.read_once:
        tx.read_once[key] = await read()
    found: Read = tx.read_once[key]
    return found


async def unit(tx: Transaction, unit_id: UUID) -> OrgUnit:
    """The unit, whether inside the scope or not; `NotFound` where there is none."""

    async def read() -> OrgUnit | None:
        return (await tx.session.execute(select(OrgUnit).where(col(OrgUnit.id) == unit_id))).scalar_one_or_none()

    row = await _once(tx, ("unit", unit_id), read)
    if row is None:
        raise NotFound
    return row


async def unit_in_scope(tx: Transaction, unit_id: UUID) -> OrgUnit:
    """The unit where it lies in the asker's scope; a unit elsewhere answers as a missing one."""
    row = await unit(tx, unit_id)
    if not tx.context.scope.holds(row.unit_no):
        raise NotFound
    return row


async def unit_by_no(tx: Transaction, unit_no: int) -> OrgUnit:
    """The unit of that number; `NotFound` where there is none."""
    row = (await tx.session.execute(select(OrgUnit).where(col(OrgUnit.unit_no) == unit_no))).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def units_by_no(tx: Transaction, numbers: Collection[int]) -> dict[int, OrgUnit]:
    """The units of those numbers, whether inside the scope or not; numbers without a unit are left out."""
    rows = await tx.session.execute(select(OrgUnit).where(col(OrgUnit.unit_no).in_(numbers)))
    return {row.unit_no: row for row in rows.scalars()}


async def ancestor(tx: Transaction, unit_no: int, level: str) -> OrgUnit | None:
    """The unit of that level which holds `unit_no` (or is it), or None where the tree has none above it."""

    async def read() -> OrgUnit | None:
        found = await tx.session.execute(
            select(OrgUnit)
            .where(col(OrgUnit.unit_no) <= unit_no, col(OrgUnit.last_no) >= unit_no, col(OrgUnit.level) == level)
            .order_by(col(OrgUnit.unit_no).desc())
            .limit(1)
        )
        return found.scalar_one_or_none()

    return await _once(tx, ("ancestor", unit_no, level), read)


async def posts(tx: Transaction, *, department_kind: str, unit_no: int, duties: Sequence[str] = ()) -> list[OrgPost]:
    """The posts of that department kind in exactly that unit that are held on the business day."""
    statement = select(OrgPost).where(*at_desk(department_kind, unit_no, tx.today))
    if duties:
        statement = statement.where(col(OrgPost.duty).in_(duties))
    return list((await tx.session.execute(statement)).scalars())


def at_desk(department_kind: str, unit_no: int, on: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a post is of that department kind in exactly that unit and held on the day."""
    return (
        col(OrgPost.department_kind) == department_kind,
        col(OrgPost.unit_no) == unit_no,
        col(OrgPost.valid_from) <= on,
        or_(col(OrgPost.valid_before).is_(None), col(OrgPost.valid_before) > on),
    )


async def pack(tx: Transaction, on: date | None = None, *, unit_no: int | None = None) -> Pack:
    """The tenant's pack in force on a day (the business day where none is named).

    With `unit_no` the local parameters in force there on that day, the unit's own and those of the units above it,
    are laid over it; the nearest unit counts. Raises `ParameterNotSet` where no regulation is in force on that day:
    silence is never a rule.
    """
    day = on or tx.today
    key, written = await pack_in_force(tx, day)
    return written if unit_no is None else await _with_local(tx, written, key, day, unit_no)


async def pack_in_force(tx: Transaction, day: date) -> tuple[packs.RowKey, Pack]:
    """The pack in force on a day as it was published, and its row; `ParameterNotSet` where there is none."""

    async def read() -> list[dict[str, Any]]:
        return await _IN_FORCE.run(tx, day=day)

    # Of several the latest counts, and where that one has ended none does: an earlier one does not come back.
    rows = await _once(tx, ("pack", day), read)
    if not rows or (rows[0]["valid_before"] or date.max) <= day:
        raise ParameterNotSet(
            Text(f"{day} 没有生效的管理办法", f"No regulation of this jurisdiction is in force on {day}.")
        )
    row_id, version = rows[0]["id"], rows[0]["pack_version"]
    return (tx.tenant, row_id, version), await _read(tx, row_id, version)


async def pack_version(tx: Transaction, pack_id: str, version: str) -> Pack:
    """The very version under which a process began, in force or not."""
    found = await _OF_VERSION.run(tx, pack=pack_id, version=version)
    if not found:
        raise NotFound(cause=f"pack {pack_id} {version} is not in the read model")
    return await _read(tx, found[0]["id"], version)


async def interpretations(tx: Transaction, articles: Iterable[str | None], on: date) -> list[OrgInterpretation]:
    """What the interpreting organ answered on these citations up to a day, oldest first.

    An answer on a whole article goes with each of its items.
    """
    cited = {each for each in articles if each is not None}
    found = await tx.session.execute(
        select(OrgInterpretation)
        .where(
            col(OrgInterpretation.article).in_(cited | {article_of(each) for each in cited}),
            col(OrgInterpretation.valid_from) <= on,
        )
        .order_by(col(OrgInterpretation.valid_from), col(OrgInterpretation.id))
    )
    return list(found.scalars())


async def _read(tx: Transaction, row_id: UUID, version: str) -> Pack:
    key = (tx.tenant, row_id, version)
    known = packs.known(key)
    if known is None:
        content = (await tx.session.execute(select(OrgPack.content).where(col(OrgPack.id) == row_id))).scalar_one()
        known = packs.read(key, content)
    return known


async def _with_local(tx: Transaction, written: Pack, key: packs.RowKey, day: date, unit_no: int) -> Pack:
    held = or_(col(OrgParameter.valid_before).is_(None), col(OrgParameter.valid_before) > OrgParameter.valid_from)
    found = await tx.session.execute(
        select(OrgParameter)
        .join(OrgUnit, (col(OrgUnit.tenant_id) == OrgParameter.tenant_id) & (col(OrgUnit.id) == OrgParameter.unit_id))
        .where(
            col(OrgUnit.unit_no) <= unit_no,
            col(OrgUnit.last_no) >= unit_no,
            col(OrgParameter.valid_from) <= day,
        )
        # The nearest unit last; of two that begin on one day the one that ever held.
        .order_by(col(OrgUnit.unit_no), col(OrgParameter.valid_from), held, col(OrgParameter.id))
    )
    # As of packs: of several decisions of a unit the latest counts, and where that one has ended none does.
    latest = {(row.unit_id, row.path): row for row in found.scalars()}
    rows = [row for row in latest.values() if (row.valid_before or date.max) > day]
    if not rows:
        return written
    laid = (key, tuple(row.id for row in rows))
    known = packs.overlays.get(laid)
    if known is None:
        values = [LocalValue(row.path, row.value, row.source) for row in rows]
        known = packs.overlays.put(laid, overlay(written, values))
    return known

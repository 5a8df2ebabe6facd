"""All SQL of reorganisations, and what the tree was on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Text as SqlText
from sqlalchemy import cast, func, insert, or_, tuple_
from sqlmodel import col, select

from gateway.directory import queries as directory
from gateway.directory.reorganisation.schemas import ReorganisationView, UnitVersionView
from gateway.directory.schemas import UnitView
from gateway.directory.tables import Department, Post, Reorganisation, RetiredRange, Unit, UnitVersion
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging


async def every_unit(tx: Transaction) -> list[Unit]:
    """All units of the tenant, locked in the order of their numbers until the end of the transaction."""
    found = await tx.session.execute(
        select(Unit).order_by(col(Unit.unit_no)).with_for_update().execution_options(populate_existing=True)
    )
    return list(found.scalars())


async def insert_unit(tx: Transaction, made: Unit) -> None:
    """Store a new unit by itself, whatever else waits to be flushed."""
    await tx.session.execute(insert(Unit).values(**made.model_dump()))


async def retired(tx: Transaction) -> list[tuple[int, int]]:
    """All ranges of numbers that were given once and are no longer."""
    found = await tx.session.execute(select(col(RetiredRange.first_no), col(RetiredRange.end_no)))
    return [(row[0], row[1]) for row in found]


async def open_posts(tx: Transaction, unit_id: UUID, on: date) -> Sequence[tuple[Post, Department]]:
    """The posts of a unit that are held on a day or later, with their departments."""
    found = await tx.session.execute(
        select(Post, Department)
        .join(
            Department,
            (col(Department.tenant_id) == col(Post.tenant_id)) & (col(Department.id) == col(Post.department_id)),
        )
        .where(col(Post.unit_id) == unit_id, or_(col(Post.valid_before).is_(None), col(Post.valid_before) > on))
        .order_by(col(Post.id))
        .with_for_update(of=Post)
    )
    return [(row[0], row[1]) for row in found]


async def open_departments(tx: Transaction, unit_id: UUID, on: date) -> Sequence[Department]:
    """The departments of a unit that stand on a day or later."""
    found = await tx.session.execute(
        select(Department).where(
            col(Department.unit_id) == unit_id,
            or_(col(Department.valid_before).is_(None), col(Department.valid_before) > on),
        )
    )
    return found.scalars().all()


async def operation(tx: Transaction, operation_id: UUID, *, lock: bool = False) -> Reorganisation:
    """One reorganisation; the caller asks whether its unit lies in scope."""
    statement = select(Reorganisation).where(col(Reorganisation.id) == operation_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def seen(tx: Transaction, row: Reorganisation) -> Reorganisation:
    """The reorganisation, where the asker's scope holds its unit, or the parent of one not made yet."""
    known = await tx.session.get(Unit, (tx.tenant, row.unit_id))
    parent = row.details.get("parent_id")
    await directory.unit(tx, row.unit_id if known is not None or parent is None else UUID(str(parent)))
    return row


async def operations(
    tx: Transaction, paging: Paging, *, state: str | None, unit_id: UUID | None
) -> tuple[list[ReorganisationView], str | None]:
    """One page of the reorganisations of units in scope, the latest decided first."""
    statement = (
        select(Reorganisation)
        .outerjoin(
            Unit, (col(Unit.tenant_id) == col(Reorganisation.tenant_id)) & (col(Unit.id) == col(Reorganisation.unit_id))
        )
        # A unit that is to be made has no number yet: whoever reaches everything plans it.
        .where(func.coalesce(col(Unit.unit_no), tx.context.scope.lo).between(tx.context.scope.lo, tx.context.scope.hi))
        .where(or_(col(Unit.id).is_not(None), col(Reorganisation.details)["parent_id"].astext.in_(_in_scope(tx))))
        .order_by(col(Reorganisation.id).desc())
        .limit(paging.limit + 1)
    )
    if state is not None:
        statement = statement.where(col(Reorganisation.state) == state)
    if unit_id is not None:
        statement = statement.where(col(Reorganisation.unit_id) == unit_id)
    if paging.after is not None:
        statement = statement.where(col(Reorganisation.id) < UUID(paging.after[0]))
    rows = (await tx.session.execute(statement)).scalars().all()
    shown, following = paging.page(rows, lambda row: [str(row.id)])
    return [ReorganisationView.model_validate(row) for row in shown], following


def _in_scope(tx: Transaction) -> Any:
    scope = tx.context.scope
    return select(cast(col(Unit.id), SqlText)).where(col(Unit.unit_no).between(scope.lo, scope.hi))


# what the tree was


async def history(tx: Transaction, unit_id: UUID) -> list[UnitVersionView]:
    """What a unit in scope was, from its first day on."""
    await directory.unit(tx, unit_id)
    found = await tx.session.execute(
        select(UnitVersion).where(col(UnitVersion.unit_id) == unit_id).order_by(func.lower(col(UnitVersion.period)))
    )
    return [_version(row) for row in found.scalars()]


def _version(row: UnitVersion) -> UnitVersionView:
    period = row.period
    if period.lower is None:
        raise ValueError("a version of a unit has a first day")
    return UnitVersionView(
        unit_id=row.unit_id,
        title=row.title,
        level=row.level,
        code=row.code,
        parent_id=row.parent_id,
        valid_from=period.lower,
        valid_before=period.upper,
        operation_id=row.operation_id,
    )


async def ancestors(tx: Transaction, unit_id: UUID, on: date) -> list[UnitVersionView]:
    """The unit and those above it as they were on a day, the unit first.

    `NotFound` for a unit that lies in the asker's scope neither now nor on that day, or was none on it.
    """
    found: list[UnitVersionView] = []
    following: UUID | None = unit_id
    while following is not None:
        row = (
            await tx.session.execute(
                select(UnitVersion).where(col(UnitVersion.unit_id) == following, col(UnitVersion.period).contains(on))
            )
        ).scalar_one_or_none()
        if row is None:
            break
        found.append(_version(row))
        following = row.parent_id
    own = await _own_unit(tx)
    if own is not None and own not in {each.unit_id for each in found}:
        await directory.unit(tx, unit_id)
    if not found:
        raise NotFound
    return found


async def _own_unit(tx: Transaction) -> UUID | None:
    """The unit of the acting post; None for those who see the whole tree."""
    if tx.context.actor.kind != "official":
        return None
    found = await tx.session.execute(select(col(Unit.id)).where(col(Unit.unit_no) == tx.context.scope.lo))
    # An unknown number (the tree was just renumbered) sees nothing rather than everything.
    return found.scalar_one_or_none() or UUID(int=0)


async def units_on(
    tx: Transaction, paging: Paging, *, on: date, level: str | None, parent_id: UUID | None
) -> tuple[list[UnitView], str | None]:
    """One page of the units that stood on a day below the asker's unit as it was then, by code.

    Names, levels, parents and periods are those of the day; `unit_no` and `last_no` are the present ones.
    """
    statement = (
        select(UnitVersion, Unit)
        .join(Unit, (col(Unit.tenant_id) == col(UnitVersion.tenant_id)) & (col(Unit.id) == col(UnitVersion.unit_id)))
        .where(col(UnitVersion.period).contains(on))
        .order_by(col(UnitVersion.code), col(UnitVersion.unit_id))
        .limit(paging.limit + 1)
    )
    own = await _own_unit(tx)
    if own is not None:
        statement = statement.where(col(UnitVersion.unit_id).in_(_below(own, on)))
    if level is not None:
        statement = statement.where(col(UnitVersion.level) == level)
    if parent_id is not None:
        statement = statement.where(col(UnitVersion.parent_id) == parent_id)
    if paging.after is not None:
        statement = statement.where(
            tuple_(col(UnitVersion.code), col(UnitVersion.unit_id)) > tuple_(paging.after[0], UUID(paging.after[1]))
        )
    rows = (await tx.session.execute(statement)).all()
    shown, following = paging.page(rows, lambda row: [row[0].code, str(row[0].unit_id)])
    return [_unit_then(row[0], row[1]) for row in shown], following


def _below(own: UUID, on: date) -> Any:
    above = (
        select(col(UnitVersion.unit_id).label("unit_id"))
        .where(col(UnitVersion.unit_id) == own, col(UnitVersion.period).contains(on))
        .cte("below", recursive=True)
    )
    below = above.union_all(
        select(col(UnitVersion.unit_id)).where(
            col(UnitVersion.parent_id) == above.c.unit_id, col(UnitVersion.period).contains(on)
        )
    )
    return select(below.c.unit_id)


def _unit_then(version: UnitVersion, unit: Unit) -> UnitView:
    then = _version(version)
    return UnitView(
        id=unit.id,
        unit_no=unit.unit_no,
        last_no=unit.last_no,
        level=then.level,
        code=then.code,
        title=then.title,
        parent_id=then.parent_id,
        valid_from=then.valid_from,
        valid_before=then.valid_before,
        version=unit.version,
    )

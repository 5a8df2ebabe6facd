"""All SQL of departments beside what the directory itself asks."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, tuple_
from sqlmodel import col, select

from gateway.directory import queries as directory
from gateway.directory.schemas import DepartmentView
from gateway.directory.tables import Department, Post, Unit
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging


async def page(
    tx: Transaction, paging: Paging, *, unit_id: UUID | None, kind: str | None, on: date | None
) -> tuple[list[DepartmentView], str | None]:
    """One page of the departments within the asker's scope, in tree order."""
    statement = (
        select(Department, Unit.unit_no)
        .join(Unit, (col(Unit.tenant_id) == col(Department.tenant_id)) & (col(Unit.id) == col(Department.unit_id)))
        .where(col(Unit.unit_no).between(tx.context.scope.lo, tx.context.scope.hi))
        .order_by(col(Unit.unit_no), col(Department.id))
        .limit(paging.limit + 1)
    )
    if unit_id is not None:
        statement = statement.where(col(Department.unit_id) == unit_id)
    if kind is not None:
        statement = statement.where(col(Department.kind) == kind)
    if on is not None:
        statement = statement.where(
            or_(col(Department.valid_from).is_(None), col(Department.valid_from) <= on),
            or_(col(Department.valid_before).is_(None), col(Department.valid_before) > on),
        )
    if paging.after is not None:
        statement = statement.where(
            tuple_(col(Unit.unit_no), col(Department.id)) > tuple_(paging.after[0], UUID(paging.after[1]))
        )
    rows = (await tx.session.execute(statement)).all()
    shown, following = paging.page(rows, lambda row: [row[1], str(row[0].id)])
    return [DepartmentView.model_validate(row[0]) for row in shown], following


async def lock(tx: Transaction, department_id: UUID) -> Department:
    """The row of a department in scope; its unit is held, so that no post is given in it meanwhile."""
    row = await directory.department(tx, department_id)
    await directory.unit(tx, row.unit_id, lock=True)
    found = await tx.session.execute(
        select(Department)
        .where(col(Department.id) == department_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    locked = found.scalar_one_or_none()
    if locked is None:
        raise NotFound
    return locked


async def of_kind(tx: Transaction, unit_id: UUID, kind: str) -> Sequence[Department]:
    """All departments of that kind that the unit has, had or will have."""
    found = await tx.session.execute(
        select(Department).where(col(Department.unit_id) == unit_id, col(Department.kind) == kind)
    )
    return found.scalars().all()


async def posts_after(tx: Transaction, department_id: UUID, day: date) -> int:
    """How many posts of the department are held on that day or later."""
    found = await tx.session.execute(
        select(func.count())
        .select_from(Post)
        .where(
            col(Post.department_id) == department_id,
            or_(col(Post.valid_before).is_(None), col(Post.valid_before) > day),
        )
    )
    return int(found.scalar_one())

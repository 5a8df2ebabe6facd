"""What an import is held against: the units, departments, users and posts there are."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from gateway.directory.tables import Department, Post, Substitution, Unit, User
from kernel.db.transaction import Transaction


async def open_units(tx: Transaction) -> list[Unit]:
    """The open units within the asker's scope, in tree order."""
    found = await tx.session.execute(
        select(Unit)
        .where(
            col(Unit.valid_before).is_(None),
            col(Unit.unit_no).between(tx.context.scope.lo, tx.context.scope.hi),
        )
        .order_by(col(Unit.unit_no))
    )
    return list(found.scalars())


async def taken_codes(tx: Transaction, codes: Collection[str]) -> set[str]:
    """Those of the codes that an open unit of the tenant has, in scope or not: a code is given once."""
    found = await tx.session.execute(
        select(col(Unit.code)).where(col(Unit.code).in_(codes), col(Unit.valid_before).is_(None))
    )
    return set(found.scalars())


async def departments_of(tx: Transaction, unit_ids: Collection[UUID]) -> list[Department]:
    """All departments of those units, closed ones too."""
    found = await tx.session.execute(select(Department).where(col(Department.unit_id).in_(unit_ids)))
    return list(found.scalars())


async def users_named(tx: Transaction, names: Collection[str]) -> dict[str, User]:
    """The users of those names, held until the end of the transaction so that nobody gives them posts meanwhile."""
    found = await tx.session.execute(
        select(User).where(col(User.user_name).in_(names)).order_by(col(User.id)).with_for_update()
    )
    return {user.user_name: user for user in found.scalars()}


async def kinds_held(tx: Transaction, user_ids: Collection[UUID], on: date) -> dict[UUID, set[str]]:
    """By user, the department kinds in which they hold posts or stand in for who does, on a day or later."""
    department = (col(Department.tenant_id) == col(Post.tenant_id)) & (col(Department.id) == col(Post.department_id))
    running = or_(col(Post.valid_before).is_(None), col(Post.valid_before) > on)
    own = (
        select(col(Post.user_id), col(Department.kind))
        .join(Department, department)
        .where(col(Post.user_id).in_(user_ids), running)
    )
    stood_in = (
        select(col(Substitution.user_id), col(Department.kind))
        .join(Post, (col(Post.tenant_id) == col(Substitution.tenant_id)) & (col(Post.id) == col(Substitution.post_id)))
        .join(Department, department)
        .where(col(Substitution.user_id).in_(user_ids), col(Substitution.valid_before) > on, running)
    )
    held: dict[UUID, set[str]] = {}
    for statement in (own, stood_in):
        for user, kind in await tx.session.execute(statement):
            held.setdefault(user, set()).add(kind)
    return held

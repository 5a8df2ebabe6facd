"""All SQL of the directory."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, tuple_
from sqlmodel import col, select

from gateway.directory.schemas import DepartmentView, PostView, UnitView
from gateway.directory.tables import Department, Post, Slug, Substitution, Tenant, Unit, UnitVersion, User
from kernel.context import TenantId
from kernel.db.transaction import Database, Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging


async def tenant(tx: Transaction) -> Tenant:
    """The tenant's own row."""
    row = (await tx.session.execute(select(Tenant))).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def lock_tenant(tx: Transaction) -> Tenant:
    """The tenant's own row, held until the end of the transaction."""
    return (await tx.session.execute(select(Tenant).with_for_update())).scalar_one()


async def slug_taken(tx: Transaction, slug: str) -> UUID | None:
    """The tenant an address name belongs to; the transaction runs under the platform's tenant."""
    found = await tx.session.execute(select(Slug.named_tenant_id).where(col(Slug.slug) == slug))
    return found.scalar_one_or_none()


async def all_tenants(database: Database) -> list[Any]:
    """Every tenant (id, slug, title, status), read as the relay role: for the edges' facts."""
    async with database.relay.connect() as connection:
        found = await connection.execute(
            select(col(Tenant.tenant_id), col(Tenant.slug), col(Tenant.title), col(Tenant.status)).order_by(
                col(Tenant.slug)
            )
        )
        return list(found)


async def tenant_of_slug(database: Database, slug: str) -> TenantId | None:
    """The tenant an address name means, or None."""
    async with database.relay.connect() as connection:
        found = await connection.execute(select(Slug.named_tenant_id).where(col(Slug.slug) == slug))
        row = found.scalar_one_or_none()
        return TenantId(row) if row is not None else None


async def units(
    tx: Transaction, paging: Paging, *, level: str | None, parent_id: UUID | None
) -> tuple[list[UnitView], str | None]:
    """One page of units in tree order, within the asker's scope (a person sees the whole tree)."""
    statement = select(Unit).order_by(col(Unit.unit_no)).limit(paging.limit + 1)
    if tx.context.actor.kind == "official":
        statement = statement.where(col(Unit.unit_no).between(tx.context.scope.lo, tx.context.scope.hi))
    if level is not None:
        statement = statement.where(col(Unit.level) == level)
    if parent_id is not None:
        statement = statement.where(col(Unit.parent_id) == parent_id)
    if paging.after is not None:
        statement = statement.where(col(Unit.unit_no) > paging.after[0])
    rows = (await tx.session.execute(statement)).scalars().all()
    shown, following = paging.page(rows, lambda row: [row.unit_no])
    return [UnitView.model_validate(row) for row in shown], following


async def unit(tx: Transaction, unit_id: UUID, *, lock: bool = False) -> Unit:
    """One unit within the asker's scope; elsewhere it answers as a missing one."""
    statement = select(Unit).where(col(Unit.id) == unit_id)
    if lock:
        statement = statement.with_for_update()
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None or (tx.context.actor.kind == "official" and not tx.context.scope.holds(row.unit_no)):
        raise NotFound
    return row


async def last_version(tx: Transaction, unit_id: UUID) -> UnitVersion | None:
    """The latest version of a unit; None where it has none."""
    found = await tx.session.execute(
        select(UnitVersion)
        .where(col(UnitVersion.unit_id) == unit_id)
        .order_by(func.lower(col(UnitVersion.period)).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def departments(tx: Transaction, unit_id: UUID) -> list[DepartmentView]:
    """The departments of a unit in scope."""
    await unit(tx, unit_id)
    found = await tx.session.execute(
        select(Department).where(col(Department.unit_id) == unit_id).order_by(col(Department.kind))
    )
    return [DepartmentView.model_validate(row) for row in found.scalars()]


async def department(tx: Transaction, department_id: UUID) -> Department:
    """One department whose unit lies in scope."""
    found = await tx.session.execute(select(Department).where(col(Department.id) == department_id))
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound
    await unit(tx, row.unit_id)
    return row


def _posts() -> Any:
    return (
        select(Post, Department, Unit, User)
        .join(
            Department,
            (col(Department.tenant_id) == col(Post.tenant_id)) & (col(Department.id) == col(Post.department_id)),
        )
        .join(Unit, (col(Unit.tenant_id) == col(Post.tenant_id)) & (col(Unit.id) == col(Post.unit_id)))
        .join(User, (col(User.tenant_id) == col(Post.tenant_id)) & (col(User.id) == col(Post.user_id)))
    )


def _post_view(row: Any) -> PostView:
    post, department_, unit_, user = row
    return PostView(
        id=post.id,
        user_id=post.user_id,
        display_name=user.display_name,
        department_id=post.department_id,
        department_kind=department_.kind,
        unit_id=post.unit_id,
        unit_no=unit_.unit_no,
        last_no=unit_.last_no,
        unit_title=unit_.title,
        department_title=department_.title,
        level=unit_.level,
        duty=post.duty,
        acting=post.acting,
        valid_from=post.valid_from,
        valid_before=post.valid_before,
        version=post.version,
    )


async def posts(tx: Transaction, paging: Paging) -> tuple[list[PostView], str | None]:
    """One page of the posts within the asker's scope, in tree order."""
    statement = (
        _posts()
        .where(col(Unit.unit_no).between(tx.context.scope.lo, tx.context.scope.hi))
        .order_by(col(Unit.unit_no), col(Post.id))
        .limit(paging.limit + 1)
    )
    if paging.after is not None:
        statement = statement.where(
            tuple_(col(Unit.unit_no), col(Post.id)) > tuple_(paging.after[0], UUID(paging.after[1]))
        )
    rows = (await tx.session.execute(statement)).all()
    shown, following = paging.page(rows, lambda row: [row[2].unit_no, str(row[0].id)])
    return [_post_view(row) for row in shown], following


async def post(tx: Transaction, post_id: UUID) -> PostView:
    """One post within the asker's scope."""
    row = (await tx.session.execute(_posts().where(col(Post.id) == post_id))).one_or_none()
    if row is None or not tx.context.scope.holds(row[2].unit_no):
        raise NotFound
    return _post_view(row)


async def every_post(tx: Transaction, on: date) -> list[PostView]:
    """All posts of the tenant that are not over on that day: for the edges' facts."""
    rows = await tx.session.execute(_posts().where(or_(col(Post.valid_before).is_(None), col(Post.valid_before) > on)))
    return [_post_view(row) for row in rows]


async def posts_of(tx: Transaction, unit_ids: Sequence[UUID], on: date) -> list[PostView]:
    """The posts of some units that are not over on a day."""
    rows = await tx.session.execute(
        _posts().where(
            col(Post.unit_id).in_(unit_ids), or_(col(Post.valid_before).is_(None), col(Post.valid_before) > on)
        )
    )
    return [_post_view(row) for row in rows]


async def posts_of_ids(tx: Transaction, ids: Collection[UUID]) -> list[PostView]:
    """Those posts: for the edges' facts."""
    return [_post_view(row) for row in await tx.session.execute(_posts().where(col(Post.id).in_(ids)))]


async def lock_post(tx: Transaction, post_id: UUID) -> Post:
    """The row of a post, held until the end of the transaction."""
    found = await tx.session.execute(select(Post).where(col(Post.id) == post_id).with_for_update())
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def acting_posts(tx: Transaction, user_id: UUID, on: date) -> list[PostView]:
    """The posts that a user holds on a day: what the user may choose to act in."""
    rows = await tx.session.execute(
        _posts()
        .where(
            col(Post.user_id) == user_id,
            col(Post.valid_from) <= on,
            or_(col(Post.valid_before).is_(None), col(Post.valid_before) > on),
        )
        .order_by(col(Unit.unit_no), col(Post.id))
    )
    return [_post_view(row) for row in rows]


async def posts_stood_in_for(tx: Transaction, user_id: UUID, on: date) -> list[tuple[PostView, date]]:
    """The posts in force in which a user may act on another's behalf on a day, each with the first day on which that is
    over; `display_name` is the holder's."""
    rows = await tx.session.execute(
        _posts()
        .add_columns(col(Substitution.valid_before))
        .join(
            Substitution,
            (col(Substitution.tenant_id) == col(Post.tenant_id)) & (col(Substitution.post_id) == col(Post.id)),
        )
        .where(
            col(Substitution.user_id) == user_id,
            col(Substitution.valid_from) <= on,
            col(Substitution.valid_before) > on,
            col(Post.valid_from) <= on,
            or_(col(Post.valid_before).is_(None), col(Post.valid_before) > on),
        )
        .order_by(col(Unit.unit_no), col(Post.id))
    )
    return [(_post_view(row[:4]), row[4]) for row in rows]


async def user_by_name(tx: Transaction, user_name: str) -> User | None:
    """The active user of that name, or None."""
    found = await tx.session.execute(select(User).where(col(User.user_name) == user_name, col(User.status) == "active"))
    return found.scalar_one_or_none()


async def user_by_id(tx: Transaction, user_id: UUID) -> User | None:
    """The active user of that id, or None."""
    found = await tx.session.execute(select(User).where(col(User.id) == user_id, col(User.status) == "active"))
    return found.scalar_one_or_none()


async def user_of_person(tx: Transaction, person_id: UUID) -> User | None:
    """The user of a person, active or not; the first made where there are several."""
    found = await tx.session.execute(
        select(User).where(col(User.person_id) == person_id).order_by(col(User.id)).limit(1)
    )
    return found.scalar_one_or_none()


async def user_in_care(tx: Transaction, user_id: UUID) -> User | None:
    """The active user of that id whom the asker's scope covers: all they hold or stand in for, today or later.

    A person has no unit; whoever's scope leaves out a unit of the tenant does not reach one.
    """
    user = await user_by_id(tx, user_id)
    if user is None:
        return None
    beyond = ~col(Unit.unit_no).between(tx.context.scope.lo, tx.context.scope.hi)
    if user.person_id is not None:
        statement = select(Unit.id).where(beyond)
    else:
        statement = _held_or_stood_in(user_id, tx.today).where(beyond)
    return None if (await tx.session.execute(statement.limit(1))).first() is not None else user


async def lock_user(tx: Transaction, user_id: UUID) -> User:
    """The row of a user, held until the end of the transaction."""
    found = await tx.session.execute(select(User).where(col(User.id) == user_id).with_for_update())
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def department_kinds(tx: Transaction, user_id: UUID, on: date) -> Sequence[str]:
    """The department kinds in which a user holds posts, or stands in for who does, on a day or later."""
    return [row[1].kind for row in await tx.session.execute(_held_or_stood_in(user_id, on))]


def _held_or_stood_in(user_id: UUID, on: date) -> Any:
    stood_in = select(Substitution.post_id).where(
        col(Substitution.user_id) == user_id,
        col(Substitution.valid_before) > on,
        col(Substitution.valid_before) > col(Substitution.valid_from),
    )
    return _posts().where(
        or_(col(Post.user_id) == user_id, col(Post.id).in_(stood_in)),
        or_(col(Post.valid_before).is_(None), col(Post.valid_before) > on),
    )

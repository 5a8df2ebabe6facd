"""What may be done in the directory; each change tells every process by an event and stands in the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from gateway.directory import queries, rules
from gateway.directory.schemas import (
    PostEnd,
    PostGrant,
    PostView,
    TenantView,
    UnitRename,
    UnitView,
    UserMake,
    UserView,
)
from gateway.directory.tables import Department, Post, Tenant, Unit, User
from kernel.clock import utcnow
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.events.outbox import audit, emit
from kernel.http.etag import check_version
from kernel.ids import new_id
from kernel.org.published import PostChanged, TenantChanged, UnitChanged

FARTHEST = timedelta(days=36_525)
"""A century: no deadline lies beyond it, and the calendar of every process still has days after it."""


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be made; `parent` is the code of its parent."""

    code: str
    title: str
    level: str
    parent: str | None


def tenant_view(tx: Transaction, row: Tenant, business_time: datetime | None = None) -> TenantView:
    """The tenant as it is shown, with its business instant: that of the request unless another one is given."""
    return TenantView(
        id=row.tenant_id,
        slug=row.slug,
        title=row.title,
        status=row.status,
        business_time=business_time or tx.now,
        version=row.version,
    )


async def make_tenant(tx: Transaction, *, slug: str, title: str, business_time: datetime | None) -> Tenant:
    """The tenant's own row; `tx` runs under the new tenant."""
    offset = (business_time - utcnow()).total_seconds() if business_time is not None else 0.0
    row = Tenant(tenant_id=tx.tenant, slug=slug, title=title, business_offset_seconds=offset)
    tx.session.add(row)
    await tx.session.flush()
    await _tell_tenant(tx, row)
    return row


async def move_time(tx: Transaction, to: datetime) -> TenantView:
    """Move the tenant's business time on; never backward, since deadlines that have passed have passed."""
    if to.tzinfo is None:
        raise InvalidInput(
            errors=[FieldError("/business_time", Text("须带时区", "an instant with its zone is needed"))]
        )
    if to > utcnow() + FARTHEST:
        raise InvalidInput(
            errors=[FieldError("/business_time", Text("超出可模拟的范围", "farther than can be simulated"))]
        )
    row = await queries.lock_tenant(tx)
    offset = (to - utcnow()).total_seconds()
    if offset < row.business_offset_seconds:
        raise Conflict(Text("业务时间只能向前", "Business time only moves forward."))
    row.business_offset_seconds = offset
    row.version += 1
    await tx.session.flush()
    await _tell_tenant(tx, row)
    await audit(tx, "directory.time.moved", subject_type="tenant", subject_id=tx.tenant)
    return tenant_view(tx, row, to)


async def _tell_tenant(tx: Transaction, row: Tenant) -> None:
    changed = TenantChanged(
        slug=row.slug, title=row.title, status=row.status, business_offset_seconds=row.business_offset_seconds
    )
    await emit(tx, changed, aggregate_id=row.tenant_id)


async def make_units(tx: Transaction, units: Sequence[NewUnit], valid_from: date) -> Mapping[str, Unit]:
    """Make a whole tree at once, numbered in pre-order. Answers the units by code."""
    numbers = rules.number({unit.code: unit.parent for unit in units})
    by_code = {unit.code: unit for unit in units}
    made: dict[str, Unit] = {}
    for code in rules.by_parent_first([(unit.code, unit.parent) for unit in units]):
        unit = by_code[code]
        lo, hi = numbers[code]
        made[code] = row = Unit(
            tenant_id=tx.tenant,
            id=new_id(),
            unit_no=lo,
            last_no=hi,
            level=unit.level,
            code=unit.code,
            title=unit.title,
            parent_id=made[unit.parent].id if unit.parent else None,
            valid_from=valid_from,
        )
        tx.session.add(row)
        # Parents before children: the foreign key is checked row by row.
        await tx.session.flush()
    for row in made.values():
        await _tell_unit(tx, row)
    return made


async def rename_unit(tx: Transaction, unit_id: UUID, version: int, change: UnitRename) -> UnitView:
    """Give a unit another name."""
    row = await queries.unit(tx, unit_id, lock=True)
    check_version(row.version, version)
    row.title = change.title
    row.version += 1
    await tx.session.flush()
    await _tell_unit(tx, row)
    await audit(tx, "directory.unit.renamed", subject_type="unit", subject_id=row.id)
    return UnitView.model_validate(row)


async def _tell_unit(tx: Transaction, row: Unit) -> None:
    changed = UnitChanged(
        unit_no=row.unit_no,
        last_no=row.last_no,
        level=row.level,
        code=row.code,
        title=row.title,
        parent_id=str(row.parent_id) if row.parent_id else None,
        valid_from=row.valid_from.isoformat(),
        valid_before=row.valid_before.isoformat() if row.valid_before else None,
    )
    await emit(tx, changed, aggregate_id=row.id, unit_no=row.unit_no)


async def make_department(tx: Transaction, unit: Unit, kind: str, title: str) -> Department:
    """A department of a unit; a second one of the kind in the unit is refused by the key."""
    row = Department(tenant_id=tx.tenant, id=new_id(), unit_id=unit.id, kind=kind, title=title)
    tx.session.add(row)
    await tx.session.flush()
    return row


async def make_user(tx: Transaction, *, user_name: str, display_name: str, person_id: UUID | None = None) -> User:
    """A user of the tenant. Raises `Conflict` where the name is taken."""
    row = User(tenant_id=tx.tenant, id=new_id(), user_name=user_name, display_name=display_name, person_id=person_id)
    tx.session.add(row)
    try:
        await tx.session.flush()
    except IntegrityError as error:
        raise Conflict(
            Text("用户名已被使用", "The user name is taken."),
            errors=[FieldError("/user_name", Text("已被使用", "taken"))],
        ) from error
    await audit(tx, "directory.user.made", subject_type="user", subject_id=row.id)
    return row


async def make_official(tx: Transaction, make: UserMake) -> UserView:
    """An official who holds no post yet."""
    row = await make_user(tx, user_name=make.user_name, display_name=make.display_name)
    return UserView.model_validate(row)


async def give_post(tx: Transaction, grant: PostGrant) -> PostView:
    """Give a user a post. The three administrators stay apart (GB/T 22239-2019 8.1.5)."""
    department = await queries.department(tx, grant.department_id)
    user = await queries.lock_user(tx, grant.user_id)
    held = await queries.department_kinds(tx, user.id, grant.valid_from)
    if rules.mixes_administrators([*held, department.kind]):
        raise RuleRefused(
            Text(
                "系统、安全、审计管理员不得由一人兼任，也不得兼任其他岗位",
                "System, security and audit administrator are kept apart, and hold no other post.",
            ),
            article="GB/T 22239-2019 8.1.5",
        )
    unit = await queries.unit(tx, department.unit_id)
    row = await add_post(tx, user=user, department=department, unit=unit, duty=grant.duty, valid_from=grant.valid_from)
    return await queries.post(tx, row.id)


async def add_post(
    tx: Transaction, *, user: User, department: Department, unit: Unit, duty: str, valid_from: date
) -> Post:
    """Write the post and tell of it."""
    row = Post(
        tenant_id=tx.tenant,
        id=new_id(),
        user_id=user.id,
        department_id=department.id,
        unit_id=unit.id,
        duty=duty,
        valid_from=valid_from,
    )
    tx.session.add(row)
    await tx.session.flush()
    await _tell_post(tx, row, unit, department.kind)
    await audit(tx, "directory.post.given", subject_type="post", subject_id=row.id)
    return row


async def end_post(tx: Transaction, post_id: UUID, version: int, end: PostEnd) -> PostView:
    """End a post. It is never deleted: who held it when must stay known."""
    view = await queries.post(tx, post_id)
    row = await queries.lock_post(tx, post_id)
    check_version(row.version, version)
    if end.valid_before <= row.valid_from:
        raise InvalidInput(
            errors=[FieldError("/valid_before", Text("须晚于任职之日", "must be later than the first day"))]
        )
    if row.valid_before is not None and end.valid_before > row.valid_before:
        # Longer is a new post, with its own check of who may hold what together.
        raise WrongState(Text("已结束的岗位不能延长，请重新任职", "An ended post is not prolonged; give a new one."))
    row.valid_before = end.valid_before
    row.version += 1
    await tx.session.flush()
    unit = await queries.unit(tx, view.unit_id)
    await _tell_post(tx, row, unit, view.department_kind)
    await audit(tx, "directory.post.ended", subject_type="post", subject_id=row.id)
    return await queries.post(tx, post_id)


async def _tell_post(tx: Transaction, row: Post, unit: Unit, department_kind: str) -> None:
    changed = PostChanged(
        user_id=str(row.user_id),
        unit_id=str(unit.id),
        unit_no=unit.unit_no,
        department_kind=department_kind,
        level=unit.level,
        duty=row.duty,
        valid_from=row.valid_from.isoformat(),
        valid_before=row.valid_before.isoformat() if row.valid_before else None,
    )
    await emit(tx, changed, aggregate_id=row.id, unit_no=unit.unit_no)

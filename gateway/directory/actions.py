"""What may be done in the directory; each change tells every process by an event and stands in the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from gateway.directory import queries, rules
from gateway.directory.loading import tell_units
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
from gateway.directory.tables import Department, Post, Tenant, Unit, UnitVersion, User
from kernel.clock import utcnow
from kernel.db.table import days
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
        made[code] = Unit(
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
    # Parents before children: the foreign key is checked row by row.
    tx.session.add_all(made.values())
    await tx.session.flush()
    tx.session.add_all(first_version(row) for row in made.values())
    await tx.session.flush()
    await tell_units(tx, list(made.values()))
    return made


async def rename_unit(tx: Transaction, unit_id: UUID, version: int, change: UnitRename) -> UnitView:
    """Give a unit another name."""
    row = await queries.unit(tx, unit_id, lock=True)
    check_version(row.version, version)
    row.title = change.title
    row.version += 1
    await write_version(tx, row, tx.today)
    await tell_unit(tx, row)
    await audit(tx, "directory.unit.renamed", subject_type="unit", subject_id=row.id)
    return UnitView.model_validate(row)


def first_version(row: Unit, operation: UUID | None = None) -> UnitVersion:
    """What the unit is from its first day on."""
    return _version(row, row.valid_from, operation)


def _version(row: Unit, since: date, operation: UUID | None) -> UnitVersion:
    return UnitVersion(
        tenant_id=row.tenant_id,
        id=new_id(),
        unit_id=row.id,
        title=row.title,
        level=row.level,
        code=row.code,
        parent_id=row.parent_id,
        period=days(since, None),
        operation_id=operation,
    )


async def write_version(tx: Transaction, row: Unit, since: date, operation: UUID | None = None) -> None:
    """Keep what the unit was until that day, and what it is from then on; nothing more where it is closed."""
    await tx.session.flush()
    last = await queries.last_version(tx, row.id)
    if last is not None and last.period.lower is not None and last.period.lower >= since:
        # The same day again, or a first day to come: one version, as it stands now.
        if row.valid_before is not None:
            await tx.session.delete(last)
        else:
            last.title, last.level, last.code, last.parent_id = row.title, row.level, row.code, row.parent_id
            last.operation_id = operation
    else:
        if last is not None:
            last.period = days(last.period.lower or row.valid_from, since)
            # Before the next one: the two must not overlap at any statement.
            await tx.session.flush()
        if row.valid_before is None:
            tx.session.add(_version(row, since, operation))
    await tx.session.flush()


async def tell_unit(tx: Transaction, row: Unit) -> None:
    """Publish what the unit is now."""
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


async def make_department(
    tx: Transaction, unit: Unit, kind: str, title: str, valid_from: date | None = None
) -> Department:
    """A department of a unit, without first day as long as the unit. The caller knows there is none of the kind."""
    row = Department(tenant_id=tx.tenant, id=new_id(), unit_id=unit.id, kind=kind, title=title, valid_from=valid_from)
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
    # Held against a department that closes, or another that is given it, at the same time.
    unit = await queries.unit(tx, department.unit_id, lock=True)
    term = (grant.valid_from, grant.valid_before)
    _check_term(term, unit, department, acting=grant.acting)
    row = await add_post(
        tx,
        user=user,
        department=department,
        unit=unit,
        duty=grant.duty,
        valid_from=grant.valid_from,
        valid_before=grant.valid_before,
        acting=grant.acting,
    )
    return await queries.post(tx, row.id)


def _check_term(term: tuple[date, date | None], unit: Unit, department: Department, *, acting: bool) -> None:
    if term[1] is not None and term[1] <= term[0]:
        raise _wrong("/valid_before", Text("须晚于任职之日", "must be later than the first day"))
    if acting and term[1] is None:
        raise _wrong("/valid_before", Text("代职须写明期限", "a post held for the time being needs its end"))
    # A post for good ends with its department, whenever that closes; a term must lie within what is known.
    for place in (unit, department):
        standing = (place.valid_from, place.valid_before)
        if not rules.within((term[0], term[1] or place.valid_before), standing):
            raise _wrong("/valid_from", Text("机构或部门在此期间不存续", "the unit or department does not stand then"))


def _wrong(pointer: str, message: Text) -> InvalidInput:
    return InvalidInput(errors=[FieldError(pointer, message)])


def refuse_oneself(tx: Transaction, user_id: UUID) -> None:
    """Nobody gives himself a right: who may give posts is kept apart from who uses them (GB/T 22239-2019 8.1.5)."""
    if tx.context.actor.user == user_id:
        raise RuleRefused(
            Text("不得给自己任职或指定自己代理", "Nobody gives himself a post, nor a substitution."),
            article="GB/T 22239-2019 8.1.5",
        )


async def add_post(
    tx: Transaction,
    *,
    user: User,
    department: Department,
    unit: Unit,
    duty: str,
    valid_from: date,
    valid_before: date | None = None,
    acting: bool = False,
) -> Post:
    """Write the post and tell of it. Raises `RuleRefused` where the user is the very one who acts."""
    refuse_oneself(tx, user.id)
    row = Post(
        tenant_id=tx.tenant,
        id=new_id(),
        user_id=user.id,
        department_id=department.id,
        unit_id=unit.id,
        duty=duty,
        valid_from=valid_from,
        valid_before=valid_before,
        acting=acting,
    )
    tx.session.add(row)
    await tx.session.flush()
    await tell_post(tx, row, unit, department.kind)
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
    await tell_post(tx, row, unit, view.department_kind)
    await audit(tx, "directory.post.ended", subject_type="post", subject_id=row.id)
    return await queries.post(tx, post_id)


async def tell_post(tx: Transaction, row: Post, unit: Unit, department_kind: str) -> None:
    """Publish what the post is now."""
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

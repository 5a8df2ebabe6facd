"""Departments, users and posts by the thousand, for on-boarding and imports (T12).

Few trips, and one audit entry a kind. Every post is told to every process like a single one. The caller has checked who
may hold what.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError

from gateway.directory.actions import refuse_oneself
from gateway.directory.loading import AT_ONCE, tell_posts
from gateway.directory.tables import Department, Post, Unit, User
from kernel.db.table import TenantTable
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, Text
from kernel.events.outbox import audit
from kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class NewDepartment:
    """A department to be made; without first day it stands as long as the unit."""

    unit: Unit
    kind: str
    title: str
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to be given."""

    user: User
    department: Department
    unit: Unit
    duty: str
    valid_from: date
    valid_before: date | None = None


async def make_departments(tx: Transaction, wanted: Sequence[NewDepartment]) -> list[Department]:
    """Make departments, in the order given."""
    rows = [
        Department(
            tenant_id=tx.tenant,
            id=new_id(),
            unit_id=one.unit.id,
            kind=one.kind,
            title=one.title,
            valid_from=one.valid_from,
        )
        for one in wanted
    ]
    await _write(tx, rows)
    await _noted(tx, "directory.departments.made", "department", len(rows))
    return rows


async def make_officials(tx: Transaction, names: Sequence[tuple[str, str]]) -> list[User]:
    """Make users who hold no post and no password yet, from user name and display name, in the order given.

    Raises `Conflict` where a name is taken; none of them is made then.
    """
    rows = [
        User(tenant_id=tx.tenant, id=new_id(), user_name=user_name, display_name=display_name)
        for user_name, display_name in names
    ]
    try:
        await _write(tx, rows)
    except IntegrityError as error:
        raise Conflict(Text("有用户名已被使用", "One of the user names is taken.")) from error
    await _noted(tx, "directory.users.made", "user", len(rows))
    return rows


async def add_posts(tx: Transaction, wanted: Sequence[NewPost]) -> list[Post]:
    """Give posts, in the order given, and tell of each. Raises `RuleRefused` where one goes to the one who acts."""
    for one in wanted:
        refuse_oneself(tx, one.user.id)
    rows = [
        Post(
            tenant_id=tx.tenant,
            id=new_id(),
            user_id=one.user.id,
            department_id=one.department.id,
            unit_id=one.unit.id,
            duty=one.duty,
            valid_from=one.valid_from,
            valid_before=one.valid_before,
        )
        for one in wanted
    ]
    await _write(tx, rows)
    told = [(row, one.unit, one.department.kind) for row, one in zip(rows, wanted, strict=True)]
    await tell_posts(tx, told)
    await _noted(tx, "directory.posts.given", "post", len(rows))
    return rows


async def _write(tx: Transaction, rows: Sequence[TenantTable]) -> None:
    """A thousand at a time, each within the time that a statement may take."""
    for at in range(0, len(rows), AT_ONCE):
        tx.session.add_all(rows[at : at + AT_ONCE])
        await tx.session.flush()


async def _noted(tx: Transaction, act: str, subject: str, count: int) -> None:
    """One entry for all: which they are, the rows and the events of this request say."""
    if count:
        await audit(tx, act, subject_type=subject, subject_id=None, facts={"count": count})

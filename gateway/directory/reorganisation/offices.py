"""Departments and posts of a unit that is closed or split: ended on the day, or given anew where its matters go.

Done once the tree has its new numbers. A post is never carried to another unit: it ends, and its holder is given one of
the same duty, so that who held what where on a past day stays known. The posts of the three administrators are never
given by the one who reorganises (GB/T 22239-2019 8.1.5): they end, and the security administrator gives them anew.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from gateway.directory import actions as directory
from gateway.directory.department import actions as departments
from gateway.directory.reorganisation import queries
from gateway.directory.rules import ADMINISTRATORS
from gateway.directory.substitution import actions as substitutions
from gateway.directory.tables import Department, Post, Unit, User
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, InvalidInput, Text, WrongState
from kernel.org import queries as org


async def refuse_held(tx: Transaction, unit: Unit, day: date) -> None:
    """Raise `WrongState`, naming the posts, while somebody holds one of the unit on that day or later."""
    held = await queries.open_posts(tx, unit.id, day)
    if held:
        errors = [
            FieldError("/posts", Text(f"{each.title}岗位{post.id}", f"post {post.id} ({each.kind}, {post.duty})"))
            for post, each in held
        ]
        raise WrongState(
            Text(
                f"{unit.title}尚有{len(held)}个岗位未于该日前结束",
                f"{len(held)} posts of {unit.title} are not over by that day.",
            ),
            errors=errors,
        )


async def end(tx: Transaction, unit: Unit, day: date) -> None:
    """End the departments of a closed unit and the posts in them."""
    for post, department in await queries.open_posts(tx, unit.id, day):
        await _end_post(tx, post, unit, department, day)
    for department in await queries.open_departments(tx, unit.id, day):
        department.valid_before = day
        department.version += 1
    await tx.session.flush()


async def move(tx: Transaction, unit: Unit, into: Unit, day: date) -> None:
    """Give all who hold a post of the unit the same in its successor; departments missing there are set up."""
    await _give_anew(tx, await queries.open_posts(tx, unit.id, day), unit, into, day)


async def furnish(
    tx: Transaction, unit: Unit, part: Unit, day: date, *, kinds: Collection[str] | None, posts: Collection[UUID]
) -> None:
    """Set up the departments of a unit that was split off (without `kinds`: those of the unit it was part of), and
    give it the holders of those posts. Raises `InvalidInput` for what the unit has not."""
    there = {each.kind: each for each in await queries.open_departments(tx, unit.id, day)}
    if unknown := set(kinds or ()) - set(there):
        message = Text(f"原机构没有此部门：{'、'.join(sorted(unknown))}", "The unit has no department of this kind.")
        raise InvalidInput(message, errors=[FieldError("/parts", message)])
    for kind in there if kinds is None else sorted(kinds):
        await _department(tx, part, there[kind], day)
    named = [held for held in await queries.open_posts(tx, unit.id, day) if held[0].id in posts]
    if len(named) < len(set(posts)) or any(department.kind in ADMINISTRATORS for _, department in named):
        message = Text(
            "所列岗位不在原机构，或属三类管理员", "A post named is none of the unit's, or an administrator's."
        )
        raise InvalidInput(message, errors=[FieldError("/parts", message)])
    await _give_anew(tx, named, unit, part, day)


async def _give_anew(
    tx: Transaction, held: Collection[tuple[Post, Department]], unit: Unit, into: Unit, day: date
) -> None:
    for post, was in held:
        if was.kind in ADMINISTRATORS:
            continue
        since, until = max(day, post.valid_from), post.valid_before
        department = await _department(tx, into, was, since)
        if department.valid_before is not None:
            until = min(until or department.valid_before, department.valid_before)
        await _end_post(tx, post, unit, was, day)
        given = await directory.add_post(
            tx,
            user=await tx.session.get_one(User, (tx.tenant, post.user_id)),
            department=department,
            unit=into,
            duty=post.duty,
            valid_from=since,
            valid_before=until,
            acting=post.acting,
        )
        await substitutions.follow(tx, post.id, given, into.unit_no)


async def _end_post(tx: Transaction, post: Post, unit: Unit, department: Department, day: date) -> None:
    post.valid_before = max(day, post.valid_from)
    post.version += 1
    await tx.session.flush()
    await directory.tell_post(tx, post, unit, department.kind)


async def _department(tx: Transaction, unit: Unit, like: Department, day: date) -> Department:
    """The unit's department of that kind, set up where there is none. Raises `WrongState` where it begins later."""
    found = [each for each in await queries.open_departments(tx, unit.id, day) if each.kind == like.kind]
    for each in found:
        if each.valid_from is None or each.valid_from <= day:
            return each
    if found:
        raise WrongState(Text(f"{found[0].title}于该日尚未设立", f"{found[0].title} does not stand on that day yet."))
    pack = await org.pack(tx)
    known = departments.known_kind(pack, like.kind, unit.level)
    title = departments.name_of(pack, like.kind, day) if known else like.title
    return await directory.make_department(tx, unit, like.kind, title, day)

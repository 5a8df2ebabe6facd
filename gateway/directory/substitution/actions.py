"""Letting somebody stand in for a post's holder, and ending it; every process hears of it (T3, A6)."""

from uuid import UUID

from gateway.directory import queries as directory
from gateway.directory import rules
from gateway.directory.actions import refuse_oneself
from gateway.directory.substitution import queries
from gateway.directory.substitution.schemas import SubstituteEnd, SubstituteGrant, SubstituteView
from gateway.directory.tables import Post, Substitution
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, InvalidInput, NotFound, RuleRefused, Text, WrongState
from kernel.events.outbox import audit, emit
from kernel.http.etag import check_version
from kernel.ids import new_id
from kernel.org.published import SubstitutionChanged


async def appoint(
    tx: Transaction, post_id: UUID, grant: SubstituteGrant, *, leave_id: UUID | None = None
) -> SubstituteView:
    """Let a user stand in for the post's holder, by a leave of theirs or without.

    The three administrators stay apart (GB/T 22239-2019 8.1.5).

    Raises `NotFound` outside the scope, `InvalidInput` for days outside the post's or a user who is no official,
    `Conflict` where somebody stands in on one of the days, `RuleRefused`.
    """
    post = await directory.post(tx, post_id)
    user = await directory.lock_user(tx, grant.user_id)
    # One after the other: of two substitutes for the same days at once, the second is refused.
    await directory.lock_post(tx, post_id)
    if user.person_id is not None or user.status != "active":
        raise NotFound
    refuse_oneself(tx, user.id)
    if user.id == post.user_id:
        raise _wrong("/user_id", Text("不能由本人代理本人", "The holder does not stand in for themselves."))
    if grant.valid_before <= grant.valid_from:
        raise _wrong("/valid_before", Text("须晚于首日", "must be later than the first day"))
    if not rules.within((grant.valid_from, grant.valid_before), (post.valid_from, post.valid_before)):
        raise _wrong("/valid_from", Text("须在该岗位的任期之内", "must lie within the term of the post"))
    if await queries.overlaps(tx, post_id, grant.valid_from, grant.valid_before):
        raise Conflict(
            Text("该岗位在此期间已有代理人", "Somebody stands in for this post on one of these days."),
        )
    held = await directory.department_kinds(tx, user.id, grant.valid_from)
    if rules.mixes_administrators([*held, post.department_kind]):
        raise RuleRefused(
            Text(
                "系统、安全、审计管理员不得由一人兼任，代理亦同",
                "System, security and audit administrator are kept apart, also by substitution.",
            ),
            article="GB/T 22239-2019 8.1.5",
        )
    row = Substitution(
        tenant_id=tx.tenant,
        id=new_id(),
        post_id=post_id,
        user_id=user.id,
        valid_from=grant.valid_from,
        valid_before=grant.valid_before,
        reason=grant.reason,
        leave_id=leave_id,
    )
    tx.session.add(row)
    await tx.session.flush()
    await _tell(tx, row, post.unit_no)
    await audit(
        tx,
        "directory.substitute.appointed",
        subject_type="substitution",
        subject_id=row.id,
        reason=grant.reason,
        facts={"post_id": str(post_id), "user_id": str(user.id)},
    )
    return await queries.one(tx, post_id, row.id)


async def end(
    tx: Transaction, post_id: UUID, substitution_id: UUID, version: int, change: SubstituteEnd
) -> SubstituteView:
    """End a substitution earlier; on its first day it never held. It is never deleted: who decided for whom stays."""
    post = await directory.post(tx, post_id)
    row = await queries.lock(tx, post_id, substitution_id)
    check_version(row.version, version)
    if change.valid_before < row.valid_from:
        raise _wrong("/valid_before", Text("不得早于首日", "must not be earlier than the first day"))
    if change.valid_before > row.valid_before:
        raise WrongState(Text("代理不能延长，请重新指定", "A substitution is not prolonged; appoint anew."))
    row.valid_before = change.valid_before
    row.version += 1
    await tx.session.flush()
    await _tell(tx, row, post.unit_no)
    await audit(tx, "directory.substitute.ended", subject_type="substitution", subject_id=row.id)
    return await queries.one(tx, post_id, row.id)


async def follow(tx: Transaction, post_id: UUID, given: Post, unit_no: int) -> None:
    """Have whoever stands in for a post's holder stand in for the post that the holder is given in its stead."""
    for row in await queries.not_over(tx, given.valid_from, post_id):
        before = min(row.valid_before, given.valid_before or row.valid_before)
        since = max(row.valid_from, given.valid_from)
        if since >= before:
            continue
        made = Substitution(
            tenant_id=tx.tenant,
            id=new_id(),
            post_id=given.id,
            user_id=row.user_id,
            valid_from=since,
            valid_before=before,
            reason=row.reason,
            leave_id=row.leave_id,
        )
        tx.session.add(made)
        await tx.session.flush()
        await _tell(tx, made, unit_no)


async def _tell(tx: Transaction, row: Substitution, unit_no: int) -> None:
    changed = SubstitutionChanged(
        post_id=str(row.post_id),
        user_id=str(row.user_id),
        valid_from=row.valid_from.isoformat(),
        valid_before=row.valid_before.isoformat(),
    )
    await emit(tx, changed, aggregate_id=row.id, unit_no=unit_no)


def _wrong(pointer: str, message: Text) -> InvalidInput:
    return InvalidInput(errors=[FieldError(pointer, message)])

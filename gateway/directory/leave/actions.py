"""Recording that an official is away, with who stands in for each of their posts, and that they are back (T3, A6)."""

from uuid import UUID

from gateway.directory import queries as directory
from gateway.directory.leave import queries
from gateway.directory.leave.schemas import LeaveBody, LeaveEnd, LeaveView
from gateway.directory.substitution import actions as substitutions
from gateway.directory.substitution.schemas import SubstituteEnd, SubstituteGrant, SubstituteView
from gateway.directory.tables import OfficialLeave
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, InvalidInput, NotFound, Text, WrongState
from kernel.events.outbox import audit, emit
from kernel.http.etag import check_version
from kernel.ids import new_id
from kernel.org.published import LeaveChanged


async def record(tx: Transaction, user_id: UUID, body: LeaveBody) -> LeaveView:
    """Record a leave and appoint who stands in on its days, as far as each post's term goes.

    A post for which nobody is named is shown as uncovered and stands in the audit: a leave is never refused for that.
    Raises `NotFound` for a user beyond the asker's scope, `Conflict` for one who is away already, and what appointing
    a substitute raises.
    """
    await in_care(tx, user_id)
    await directory.lock_user(tx, user_id)
    if body.valid_before <= body.valid_from:
        raise _wrong("/valid_before", Text("须晚于首日", "must be later than the first day"))
    if await queries.overlaps(tx, user_id, body.valid_from, body.valid_before):
        raise Conflict(Text("该人员在此期间已登记请假", "The official is away on one of these days already."))
    held = {post.id: post for post in await queries.posts_held(tx, user_id, body.valid_from, body.valid_before)}
    row = OfficialLeave(
        tenant_id=tx.tenant,
        id=new_id(),
        user_id=user_id,
        valid_from=body.valid_from,
        valid_before=body.valid_before,
        reason=body.reason,
    )
    tx.session.add(row)
    await tx.session.flush()
    for index, each in enumerate(body.substitutes):
        post = held.get(each.post_id)
        if post is None:
            message = Text("不是该人员在此期间的岗位", "No post of the official in this period.")
            raise _wrong(f"/substitutes/{index}/post_id", message)
        grant = SubstituteGrant(
            user_id=each.user_id,
            valid_from=max(body.valid_from, post.valid_from),
            valid_before=min(body.valid_before, post.valid_before or body.valid_before),
            reason=body.reason,
        )
        await substitutions.appoint(tx, post.id, grant, leave_id=row.id)
    await _tell(tx, row)
    shown = await queries.view(tx, row)
    facts = {"user_id": str(user_id), "uncovered": [str(each) for each in shown.uncovered_post_ids]}
    await audit(
        tx, "directory.leave.recorded", subject_type="leave", subject_id=row.id, reason=body.reason, facts=facts
    )
    return shown


async def end(
    tx: Transaction, user_id: UUID, leave_id: UUID, version: int, change: LeaveEnd
) -> tuple[LeaveView, list[SubstituteView]]:
    """The official is back on that day: who stood in stops then. Answers the substitutions that were ended, too."""
    await in_care(tx, user_id)
    row = await queries.lock(tx, user_id, leave_id)
    check_version(row.version, version)
    if change.valid_before < row.valid_from:
        raise _wrong("/valid_before", Text("不得早于首日", "must not be earlier than the first day"))
    if change.valid_before > row.valid_before:
        raise WrongState(Text("请假不能延长，请另行登记", "A leave is not prolonged; record another."))
    row.valid_before = change.valid_before
    row.version += 1
    await tx.session.flush()
    await _tell(tx, row)
    ended = []
    for each in await queries.substitutions_of(tx, row.id):
        if each.valid_before > change.valid_before:
            last = SubstituteEnd(valid_before=max(change.valid_before, each.valid_from))
            ended.append(await substitutions.end(tx, each.post_id, each.id, each.version, last))
    await audit(tx, "directory.leave.ended", subject_type="leave", subject_id=row.id)
    return await queries.view(tx, row), ended


async def _tell(tx: Transaction, row: OfficialLeave) -> None:
    changed = LeaveChanged(
        user_id=str(row.user_id),
        valid_from=row.valid_from.isoformat(),
        valid_before=row.valid_before.isoformat(),
    )
    await emit(tx, changed, aggregate_id=row.id)


async def in_care(tx: Transaction, user_id: UUID) -> None:
    """Raise `NotFound` for a user who is no official, or beyond the asker's scope."""
    user = await directory.user_in_care(tx, user_id)
    if user is None or user.person_id is not None:
        raise NotFound


def _wrong(pointer: str, message: Text) -> InvalidInput:
    return InvalidInput(errors=[FieldError(pointer, message)])

"""Open steps when an office changes: after a reorganisation they find it anew, above the subject's unit as it stands;
where its last post ends, or all who hold one are on leave and nobody stands in, that nobody is there is told and stands
in the audit.

Without it a step of a unit that moved would wait at the desk of its old county, which no longer sees the case, and a
step whose post was ended would wait in silence. Registered behind the read model, so the rows are the new ones already.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, tuple_
from sqlmodel import col, select

from kernel.approvals.embed import queries, seating, telling
from kernel.approvals.embed.tables import ApprovalCase, ApprovalSigner, ApprovalStep
from kernel.clock import SHANGHAI
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.org.published import LeaveChanged, PostChanged, PostsLoaded, SubstitutionChanged, UnitsRenumbered
from kernel.org.tables import OrgLeave, OrgPost, OrgSubstitution, OrgUnit
from kernel.schedule.actions import at
from kernel.schedule.tables import Schedule

OFFICES_DUE = "approvals.offices_due"
"""Kind of the timer of a day on which posts, leaves or substitutions begin or end."""

subscriptions = Subscriptions()


@subscriptions.on(UnitsRenumbered)
async def on_tree(tx: Transaction, event: Received[UnitsRenumbered]) -> None:
    """Seat the open steps of the units concerned again, and tell the worklists."""
    concerned = {UUID(each) for each in (*event.data.unit_ids, *event.data.into_ids)}
    await _seat_again(tx, col(ApprovalCase.subject_unit_id).in_(concerned))


@subscriptions.on(PostChanged)
async def on_post(tx: Transaction, event: Received[PostChanged]) -> None:
    """A post was given or ended: look who is at the desk, now and on the days to come on which it begins or ends."""
    data = event.data
    await _seat_offices(tx, [(UUID(data.unit_id), data.department_kind)])
    await _look_again(tx, [(data.valid_from, data.unit_no), (data.valid_before, data.unit_no)])


@subscriptions.on(PostsLoaded)
async def on_posts(tx: Transaction, event: Received[PostsLoaded]) -> None:
    """As for one, for many."""
    data = event.data
    await _seat_offices(tx, set(zip(map(UUID, data.unit_ids), data.department_kinds, strict=True)))
    days = [*data.valid_froms, *data.valid_befores]
    await _look_again(tx, list(zip(days, [*data.unit_nos, *data.unit_nos], strict=True)))


@subscriptions.on(LeaveChanged)
async def on_leave(tx: Transaction, event: Received[LeaveChanged]) -> None:
    """An official is away or back: look at the desks of their posts and of those they stand in for, now and then."""
    data = event.data
    await _seat_offices(tx, await _offices(tx, _concerns([UUID(data.user_id)])))
    await _look_again(tx, [(day, tx.context.scope.lo) for day in (data.valid_from, data.valid_before)])


@subscriptions.on(SubstitutionChanged)
async def on_substitution(tx: Transaction, event: Received[SubstitutionChanged]) -> None:
    """Somebody stands in, or no longer: the same for the desk of that post."""
    data = event.data
    await _seat_offices(tx, await _offices(tx, col(OrgPost.id) == UUID(data.post_id)))
    await _look_again(tx, [(day, tx.context.scope.lo) for day in (data.valid_from, data.valid_before)])


async def _look_again(tx: Transaction, days: Collection[tuple[str | None, int]]) -> None:
    """One timer for each day to come."""
    coming = {date.fromisoformat(day): unit_no for day, unit_no in days if day}
    for day, unit_no in coming.items():
        due = datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
        if day <= tx.today:
            continue
        known = await tx.session.execute(
            select(Schedule.id)
            .where(col(Schedule.kind) == OFFICES_DUE, col(Schedule.due_business_at) == due)
            .where(col(Schedule.state) == "waiting")
            .limit(1)
        )
        if known.first() is None:
            await at(tx, OFFICES_DUE, due, unit_no=unit_no, payload={"day": day.isoformat()})


async def on_day(tx: Transaction, payload: dict[str, Any]) -> None:
    """The day on which posts, leaves or substitutions begin or end."""
    day = date.fromisoformat(payload["day"])
    away = await tx.session.execute(select(OrgLeave.user_id).where(_turns(OrgLeave, day)))
    stood_in_for = select(col(OrgSubstitution.post_id)).where(_turns(OrgSubstitution, day))
    concerned = or_(_turns(OrgPost, day), _concerns(list(away.scalars())), col(OrgPost.id).in_(stood_in_for))
    await _seat_offices(tx, await _offices(tx, concerned))


def _turns(kind: type[OrgPost] | type[OrgLeave] | type[OrgSubstitution], day: date) -> ColumnElement[bool]:
    """The condition that a period begins or ends on that day."""
    return or_(col(kind.valid_from) == day, col(kind.valid_before) == day)


def _concerns(users: Sequence[UUID]) -> ColumnElement[bool]:
    """The condition that a post is held by one of them, or that one stands in for its holder."""
    stood_in_for = select(col(OrgSubstitution.post_id)).where(col(OrgSubstitution.user_id).in_(users))
    return or_(col(OrgPost.user_id).in_(users), col(OrgPost.id).in_(stood_in_for))


async def _offices(tx: Transaction, concerned: ColumnElement[bool]) -> list[tuple[UUID, str]]:
    found = await tx.session.execute(select(OrgPost.unit_id, OrgPost.department_kind).where(concerned).distinct())
    return [(row[0], row[1]) for row in found]


async def _seat_offices(tx: Transaction, offices: Collection[tuple[UUID, str]]) -> None:
    if not offices:
        return
    places = list(offices)
    at_desk = tuple_(col(ApprovalStep.acting_unit_id), col(ApprovalStep.department)).in_(places)
    to_sign = tuple_(col(ApprovalSigner.acting_unit_id), col(ApprovalSigner.department)).in_(places)
    await _seat_again(tx, queries.waiting(tx, at_desk, to_sign))


async def _seat_again(tx: Transaction, concerned: ColumnElement[bool]) -> None:
    found = await tx.session.execute(
        select(col(ApprovalCase.id))
        .join(
            OrgUnit,
            (col(OrgUnit.tenant_id) == col(ApprovalCase.tenant_id))
            & (col(OrgUnit.id) == col(ApprovalCase.subject_unit_id)),
        )
        .where(concerned, col(ApprovalCase.state).in_(queries.LIVE))
        .order_by(col(ApprovalCase.id))
    )
    for case_id in list(found.scalars()):
        await _seat_case(tx, case_id)


async def _seat_case(tx: Transaction, case_id: UUID) -> None:
    held = await queries.load(tx, case_id, lock=True)
    for position, step in enumerate(held.case.steps):
        if step.state == "open" and await seating.sit(tx, held, position):
            await telling.tell_seat(tx, held, position)
    await tx.session.flush()

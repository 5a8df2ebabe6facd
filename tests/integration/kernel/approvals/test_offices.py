"""A step whose office loses its last post, or all who hold one to a leave, is not left waiting in silence (A6, T3)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
from sqlmodel import col, select

from kernel.approvals.embed.reseating import OFFICES_DUE
from kernel.approvals.embed.reseating import subscriptions as reseating
from kernel.clock import local_date
from kernel.events.envelope import Envelope, body
from kernel.events.event import Event
from kernel.events.inbox import receive
from kernel.events.subscriptions import Subscriptions
from kernel.ids import new_id
from kernel.org.consumers import subscriptions as org_subscriptions
from kernel.org.published import LeaveChanged, PostChanged, PostsLoaded, SubstitutionChanged, UnitsRenumbered
from kernel.org.tables import OrgUnit
from kernel.schedule.tables import Schedule
from kernel.testing.tree import FOUNDED, Caller
from tests.integration.kernel.approvals.desk import NOW, PATH, Desk

TODAY = "2026-03-02"


async def deliver(
    desk: Desk,
    event: Event,
    aggregate_id: UUID,
    version: int = 1,
    *,
    to: Sequence[Subscriptions] = (org_subscriptions,),
) -> None:
    kind = type(event)
    envelope = Envelope(
        id=new_id(),
        source=kind.source,
        tenant=desk.tenant.id,
        aggregate_type=kind.aggregate,
        aggregate_id=aggregate_id,
        version=version,
        event=kind.name,
        event_version=kind.v,
        business_time=desk.tenant.now,
        recorded_at=NOW,
        body=body(msgspec.json.encode(event).decode(), None),
    )
    service = desk.tenant.service
    subscriptions = Subscriptions()
    for each in (*to, reseating):
        subscriptions.include(each)
    await receive(service.database, service.config, subscriptions, envelope)


def post(desk: Desk, caller: Caller, valid_from: str = FOUNDED.isoformat(), before: str | None = None) -> PostChanged:
    place = desk.tenant.tree["league"]
    return PostChanged(
        user_id=str(caller.actor.user),
        unit_id=str(place.id),
        unit_no=place.unit_no,
        department_kind=str(caller.actor.department_kind),
        level=place.level,
        duty=str(caller.actor.duty),
        valid_from=valid_from,
        valid_before=before,
    )


async def unstaffed(desk: Desk) -> list[str]:
    """The cases that nobody can decide, as the league lists them."""
    answer = await desk.tenant.get(desk.filer, PATH, query={"unstaffed": "true"})
    return [each["id"] for each in answer.json()["items"]]


async def told(desk: Desk, case: UUID) -> list[str | None]:
    """Why nobody was there, by each word about the open step."""
    events = await desk.tenant.events("step_opened")
    return [each.data["unstaffed"] for each in events if each.aggregate_id == case]


async def raised(desk: Desk) -> int:
    audited = [each.data["action"] for each in await desk.tenant.events("recorded")]
    return sum(action.endswith(".approval.unstaffed") for action in audited)


async def test_a_step_whose_last_post_ended_is_raised_and_found_by_who_comes_after(desk: Desk) -> None:
    case = await desk.case("plan")
    assert desk.reviewer.actor.post is not None
    assert await unstaffed(desk) == []
    await deliver(desk, post(desk, desk.reviewer, before=TODAY), desk.reviewer.actor.post)
    assert await unstaffed(desk) == [str(case.id)]
    assert (await told(desk, case.id), await raised(desk)) == ([None, "no_post"], 1)
    # Another post of the same department and duty: it waits at that desk.
    successor = await desk.tenant.appoint("league", "society_work", "approver")
    assert successor.actor.post is not None
    await deliver(desk, post(desk, successor), successor.actor.post)
    assert await unstaffed(desk) == []
    assert (await told(desk, case.id), await raised(desk)) == ([None, "no_post", None], 1)
    assert (await desk.decide(successor, case.id, "approve", "check")).status_code == 200


async def test_a_post_that_ends_on_a_day_to_come_is_missed_on_that_day(desk: Desk) -> None:
    case = await desk.case("plan")
    assert desk.reviewer.actor.post is not None
    await deliver(desk, post(desk, desk.reviewer, before="2026-03-05"), desk.reviewer.actor.post)
    # A second one that ends that day has the same timer.
    other = new_id()
    await deliver(desk, post(desk, desk.reviewer, before="2026-03-05"), other)
    assert await unstaffed(desk) == []
    loaded = PostsLoaded(
        post_ids=[str(new_id())],
        user_ids=[str(new_id())],
        unit_ids=[str(desk.tenant.tree["league"].id)],
        unit_nos=[desk.tenant.tree["league"].unit_no],
        department_kinds=["society_work"],
        levels=["league"],
        duties=["approver"],
        valid_froms=["2026-03-09"],
        valid_befores=[""],
    )
    await deliver(desk, loaded, desk.tenant.id)
    assert await days_due(desk) == [date(2026, 3, 5), date(2026, 3, 9)]
    await desk.tenant.move_to(datetime(2026, 3, 4, 16, tzinfo=UTC))  # midnight in Shanghai
    await desk.tenant.service.run_timers()
    assert await unstaffed(desk) == [str(case.id)]
    await desk.tenant.move_to(datetime(2026, 3, 8, 16, tzinfo=UTC))
    await desk.tenant.service.run_timers()
    assert await unstaffed(desk) == []
    assert await told(desk, case.id) == [None, "no_post", None]


async def test_a_matter_above_which_no_unit_of_the_level_stands_any_more_is_raised(desk: Desk) -> None:
    case = await desk.case("plan")
    league, county = desk.tenant.tree["league"], desk.tenant.tree["county"]
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        closed = (await tx.session.execute(select(OrgUnit).where(col(OrgUnit.id) == league.id))).scalar_one()
        closed.last_no = closed.unit_no
    moved = UnitsRenumbered(
        valid_from=TODAY,
        document="撤销批复",
        unit_ids=[str(county.id)],
        old_nos=[county.unit_no],
        unit_nos=[county.unit_no],
        last_nos=[county.last_no],
        merged_ids=[],
        into_ids=[],
    )
    # The read model has followed already; what is asked here is what the desks make of it.
    await deliver(desk, moved, desk.tenant.id, to=())
    assert (await told(desk, case.id), await raised(desk)) == ([None, "no_unit"], 1)
    assert await unstaffed(desk) == [str(case.id)]
    assert (await desk.decide(desk.reviewer, case.id, "approve", "check")).status_code == 403
    assert (await desk.decide(desk.handler, case.id, "withdraw")).status_code == 200


async def away(desk: Desk, user: UUID | None, leave: UUID, valid_from: str, before: str, version: int = 1) -> None:
    told = LeaveChanged(user_id=str(user), valid_from=valid_from, valid_before=before)
    await deliver(desk, told, leave, version)


async def stand_in(desk: Desk, caller: Caller, user: UUID, valid_from: str, before: str) -> None:
    told = SubstitutionChanged(
        post_id=str(caller.actor.post), user_id=str(user), valid_from=valid_from, valid_before=before
    )
    await deliver(desk, told, new_id())


async def at_midnight(desk: Desk, day: int) -> None:
    """That day of March 2026 begins in Shanghai."""
    await desk.tenant.move_to(datetime(2026, 3, day - 1, 16, tzinfo=UTC))
    await desk.tenant.service.run_timers()


async def test_a_step_whose_only_approver_goes_on_leave_is_raised_until_the_return(desk: Desk) -> None:
    case, leave = await desk.case("plan"), new_id()
    await away(desk, desk.reviewer.actor.user, leave, "2026-03-04", "2026-03-11")
    assert await unstaffed(desk) == []
    await at_midnight(desk, 4)
    assert await unstaffed(desk) == [str(case.id)]
    assert (await told(desk, case.id), await raised(desk)) == ([None, "on_leave"], 1)
    # A step that opens meanwhile is raised at once.
    later = await desk.case("plan")
    assert sorted(await unstaffed(desk)) == sorted([str(case.id), str(later.id)])
    # Back two days early; what the timer of the first end finds is nothing new.
    await away(desk, desk.reviewer.actor.user, leave, "2026-03-04", "2026-03-09", version=2)
    await at_midnight(desk, 9)
    assert await unstaffed(desk) == []
    await at_midnight(desk, 11)
    assert await told(desk, case.id) == [None, "on_leave", None]
    assert (await desk.decide(desk.reviewer, case.id, "approve", "check")).status_code == 200


async def test_a_leave_with_somebody_who_stands_in_is_no_empty_office(desk: Desk) -> None:
    case, substitute = await desk.case("plan"), new_id()
    await away(desk, desk.reviewer.actor.user, new_id(), TODAY, "2026-03-09")
    assert await unstaffed(desk) == [str(case.id)]
    await stand_in(desk, desk.reviewer, substitute, TODAY, "2026-03-06")
    assert await unstaffed(desk) == []
    # The substitute goes on leave, too, and is back; then the substitution is over before the leave.
    await away(desk, substitute, new_id(), "2026-03-03", "2026-03-04")
    seen = []
    for day in (3, 4, 6, 9):
        await at_midnight(desk, day)
        seen.append(await unstaffed(desk))
    assert seen == [[str(case.id)], [], [str(case.id)], []]
    assert await told(desk, case.id) == [None, "on_leave", None, "on_leave", None, "on_leave", None]
    assert await raised(desk) == 3


async def test_one_of_two_approvers_on_leave_leaves_an_office_that_can_act(desk: Desk) -> None:
    case = await desk.case("plan")
    colleague = await desk.tenant.appoint("league", "society_work", "approver")
    await away(desk, desk.reviewer.actor.user, new_id(), TODAY, "2026-03-09")
    assert (await unstaffed(desk), await raised(desk)) == ([], 0)
    # Of two whose leaves overlap nobody is there; somebody else's leave is nothing to this office.
    await away(desk, desk.handler.actor.user, new_id(), TODAY, "2026-03-09")
    assert await unstaffed(desk) == []
    await away(desk, colleague.actor.user, new_id(), TODAY, "2026-03-09")
    assert await unstaffed(desk) == [str(case.id)]


async def days_due(desk: Desk) -> list[date]:
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        found = await tx.session.execute(
            select(col(Schedule.due_business_at)).where(col(Schedule.kind) == OFFICES_DUE).order_by("due_business_at")
        )
        return [local_date(each) for each in found.scalars()]

"""A substitute decides in another's post, on the days of the substitution only, and it is written down (T3, A6)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlmodel import col, select

from kernel.approvals.embed.tables import ApprovalRecord
from kernel.ids import new_id
from kernel.org.tables import OrgSubstitution
from kernel.testing.tree import Caller
from tests.integration.kernel.approvals.desk import PATH, Desk

FROM, BEFORE = date(2026, 3, 3), date(2026, 3, 6)


async def substitute(desk: Desk, post: Caller, user: UUID | None = None) -> Caller:
    """Somebody who stands in for the holder of that post from `FROM` to the day before `BEFORE`."""
    caller = Caller(replace(post.actor, user=user or new_id()), post.scope)
    assert post.actor.post is not None
    assert caller.actor.user is not None
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        tx.session.add(
            OrgSubstitution(
                tenant_id=desk.tenant.id,
                id=new_id(),
                post_id=post.actor.post,
                user_id=caller.actor.user,
                valid_from=FROM,
                valid_before=BEFORE,
            )
        )
    return caller


def noon(day: int) -> datetime:
    """That day of March 2026 at noon in Shanghai."""
    return datetime(2026, 3, day, 4, 0, tzinfo=UTC)


async def test_a_substitute_decides_on_the_days_of_the_substitution_only(desk: Desk) -> None:
    stand_in = await substitute(desk, desk.reviewer)
    for day, status in ((2, 403), (3, 200), (5, 200), (6, 403)):
        await desk.tenant.move_to(noon(day))
        case = await desk.case("two")
        answer = await desk.decide(stand_in, case.id, "approve", "check")
        assert answer.status_code == status, (day, answer.text)
        allowed = await desk.tenant.get(stand_in, f"{PATH}/{case.id}/allowed-actions")
        assert allowed.status_code == status
        # Control: the holder's own right is untouched by whoever stands in.
        if status == 403:
            assert (await desk.decide(desk.reviewer, case.id, "approve", "check")).status_code == 200


async def test_the_timeline_says_on_whose_behalf(desk: Desk) -> None:
    stand_in = await substitute(desk, desk.reviewer)
    await desk.tenant.move_to(noon(4))
    by_substitute, by_holder = await desk.case("two"), await desk.case("two")
    assert (await desk.decide(stand_in, by_substitute.id, "approve", "check")).is_success
    assert (await desk.decide(desk.reviewer, by_holder.id, "approve", "check")).is_success
    lines = (await desk.tenant.get(desk.reviewer, f"{PATH}/{by_substitute.id}/timeline")).json()["items"]
    assert [line["on_behalf_of"] for line in lines] == [None, str(desk.reviewer.actor.post)]
    assert lines[1]["user_id"] == str(stand_in.actor.user)
    lines = (await desk.tenant.get(desk.reviewer, f"{PATH}/{by_holder.id}/timeline")).json()["items"]
    assert [line["on_behalf_of"] for line in lines] == [None, None]
    decided = await desk.tenant.events("decided")
    assert {event.data["on_behalf_of"] for event in decided} == {None, str(desk.reviewer.actor.post)}


async def test_recusal_holds_for_the_substitute_and_for_who_is_stood_in_for(desk: Desk) -> None:
    approver = await desk.tenant.appoint("county", "society_work", "approver")
    colleague = await desk.tenant.appoint("county", "society_work", "approver")
    stand_in = await substitute(desk, approver)
    await desk.tenant.move_to(noon(4))
    # What the holder submitted, the substitute does not decide on, and neither sees it at the desk.
    case = await desk.case("local", caller=approver)
    refused = await desk.decide(stand_in, case.id, "approve", "ok")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    assert await mine(desk, stand_in) == []
    assert (await desk.decide(colleague, case.id, "approve", "ok")).is_success
    # What the substitute submitted in the holder's post, the holder does not decide on either.
    case = await desk.case("local", caller=stand_in)
    for caller in (stand_in, approver):
        refused = await desk.decide(caller, case.id, "approve", "ok")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
        assert await mine(desk, caller) == []
    assert await mine(desk, colleague) == [str(case.id)]
    assert (await desk.decide(colleague, case.id, "approve", "ok")).is_success
    # The substitute's own matter stays theirs in another's post.
    case = await desk.case("local", caller=colleague, subject_user=stand_in.actor.user)
    assert (await desk.decide(stand_in, case.id, "approve", "ok")).status_code == 409
    assert (await desk.decide(approver, case.id, "approve", "ok")).is_success


async def mine(desk: Desk, caller: Caller) -> list[str]:
    """What stands on the desk of the caller."""
    answer = await desk.tenant.get(caller, PATH, query={"mine": "true"})
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


async def test_a_submission_says_in_whose_post_it_was_made(desk: Desk) -> None:
    stand_in = await substitute(desk, desk.handler)
    await desk.tenant.move_to(noon(4))
    case = await desk.case("two", caller=stand_in)
    assert case.submitter_user_id == stand_in.actor.user
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        found = await tx.session.execute(
            select(ApprovalRecord.on_behalf_of).where(col(ApprovalRecord.case_id) == case.id)
        )
        assert found.scalars().all() == [desk.handler.actor.post]

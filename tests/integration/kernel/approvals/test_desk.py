"""What a post sees of cases, and steps whose office changes under them (A1, A6, T4)."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlmodel import col, select

from kernel.approvals.embed import actions
from kernel.context import EVERYTHING, Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.org.tables import OrgPost, OrgUnit
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller, official, person
from tests.integration.kernel.approvals.desk import PATH, Desk


async def listed(desk: Desk, caller: Caller, **query: str) -> list[str]:
    answer = await desk.tenant.get(caller, PATH, query=query)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


async def test_a_sibling_unit_and_another_tenant_see_nothing(desk: Desk, approval_service: ServiceUnderTest) -> None:
    case = await desk.case("two")
    assert await listed(desk, desk.reviewer) == [str(case.id)]  # the control: its superior does
    sibling = await desk.tenant.appoint("sibling_county", "society_work", "approver")
    foreign = await Desk.at(approval_service)
    for where, caller in ((desk, sibling), (foreign, foreign.reviewer)):
        assert await listed(where, caller) == []
        for path in ("", "/allowed-actions", "/timeline"):
            hidden = await where.tenant.get(caller, f"{PATH}/{case.id}{path}")
            absent = await where.tenant.get(caller, f"{PATH}/{new_id()}{path}")
            assert (hidden.status_code, absent.status_code) == (404, 404)
            assert without_instance(hidden.json()) == without_instance(absent.json())
        assert (await where.decide(caller, case.id, "approve", "check")).status_code == 404
    assert await desk.actions(case.id) == ["submit"]


def without_instance(problem: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in problem.items() if name != "instance"}


async def test_a_case_opened_later_stands_in_the_name_of_who_submitted(desk: Desk) -> None:
    system = Caller(Actor("system"), EVERYTHING)
    case = await desk.case("two", caller=system, submitter=desk.handler.actor)
    assert case.submitter_user_id == desk.handler.actor.user
    assert (await desk.decide(desk.reviewer, case.id, "return", "check")).is_success
    assert (await desk.decide(desk.handler, case.id, "submit")).is_success
    assert (await desk.decide(desk.handler, case.id, "withdraw")).is_success


async def test_mine_is_what_the_acting_post_can_act_on_now(desk: Desk) -> None:
    two, plan = await desk.case("two"), await desk.case("plan")
    assert await listed(desk, desk.reviewer, mine="true") == [str(plan.id), str(two.id)]
    assert await listed(desk, desk.filer, mine="true") == []
    await desk.decide(desk.reviewer, plan.id, "approve", "check")
    assert await listed(desk, desk.reviewer, mine="true") == [str(two.id)]
    assert await listed(desk, desk.filer, mine="true") == [str(plan.id)]  # the filing, after the approval
    approver = await desk.tenant.appoint("county", "society_work", "approver")
    own = await desk.case("local", caller=approver)
    assert await listed(desk, approver, mine="true") == []
    other = await desk.tenant.appoint("county", "society_work", "approver")
    assert await listed(desk, other, mine="true") == [str(own.id)]


async def test_a_list_is_filtered_and_paged_without_gap_or_repeat(desk: Desk) -> None:
    cases = [await desk.case("two") for _ in range(5)]
    await desk.decide(desk.handler, cases[0].id, "withdraw")
    assert await listed(desk, desk.reviewer, state="withdrawn") == [str(cases[0].id)]
    assert await listed(desk, desk.reviewer, subject_id=str(cases[1].subject_id)) == [str(cases[1].id)]
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        page = (await desk.tenant.get(desk.reviewer, PATH, query=query)).json()
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        query = {"limit": "2", "cursor": page["next"]}
    assert seen == [str(case.id) for case in reversed(cases)]


async def test_a_step_that_nobody_can_decide_is_raised_and_heals_by_an_appointment(desk: Desk) -> None:
    case = await desk.case("lonely")
    assert case.steps[0].unstaffed == "no_post"
    opened = (await desk.tenant.events("step_opened"))[-1]
    assert opened.data["unstaffed"] == "no_post"
    raised = [each.data for each in await desk.tenant.events("recorded")]
    assert [each["facts"] for each in raised if each["action"].endswith(".unstaffed")] == [
        {"step": "ok", "why": "no_post"}
    ]
    late = await desk.tenant.appoint("league", "finance", "approver")
    assert (await desk.decide(late, case.id, "approve", "ok")).status_code == 200


async def test_a_step_finds_its_approver_after_units_were_renumbered(desk: Desk) -> None:
    case = await desk.case("two")
    league = desk.tenant.tree["league"]
    moved = league.last_no - 1
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        unit = (await tx.session.execute(select(OrgUnit).where(col(OrgUnit.id) == league.id))).scalar_one()
        unit.unit_no = moved
        posts = await tx.session.execute(select(OrgPost).where(col(OrgPost.unit_id) == league.id))
        for post in posts.scalars():
            post.unit_no = moved
    renumbered = official(league, "society_work", "approver")
    actor = replace(renumbered.actor, unit_no=moved)
    answer = await desk.decide(Caller(actor, renumbered.scope), case.id, "approve", "check")
    assert answer.status_code == 200, answer.text


async def test_a_person_submits_and_sees_the_own_matter_and_no_other(desk: Desk) -> None:
    applicant, stranger = person(), person()
    case = await desk.case("two", caller=applicant, subject_person=applicant.actor.person)
    database = desk.tenant.service.database
    async with database.transaction(desk.context(applicant)) as tx:
        assert (await actions.one(tx, case.id)).state == "open"
        assert [each.action for each in (await actions.allowed_actions(tx, case.id)).items] == ["withdraw", "remind"]
    with pytest.raises(NotFound):
        await look(desk, stranger, case.id)
    assert (await desk.decide(desk.reviewer, case.id, "approve", "check")).status_code == 200


async def look(desk: Desk, caller: Caller, case: UUID) -> None:
    async with desk.tenant.service.database.transaction(desk.context(caller)) as tx:
        await actions.one(tx, case)

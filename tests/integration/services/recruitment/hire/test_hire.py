"""Hires over HTTP: made public, decided, told to roster once, posts never over-filled."""

import asyncio
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select

from kernel.approvals.embed import actions as approval_actions
from kernel.events.seal import attach_key, open_member
from kernel.privacy.tables import PersonKey
from kernel.testing.tree import PUBLIC, Caller, person
from services.recruitment.hire import actions
from tests.integration.services.recruitment.journey import AFTER_PUBLICITY, EXAM, Journey, id_number


@pytest.mark.article("NM-8", "NM-12")
async def test_a_hire_is_made_public_decided_and_told_to_roster_once(journey: Journey) -> None:
    notice = await journey.notice()
    applicant, application = await journey.ready(notice)
    proposed = await journey.propose(application)
    hire = proposed.json()
    assert proposed.status_code == 201
    # Five working days after Monday 23 September 2024: Sunday 29 September was worked for the National Day.
    assert (hire["public_from"], hire["public_until"]) == ("2024-09-23", "2024-09-29")
    (line,) = (await journey.made(PUBLIC, "GET", "/publicity"))["items"]
    assert line["masked_name"] == "张**"
    assert set(line) == {
        "id",
        "notice_id",
        "masked_name",
        "community_title",
        "post_title",
        "public_from",
        "public_until",
    }
    early = await journey.decide("approver", hire["case_id"], "approve", "decision")
    assert not early.is_success
    await journey.tenant.move_to(AFTER_PUBLICITY)
    await journey.tenant.service.run_timers()
    assert (await journey.made(PUBLIC, "GET", "/publicity"))["items"] == []
    # Who proposed does not decide.
    assert (await journey.decide("handler", hire["case_id"], "approve", "decision")).status_code == 403
    assert (await journey.decide("approver", hire["case_id"], "approve", "decision")).is_success
    assert (await journey.made(applicant, "GET", f"/my/applications/{application['id']}"))["state"] == "hired"
    decided = await journey.made("handler", "GET", f"/hires/{hire['id']}")
    assert (decided["state"], decided["decided_on"]) == ("approved", "2024-10-30")
    (event,) = await journey.tenant.events("hired")
    tree = journey.tenant.tree
    assert event.data["community_unit_no"] == tree["community"].unit_no
    assert event.data["township_unit_id"] == str(tree["township"].id)
    assert event.data["category"] == "community_staff"
    assert event.data["pack_id"] == "neimenggu"
    progress = await journey.made("handler", "GET", f"/notices/{notice['id']}/progress")
    assert progress["items"][0]["filled"] == 1
    assert event.sealed is not None
    assert "张三丰" not in str(event.data) + str(event.sealed)
    assert await _opened(journey, applicant) == {
        "full_name": "张三丰",
        "id_number": id_number(date(1995, 3, 1)),
        "phone": "13900000001",
    }
    twice = await journey.decide("approver", hire["case_id"], "approve", "decision")
    assert twice.status_code == 409
    async with journey.tenant.service.database.transaction(journey.tenant.context()) as tx:
        # The same word once more, as a repeated delivery would bring it.
        await actions.decided(tx, await approval_actions.one(tx, UUID(hire["case_id"])))
    assert len(await journey.tenant.events("hired")) == 1


async def _opened(journey: Journey, applicant: Caller) -> dict[str, str] | None:
    """What roster would read of the sealed member."""
    (event,) = await journey.tenant.events("hired")
    person_id = applicant.actor.person
    async with journey.tenant.service.database.transaction(journey.tenant.context()) as tx:
        key = (await tx.session.execute(select(PersonKey).where(col(PersonKey.person_id) == person_id))).scalar_one()
        assert key.wrapped is not None
        assert event.sealed is not None
        member = await attach_key(journey.tenant.id, event.id, event.sealed, key.wrapped)
        return await open_member(tx, event.id, "roster", member)


@pytest.mark.article("NM-8")
async def test_no_hire_before_every_stage_is_passed(journey: Journey) -> None:
    notice = await journey.notice()
    _, application = await journey.applied(notice)
    assert (await journey.propose(application)).json()["article"] == "NM-8(7)"
    await journey.judge_all(application["id"])
    await journey.conclude(application["id"])
    unranked = await journey.propose(application)
    assert (unranked.status_code, unranked.json()["article"]) == (409, "NM-8(4)")
    await journey.examined(notice, {application["id"]: ("80.00", "85.00")})
    early = await journey.propose(application)
    assert (early.status_code, early.json()["article"]) == (409, "NM-8(5)")


@pytest.mark.article("NM-8")
async def test_an_objection_stops_the_hire_until_it_is_answered(journey: Journey) -> None:
    _, application = await journey.ready(await journey.notice())
    hire = (await journey.propose(application)).json()
    objected = await journey.decide("organization", hire["case_id"], "object", "publicity", comment="请核实")
    assert objected.is_success
    await journey.tenant.move_to(AFTER_PUBLICITY)
    await journey.tenant.service.run_timers()
    held = await journey.decide("approver", hire["case_id"], "approve", "decision")
    assert not held.is_success
    assert await journey.tenant.events("hired") == []
    objection = objected.json()["steps"][0]["objections"][0]["id"]
    answered = await journey.decide(
        "approver",
        hire["case_id"],
        "handle_objection",
        "publicity",
        comment="经核实不成立",
        objection=objection,
        upheld=False,
    )
    assert answered.is_success
    assert (await journey.decide("approver", hire["case_id"], "approve", "decision")).is_success


async def test_a_returned_hire_is_not_public_until_it_is_submitted_again(journey: Journey) -> None:
    _, application = await journey.ready(await journey.notice())
    hire = (await journey.propose(application)).json()
    returned = await journey.decide("approver", hire["case_id"], "return", "publicity", comment="请补充")
    assert returned.is_success
    assert (await journey.made(PUBLIC, "GET", "/publicity"))["items"] == []
    await journey.tenant.move_to(EXAM + timedelta(days=1))
    assert (await journey.decide("handler", hire["case_id"], "submit")).is_success
    (line,) = (await journey.made(PUBLIC, "GET", "/publicity"))["items"]
    assert (line["public_from"], line["public_until"]) == ("2024-09-24", "2024-09-30")


async def test_a_rejected_hire_frees_the_post_for_the_next(journey: Journey) -> None:
    notice = await journey.notice()
    _, first = await journey.qualified(notice)
    _, second = await journey.qualified(notice)
    await journey.examined(notice, {first["id"]: ("90.00", "90.00"), second["id"]: ("80.00", "80.00")})
    await journey.fit(first["id"])
    hire = (await journey.propose(first)).json()
    behind = await journey.stage(second["id"], "medical")
    assert (behind.status_code, behind.json()["type"]) == (409, "/problems/rule-refused")
    assert (behind.json()["article"], "2" in behind.json()["detail"]) == ("NM-8(4)", True)
    assert (await journey.decide("approver", hire["case_id"], "reject", "publicity", comment="不符合")).is_success
    assert (await journey.made("handler", "GET", f"/hires/{hire['id']}"))["state"] == "rejected"
    assert (await journey.made("handler", "GET", f"/applications/{first['id']}"))["state"] == "not_hired"
    await journey.fit(second["id"])
    assert (await journey.propose(second)).status_code == 201


async def test_of_two_proposals_for_the_last_post_one_is_refused(journey: Journey) -> None:
    notice = await journey.notice()
    _, first = await journey.qualified(notice)
    _, second = await journey.qualified(notice)
    # Equal in everything: both share the rank, and what decides has to be said.
    await journey.examined(notice, {first["id"]: ("80.00", "80.00"), second["id"]: ("80.00", "80.00")})
    for each in (first, second):
        await journey.fit(each["id"])
    unsaid = await journey.propose(first)
    assert (unsaid.status_code, unsaid.json()["type"]) == (409, "/problems/wrong-state")
    answers = await asyncio.gather(
        journey.propose(first, reason="加试成绩第一"), journey.propose(second, reason="加试成绩第一")
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["type"] == "/problems/rule-refused"
    made = (await journey.made("handler", "GET", "/hires"))["items"]
    assert len(made) == 1


async def test_an_applicant_is_proposed_once(journey: Journey) -> None:
    _, application = await journey.ready(await journey.notice())
    answers = await asyncio.gather(journey.propose(application), journey.propose(application))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_a_withdrawn_proposal_leaves_the_applicant_where_they_were(journey: Journey) -> None:
    _, application = await journey.ready(await journey.notice())
    hire = (await journey.propose(application)).json()
    assert (await journey.decide("handler", hire["case_id"], "withdraw")).is_success
    assert (await journey.made("handler", "GET", f"/applications/{application['id']}"))["state"] == "qualified"
    assert (await journey.propose(application)).status_code == 201


async def test_the_league_sees_the_hire_and_a_sibling_does_not(journey: Journey) -> None:
    _, application = await journey.ready(await journey.notice())
    hire = (await journey.propose(application)).json()
    assert (await journey.made("league", "GET", f"/hires/{hire['id']}"))["state"] == "open"
    assert (await journey.call("sibling", "GET", f"/hires/{hire['id']}")).status_code == 404
    assert (await journey.made("sibling", "GET", "/hires"))["items"] == []
    assert (await journey.call("sibling", "POST", "/hires", {"application_id": application["id"]})).status_code == 404
    assert (await journey.call(person(), "GET", f"/hires/{hire['id']}")).status_code == 403

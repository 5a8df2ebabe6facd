"""Cases decided over HTTP on a real database: who, once, and everything in one transaction (A1–A3, A5)."""

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select, update

from kernel.approvals.embed.tables import ApprovalRecord
from kernel.errors import Conflict, ParameterNotSet
from kernel.ids import new_id
from kernel.schedule.tables import Schedule
from tests.integration.kernel.approvals.desk import EFFECT, OFFICE, PATH, Desk, pack, step


async def effects(desk: Desk) -> list[str]:
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        rows = await tx.session.execute(select(Schedule).where(col(Schedule.kind) == EFFECT))
        return [row.payload["state"] for row in rows.scalars()]


@pytest.mark.article("NM-8")
async def test_a_plan_is_reviewed_and_its_filing_stays_a_duty(desk: Desk) -> None:
    case = await desk.case("plan")
    answer = await desk.decide(desk.reviewer, case.id, "approve", "check")
    assert answer.status_code == 200, answer.text
    assert (answer.headers["ETag"], answer.json()["state"]) == ('"2"', "approved")
    assert await desk.state(case.id) == ("approved", ["done", "open"])
    published = [each for each in await desk.tenant.events() if each.aggregate_type == "approval_case"]
    assert [each.event for each in published] == ["opened", "step_opened", "decided", "step_opened"]
    assert answer.headers["Shegong-Position"] == str(published[-1].id)
    answer = await desk.decide(desk.filer, case.id, "acknowledge", "record")
    assert answer.json()["state"] == "approved"
    assert await desk.actions(case.id) == ["submit", "approve", "acknowledge"]
    assert await effects(desk) == ["approved"]


async def test_what_an_effect_refuses_undoes_the_decision_with_it(desk: Desk) -> None:
    case = await desk.case("refusing")
    before = len(await desk.tenant.events())
    key = str(new_id())
    answer = await desk.decide(desk.reviewer, case.id, "approve", "check", key=key)
    assert (answer.status_code, answer.json()["detail"]) == (409, "No headcount is left.")
    assert await desk.state(case.id) == ("open", ["open"])
    assert await desk.actions(case.id) == ["submit"]
    assert await effects(desk) == []
    assert len(await desk.tenant.events()) == before
    assert (await desk.decide(desk.reviewer, case.id, "return", "check", key=str(new_id()))).status_code == 200


async def test_a_repeated_request_is_one_decision(desk: Desk) -> None:
    case = await desk.case("two")
    key = str(new_id())
    first = await desk.decide(desk.reviewer, case.id, "approve", "check", key=key)
    again = await desk.decide(desk.reviewer, case.id, "approve", "check", key=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert await desk.actions(case.id) == ["submit", "approve"]


async def test_nobody_approves_what_they_submitted(desk: Desk) -> None:
    approver = await desk.tenant.appoint("county", "society_work", "approver")
    case = await desk.case("local", caller=approver)
    answer = await desk.decide(approver, case.id, "approve", "ok")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/rule-refused")
    assert "submitted" in answer.json()["detail"]
    other = await desk.tenant.appoint("county", "society_work", "approver")
    assert (await desk.decide(other, case.id, "approve", "ok")).status_code == 200


async def test_another_office_decides_nothing(desk: Desk) -> None:
    case = await desk.case("two")
    for caller in (desk.handler, desk.filer, await desk.tenant.appoint("region", "society_work", "approver")):
        assert (await desk.decide(caller, case.id, "approve", "check")).status_code == 403
    assert await desk.actions(case.id) == ["submit"]


async def test_a_returned_case_comes_back_corrected(desk: Desk) -> None:
    case = await desk.case("two")
    without = await desk.decide(desk.reviewer, case.id, "return", "check", comment=None)
    assert (without.status_code, without.json()["errors"][0]["pointer"]) == (422, "/comment")
    assert (await desk.decide(desk.reviewer, case.id, "return", "check")).json()["returned_step"] == "check"
    colleague = await desk.tenant.appoint("county", "society_work")
    assert (await desk.decide(colleague, case.id, "submit")).json()["state"] == "open"
    assert (await desk.decide(desk.reviewer, case.id, "approve", "check")).status_code == 200
    assert await desk.actions(case.id) == ["submit", "return", "submit", "approve"]


async def test_a_withdrawn_case_tells_its_effect(desk: Desk) -> None:
    case = await desk.case("plan")
    assert (await desk.decide(desk.handler, case.id, "withdraw")).json()["state"] == "withdrawn"
    assert await effects(desk) == ["withdrawn"]


async def test_allowed_actions_are_those_that_then_succeed(desk: Desk) -> None:
    case = await desk.case("two")
    answers = {}
    for name, caller in (("handler", desk.handler), ("reviewer", desk.reviewer), ("filer", desk.filer)):
        answer = await desk.tenant.get(caller, f"{PATH}/{case.id}/allowed-actions")
        answers[name] = [(each["action"], each["step"]) for each in answer.json()["items"]]
    assert answers == {
        "handler": [("withdraw", None), ("remind", None)],
        "reviewer": [(each, "check") for each in ("approve", "return", "reject", "claim", "delegate", "recuse")],
        "filer": [],
    }


async def test_a_filing_alone_approves_at_once_with_its_effect(desk: Desk) -> None:
    case = await desk.case("noted")
    assert case.state == "approved"
    assert await desk.state(case.id) == ("approved", ["open"])


async def test_a_second_case_on_the_same_matter_waits_for_the_first(desk: Desk) -> None:
    subject = new_id()
    case = await desk.case("two", subject_id=subject)
    with pytest.raises(Conflict):
        await desk.case("two", subject_id=subject)
    await desk.decide(desk.handler, case.id, "withdraw")
    assert (await desk.case("two", subject_id=subject)).state == "open"


async def test_silence_of_the_regulation_adds_no_approval(desk: Desk) -> None:
    assert await desk.submit("unwritten") is None
    community = desk.tenant.tree["community"].unit_no
    assert await desk.submit("two", subject_unit_no=community) is None


async def test_a_case_under_way_keeps_its_definition_under_a_new_pack(desk: Desk) -> None:
    case = await desk.case("two")
    await desk.tenant.publish_pack(pack("2", two=[step("other", "approve", "organization")]))
    assert (await desk.decide(desk.reviewer, case.id, "approve", "check")).status_code == 200
    assert (await desk.decide(desk.filer, case.id, "acknowledge", "record")).json()["pack_version"] == "1"


async def test_the_timeline_cannot_be_rewritten(desk: Desk) -> None:
    await desk.case("two")
    with pytest.raises(DBAPIError, match="permission denied"):
        await rewrite(desk)


async def rewrite(desk: Desk) -> None:
    async with desk.tenant.service.database.engine.begin() as connection:
        await connection.execute(update(ApprovalRecord).values(comment="改"))


async def test_a_step_whose_office_nobody_named_does_not_start_and_names_the_document(desk: Desk) -> None:
    with pytest.raises(ParameterNotSet) as refused:
        await desk.case("bound")
    assert "文件〔2021〕5号" in str(refused.value.detail)
    assert await desk.tenant.events() == []


async def test_the_office_that_a_local_parameter_names_decides_and_stays_pinned(desk: Desk) -> None:
    await desk.tenant.set_local(OFFICE, [{"department": "organization", "level": "league"}], unit="league")
    case = await desk.case("bound")
    assert (case.steps[0].department, case.steps[0].level) == ("organization", "league")
    # A nearer unit names another office later: the case under way keeps the one it was opened with (A6).
    await desk.tenant.set_local(OFFICE, [{"department": "society_work", "level": "league"}], unit="county")
    assert (await desk.decide(desk.reviewer, case.id, "approve", "ok")).status_code == 403
    named = await desk.tenant.appoint("league", "organization", "approver")
    assert (await desk.decide(named, case.id, "approve", "ok")).json()["state"] == "approved"
    assert (await desk.case("bound")).steps[0].department == "society_work"


@pytest.mark.article("SH-7")
async def test_guidance_is_an_open_duty_that_holds_nothing_and_is_recorded_once(desk: Desk) -> None:
    case = await desk.case("guided")
    assert await desk.state(case.id) == ("approved", ["open"])
    mine = await desk.tenant.get(desk.filer, PATH, query={"mine": "true"})
    assert [each["id"] for each in mine.json()["items"]] == [str(case.id)]
    bare = await desk.decide(desk.filer, case.id, "guide", "advice", comment="")
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/comment")
    assert (await desk.decide(desk.reviewer, case.id, "guide", "advice")).status_code == 403
    said = await desk.decide(desk.filer, case.id, "guide", "advice", comment="笔试由两人命题")
    assert (said.status_code, said.json()["state"]) == (200, "approved")
    assert await desk.actions(case.id) == ["submit", "guide"]
    assert (await desk.decide(desk.filer, case.id, "guide", "advice")).json()["type"] == "/problems/wrong-state"

"""How an office shares its work over HTTP: claims, delegation, recusal, reminders; figures, files, many at once."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.testing.tree import Caller
from tests.integration.kernel.approvals.desk import PATH, Desk

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


@pytest.fixture
async def second(desk: Desk) -> Caller:
    """Another approver at the reviewer's desk."""
    return await desk.tenant.appoint("league", "society_work", "approver")


async def mine(desk: Desk, caller: Caller) -> list[str]:
    found = await desk.tenant.get(caller, PATH, query={"mine": "true"})
    return [each["id"] for each in found.json()["items"]]


async def test_a_claimed_step_is_its_claimers_until_released(desk: Desk, second: Caller) -> None:
    case = await desk.case("two")
    claimed = (await desk.decide(desk.reviewer, case.id, "claim", "check")).json()
    assert claimed["steps"][0]["claimed_by"] == str(desk.reviewer.actor.user)
    assert (await desk.decide(second, case.id, "approve", "check")).status_code == 409
    assert (await desk.decide(second, case.id, "release", "check")).status_code == 200
    assert (await desk.decide(second, case.id, "approve", "check")).status_code == 200


async def test_a_step_is_delegated_to_a_colleague_of_the_office_only(desk: Desk) -> None:
    clerk = await desk.tenant.appoint("league", "society_work")
    case = await desk.case("two")
    assert await mine(desk, clerk) == []
    for stranger in (desk.filer.actor.user, new_id()):
        refused = await desk.decide(desk.reviewer, case.id, "delegate", "check", user_id=str(stranger))
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/user_id")
    given = await desk.decide(desk.reviewer, case.id, "delegate", "check", user_id=str(clerk.actor.user))
    assert given.status_code == 200, given.text
    assert await mine(desk, clerk) == [str(case.id)]
    assert (await desk.decide(clerk, case.id, "approve", "check")).status_code == 200


async def test_when_the_only_approver_stands_aside_the_empty_desk_is_told_of(desk: Desk) -> None:
    case = await desk.case("two")
    aside = (await desk.decide(desk.reviewer, case.id, "recuse", "check", comment="亲属")).json()
    assert aside["steps"][0]["unstaffed"] == "only_barred"
    assert await mine(desk, desk.reviewer) == []
    assert (await desk.decide(desk.reviewer, case.id, "approve", "check")).status_code == 409
    [*_, told] = await desk.tenant.events("step_opened")
    assert told.data["unstaffed"] == "only_barred"
    another = await desk.tenant.appoint("league", "society_work", "approver")
    assert await mine(desk, another) == [str(case.id)]
    assert (await desk.decide(another, case.id, "approve", "check")).status_code == 200


async def test_a_slow_office_is_reminded_on_the_last_day_and_told_of_on_the_next_once(desk: Desk) -> None:
    case = await desk.case("timed")
    assert str(case.steps[0].due_on) == "2026-03-05"
    await desk.tenant.move_to(datetime(2026, 3, 4, 15, 59, tzinfo=UTC))
    await desk.tenant.service.run_timers()
    assert await desk.actions(case.id) == ["submit"]
    await desk.tenant.move_to(datetime(2026, 3, 4, 16, tzinfo=UTC))
    await desk.tenant.service.run_timers()
    assert await desk.actions(case.id) == ["submit", "remind"]
    assert (await desk.decide(desk.handler, case.id, "remind")).status_code == 409
    await desk.tenant.move_to(datetime(2026, 3, 5, 16, tzinfo=UTC))
    for _ in range(2):
        await desk.tenant.service.run_timers()
    assert await desk.actions(case.id) == ["submit", "remind", "escalate"]
    assert (await desk.decide(desk.handler, case.id, "remind")).status_code == 200
    assert (await desk.decide(desk.reviewer, case.id, "approve", "check")).status_code == 200


async def test_a_step_decided_in_time_is_neither_reminded_nor_told_of(desk: Desk) -> None:
    case = await desk.case("timed")
    await desk.decide(desk.reviewer, case.id, "approve", "check")
    await desk.tenant.move_to(datetime(2026, 3, 6, tzinfo=UTC))
    await desk.tenant.service.run_timers()
    assert await desk.actions(case.id) == ["submit", "approve"]


@pytest.mark.article("NM-6")
async def test_fixed_figures_and_findings_stand_in_the_case(desk: Desk) -> None:
    case = await desk.case("fixed")
    wrong = await desk.decide(desk.reviewer, case.id, "fix", "total", figures={"other": 1})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/figures")
    fixed = (await desk.decide(desk.reviewer, case.id, "fix", "total", figures={"posts": 42})).json()
    assert (fixed["state"], fixed["steps"][0]["figures"]) == ("approved", {"posts": 42})
    found = await desk.case("found")
    answer = (await desk.decide(desk.reviewer, found.id, "determine", "found", met=False)).json()
    assert (answer["state"], answer["steps"][0]["met"]) == ("rejected", False)


async def attach(desk: Desk, caller: Caller, case: Any) -> Any:
    headers = {"content-type": "application/pdf"}
    return await desk.tenant.post(caller, f"{PATH}/{case}/files", content=PDF, headers=headers)


async def test_a_file_lies_beside_its_case_and_no_other(desk: Desk) -> None:
    case, other = await desk.case("two"), await desk.case("two")
    kept = await attach(desk, desk.handler, case.id)
    assert kept.status_code == 201, kept.text
    file = kept.json()["id"]
    listed = (await desk.tenant.get(desk.reviewer, f"{PATH}/{case.id}/files")).json()["items"]
    assert [(each["id"], each["media_type"], each["size"]) for each in listed] == [(file, "application/pdf", len(PDF))]
    read = await desk.tenant.get(desk.reviewer, f"{PATH}/{case.id}/files/{file}/contents")
    assert (read.status_code, read.content) == (200, PDF)
    assert (await desk.tenant.get(desk.reviewer, f"{PATH}/{other.id}/files/{file}/contents")).status_code == 404
    for wrong in (other.id, case.id):
        named = [file] if wrong == other.id else [str(new_id())]
        refused = await desk.decide(desk.reviewer, wrong, "return", "check", attachments=named)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/attachments")
    back = await desk.decide(
        desk.reviewer, case.id, "return", "check", attachments=[file], marks=[{"pointer": "/posts", "message": "核对"}]
    )
    assert back.status_code == 200, back.text
    line = (await desk.tenant.get(desk.reviewer, f"{PATH}/{case.id}/timeline")).json()["items"][-1]
    assert line["details"] == {"attachments": [file], "marks": [{"pointer": "/posts", "message": "核对"}]}
    await desk.decide(desk.handler, case.id, "withdraw")
    assert (await attach(desk, desk.handler, case.id)).status_code == 409
    assert (await attach(desk, desk.handler, new_id())).status_code == 404


async def test_many_decisions_stand_and_fall_each_by_itself(desk: Desk) -> None:
    plan, refusing, again = await desk.case("plan"), await desk.case("refusing"), await desk.case("plan")
    items = [
        {"case_id": str(case), "action": action, "step": "check", "comment": comment}
        for case, action, comment in (
            (refusing.id, "approve", None),
            (plan.id, "approve", None),
            (new_id(), "approve", None),
            (again.id, "return", " "),
            (again.id, "reject", "重复"),
        )
    ]
    answer = await desk.tenant.post(desk.reviewer, f"{PATH}/bulk-decisions", {"items": items})
    assert answer.status_code == 200, answer.text
    results = answer.json()["items"]
    assert [(each["status"], each["state"]) for each in results] == [
        (409, None),
        (200, "approved"),
        (404, None),
        (422, None),
        (200, "rejected"),
    ]
    assert [each["case_id"] for each in results] == [each["case_id"] for each in items]
    assert results[3]["problem"]["errors"][0]["pointer"] == "/comment"
    assert await desk.state(refusing.id) == ("open", ["open"])
    assert (await desk.tenant.post(desk.filer, f"{PATH}/bulk-decisions", {"items": items[1:2]})).json()["items"][0][
        "status"
    ] in (403, 409)

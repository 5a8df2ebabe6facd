"""Several offices at one step, over HTTP: asked, signed, added, removed, returned (A2, A3)."""

from typing import Any
from uuid import UUID

import pytest

from kernel.testing.tree import Caller
from tests.integration.kernel.approvals.desk import PATH, Desk

FINANCE = {"department": "finance", "level": "league"}


@pytest.fixture
async def organizer(desk: Desk) -> Caller:
    """The approver of the league's organization department."""
    return await desk.tenant.appoint("league", "organization", "approver")


async def waits_for(desk: Desk, caller: Caller) -> list[str]:
    """The cases on somebody's desk."""
    found = await desk.tenant.get(caller, PATH, query={"mine": "true"})
    return [each["id"] for each in found.json()["items"]]


async def signers(desk: Desk, case: UUID) -> list[tuple[str, str]]:
    answer = (await desk.tenant.get(desk.reviewer, f"{PATH}/{case}")).json()
    return [(each["department"], each["state"]) for each in answer["steps"][0]["signers"]]


async def ok(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_signatures_are_asked_for_in_order_and_stand_on_the_desk_of_who_is_asked(
    desk: Desk, organizer: Caller
) -> None:
    case = await desk.case("signed")
    assert await signers(desk, case.id) == [("society_work", "open"), ("organization", "waiting")]
    assert str(case.id) in await waits_for(desk, desk.reviewer)
    assert str(case.id) not in await waits_for(desk, organizer)
    assert (await desk.decide(organizer, case.id, "sign", "sign")).status_code == 409
    assert (await desk.decide(desk.filer, case.id, "sign", "sign")).status_code == 403
    await ok(await desk.decide(desk.reviewer, case.id, "sign", "sign"))
    assert str(case.id) in await waits_for(desk, organizer)
    assert str(case.id) not in await waits_for(desk, desk.reviewer)
    assert (await desk.decide(desk.reviewer, case.id, "sign", "sign")).status_code == 409
    await ok(await desk.decide(organizer, case.id, "sign", "sign"))
    assert await desk.state(case.id) == ("open", ["done", "open"])
    back = await ok(await desk.decide(desk.reviewer, case.id, "return", "ok", to="sign"))
    assert (back["state"], back["steps"][0]["round"]) == ("open", 2)
    assert await signers(desk, case.id) == [("society_work", "open"), ("organization", "waiting")]
    timeline = (await desk.tenant.get(desk.reviewer, f"{PATH}/{case.id}/timeline")).json()["items"]
    assert (timeline[-1]["action"], timeline[-1]["details"]) == ("return", {"to": "sign"})


async def test_an_added_signer_is_asked_last_and_may_be_removed_until_they_answer(
    desk: Desk, organizer: Caller
) -> None:
    money = await desk.tenant.appoint("league", "finance", "approver")
    case = await desk.case("signed")
    refused = await desk.decide(organizer, case.id, "add_signer", "sign", office=FINANCE)
    assert refused.status_code == 403
    missing = await desk.decide(desk.reviewer, case.id, "add_signer", "sign")
    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (422, "/office")
    added = await ok(await desk.decide(desk.reviewer, case.id, "add_signer", "sign", office=FINANCE))
    assert [(each["department"], each["added"]) for each in added["steps"][0]["signers"]][-1] == ("finance", True)
    for caller in (desk.reviewer, organizer):
        await ok(await desk.decide(caller, case.id, "sign", "sign"))
    assert str(case.id) in await waits_for(desk, money)
    removed = await ok(await desk.decide(desk.reviewer, case.id, "remove_signer", "sign", office=FINANCE))
    assert [each["state"] for each in removed["steps"]] == ["done", "open"]
    assert await waits_for(desk, money) == []
    # In the next round the regulation's own signers are asked, and nobody else.
    await ok(await desk.decide(desk.reviewer, case.id, "return", "ok", to="sign"))
    assert await signers(desk, case.id) == [
        ("society_work", "open"),
        ("organization", "waiting"),
        ("finance", "removed"),
    ]


async def test_one_refusal_ends_a_countersign_of_all(desk: Desk, organizer: Caller) -> None:
    case = await desk.case("signed")
    await ok(await desk.decide(desk.reviewer, case.id, "sign", "sign"))
    ended = await ok(await desk.decide(organizer, case.id, "refuse", "sign"))
    assert ended["state"] == "rejected"


async def test_a_joint_step_waits_for_its_partner(desk: Desk, organizer: Caller) -> None:
    case = await desk.case("jointly")
    for caller in (desk.reviewer, organizer):
        assert str(case.id) in await waits_for(desk, caller)
    early = await desk.decide(desk.reviewer, case.id, "approve", "sign")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-state")
    await ok(await desk.decide(organizer, case.id, "refuse", "sign"))
    await ok(await desk.decide(organizer, case.id, "sign", "sign"))
    assert (await ok(await desk.decide(desk.reviewer, case.id, "approve", "sign")))["state"] == "approved"


async def test_an_office_without_anybody_to_sign_is_told_of(desk: Desk) -> None:
    case = await desk.case("jointly")
    assert [each.unstaffed for each in case.steps[0].signers] == ["no_post"]
    [asked] = await desk.tenant.events("signature_asked")
    assert asked.data["unstaffed"] == "no_post"

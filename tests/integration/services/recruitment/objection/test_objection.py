"""Objections in writing: who objects stays sealed, nothing is decided before the answer."""

from typing import Any

import pytest
from sqlalchemy import text

from kernel.testing.tree import person
from tests.integration.services.recruitment.journey import AFTER_PUBLICITY, START, Journey

NAME, CONTACT, SAID = "欧阳明远", "13911112222", "该同志与考官有亲属关系"
BODY = {"objector": NAME, "contact": CONTACT, "text": SAID, "received_on": "2024-09-23"}


async def _public(journey: Journey) -> dict[str, Any]:
    _, application = await journey.ready(await journey.notice())
    hire: dict[str, Any] = (await journey.propose(application)).json()
    return hire


async def _object(journey: Journey, hire: dict[str, Any]) -> str:
    made = await journey.made("handler", "POST", f"/hires/{hire['id']}/objections", BODY)
    return str(made["id"])


@pytest.mark.article("NM-8")
async def test_a_dismissed_objection_lets_the_hire_go_on(journey: Journey) -> None:
    hire = await _public(journey)
    objection = await _object(journey, hire)
    await journey.tenant.move_to(AFTER_PUBLICITY)
    await journey.tenant.service.run_timers()
    held = await journey.decide("approver", hire["case_id"], "approve", "decision")
    assert held.status_code == 409
    path = f"/hires/{hire['id']}/objections/{objection}"
    answer = {"upheld": False, "answer": "经核查不属实"}
    own = await journey.call("handler", "POST", f"{path}/answer", answer)
    assert own.status_code == 409  # who proposed the hire does not answer for it
    answered = await journey.made("approver", "POST", f"{path}/answer", answer)
    assert (answered["upheld"], answered["answer"]) == (False, "经核查不属实")
    assert (await journey.call("approver", "POST", f"{path}/answer", answer)).status_code == 409
    assert (await journey.decide("approver", hire["case_id"], "approve", "decision")).is_success
    (seen,) = (await journey.made("league", "GET", f"/hires/{hire['id']}/objections"))["items"]
    assert (seen["text"], seen["answer"]) == (SAID, "经核查不属实")


@pytest.mark.article("NM-8")
async def test_an_upheld_objection_ends_in_no_hire_and_the_next_moves_up(journey: Journey) -> None:
    notice = await journey.notice()
    first, second = [(await journey.qualified(notice))[1] for _ in range(2)]
    await journey.examined(notice, {first["id"]: ("90.00", "90.00"), second["id"]: ("80.00", "80.00")})
    await journey.fit(first["id"])
    hire = (await journey.propose(first)).json()
    objection = await _object(journey, hire)
    answer = {"upheld": True, "answer": "经核查属实"}
    await journey.made("approver", "POST", f"/hires/{hire['id']}/objections/{objection}/answer", answer)
    await journey.tenant.move_to(AFTER_PUBLICITY)
    await journey.tenant.service.run_timers()
    assert (await journey.decide("approver", hire["case_id"], "approve", "decision")).status_code == 409
    rejected = await journey.decide("approver", hire["case_id"], "reject", "publicity", comment="异议成立")
    assert rejected.is_success
    assert await journey.tenant.events("hired") == []
    await journey.fit(second["id"])
    assert (await journey.propose(second)).status_code == 201


@pytest.mark.article("NM-8")
async def test_who_objects_is_nowhere_in_clear_and_opened_with_a_reason_only(journey: Journey) -> None:
    hire = await _public(journey)
    objection = await _object(journey, hire)
    async with journey.tenant.service.database.transaction(journey.tenant.context()) as tx:
        for table in ("recruitment_objection", "k_outbox", "k_idempotency", "k_approval_record"):
            rows = (await tx.session.execute(text(f"select t::text from {table} t"))).scalars()  # noqa: S608 - our own names
            assert not any(secret in row for row in rows for secret in (NAME, CONTACT, SAID))
    path = f"/hires/{hire['id']}/objections/{objection}"
    listed = await journey.call("handler", "GET", path)
    assert NAME not in listed.text
    assert (await journey.call("handler", "POST", f"{path}/objector", {"reason": "核实"})).status_code == 403
    assert (await journey.call("approver", "POST", f"{path}/objector", {"reason": ""})).status_code == 422
    opened = await journey.made("approver", "POST", f"{path}/objector", {"reason": "核实异议"})
    assert (opened["objector"], opened["contact"]) == (NAME, CONTACT)
    entries = [each.data for each in await journey.tenant.events() if each.aggregate_type == "audit"]
    assert any(each["action"] == "recruitment.objection.unseal" and each["reason"] == "核实异议" for each in entries)


@pytest.mark.article("NM-8")
async def test_objections_come_within_the_publicity_and_from_the_office_that_runs_it(journey: Journey) -> None:
    hire = await _public(journey)
    path = f"/hires/{hire['id']}/objections"
    before = await journey.call("handler", "POST", path, BODY | {"received_on": START.date().isoformat()})
    assert [each["pointer"] for each in before.json()["errors"]] == ["/received_on"]
    for who, status in (("sibling", 404), ("township", 403), ("organization", 403), (person(), 403)):
        assert (await journey.call(who, "POST", path, BODY)).status_code == status
    objection = await _object(journey, hire)
    for who, status in (("sibling", 404), ("township", 403), (person(), 403)):
        assert (await journey.call(who, "GET", path)).status_code == status
        answer = {"upheld": True, "answer": "是"}
        assert (await journey.call(who, "POST", f"{path}/{objection}/answer", answer)).status_code == status
    other = await _public_after(journey, hire)
    late = await journey.call("handler", "POST", f"/hires/{other}/objections", BODY)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/wrong-state")


async def _public_after(journey: Journey, hire: dict[str, Any]) -> str:
    """The same hire, taken off: returned for correction."""
    back = await journey.decide("approver", hire["case_id"], "return", "publicity", comment="请更正")
    assert back.is_success
    return str(hire["id"])

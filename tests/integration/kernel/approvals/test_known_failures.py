"""Where approvals of others are known to break, over HTTP on a real database (A2, A3, A6)."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from kernel.approvals.embed.schemas import CaseView
from kernel.ids import new_id
from kernel.org.tables import OrgPack
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller
from tests.integration.kernel.approvals.desk import PATH, Desk, pack, step

FINANCE = [{"department": "finance", "level": "league"}]
ORGANIZATION = [{"department": "organization", "level": "league"}]
ROUNDS, MANY = 20, 1_000


def countersign(mode: str) -> list[dict[str, Any]]:
    signed = step("sign", "countersign", "society_work", partners=ORGANIZATION, mode=mode)
    return [signed, step("ok", "approve", "society_work")]


PACK = pack(every=countersign("all"), any=countersign("any"), two=[step("check", "review", "society_work")])


class Office:
    """A desk with the offices that sign."""

    def __init__(self, desk: Desk, organizer: Caller, finance: Caller) -> None:
        self.desk, self.organizer, self.finance = desk, organizer, finance

    async def signed_by(self, case: CaseView, who: Caller, action: str = "sign", **more: Any) -> int:
        return int((await self.desk.decide(who, case.id, action, "sign", **more)).status_code)


@pytest.fixture
async def office(approval_service: ServiceUnderTest) -> Office:
    desk = await Desk.at(approval_service, PACK)
    organizer = await desk.tenant.appoint("league", "organization", "approver")
    return Office(desk, organizer, await desk.tenant.appoint("league", "finance", "approver"))


async def signers(office: Office, case: CaseView) -> dict[str, str]:
    shown = (await office.desk.tenant.get(office.desk.reviewer, f"{PATH}/{case.id}")).json()
    return {each["department"]: each["state"] for each in shown["steps"][0]["signers"]}


async def test_a_countersign_that_is_returned_asks_everybody_again(office: Office) -> None:
    desk, case = office.desk, await office.desk.case("every")
    assert await office.signed_by(case, office.organizer) == 200
    assert (await desk.decide(desk.reviewer, case.id, "return", "sign")).status_code == 200
    assert await office.signed_by(case, office.organizer) == 409
    assert (await desk.decide(desk.handler, case.id, "submit")).status_code == 200
    assert await signers(office, case) == {"society_work": "open", "organization": "open"}
    for who in (office.organizer, desk.reviewer):
        assert await office.signed_by(case, who) == 200
    assert await desk.state(case.id) == ("open", ["done", "open"])


async def test_a_refusal_after_any_one_has_signed_undoes_nothing(office: Office) -> None:
    desk, case = office.desk, await office.desk.case("any")
    assert await office.signed_by(case, office.organizer) == 200
    assert await office.signed_by(case, desk.reviewer, "refuse") == 409
    assert await desk.state(case.id) == ("open", ["done", "open"])
    # The step after it can still end the case.
    assert (await desk.decide(desk.reviewer, case.id, "reject", "ok")).status_code == 200
    assert await desk.state(case.id) == ("rejected", ["done", "done"])


async def test_an_added_signer_who_has_signed_stays(office: Office) -> None:
    desk, case = office.desk, await office.desk.case("every")
    assert await office.signed_by(case, desk.reviewer, "add_signer", office=FINANCE[0]) == 200
    assert await office.signed_by(case, office.finance) == 200
    removed = await desk.decide(desk.reviewer, case.id, "remove_signer", "sign", office=FINANCE[0])
    assert removed.status_code in (409, 422), removed.text
    assert (await signers(office, case))["finance"] == "signed"
    for who in (office.organizer, desk.reviewer):
        assert await office.signed_by(case, who) == 200
    assert await desk.state(case.id) == ("open", ["done", "open"])


async def test_who_has_no_department_decides_nothing_and_gets_their_matter_back(office: Office) -> None:
    desk = office.desk
    nobody = replace(desk.handler.actor, department_kind=None, unit_no=None, level=None, duty=None, post=None)
    loose = Caller(nobody, desk.handler.scope)
    case = await desk.case("two", caller=loose)
    foreign = await desk.case("two")
    for each in (case, foreign):
        assert (await desk.decide(loose, each.id, "approve", "check")).status_code == 403
    assert (await desk.decide(desk.reviewer, case.id, "return", "check")).status_code == 200
    assert await desk.state(case.id) == ("returned", ["waiting"])
    # Whoever is given a post again carries on with what they submitted.
    assert (await desk.decide(desk.handler, case.id, "submit")).status_code == 200
    assert await desk.state(case.id) == ("open", ["open"])


async def test_who_submitted_does_not_approve_and_the_desk_is_told_of_where_nobody_else_is(office: Office) -> None:
    desk = office.desk
    case = await desk.case("two", caller=desk.reviewer)
    refused = await desk.decide(desk.reviewer, case.id, "approve", "check")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    shown = (await desk.tenant.get(desk.reviewer, f"{PATH}/{case.id}")).json()
    assert shown["steps"][0]["unstaffed"] == "only_barred"
    second = await desk.tenant.appoint("league", "society_work", "approver")
    assert (await desk.decide(second, case.id, "approve", "check")).status_code == 200


async def one_of_two(desk: Desk, second: Caller, number: int) -> None:
    """Two decisions on one step at once: one stands, the other is refused, nothing is written twice."""
    case = await desk.case("two")
    answers = await asyncio.gather(
        desk.decide(desk.reviewer, case.id, "approve", "check"),
        desk.decide(second, case.id, "reject" if number % 2 else "approve", "check"),
    )
    assert Counter(each.status_code for each in answers) == {200: 1, 409: 1}
    lost = next(each for each in answers if each.status_code == 409)
    assert lost.json()["type"] == "/problems/wrong-state"
    won = next(each for each in answers if each.status_code == 200)
    assert (await desk.state(case.id))[0] == won.json()["state"]
    assert len(await desk.actions(case.id)) == 2


async def test_of_two_decisions_on_one_step_one_stands(office: Office) -> None:
    second = await office.desk.tenant.appoint("league", "society_work", "approver")
    for number in range(ROUNDS):
        await one_of_two(office.desk, second, number)


@pytest.mark.soak
async def test_of_two_decisions_on_one_step_one_stands_a_thousand_times(office: Office) -> None:
    second = await office.desk.tenant.appoint("league", "society_work", "approver")
    for number in range(MANY):
        await one_of_two(office.desk, second, number)


async def test_a_decision_while_a_new_definition_comes_into_force_follows_the_old_one(office: Office) -> None:
    desk = office.desk

    async def deploy() -> None:
        """A version that is in force from this day on, in place of the one before."""
        async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
            old = (await tx.session.execute(select(OrgPack))).scalar_one()
            content = pack("2", two=[step("other", "approve", "organization")])
            named = {"id": new_id(), "pack_version": "2", "content": content, "valid_from": tx.today}
            tx.session.add(OrgPack(**old.model_dump() | named))
            old.valid_before = tx.today

    before = [await desk.case("two") for _ in range(5)]
    decided, *_ = await asyncio.gather(
        asyncio.gather(*(desk.decide(desk.reviewer, case.id, "approve", "check") for case in before)),
        deploy(),
    )
    assert {each.status_code for each in decided} == {200}
    assert {(each.json()["state"], each.json()["pack_version"]) for each in decided} == {("approved", "1")}
    after = await desk.case("two")
    assert ([each.step for each in after.steps], after.pack_version) == (["other"], "2")
    assert (await desk.decide(desk.reviewer, after.id, "approve", "check")).status_code == 422
    assert (await desk.decide(office.organizer, after.id, "approve", "other")).status_code == 200

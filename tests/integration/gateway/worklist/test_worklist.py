"""The worklist follows the cases of every service: who has what to do, and how a client learns of it (T13)."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec
import pytest

from gateway.worklist import live
from gateway.worklist.consumers import subscriptions
from kernel.approvals.embed.published import (
    ApprovalCaseDecided,
    ApprovalCaseOpened,
    ApprovalSignatureAsked,
    ApprovalStepOpened,
)
from kernel.context import Context
from kernel.events.envelope import Envelope
from kernel.events.event import Event
from kernel.events.inbox import Outcome, receive
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller
from tests.integration.gateway.house import Town

ITEMS, COUNTS = "/api/v1/worklist/items", "/api/v1/worklist/counts"
LEAGUE, COUNTY, OTHER = "150200", "150203", "150102"


class Case:
    """A case of a service, told of by its events."""

    def __init__(self, gateway: ServiceUnderTest, town: Town, source: str = "roster", code: str = COUNTY) -> None:
        self.gateway, self.town, self.source = gateway, town, source
        self.id, self.version, self.unit = new_id(), 0, town.units[code]

    async def tell(self, event: Event) -> UUID:
        """The next event of the case, delivered twice: the second time changes nothing."""
        self.version += 1
        envelope = Envelope(
            id=new_id(),
            source=self.source,
            tenant=self.town.tenant.id,
            aggregate_type=event.aggregate,
            aggregate_id=self.id,
            version=self.version,
            event=event.name,
            event_version=event.v,
            business_time=self.town.tenant.now,
            recorded_at=self.town.tenant.now,
            body=msgspec.json.encode(event),
        )
        for expected in (Outcome.APPLIED, Outcome.DUPLICATE):
            outcome, _ = await receive(self.gateway.database, self.gateway.config, subscriptions, envelope)
            assert outcome == expected
        return envelope.id

    async def open(self, workflow: str = "transfer") -> UUID:
        return await self.tell(
            ApprovalCaseOpened(
                workflow=workflow,
                subject_type="transfer",
                subject_id=str(new_id()),
                subject_unit_id=str(self.unit.id),
                unit_no=self.unit.unit_no,
                pack_id="neimenggu",
                pack_version="1",
                state="open",
            )
        )

    async def step(self, code: str = LEAGUE, **more: Any) -> UUID:
        unit = self.town.units[code]
        given: dict[str, Any] = {
            "step": "check",
            "round": 1,
            "kind": "review",
            "blocks": True,
            "department": "society_work",
            "level": unit.level,
            "duties": ["approver"],
            "acting_unit_id": str(unit.id),
            "acting_unit_no": unit.unit_no,
            "barred_user_ids": [],
        }
        return await self.tell(ApprovalStepOpened(**(given | more)))

    async def decided(self, **more: Any) -> UUID:
        given: dict[str, Any] = {
            "action": "approve",
            "step": "check",
            "state": "approved",
            "open_steps": [],
            "workflow": "transfer",
            "subject_type": "transfer",
            "subject_id": str(new_id()),
            "actor_kind": "official",
        }
        return await self.tell(ApprovalCaseDecided(**(given | more)))


@pytest.fixture
def approver(town: Town) -> Caller:
    return town.official("society_work", LEAGUE, "approver")


async def listed(town: Town, caller: Caller, **query: str) -> list[dict[str, Any]]:
    answer = await town.tenant.get(caller, ITEMS, query=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def cases_of(town: Town, caller: Caller, **query: str) -> set[str]:
    return {each["case_id"] for each in await listed(town, caller, **query)}


async def test_a_step_waits_on_the_desk_of_its_office_until_it_is_done(
    gateway: ServiceUnderTest, town: Town, approver: Caller
) -> None:
    case = Case(gateway, town)
    await case.open()
    await case.step(due_on="2026-03-04", article="NM-12")
    [item] = [each for each in await listed(town, approver) if each["case_id"] == str(case.id)]
    assert (item["service"], item["workflow"], item["due_on"], item["article"]) == (
        "roster",
        "transfer",
        "2026-03-04",
        "NM-12",
    )
    assert item["case_path"] == f"/api/v1/roster/approvals/{case.id}"
    for other in (
        town.official("society_work", LEAGUE),  # a handler
        town.official("organization", LEAGUE, "approver"),
        town.official("society_work", COUNTY, "approver"),
        town.official("society_work", "150000", "approver"),
    ):
        assert str(case.id) not in await cases_of(town, other)
    await case.decided()
    assert str(case.id) not in await cases_of(town, approver)


async def test_who_may_not_decide_does_not_find_it_waiting(
    gateway: ServiceUnderTest, town: Town, approver: Caller
) -> None:
    case = Case(gateway, town)
    await case.open()
    await case.step(barred_user_ids=[str(approver.actor.user)])
    assert str(case.id) not in await cases_of(town, approver)
    assert str(case.id) in await cases_of(town, town.official("society_work", LEAGUE, "approver"))


async def test_claims_delegations_and_bars_follow_the_deciding_service(
    gateway: ServiceUnderTest, town: Town, approver: Caller
) -> None:
    clerk = town.official("society_work", LEAGUE)
    case = Case(gateway, town)
    await case.open("exit")
    await case.step()
    user = approver.actor.user
    await case.decided(action="claim", state="open", open_steps=["check"], claimed=[f"check/{user}"])
    assert str(case.id) in await cases_of(town, approver, claimed="true", workflow="exit")
    assert str(case.id) not in await cases_of(town, approver, claimed="false")
    assert (await town.tenant.get(approver, COUNTS)).json()["claimed_by_me"] >= 1
    await case.decided(action="delegate", state="open", open_steps=["check"], delegated=[f"check/{clerk.actor.user}"])
    assert str(case.id) in await cases_of(town, clerk)
    await case.decided(action="recuse", state="open", open_steps=["check"], barred_user_ids=[str(user)])
    assert str(case.id) not in await cases_of(town, approver)


async def test_a_signature_is_an_item_of_the_office_that_signs(gateway: ServiceUnderTest, town: Town) -> None:
    league = town.units[LEAGUE]
    lead, partner = (town.official(each, LEAGUE, "approver") for each in ("society_work", "organization"))
    case = Case(gateway, town)
    await case.open()
    await case.step(kind="countersign", step="sign")
    for department in ("society_work", "organization"):
        await case.tell(
            ApprovalSignatureAsked(
                step="sign",
                round=1,
                kind="countersign",
                department=department,
                level="league",
                duties=["approver"],
                acting_unit_id=str(league.id),
                barred_user_ids=[],
            )
        )
    for caller in (lead, partner):
        assert str(case.id) in await cases_of(town, caller)
    await case.decided(
        action="sign", step="sign", state="open", open_steps=["sign"], open_signers=["sign/society_work@league"]
    )
    assert str(case.id) in await cases_of(town, lead)
    assert str(case.id) not in await cases_of(town, partner)


async def test_what_is_late_below_is_told_to_the_same_office_above(gateway: ServiceUnderTest, town: Town) -> None:
    county = town.official("society_work", COUNTY, "approver")
    league = town.official("society_work", LEAGUE, "approver")
    case = Case(gateway, town)
    await case.open()
    await case.step(COUNTY, due_on="2026-02-27")
    assert str(case.id) in await cases_of(town, county, overdue="true")
    assert str(case.id) not in await cases_of(town, league, whose="escalated")
    await case.decided(action="escalate", state="open", open_steps=["check"])
    assert str(case.id) in await cases_of(town, league, whose="escalated")
    for other in (county, town.official("organization", LEAGUE, "approver")):
        assert str(case.id) not in await cases_of(town, other, whose="escalated")


async def test_what_nobody_can_act_on_is_shown_to_the_administrator_within_the_scope(
    gateway: ServiceUnderTest, town: Town, approver: Caller
) -> None:
    case = Case(gateway, town)
    await case.open()
    await case.step(unstaffed="no_post")
    assert str(case.id) in await cases_of(town, town.system, whose="unstaffed")
    assert str(case.id) not in await cases_of(town, town.official("system_admin", OTHER), whose="unstaffed")
    await case.step()
    assert str(case.id) not in await cases_of(town, town.system, whose="unstaffed")


async def test_a_step_begun_anew_is_a_new_item(gateway: ServiceUnderTest, town: Town, approver: Caller) -> None:
    case = Case(gateway, town)
    await case.open()
    await case.step(due_on="2026-03-04")
    [first] = [each for each in await listed(town, approver) if each["case_id"] == str(case.id)]
    await case.decided(action="return", state="returned", open_steps=[])
    await case.decided(action="submit", step=None, state="open", open_steps=["check"])
    await case.step(round=2, due_on="2026-03-09")
    [second] = [each for each in await listed(town, approver) if each["case_id"] == str(case.id)]
    assert second["id"] != first["id"]
    assert second["due_on"] == "2026-03-09"


async def test_the_list_is_paged_by_due_day_without_gap_or_repeat(gateway: ServiceUnderTest, town: Town) -> None:
    reader = town.official("government", COUNTY, "approver")
    for day in ("2026-03-09", None, "2026-03-04", "2026-03-04", None):
        case = Case(gateway, town, "training")
        await case.open("paged")
        await case.step(COUNTY, department="government", due_on=day)
    seen: list[str | None] = []
    query = {"workflow": "paged", "limit": "2"}
    while True:
        body = (await town.tenant.get(reader, ITEMS, query=query)).json()
        seen += [each["due_on"] for each in body["items"]]
        if body["next"] is None:
            break
        query["cursor"] = body["next"]
    assert seen == ["2026-03-04", "2026-03-04", "2026-03-09", None, None]


async def test_another_tenant_and_a_sibling_see_nothing(
    gateway: ServiceUnderTest, town: Town, other_town: Town
) -> None:
    case = Case(gateway, town)
    await case.open()
    await case.step(COUNTY)
    assert str(case.id) not in await cases_of(other_town, other_town.official("society_work", COUNTY, "approver"))
    assert str(case.id) not in await cases_of(town, town.official("society_work", OTHER, "approver"))
    auditor = await town.tenant.get(town.auditor, ITEMS)
    assert auditor.status_code == 403


async def test_the_own_write_is_waited_for_and_an_unknown_position_is_said_not_to_be_reached(
    gateway: ServiceUnderTest, town: Town, approver: Caller
) -> None:
    case = Case(gateway, town)
    await case.open()
    position = await case.step()
    for event, reached in ((position, True), (new_id(), False)):
        answer = await town.tenant.call(approver, "GET", ITEMS, headers={"Shegong-Position": str(event)})
        assert answer.json()["up_to_date"] is reached


async def test_a_reader_is_woken_by_the_event_that_it_waits_for(
    gateway: ServiceUnderTest, town: Town, approver: Caller
) -> None:
    wakeups = gateway.app.state.wakeups
    listener = asyncio.create_task(wakeups.listen())
    case = Case(gateway, town)
    try:
        with wakeups.waiting(town.tenant.id) as woken:
            await case.open()
            await asyncio.wait_for(woken.wait(), 10)
        position = await case.step()
        async with gateway.database.transaction(context(town, approver)) as tx:
            assert await live.reached(tx, wakeups, position)
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)


def context(town: Town, caller: Caller) -> Context:
    return Context(town.tenant.id, caller.scope, caller.actor, town.tenant.now)


async def test_a_notice_lies_on_the_desk_until_its_reader_puts_it_away(
    gateway: ServiceUnderTest, town: Town, approver: Caller
) -> None:
    case = Case(gateway, town)
    await case.open("told")
    await case.step(step="told", kind="notify", blocks=False, duties=["handler", "approver", "viewer"])
    await case.step()
    # What others decide does not take an unread notice away.
    await case.decided()
    [item] = await listed(town, approver, workflow="told")
    assert (item["kind"], item["case_id"]) == ("notify", str(case.id))
    colleague = town.official("society_work", LEAGUE, "handler")
    path = f"{ITEMS}/{item['id']}/dismissal"
    for _ in range(2):
        assert (await town.tenant.post(approver, path)).status_code == 204
    assert await listed(town, approver, workflow="told") == []
    counted = (await town.tenant.get(approver, COUNTS)).json()["by_workflow"]
    assert [each for each in counted if each["workflow"] == "told"] == []
    assert [each["id"] for each in await listed(town, colleague, workflow="told")] == [item["id"]]


async def test_only_a_notice_on_the_own_desk_is_put_away(
    gateway: ServiceUnderTest, town: Town, approver: Caller
) -> None:
    case = Case(gateway, town)
    await case.open("kept")
    await case.step()
    [item] = await listed(town, approver, workflow="kept")
    path = f"{ITEMS}/{item['id']}/dismissal"
    refused = await town.tenant.post(approver, path)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/wrong-state")
    elsewhere = town.official("society_work", "150100", "approver")
    assert (await town.tenant.post(elsewhere, path)).status_code == 404
    assert (await town.tenant.post(town.security, path)).status_code == 403
    assert (await town.tenant.post(None, path)).status_code == 401
    assert [each["id"] for each in await listed(town, approver, workflow="kept")] == [item["id"]]

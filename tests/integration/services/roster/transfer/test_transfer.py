"""A worker moves to another county: released, consented, accepted; rank recognised, years added up (NM-23)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller, Tree, numbered
from tests.integration.services.roster.history import entered, intake, staff, years
from tests.integration.services.roster.house import PATH, House, Worker
from tests.integration.services.roster.rank.test_ranks import loaded


@dataclass(slots=True)
class Move:
    """One transfer from the community to the sibling county's."""

    house: House
    worker: Worker
    receiving: Caller

    async def release(self, **changes: Any) -> Any:
        body = {
            "dossier_id": self.worker.dossier_id,
            "to_community_unit_id": str(self.house.tenant.tree["sibling_community"].id),
            "effective_on": "2025-03-10",
            "reason": "家庭住址变动，本人申请",
        }
        return await self.house.tenant.post(self.house.county, f"{PATH}/transfers", body | changes)

    async def consent(self, transfer: str, agree: bool = True) -> Any:
        path = f"{PATH}/own/transfers/{transfer}/consent"
        return await self.house.tenant.post(self.worker.caller, path, {"agree": agree})

    async def decide(self, transfer: str, **body: Any) -> Any:
        path = f"{PATH}/receptions/{transfer}/decision"
        return await self.house.tenant.post(self.receiving, path, {"accept": True} | body)

    async def state(self, transfer: str) -> str:
        return str((await self.house.tenant.get(self.house.county, f"{PATH}/transfers/{transfer}")).json()["state"])

    async def timers(self) -> None:
        """Answer first, then the effect that it sets."""
        for _ in range(2):
            await self.house.service.run_timers()


async def moving(house: House, body: dict[str, Any] | None = None) -> Move:
    worker = await entered(house, body or staff(house))
    return Move(house, worker, await house.tenant.appoint("sibling_county", "society_work"))


@pytest.mark.article("NM-23")
async def test_the_whole_way(house: House) -> None:
    await loaded(house)
    move = await moving(house)
    base = f"{PATH}/dossiers/{move.worker.dossier_id}"
    contract = await house.signed(
        move.worker, term={"kind": "fixed", "valid_from": "2024-01-01", "valid_before": "2027-01-01"}
    )
    placed = await house.tenant.post(
        house.county, f"{base}/ranks", {"grade": 2, "valid_from": "2024-09-02", "reason": "首次定级"}
    )
    assert placed.status_code == 201, placed.text
    before = await years(house, move.worker)

    released = await move.release()
    assert (released.status_code, released.json()["state"]) == (201, "released"), released.text
    transfer = released.json()["id"]
    # Nothing crosses before the worker consents.
    assert (await house.tenant.get(move.receiving, f"{PATH}/receptions/{transfer}")).status_code == 404
    assert (await move.decide(transfer)).status_code == 404
    assert (await move.consent(transfer)).json()["state"] == "consented"
    offered = (await house.tenant.get(move.receiving, f"{PATH}/receptions/{transfer}")).json()
    assert offered["evidence"]["cumulative_years"] == before["cumulative_years"] == 4
    assert offered["evidence"]["rank"]["grade"] == 2
    assert (await house.tenant.get(move.receiving, base)).status_code == 404
    assert (await move.decide(transfer)).json()["state"] == "accepted"
    await move.timers()

    assert await move.state(transfer) == "effective"
    # The receiving side has the dossier with its history; the giving side keeps its own record of the past.
    seen = (await house.tenant.get(move.receiving, base)).json()
    tree = house.tenant.tree
    assert seen["community_unit_id"] == str(tree["sibling_community"].id)
    assert seen["parties"]["employer_unit_id"] == str(tree["sibling_township"].id)
    assert seen["parties"]["payer_unit_id"] == str(tree["sibling_county"].id)
    assert (await house.tenant.get(house.county, base)).status_code == 404
    kept = (await house.tenant.get(house.county, f"{PATH}/transfers/{transfer}")).json()
    assert [(each["role"], each["valid_before"]) for each in kept["posts_left"]] == [("staff", "2025-03-10")]
    after = await years(house, move.worker, caller=move.receiving)
    assert (after["cumulative_years"], after["current_continuous_years"], after["gaps"]) == (4, 4, 0)
    ranks = (await house.tenant.get(move.receiving, f"{base}/ranks")).json()["items"]
    assert [(each["grade"], each["ground"]) for each in ranks] == [(2, "placed"), (2, "recognised")]
    assert ranks[-1]["findings"][0]["article"] == "NM-23"
    left, taken = (await house.tenant.events("post_left"))[-1], (await house.tenant.events("post_taken"))[-1]
    assert (left.data["ground"], left.data["valid_before"]) == ("transfer", "2025-03-10")
    assert (taken.data["valid_from"], taken.data["township_unit_no"]) == (
        "2025-03-10",
        tree["sibling_township"].unit_no,
    )

    # The old contract ended that day; another employer concludes its own, and may agree a probation (LCL 19).
    old = (await house.tenant.get(house.county, f"{PATH}/contracts/{contract['id']}")).json()
    assert old["term"]["valid_before"] == "2025-03-10"
    office = await house.tenant.appoint("sibling_township", "township_office")
    draft = house.draft(move.worker.dossier_id, employer_unit_id=str(tree["sibling_township"].id))
    made = await house.tenant.post(office, f"{PATH}/contracts", draft)
    assert (made.status_code, made.json()["probation_months"]) == (201, 6), made.text


@pytest.mark.article("NM-23")
async def test_inside_one_township_the_employer_and_so_the_contract_stay(house: House) -> None:
    move = await moving(house)
    contract = await house.signed(
        move.worker, term={"kind": "fixed", "valid_from": "2024-01-01", "valid_before": "2027-01-01"}
    )
    there = house.tenant.tree["other_community"]
    transfer = (await move.release(to_community_unit_id=str(there.id))).json()["id"]
    await move.consent(transfer)
    decision = await house.tenant.post(
        house.township, f"{PATH}/receptions/{transfer}/decision", {"accept": True, "comment": "同意接收"}
    )
    assert decision.status_code == 200, decision.text
    await move.timers()
    seen = (await house.tenant.get(house.township, f"{PATH}/dossiers/{move.worker.dossier_id}")).json()
    assert seen["community_unit_id"] == str(there.id)
    kept = (await house.tenant.get(house.township, f"{PATH}/contracts/{contract['id']}")).json()
    assert kept["term"]["valid_before"] == "2027-01-01"


@pytest.mark.article("NM-23")
async def test_across_leagues(roster: ServiceUnderTest) -> None:
    places = [
        ("region", "region", None),
        ("league", "league", "region"),
        ("county", "county", "league"),
        ("township", "township", "county"),
        ("community", "community", "township"),
        ("sibling_league", "league", "region"),
        ("sibling_county", "county", "sibling_league"),
        ("sibling_township", "township", "sibling_county"),
        ("sibling_community", "community", "sibling_township"),
    ]
    house = await House.open(roster, tree=Tree(numbered(places)))
    move = await moving(house)
    transfer = (await move.release()).json()["id"]
    await move.consent(transfer)
    await move.decide(transfer)
    await move.timers()
    assert await move.state(transfer) == "effective"
    league = await house.tenant.appoint("sibling_league", "society_work")
    assert (await years(house, move.worker, caller=league))["current_continuous_years"] == 4
    former = await house.tenant.appoint("league", "society_work")
    assert (await house.tenant.get(former, f"{PATH}/dossiers/{move.worker.dossier_id}")).status_code == 404


@pytest.mark.article("NM-23")
async def test_who_left_in_the_meantime_is_not_taken_back(house: House) -> None:
    move = await moving(house)
    transfer = (await move.release(effective_on="2025-03-12")).json()["id"]
    await move.consent(transfer)
    await move.decide(transfer)
    await house.service.run_timers()
    [post] = (await house.tenant.get(house.county, f"{PATH}/posts", query={"role": "staff"})).json()["items"]
    leaving = {"valid_before": "2025-03-10", "ground": "change", "reason": "已离岗"}
    left = await house.tenant.post(house.county, f"{PATH}/posts/{post['id']}/leaving", leaving)
    assert left.status_code == 200, left.text
    await house.tenant.move_to(datetime(2025, 3, 12, 1, 0, tzinfo=UTC))
    await move.timers()
    assert await move.state(transfer) == "withdrawn"
    assert (await house.tenant.get(house.county, f"{PATH}/dossiers/{move.worker.dossier_id}")).status_code == 200


@pytest.mark.article("NM-23")
async def test_it_takes_effect_on_its_day_and_not_before(house: House) -> None:
    move = await moving(house)
    transfer = (await move.release(effective_on="2025-04-01")).json()["id"]
    await move.consent(transfer)
    await move.decide(transfer)
    await move.timers()
    assert await move.state(transfer) == "accepted"
    assert (await house.tenant.get(house.county, f"{PATH}/dossiers/{move.worker.dossier_id}")).status_code == 200
    # 1 April begins in Shanghai at 16:00 UTC of the day before.
    await house.tenant.move_to(datetime(2025, 3, 31, 15, 59, tzinfo=UTC))
    await move.timers()
    assert await move.state(transfer) == "accepted"
    await house.tenant.move_to(datetime(2025, 3, 31, 16, 0, 30, tzinfo=UTC))
    await move.timers()
    assert await move.state(transfer) == "effective"


@pytest.mark.article("NM-23")
async def test_the_worker_may_decline_and_the_receiving_side_refuse_with_a_reason(house: House) -> None:
    move = await moving(house)
    first = (await move.release()).json()["id"]
    assert (await move.release()).status_code == 409
    assert (await move.consent(first, agree=False)).json()["state"] == "declined"
    assert (await move.consent(first)).status_code == 409
    second = (await move.release()).json()["id"]
    await move.consent(second)
    assert (await move.decide(second, accept=False)).status_code == 422
    assert (await move.decide(second, accept=False, comment="职数已满")).json()["state"] == "refused"
    assert (await move.decide(second)).status_code == 409
    await move.timers()
    assert await move.state(second) == "refused"
    assert (await move.release()).status_code == 201


async def test_withdrawn_in_time_the_offer_ends(house: House) -> None:
    move = await moving(house)
    transfer = (await move.release()).json()["id"]
    await move.consent(transfer)
    path = f"{PATH}/transfers/{transfer}/withdrawal"
    # Accepted meanwhile, but the answer has not come back yet: the withdrawal was first at the giving side.
    assert (await move.decide(transfer)).status_code == 200
    assert (await house.tenant.post(house.county, path, {"reason": "情况变化"})).json()["state"] == "withdrawn"
    await move.timers()
    assert await move.state(transfer) == "withdrawn"
    offered = await house.tenant.get(move.receiving, f"{PATH}/receptions/{transfer}")
    assert offered.json()["state"] == "withdrawn"
    assert (await house.tenant.post(house.county, path, {"reason": "情况变化"})).status_code == 409
    assert (await house.tenant.get(house.county, f"{PATH}/dossiers/{move.worker.dossier_id}")).status_code == 200


@pytest.mark.article("NM-7")
async def test_elected_office_is_not_carried_along_and_ends_by_its_own_rules(house: House) -> None:
    move = await moving(house, intake(house))
    carried = await move.release(role="secretary")
    assert (carried.status_code, carried.json()["article"]) == (409, "NM-20")
    silent = await move.release()
    assert (silent.status_code, silent.json()["article"]) == (409, "NM-20")
    transfer = (await move.release(office_ends_by="街道党工委批复〔2025〕8号")).json()["id"]
    await move.consent(transfer)
    await move.decide(transfer)
    await move.timers()
    after = await years(house, move.worker, caller=move.receiving)
    assert (after["current_continuous_years"], after["full_terms"]) == (11, {"secretary": 1})


@pytest.mark.parametrize(
    "changes",
    [{"effective_on": "2025-03-09"}, {"to": "township"}, {"to": "community"}, {"role": "mayor"}],
)
async def test_what_is_wrong_is_refused_at_release(house: House, changes: dict[str, str]) -> None:
    move = await moving(house)
    if "to" in changes:
        changes = {"to_community_unit_id": str(house.tenant.tree[changes["to"]].id)}
    assert (await move.release(**changes)).status_code == 422


async def test_permission_and_scope(house: House) -> None:
    move = await moving(house)
    body = {
        "dossier_id": move.worker.dossier_id,
        "to_community_unit_id": str(house.tenant.tree["sibling_community"].id),
        "effective_on": "2025-03-10",
        "reason": "本人申请",
    }
    path = f"{PATH}/transfers"
    for caller, status in ((house.township, 403), (move.worker.caller, 403), (move.receiving, 404), (None, 401)):
        assert (await house.tenant.post(caller, path, body)).status_code == status
    transfer = (await move.release()).json()["id"]
    other = await entered(house, staff(house, id_number="990101199001010027"))
    own = f"{PATH}/own/transfers"
    for caller, status in ((house.county, 403), (other.caller, 404), (None, 401)):
        assert (await house.tenant.post(caller, f"{own}/{transfer}/consent", {"agree": True})).status_code == status
    assert (await house.tenant.get(other.caller, own)).json()["items"] == []
    assert [each["id"] for each in (await house.tenant.get(move.worker.caller, own)).json()["items"]] == [transfer]
    await move.consent(transfer)
    decision = f"{PATH}/receptions/{transfer}/decision"
    finance = await house.tenant.appoint("sibling_county", "finance")
    for caller, status in ((house.county, 404), (finance, 403), (move.worker.caller, 403), (None, 401)):
        assert (await house.tenant.post(caller, decision, {"accept": True})).status_code == status
    withdrawal = f"{path}/{transfer}/withdrawal"
    for caller, status in ((house.township, 403), (move.receiving, 404), (None, 401)):
        assert (await house.tenant.post(caller, withdrawal, {"reason": "情况变化"})).status_code == status
    for read in (f"{path}/{transfer}", path, f"{PATH}/receptions", f"{PATH}/receptions/{transfer}"):
        for caller, status in ((house.finance, 403), (None, 401)):
            assert (await house.tenant.get(caller, read)).status_code == status
    assert (await house.tenant.get(move.receiving, f"{path}/{transfer}")).status_code == 404
    assert (await house.tenant.get(house.county, f"{PATH}/receptions/{transfer}")).status_code == 404
    assert (await house.tenant.get(move.receiving, path)).json()["items"] == []
    [offered] = (await house.tenant.get(move.receiving, f"{PATH}/receptions")).json()["items"]
    assert offered["id"] == transfer

"""The league makes its pay standard with finance and human resources; only then is it announced (NM-16)."""

from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import pytest

from kernel.ids import new_id
from kernel.testing.tree import Caller
from tests.integration.services.roster.division import Division
from tests.integration.services.roster.house import PATH, House
from tests.integration.services.roster.paid import OF_LEAGUE

STANDARDS = f"{PATH}/pay-standards"
SOURCE = "测试盟〔2025〕1号"


@dataclass(slots=True)
class League:
    """The desks of the league that take part."""

    house: House
    handler: Caller
    lead: Caller
    finance: Caller
    people: Caller

    @classmethod
    async def of(cls, house: House) -> "League":
        appoint = house.tenant.appoint
        return cls(
            house,
            handler=await appoint("league", "society_work"),
            lead=await appoint("league", "society_work", "approver"),
            finance=await appoint("league", "finance", "approver"),
            people=await appoint("league", "human_resources", "approver"),
        )

    async def propose(self, **changes: Any) -> httpx.Response:
        return await self.house.tenant.post(self.handler, STANDARDS, proposal(self.house, **changes))

    async def decide(self, who: Caller, case_id: str, action: str, **more: Any) -> httpx.Response:
        said = {"action": action, "step": None if action in ("submit", "withdraw") else "making"} | more
        return await self.house.tenant.post(who, f"{PATH}/approvals/{case_id}/decisions", said)

    async def told(self) -> list[dict[str, Any]]:
        """The standards that were announced."""
        events = await self.house.tenant.events("approved")
        return [each.data for each in events if each.aggregate_type == "pay_standard"]


@pytest.fixture
async def league(house: House) -> League:
    return await League.of(house)


def body(**changes: Any) -> dict[str, Any]:
    figures = [{"path": path, "value": value} for path, value in OF_LEAGUE.items()]
    return {"figures": figures, "valid_from": "2025-04-01", "source": SOURCE, "reason": "年度标准"} | changes


def proposal(house: House | Division, unit: str = "league", **changes: Any) -> dict[str, Any]:
    return {"unit_id": str(house.tenant.tree[unit].id)} | body(**changes)


@pytest.mark.article("NM-16")
async def test_a_standard_is_announced_once_the_others_agreed_and_the_lead_approved(league: League) -> None:
    made = await league.propose()
    assert made.status_code == 201, made.text
    standard = made.json()
    assert (standard["state"], standard["figures"]) == ("open", body()["figures"])
    early = await league.decide(league.lead, standard["case_id"], "approve")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-state")
    for partner in (league.finance, league.people):
        assert (await league.told()) == []
        assert (await league.decide(partner, standard["case_id"], "sign")).status_code == 200
    # Who proposed it does not decide on it, whatever their post.
    own = await league.decide(league.handler, standard["case_id"], "approve")
    assert own.status_code in (403, 409)
    assert (await league.decide(league.lead, standard["case_id"], "approve")).status_code == 200
    [told] = await league.told()
    assert dict(zip(told["paths"], map(orjson.loads, told["values"]), strict=True)) == OF_LEAGUE
    assert told | {"paths": [], "values": []} == {
        "workflow": "pay_standard",
        "case_id": standard["case_id"],
        "unit_id": str(league.house.tenant.tree["league"].id),
        "paths": [],
        "values": [],
        "document": SOURCE,
        "reason": "年度标准",
        "valid_from": "2025-04-01",
        "proposed_by": str(league.handler.actor.user),
        "proposed_at": told["proposed_at"],
        "decided_by": str(league.lead.actor.user),
    }
    shown = (await league.house.tenant.get(league.finance, f"{STANDARDS}/{standard['id']}")).json()
    assert shown["state"] == "approved"
    listed = (await league.house.tenant.get(league.people, STANDARDS)).json()
    assert listed == {"items": [shown], "next": None}


@pytest.mark.article("NM-16")
async def test_a_standard_that_was_returned_is_corrected_and_what_is_signed_is_the_corrected_one(
    league: League,
) -> None:
    tenant = league.house.tenant
    standard = (await league.propose()).json()
    path, case = f"{STANDARDS}/{standard['id']}", standard["case_id"]
    better = body(figures=[{"path": "pay.standard", "value": [{"role": "staff", "base": "4100", "performance": "1"}]}])
    too_early = await tenant.call(league.handler, "PUT", path, better, version=1)
    assert (too_early.status_code, too_early.json()["type"]) == (409, "/problems/wrong-state")
    assert (await league.decide(league.lead, case, "return", comment="标准过低")).status_code == 200
    assert (await tenant.get(league.handler, path)).json()["state"] == "returned"
    assert (await tenant.call(league.lead, "PUT", path, better, version=7)).status_code == 412
    assert (await tenant.call(league.finance, "PUT", path, better, version=1)).status_code == 403
    corrected = await tenant.call(league.handler, "PUT", path, better, version=1)
    assert (corrected.status_code, corrected.json()["version"]) == (200, 2), corrected.text
    assert (await league.decide(league.handler, case, "submit")).status_code == 200
    facts = (await tenant.get(league.finance, f"{PATH}/approvals/{case}")).json()["facts"]
    assert facts["pay.standard"] == better["figures"][0]["value"]
    assert "pay.schemes" not in facts
    for partner in (league.finance, league.people):
        assert (await league.decide(partner, case, "sign")).status_code == 200
    assert (await league.decide(league.lead, case, "approve")).status_code == 200
    [told] = await league.told()
    assert told["paths"] == ["pay.standard"]


@pytest.mark.article("NM-16")
async def test_a_standard_that_was_refused_or_withdrawn_is_never_announced(league: League) -> None:
    refused, withdrawn = (await league.propose()).json(), (await league.propose()).json()
    assert (await league.decide(league.lead, refused["case_id"], "reject", comment="财力不足")).status_code == 200
    assert (await league.decide(league.handler, withdrawn["case_id"], "withdraw")).status_code == 200
    states = []
    for each in (refused, withdrawn):
        states.append((await league.house.tenant.get(league.lead, f"{STANDARDS}/{each['id']}")).json()["state"])
    assert (states, await league.told()) == (["rejected", "withdrawn"], [])


@pytest.mark.article("NM-16")
@pytest.mark.parametrize(
    ("path", "value", "status", "article", "pointer"),
    [
        ("pay.fund_percent", "8", 409, "NM-17", None),
        ("training.pre_service_hours", 24, 409, "NM-20", None),
        ("no.such_figure", 1, 422, None, "/figures/0/path"),
        ("pay.standard", "4000", 422, "NM-16", "/figures/0/value"),
    ],
)
async def test_a_figure_of_another_office_or_kind_is_refused_with_the_article(
    league: League, path: str, value: Any, status: int, article: str | None, pointer: str | None
) -> None:
    refused = await league.propose(figures=[{"path": path, "value": value}])
    assert refused.status_code == status, refused.text
    problem = refused.json()
    assert problem.get("article") == article
    if pointer:
        assert problem["errors"][0]["pointer"] == pointer
    assert (await league.house.tenant.get(league.handler, STANDARDS)).json()["items"] == []


async def test_a_figure_stands_once_in_a_standard(league: League) -> None:
    twice = [{"path": "pay.schemes", "value": OF_LEAGUE["pay.schemes"]}] * 2
    assert (await league.propose(figures=twice)).status_code == 422
    assert (await league.propose(figures=[])).status_code == 422


async def test_without_the_permission_or_the_unit_nobody_proposes_reads_or_corrects(league: League) -> None:
    house, tenant = league.house, league.house.tenant
    standard = (await league.propose()).json()
    path = f"{STANDARDS}/{standard['id']}"
    elsewhere = await tenant.appoint("other_league", "society_work")
    for caller, status in ((house.township, 403), (house.county, 403), (house.finance, 403), (None, 401)):
        assert (await tenant.get(caller, STANDARDS)).status_code == status
        assert (await tenant.get(caller, path)).status_code == status
        assert (await tenant.post(caller, STANDARDS, proposal(house))).status_code == status
    for caller in (league.finance, league.people):
        assert (await tenant.post(caller, STANDARDS, proposal(house))).status_code == 403
    assert (await tenant.get(elsewhere, path)).status_code == 404
    assert (await tenant.post(elsewhere, STANDARDS, proposal(house))).status_code == 404
    below = await tenant.post(league.handler, STANDARDS, proposal(house, "county"))
    assert (below.status_code, below.json()["article"]) == (409, "NM-16")
    assert (await tenant.call(elsewhere, "PUT", path, body(), version=1)).status_code == 404
    assert (await tenant.get(elsewhere, STANDARDS)).json()["items"] == []
    assert (await tenant.get(league.handler, f"{STANDARDS}/{new_id()}")).status_code == 404


async def test_another_tenant_sees_none_of_it(league: League, other_house: House) -> None:
    standard = (await league.propose()).json()
    theirs = await other_house.tenant.appoint("league", "society_work")
    assert (await other_house.tenant.get(theirs, f"{STANDARDS}/{standard['id']}")).status_code == 404


@pytest.mark.article("SH-15")
async def test_where_the_text_has_no_making_with_others_nobody_may_propose(division: Division) -> None:
    handler = await division.tenant.appoint("league", "human_resources")
    assert (await division.tenant.post(handler, STANDARDS, proposal(division))).status_code == 403

"""What workers cost by level and payer, against the budgets of the year and the next (NM-4, NM-16, NM-17, SH-15)."""

from typing import Any

import pytest

from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller
from tests.integration.services.roster import paid
from tests.integration.services.roster.division import Division
from tests.integration.services.roster.history import entered, staff
from tests.integration.services.roster.house import PATH, House
from tests.integration.services.roster.payroll.treasury import Treasury

SHARES = [
    {"cost": "pay", "level": "league", "percent": "60"},
    {"cost": "pay", "level": "county", "percent": "40"},
    {"cost": "management", "level": "league", "percent": "50"},
    {"cost": "management", "level": "county", "percent": "50"},
]
Lines = dict[tuple[str, str], dict[str, Any]]


async def budget(house: House, caller: Caller, unit: str, year: str = "2025") -> Lines:
    """The lines of one unit by level and cost."""
    seen = await house.tenant.get(caller, f"{PATH}/budgets", query={"year": year})
    assert seen.status_code == 200, seen.text
    mine = str(house.tenant.tree[unit].id)
    return {(each["level"], each["cost"]): each for each in seen.json()["items"] if each["unit_id"] == mine}


def entry(house: House, unit: str, cost: str, **changes: Any) -> dict[str, Any]:
    body = {"unit_id": str(house.tenant.tree[unit].id), "year": 2026, "cost": cost, "amount": "61000.00"}
    return body | {"document": "2026年度预算"} | changes


@pytest.mark.article("NM-4")
async def test_shared_by_league_and_county_as_the_league_sets_it(house: House) -> None:
    worker = await entered(house, staff(house))
    await paid.figures(house)
    await paid.wage(house, worker)
    await paid.approved(house, await paid.drafted(house))
    league = await house.tenant.appoint("league", "finance")
    open_ = (await budget(house, league, "league"))["league", "pay"]
    assert (open_["percent"], open_["actual"], open_["article"]) == (None, None, "NM-16")
    assert "league" in open_["missing"]["en"]
    await house.tenant.set_local("budget.shares", SHARES, unit="league")
    of_league = await budget(house, league, "league")
    of_county = await budget(house, house.finance, "county")
    # 5,000 a month: 60 and 40 per cent of what was paid, and twelve months of it for the year to come.
    assert (of_league["league", "pay"]["actual"], of_league["league", "pay"]["needed"]) == ("3000.00", "36000.00")
    assert (of_county["county", "pay"]["actual"], of_county["county", "pay"]["needed"]) == ("2000.00", "24000.00")
    whole = of_county["county", "insurance"]
    # 16 + 0.5 + 7.5 + 0.5 + 0.2 per cent and the fund's 8, of 5,000.
    assert (whole["percent"], whole["actual"], whole["article"]) == ("100", "1635.00", "NM-17")
    assert (of_county["county", "management"]["percent"], of_county["county", "management"]["actual"]) == ("50", None)
    assert ("league", "pay") not in of_county
    region = await house.tenant.appoint("region", "finance")
    transfer = (await budget(house, region, "region"))["region", "transfer"]
    assert (transfer["part"], transfer["actual"], transfer["open"]) == ("transfer", None, True)


@pytest.mark.article("NM-4")
async def test_every_government_owes_next_years_entry_until_it_is_made(house: House) -> None:
    before = (await budget(house, house.finance, "county"))["county", "insurance"]
    assert (before["open"], before["next_entered"]) == (True, None)
    wrong = await house.tenant.post(house.finance, f"{PATH}/budget-entries", entry(house, "county", "transfer"))
    assert wrong.status_code == 422
    body = entry(house, "county", "insurance")
    made = await house.tenant.post(house.finance, f"{PATH}/budget-entries", body)
    assert made.status_code == 201, made.text
    again = await house.tenant.post(house.finance, f"{PATH}/budget-entries", body | {"amount": "62000.00"})
    assert (again.json()["id"], again.json()["version"]) == (made.json()["id"], 2)
    after = (await budget(house, house.finance, "county"))["county", "insurance"]
    assert (after["open"], after["next_entered"], after["entered"]) == (False, "62000.00", None)
    assert (await budget(house, house.finance, "county", "2026"))["county", "insurance"]["entered"] == "62000.00"


@pytest.mark.article("NM-16")
async def test_shares_that_are_not_the_whole_are_refused(house: House) -> None:
    await house.tenant.set_local("budget.shares", [*SHARES[:1], SHARES[1] | {"percent": "39"}], unit="league")
    refused = await house.tenant.get(house.finance, f"{PATH}/budgets", query={"year": "2025"})
    assert (refused.status_code, refused.json()["article"]) == (409, "NM-4")


@pytest.mark.article("SH-15", "SH-16")
async def test_under_shuanghe_the_whole_is_the_division_citys(roster: ServiceUnderTest, division: Division) -> None:
    lines = await budget(division, division.finance, "league")
    assert {key: each["percent"] for key, each in lines.items()} == {
        ("league", "pay"): "100",
        ("league", "insurance"): "100",
    }
    treasury = await Treasury.prepared(roster)
    await treasury.hand("secretary")
    await treasury.approved(await treasury.drafted())
    found = (await treasury.made("finance", "GET", "/budgets", query={"year": "2025"}))["items"]
    assert {each["cost"]: each["actual"] for each in found} == {"pay": "6500.01", "insurance": "1235.00"}


async def test_permission_and_scope(house: House) -> None:
    body = entry(house, "county", "insurance")
    elsewhere = await house.tenant.appoint("sibling_county", "finance")
    for caller, status in ((house.township, 403), (house.county, 403), (elsewhere, 404), (None, 401)):
        assert (await house.tenant.post(caller, f"{PATH}/budget-entries", body)).status_code == status
    for caller, status in ((house.township, 403), (None, 401), (house.county, 200)):
        assert (await house.tenant.get(caller, f"{PATH}/budgets", query={"year": "2025"})).status_code == status
    assert await budget(house, elsewhere, "county") == {}

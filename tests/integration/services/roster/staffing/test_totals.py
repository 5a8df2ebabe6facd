"""Population, ceiling and the totals of counties (NM-5, NM-6)."""

import asyncio

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.roster.house import House, silent
from tests.integration.services.roster.staffing.desk import COUNTIES, DAY, Desk


@pytest.mark.article("NM-5")
async def test_the_ceiling_follows_from_the_population_once_it_was_approved(desk: Desk) -> None:
    made = await desk.made("league", "POST", "/populations", desk.population_body(5_555))
    assert (made["state"], made["ceiling"], made["year"]) == ("open", 9, 2024)
    assert (await desk.headcount("league"))["fixed"] is None
    own = await desk.decide("league", made["case_id"], "approve", "approval")
    assert own.status_code == 403
    assert (await desk.decide("league_approver", made["case_id"], "approve", "approval")).is_success
    assert (await desk.made("league", "GET", f"/populations/{made['id']}"))["state"] == "in_force"
    assert (await desk.headcount("league"))["fixed"] == 9


@pytest.mark.article("NM-5")
async def test_a_rejected_population_changes_nothing(desk: Desk) -> None:
    made = await desk.made("league", "POST", "/populations", desk.population_body())
    refused = await desk.decide("league_approver", made["case_id"], "reject", "approval", comment="来源有误")
    assert refused.is_success
    assert (await desk.made("league", "GET", f"/populations/{made['id']}"))["state"] == "rejected"
    assert (await desk.headcount("league"))["fixed"] is None


@pytest.mark.article("NM-5")
async def test_the_regions_own_figure_carries_30402_posts(desk: Desk) -> None:
    assert (await desk.population(16_890_000))["ceiling"] == 30_402


@pytest.mark.article("NM-5", "NM-6")
async def test_the_proposal_spreads_the_ceiling_and_marks_who_is_above_its_own_floor(desk: Desk) -> None:
    parts = [{"unit_id": desk.id_of(unit), "population": 5_555} for unit in COUNTIES]
    await desk.population(11_110, parts=parts)
    spread = await desk.made("league", "GET", "/headcount-totals/proposal")
    assert (spread["ceiling"], [each["posts"] for each in spread["items"]]) == (19, [10, 9])
    assert [each["own_floor"] for each in spread["items"]] == [9, 9]
    assert [each["above_own_floor"] for each in spread["items"]] == [True, False]
    assert (await desk.headcount("county"))["fixed"] is None


async def test_parts_that_do_not_add_up_or_lie_elsewhere_are_refused_by_field(desk: Desk) -> None:
    parts = [
        {"unit_id": desk.id_of("county"), "population": 5_555},
        {"unit_id": desk.id_of("township"), "population": 1},
    ]
    refused = await desk.call("league", "POST", "/populations", desk.population_body(16_665, parts=parts))
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/parts/1/unit_id", "/parts"]


async def test_a_proposal_without_figures_by_county_names_what_is_missing(desk: Desk) -> None:
    refused = await desk.call("league", "GET", "/headcount-totals/proposal")
    assert (refused.status_code, refused.json()["article"]) == (409, "NM-5")
    await desk.population()
    refused = await desk.call("league", "GET", "/headcount-totals/proposal")
    assert "by county" in refused.json()["detail"]


@pytest.mark.article("NM-6")
async def test_totals_up_to_the_ceiling_are_fixed_and_one_more_is_refused_with_the_numbers(desk: Desk) -> None:
    await desk.population()
    refused = await desk.fix(county=20, sibling_county=10)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    assert refused.json()["article"] == "NM-5"
    assert refused.json()["findings"][0]["facts"] == {"on": DAY, "sum": 30, "limit": 29}
    assert (await desk.headcount("county"))["fixed"] is None
    fixed = await desk.fix(county=20, sibling_county=9)
    assert fixed.is_success, fixed.text
    assert (fixed.json()["ceiling"], fixed.json()["sum"]) == (29, 29)
    assert (await desk.headcount("county"))["fixed"] == 20
    assert (await desk.fix(county=21)).status_code == 409
    assert (await desk.fix(county=19)).is_success
    told = [each.data for each in await desk.tenant.events("changed") if each.data["level"] == "county"]
    assert [each["fixed"] for each in told if each["unit_id"] == desk.id_of("county")] == [20, 19]


@pytest.mark.article("NM-6")
async def test_two_who_fix_totals_at_once_never_pass_the_ceiling_together(desk: Desk) -> None:
    await desk.population()
    answers = await asyncio.gather(desk.fix(county=20), desk.fix(sibling_county=20))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.article("NM-6")
async def test_without_a_population_no_total_is_fixed(desk: Desk) -> None:
    refused = await desk.fix(county=1)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/parameter-not-set")


@pytest.mark.article("NM-6")
async def test_a_total_holds_from_its_day_and_the_past_stays_as_it_was(desk: Desk) -> None:
    await desk.population(valid_from="2025-01-01")
    assert (await desk.fix("2025-02-01", county=10)).is_success
    assert (await desk.fix("2025-04-01", county=12)).is_success
    for on, fixed in (("2025-01-31", None), ("2025-02-01", 10), ("2025-03-31", 10), ("2025-04-01", 12)):
        assert (await desk.headcount("county", on=on))["fixed"] == fixed
    # Today 10 more are free beside it, from April only 17.
    assert (await desk.fix("2025-03-01", sibling_county=18)).status_code == 409
    assert (await desk.fix("2025-03-01", sibling_county=17)).is_success


@pytest.mark.article("NM-6")
async def test_a_later_day_is_published_when_it_comes(desk: Desk) -> None:
    await desk.population()
    assert (await desk.fix("2025-03-12", county=7)).is_success
    assert not [each for each in await desk.tenant.events("changed") if each.data["level"] == "county"]
    await desk.tenant.move_to(desk.tenant.now.replace(day=12))
    await desk.tenant.service.run_timers()
    assert [each.data["fixed"] for each in await desk.tenant.events("changed") if each.data["level"] == "county"] == [7]


@pytest.mark.article("NM-6")
async def test_a_total_does_not_fall_below_what_its_communities_have(desk: Desk) -> None:
    await desk.staffed(total=9, community=5, other_community=4)
    refused = await desk.fix(county=8)
    assert (refused.status_code, refused.json()["article"]) == (409, "NM-6")
    assert refused.json()["findings"][0]["facts"] == {"on": DAY, "sum": 9, "limit": 8}


async def test_a_fallen_ceiling_is_brought_down_step_by_step(desk: Desk) -> None:
    await desk.population()
    assert (await desk.fix(county=20, sibling_county=9)).is_success
    await desk.population(10_000)
    league = await desk.headcount("league")
    assert league["fixed"] == 18
    assert (await desk.fix(county=19)).is_success
    assert (await desk.fix(county=20)).status_code == 409


@pytest.mark.article("NM-6")
async def test_a_handler_proposes_totals_and_the_approver_fixes_each_figure(desk: Desk) -> None:
    await desk.population()
    body = desk.totals_body(county=20, sibling_county=9) | {"reason": "按最大余数法"}
    made = await desk.made("league", "POST", "/headcount-proposals", body)
    assert made["state"] == "open"
    case = await desk.made("league", "GET", f"/approvals/{made['case_id']}")
    names = case["facts"]["counties"]
    assert (case["workflow"], [step["kind"] for step in case["steps"]], len(names)) == ("headcount_totals", ["fix"], 2)
    figures = dict(zip(names, (15, 8), strict=True))
    own = await desk.decide("league", made["case_id"], "fix", "fixing", figures=figures)
    assert own.status_code == 403
    part = await desk.decide("league_approver", made["case_id"], "fix", "fixing", figures={names[0]: 15})
    assert part.status_code == 422
    over = await desk.decide("league_approver", made["case_id"], "fix", "fixing", figures=figures | {names[0]: 22})
    assert (over.status_code, over.json()["article"]) == (409, "NM-5")
    assert (await desk.headcount("county"))["fixed"] is None
    assert (await desk.decide("league_approver", made["case_id"], "fix", "fixing", figures=figures)).is_success
    assert [(await desk.headcount(unit))["fixed"] for unit in COUNTIES] == [15, 8]
    shown = await desk.made("league", "GET", f"/headcount-proposals/{made['id']}")
    assert (shown["state"], [each["posts"] for each in shown["items"]]) == ("in_force", [15, 8])


@pytest.mark.article("NM-6")
async def test_proposed_totals_that_were_returned_keep_their_counties(desk: Desk) -> None:
    await desk.population()
    body = desk.totals_body(county=20) | {"reason": "分配"}
    made = await desk.made("league", "POST", "/headcount-proposals", body)
    assert (await desk.decide("league_approver", made["case_id"], "return", "fixing", comment="请复核")).is_success
    path = f"/headcount-proposals/{made['id']}"
    other = desk.totals_body(sibling_county=9) | {"reason": "更正"}
    assert (await desk.call("league", "PUT", path, other, version=made["version"])).status_code == 422
    same = desk.totals_body(county=18) | {"reason": "更正"}
    assert (await desk.call("league", "PUT", path, same, version=made["version"])).is_success
    again = await desk.decide("league", made["case_id"], "submit")
    assert again.is_success, again.text


async def test_totals_name_counties_of_the_league_once_each(desk: Desk) -> None:
    await desk.population()
    for unit in ("township", "community", "league"):
        assert (await desk.fix(**{unit: 1})).status_code == 422
    body = desk.totals_body(county=1)
    body["items"] *= 2
    twice = await desk.call("league_approver", "POST", "/headcount-totals", body)
    assert [each["pointer"] for each in twice.json()["errors"]] == ["/items/1/unit_id"]
    foreign = await desk.call("other_league", "POST", "/headcount-totals", desk.totals_body(county=1))
    assert foreign.status_code == 422


async def test_a_regulation_without_norm_has_no_ceiling(roster: ServiceUnderTest) -> None:
    desk = await Desk.open(await House.open(roster, silent("headcount.per_ten_thousand")))
    refused = await desk.call("league", "POST", "/populations", desk.population_body())
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-regulated")


@pytest.mark.article("NM-6")
async def test_each_operation_needs_its_permission_and_the_scope(desk: Desk) -> None:
    made = await desk.population()
    for who in ("league_approver", "county", "party", "township", "finance"):
        assert (await desk.call(who, "POST", "/populations", desk.population_body())).status_code == 403
    for who in ("league", "county_approver", "government", "township", "finance"):
        body = desk.totals_body(county=1)
        assert (await desk.call(who, "POST", "/headcount-totals", body)).status_code == 403
    assert (await desk.call("county", "GET", f"/populations/{made['id']}")).status_code == 404
    assert (await desk.call("other_league", "GET", f"/populations/{made['id']}")).status_code == 404
    assert (await desk.call("finance", "GET", f"/populations/{made['id']}")).status_code == 403
    assert (await desk.call(None, "GET", f"/populations/{made['id']}")).status_code == 401
    assert (await desk.made("other_league", "GET", "/populations"))["items"] == []
    assert [each["id"] for each in (await desk.made("league", "GET", "/populations"))["items"]] == [made["id"]]
    assert (await desk.call("finance", "GET", "/populations")).status_code == 403
    assert (await desk.call("finance", "GET", "/headcount-totals/proposal")).status_code == 403

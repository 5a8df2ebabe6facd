"""Self-assessment and scores, each by whom it belongs to."""

from tests.integration.services.assessment.house import PATH, House

STATEMENT = {"statement": "本年度走访居民三百户，处理事项二十件"}


async def test_scores_are_replaced_while_the_stage_is_under_way_by_its_office(house: House) -> None:
    worker = await house.worker()
    cycle = (await house.opened())["id"]
    result = (await house.results(cycle))[str(worker.actor.person)]["id"]
    await house.advance(cycle, "self")
    wrong = await house.score(house.county, "political_quality", {result: "80"}, 409)
    assert (wrong["type"], wrong["article"]) == ("/problems/rule-refused", "NM-28")
    await house.score(house.township, "political_quality", {result: "80"})
    await house.score(house.chief, "political_quality", {result: "85.5"})
    [score] = (await house.get(house.township, f"/results/{result}/scores"))["items"]
    assert (float(score["points"]), score["user_id"]) == (85.5, str(house.chief.actor.user))
    await house.advance(cycle, "township")
    late = await house.score(house.township, "political_quality", {result: "90"}, 409)
    assert late["type"] == "/problems/rule-refused"


async def test_all_scores_of_a_sheet_stand_or_none(house: House) -> None:
    one, two = await house.worker(), await house.worker()
    cycle = (await house.opened())["id"]
    results = await house.results(cycle)
    first, second = (results[str(each.actor.person)]["id"] for each in (one, two))
    await house.advance(cycle, "self")
    refused = await house.score(house.township, "political_quality", {first: "80", second: "100.01"}, 422)
    assert refused["errors"][0]["pointer"] == "/scores/1/points"
    await house.score(house.township, "work_results", {first: "80"}, 422)
    await house.score(house.township, "political_quality", {first: "-1"}, 422)
    assert (await house.get(house.township, f"/results/{first}/scores"))["items"] == []


async def test_each_operation_needs_its_permission_and_the_scope(house: House) -> None:
    worker, other = await house.worker(), await house.worker()
    cycle = (await house.opened())["id"]
    result = (await house.results(cycle))[str(worker.actor.person)]["id"]
    own = f"/own/results/{result}/self-assessment"
    for caller, status in ((other, 404), (house.county, 403), (None, 401)):
        await house.post(caller, own, STATEMENT, status)
    await house.post(worker, own, STATEMENT)
    for caller, status in ((house.finance, 403), (worker, 403), (None, 401), (house.sibling, 404)):
        await house.score(caller, "political_quality", {result: "80"}, status)
    for caller, status in ((house.finance, 403), (worker, 403), (None, 401), (house.sibling, 404)):
        assert (await house.tenant.get(caller, f"{PATH}/results/{result}/scores")).status_code == status

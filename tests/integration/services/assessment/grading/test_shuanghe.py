"""The assessment of a regiment: seven stages, the quarter, the seal, two failed years (SH-20…23, SH-25(3))."""

from typing import Any

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.assessment.house import PATH
from tests.integration.services.assessment.regiment import Regiment

FAIR = ("80", "80", "80")
POOR = ("20", "20", "20")


@pytest.fixture
async def regiment(assessment: ServiceUnderTest) -> Regiment:
    made = await Regiment.open(assessment)
    await made.method()
    return made


def who(caller: Any) -> str:
    return str(caller.actor.person)


@pytest.mark.article("SH-22")
async def test_the_seven_stages_in_their_order_and_the_seal_after_the_last(regiment: Regiment) -> None:
    worker = await regiment.worker()
    opened = await regiment.post(regiment.county, "/cycles", {"year": 2025}, 201)
    cycle = opened["id"]
    assert [stage["id"] for stage in opened["method"]["stages"]] == [
        "self",
        "committees",
        "township",
        "residents",
        "confirm",
    ]
    result = (await regiment.results(cycle))[who(worker)]["id"]

    async def refused(caller: Any, path: str, body: Any) -> None:
        answer = await regiment.post(caller, path, body, 409)
        assert answer["article"] == "SH-22", answer

    def sheet(component: str) -> dict[str, Any]:
        return {"scores": [{"result_id": result, "component": component, "points": "80"}]}

    survey = {"title": "测评", "questions": [{"code": "a", "text": "问题", "best": 5}], "closes_on": "2025-12-20"}
    # First: self-assessment.
    await refused(regiment.desks.branch, "/scores", sheet("peer_review"))
    await refused(regiment.county, f"/cycles/{cycle}/advance", {"stage": "committees"})
    statement = {"statement": "本年度走访居民三百户，处理事项二十件"}
    await regiment.post(worker, f"/own/results/{result}/self-assessment", statement)
    await regiment.advance(cycle, "self")
    # Second: the two committees; the regiment does not score yet.
    await refused(worker, f"/own/results/{result}/self-assessment", statement)
    await refused(regiment.county, "/scores", sheet("daily_work"))
    await refused(regiment.county, f"/cycles/{cycle}/advance", {"stage": "committees"})
    await regiment.post(regiment.desks.branch, "/scores", sheet("peer_review"))
    await regiment.advance(cycle, "committees")
    # Third: the regiment; the committees' time is over.
    await refused(regiment.desks.branch, "/scores", sheet("peer_review"))
    await refused(regiment.county, f"/cycles/{cycle}/survey", survey)
    for component in ("daily_work", "professional_knowledge"):
        await regiment.post(regiment.county, "/scores", sheet(component))
    await regiment.advance(cycle, "township")
    # Fourth: residents; nothing is confirmed before they have answered.
    await refused(regiment.approver, f"/cycles/{cycle}/confirm", {})
    await refused(regiment.county, f"/cycles/{cycle}/advance", {"stage": "residents"})
    await regiment.rated(cycle, "2025-12-09", "2025-12-10")
    # Fifth: the board, and nobody else.
    await regiment.post(regiment.chief, f"/cycles/{cycle}/confirm", {}, 403)
    confirmed = await regiment.post(regiment.approver, f"/cycles/{cycle}/confirm", {})
    assert (confirmed["state"], confirmed["case_state"]) == ("confirmed", "open")
    # Sixth: publicity, held by an objection until it is handled; filing comes after it.
    case = confirmed["case_id"]
    early = await regiment.file(case, 409)
    assert (early["type"], early["article"]) == ("/problems/wrong-state", "SH-22")
    decisions = f"/approvals/{case}/decisions"
    objection = {"action": "object", "step": "publicity", "comment": "居民反映其日常考核记录有误"}
    objected = await regiment.post(regiment.desks.organization, decisions, objection)
    await regiment.move_to("2025-12-18")
    assert (await regiment.get(regiment.county, f"/cycles/{cycle}"))["case_state"] == "open"
    assert (await regiment.file(case, 409))["article"] == "SH-22"
    handling = {"action": "handle_objection", "step": "publicity", "comment": "经核实记录无误", "upheld": False}
    handling["objection"] = objected["steps"][0]["objections"][0]["id"]
    await regiment.post(regiment.county, decisions, handling)
    # Seventh: filing; then the seal.
    assert not await regiment.tenant.events("grade_confirmed")
    await regiment.file(case)
    sealed = await regiment.get(regiment.county, f"/cycles/{cycle}")
    assert (sealed["state"], sealed["case_state"], sealed["sealed_on"]) == ("sealed", "approved", "2025-12-18")
    [told] = await regiment.tenant.events("grade_confirmed")
    assert (told.data["person_id"], told.data["grade"], told.data["year"]) == (who(worker), "competent", 2025)
    # 10 x 80 + 30 x 80 + 20 x 80 + 40 x 100, in per cent
    assert float((await regiment.results(cycle))[who(worker)]["composite"]) == 88.0


@pytest.mark.article("SH-22")
async def test_what_is_sealed_does_not_change(regiment: Regiment) -> None:
    worker = await regiment.worker()
    confirmed = await regiment.confirmed(2025, {who(worker): FAIR}, closes_on="2025-12-09", then="2025-12-10")
    cycle, result = confirmed["id"], (await regiment.results(confirmed["id"]))[who(worker)]["id"]
    await regiment.move_to("2025-12-18")
    await regiment.file(confirmed["case_id"])
    before = await regiment.results(cycle)
    score = {"scores": [{"result_id": result, "component": "daily_work", "points": "1"}]}
    for caller, path, body in (
        (regiment.county, "/scores", score),
        (regiment.approver, f"/cycles/{cycle}/confirm", {}),
        (regiment.approver, f"/results/{result}/ungraded", {"reason": "长期病假"}),
        (regiment.county, f"/cycles/{cycle}/advance", {"stage": "confirm"}),
        (worker, f"/own/results/{result}/appeals", {"grounds": "对考核等次有异议，请求复核"}),
        (regiment.county, "/cycles", {"year": 2025}),
    ):
        await regiment.post(caller, path, body, 409)
    assert await regiment.results(cycle) == before


@pytest.mark.article("SH-22")
async def test_an_objection_that_is_upheld_brings_the_grades_back_to_the_board(regiment: Regiment) -> None:
    worker = await regiment.worker()
    confirmed = await regiment.confirmed(2025, {who(worker): FAIR}, closes_on="2025-12-09", then="2025-12-10")
    path, decisions = f"/cycles/{confirmed['id']}", f"/approvals/{confirmed['case_id']}/decisions"
    objection = {"action": "object", "step": "publicity", "comment": "居民反映其业务知识考核记录有误"}
    objected = await regiment.post(regiment.desks.organization, decisions, objection)
    handling = {"action": "handle_objection", "step": "publicity", "comment": "经核实属实", "upheld": True}
    handling["objection"] = objected["steps"][0]["objections"][0]["id"]
    await regiment.post(regiment.county, decisions, handling)
    # Upheld it holds the publicity beyond its days: nothing is filed, and the grades go back.
    await regiment.move_to("2025-12-18")
    assert (await regiment.file(confirmed["case_id"], 409))["article"] == "SH-22"
    back = {"action": "reject", "step": "publicity", "comment": "异议成立，请考评委员会重新确认"}
    await regiment.post(regiment.county, decisions, back)
    reopened = await regiment.get(regiment.county, path)
    assert (reopened["state"], reopened["stage"], reopened["case_id"]) == ("open", "confirm", None)
    again = await regiment.post(regiment.approver, f"{path}/confirm", {})
    assert again["case_id"] not in (None, confirmed["case_id"])
    assert not await regiment.tenant.events("grade_confirmed")


@pytest.mark.article("SH-20", "SH-23")
async def test_a_bureau_runs_no_assessment_of_its_own(regiment: Regiment) -> None:
    cycle = (await regiment.post(regiment.county, "/cycles", {"year": 2025}, 201))["id"]
    scheme = await regiment.post(regiment.county, "/schemes", regiment.draft(), 201)
    path = f"{PATH}/schemes/{scheme['id']}"
    for bureau in (
        regiment.league,
        regiment.desks.organization,
        regiment.desks.civil_affairs,
        regiment.desks.township_civil_affairs,
    ):
        for where, body in (
            ("/schemes", regiment.draft()),
            ("/cycles", {"year": 2025}),
            (f"/cycles/{cycle}/advance", {"stage": "self"}),
            (f"/schemes/{scheme['id']}/submit", None),
        ):
            refused = await regiment.post(bureau, where, body, 409)
            assert (refused["type"], refused["article"]) == ("/problems/rule-refused", "SH-23"), where
        changed = await regiment.tenant.call(bureau, "PUT", path, regiment.draft(), version=scheme["version"])
        assert (changed.status_code, changed.json()["article"]) == (409, "SH-23")
    # Another department holds no permission at all; another regiment sees nothing.
    await regiment.post(regiment.finance, "/cycles", {"year": 2025}, 403)
    await regiment.post(regiment.sibling, f"/cycles/{cycle}/advance", {"stage": "self"}, 404)


@pytest.mark.article("SH-21")
@pytest.mark.parametrize(("rating", "status"), [(3999, 422), (4000, 201)])
async def test_satisfaction_weighs_forty_per_cent(regiment: Regiment, rating: int, status: int) -> None:
    draft = regiment.draft()
    draft["terms"]["components"][2]["weight"] = 6000 - rating
    draft["terms"]["components"][3]["weight"] = rating
    answer = await regiment.post(regiment.county, "/schemes", draft, status)
    if status == 422:
        assert [(each["pointer"], each["article"]) for each in answer["errors"]] == [("/terms/components", "SH-21")]


@pytest.mark.article("SH-21", "SH-22")
async def test_without_a_survey_or_its_sample_no_grade_is_confirmed(regiment: Regiment) -> None:
    worker = await regiment.worker()
    cycle = (await regiment.post(regiment.county, "/cycles", {"year": 2025}, 201))["id"]
    await regiment.scored(cycle, {who(worker): FAIR})
    missing = await regiment.advance(cycle, "residents", 409)
    assert (missing["type"], missing["article"]) == ("/problems/rule-refused", "SH-22")
    await regiment.rated(cycle, "2025-12-09", "2025-12-10", answers=1)
    short = await regiment.post(regiment.approver, f"/cycles/{cycle}/confirm", {}, 409)
    assert (short["type"], short["article"]) == ("/problems/rule-refused", "SH-22")


@pytest.mark.article("SH-23")
async def test_of_forty_seven_assessed_eleven_at_most_and_fewer_at_a_tie(regiment: Regiment) -> None:
    people = [await regiment.worker() for _ in range(48)]
    police = await regiment.worker(role="police_officer", category="community_police")
    cycle = (await regiment.post(regiment.county, "/cycles", {"year": 2025}, 201))["id"]
    found = await regiment.results(cycle)
    assert (found[who(police)]["state"], found[who(police)]["reason"]) == ("out", "category")
    # One gets no grade: the quarter is of those who do.
    ill = found[who(people[47])]["id"]
    await regiment.post(regiment.approver, f"/results/{ill}/ungraded", {"reason": "长期病假，本年度不定等次"})
    # Nine stand clearly above; three tie at the tenth, eleventh and twelfth place; all others are fair.
    marks = [str(99 - place) for place in range(9)] + ["85"] * 3 + ["70"] * 35
    points = {who(each): (mark, mark, mark) for each, mark in zip(people, marks, strict=False)}
    await regiment.scored(cycle, points)
    await regiment.rated(cycle, "2025-12-09", "2025-12-10")
    standing = await regiment.get(regiment.county, f"/cycles/{cycle}/standing")
    assert (standing["pool"], standing["places"], standing["cap"], standing["cap_article"]) == (47, 11, 2500, "SH-23")
    lines = {item["person_id"]: item for item in standing["items"]}
    assert [lines[who(each)]["grade"] for each in people[:12]] == ["excellent"] * 9 + ["competent"] * 3
    assert [lines[who(each)]["capped"] for each in people[8:13]] == [False, True, True, True, False]
    three = [
        {"result_id": lines[who(each)]["result_id"], "grade": "excellent", "reason": "考评委员会研究"}
        for each in people[9:12]
    ]
    path = f"/cycles/{cycle}/confirm"
    refused = await regiment.post(regiment.approver, path, {"choices": three}, 409)
    assert (refused["type"], refused["article"]) == ("/problems/rule-refused", "SH-23")
    await regiment.post(regiment.approver, path, {"choices": three[:2]})
    results = await regiment.results(cycle)
    assert sum(each["outstanding"] is True for each in results.values()) == 11


@pytest.mark.article("SH-22")
async def test_an_appeal_is_reviewed_by_people_who_did_not_score(regiment: Regiment) -> None:
    workers = [await regiment.worker() for _ in range(4)]
    points = {who(workers[0]): ("99", "99", "99")} | {who(each): FAIR for each in workers[1:]}
    confirmed = await regiment.confirmed(2025, points, closes_on="2025-12-09", then="2025-12-10")
    results = await regiment.results(confirmed["id"])
    path = f"/own/results/{results[who(workers[1])]['id']}/appeals"
    appeal = await regiment.post(workers[1], path, {"grounds": "日常考核未计入第三季度的工作，请求复核"}, 201)
    decision = f"/appeals/{appeal['id']}/decision"
    better = {"upheld": True, "grade": "excellent", "reason": "复核认为应为优秀"}
    # Neither who scored nor who confirmed; and the quarter holds for the review too.
    for caller in (regiment.county, regiment.approver, regiment.sibling):
        await regiment.post(caller, decision, better, 403)
    assert (await regiment.post(regiment.league, decision, better, 409))["article"] == "SH-23"
    kept = await regiment.post(regiment.league, decision, {"upheld": False, "reason": "评分有据，维持原等次"})
    assert kept["state"] == "refused"


@pytest.mark.article("SH-25", "SH-23")
async def test_two_failed_years_running_are_told_and_the_middle_grade_never_counts(regiment: Regiment) -> None:
    bad, middle = await regiment.worker(), await regiment.worker()
    points = {who(bad): POOR, who(middle): ("50", "50", "30")}
    for year, closes_on, then, filed in (
        (2025, "2025-12-09", "2025-12-10", "2025-12-18"),
        (2026, "2026-12-09", "2026-12-10", "2026-12-18"),
    ):
        await regiment.move_to(f"{year}-12-08")
        confirmed = await regiment.confirmed(year, points, closes_on=closes_on, then=then)
        assert not await regiment.tenant.events("failed_twice")
        await regiment.move_to(filed)
        await regiment.file(confirmed["case_id"])
        await regiment.run_timers()
    results = await regiment.results(confirmed["id"])
    assert [results[who(each)]["grade"] for each in (bad, middle)] == ["failed", "basic"]
    [told] = await regiment.tenant.events("failed_twice")
    assert (told.data["person_id"], told.data["first_year"], told.data["second_year"], told.data["article"]) == (
        who(bad),
        2025,
        2026,
        "SH-25(3)",
    )
    assert (results[who(bad)]["run"], results[who(middle)]["run"]) == (2, None)


@pytest.mark.article("SH-25")
async def test_a_year_without_a_grade_breaks_the_run_and_is_flagged(regiment: Regiment) -> None:
    bad, other = await regiment.worker(), await regiment.worker()
    for year, graded in ((2025, (bad, other)), (2026, (other,)), (2027, (bad, other))):
        await regiment.move_to(f"{year}-12-08")
        cycle = str((await regiment.post(regiment.county, "/cycles", {"year": year}, 201))["id"])
        if bad not in graded:
            ill = (await regiment.results(cycle))[who(bad)]["id"]
            await regiment.post(regiment.approver, f"/results/{ill}/ungraded", {"reason": "长期病假，不定等次"})
        await regiment.scored(cycle, {who(each): POOR if each is bad else FAIR for each in graded})
        await regiment.rated(cycle, f"{year}-12-09", f"{year}-12-10")
        confirmed = await regiment.post(regiment.approver, f"/cycles/{cycle}/confirm", {})
        await regiment.move_to(f"{year}-12-18")
        await regiment.file(confirmed["case_id"])
        await regiment.run_timers()
    result = (await regiment.results(cycle))[who(bad)]
    assert (result["grade"], result["run"], result["broken_by"]) == ("failed", 1, 2026)
    assert not await regiment.tenant.events("failed_twice")

"""The regulation of SH from plan to hire, over HTTP: guidance holds nothing up, no age, no publicity (SH-5 to SH-8)."""

from typing import Any

import orjson
import pytest

from kernel.events.inbox import Outcome
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import PUBLIC
from tests.integration.services.recruitment.journey import id_number
from tests.integration.services.recruitment.regiment import FREE, JUDGED, Regiment, born

GUIDES = ("civil_affairs_guidance", "human_resources_guidance")


def publicised(pack: str) -> str:
    """The regulation with a step of publicity before the decision, as a local method may ask for it."""
    data = orjson.loads(pack)
    hire = data["document"]["workflows"]["hire"]
    ours = {"zh": "本地办法", "en": "Local method"}
    step = {
        "id": "publicity",
        "kind": "publicize",
        "label": {"zh": "公示", "en": "Publicity"},
        "by": {"department": "township_office", "level": "subject"},
        "period": {"fact": "publicity_days", "unit_fact": "publicity_unit"},
        "blocks": True,
        "ours": ours,
    }
    hire["steps"].insert(0, step)
    return orjson.dumps(data).decode()


# plan, guidance, headcount


@pytest.mark.article("SH-7")
async def test_a_plan_needs_no_approval_and_its_guidance_stays_on_record(regiment: Regiment) -> None:
    plan = await regiment.approved_plan()
    assert plan["state"] == "approved"
    case = await regiment.made("civil", "GET", f"/approvals/{plan['case_id']}")
    assert case["state"] == "approved"
    found = {each["step"]: (each["kind"], each["article"], each["state"]) for each in case["steps"]}
    assert found == dict.fromkeys(GUIDES, ("guide", "SH-7", "open"))
    notice = await regiment.made("handler", "POST", "/notices", regiment.notice_body(plan))
    assert (await regiment.made(PUBLIC, "GET", f"/notices/{notice['id']}"))["title"] == notice["title"]


@pytest.mark.article("SH-7")
async def test_guidance_is_recorded_by_each_department_and_undoes_nothing(regiment: Regiment) -> None:
    plan = await regiment.approved_plan()
    said = {"comment": "公告写明岗位职责"}
    for who, status in (("handler", 403), ("human", 403), ("sibling", 404), ("finance", 403)):
        answer = await regiment.decide(who, plan["case_id"], "guide", GUIDES[0], **said)
        assert answer.status_code == status, answer.text
    assert (await regiment.decide("civil", plan["case_id"], "guide", GUIDES[0])).status_code == 422
    assert (await regiment.decide("civil", plan["case_id"], "reject", GUIDES[0], **said)).status_code == 409
    for who, step in zip(("civil", "human"), GUIDES, strict=True):
        assert (await regiment.decide(who, plan["case_id"], "guide", step, **said)).is_success
    case = await regiment.made("civil", "GET", f"/approvals/{plan['case_id']}")
    assert [each["state"] for each in case["steps"]] == ["done", "done"]
    assert (await regiment.made("handler", "GET", f"/plans/{plan['id']}"))["state"] == "approved"


@pytest.mark.article("SH-7")
@pytest.mark.parametrize("who", ["civil", "human", "sibling"])
async def test_only_a_regiment_plans_and_only_its_own_communities(regiment: Regiment, who: str) -> None:
    answer = await regiment.call(who, "POST", "/plans", regiment.plan_body())
    assert answer.status_code == (422 if who == "sibling" else 403)


@pytest.mark.article("SH-7")
async def test_those_who_guide_read_the_plan_and_others_do_not(regiment: Regiment) -> None:
    plan = await regiment.draft()
    for who in ("civil", "human"):
        assert (await regiment.call(who, "GET", f"/plans/{plan['id']}")).status_code == 200
    assert (await regiment.call("sibling", "GET", f"/plans/{plan['id']}")).status_code == 404
    assert (await regiment.call("finance", "GET", f"/plans/{plan['id']}")).status_code == 403
    assert (await regiment.call("sibling", "POST", f"/plans/{plan['id']}/submit")).status_code == 404


@pytest.mark.article("SH-5", "SH-7")
@pytest.mark.parametrize(("posts", "warned"), [(FREE, False), (FREE + 1, True)])
async def test_more_posts_than_are_free_are_asked_with_a_reason(regiment: Regiment, posts: int, warned: bool) -> None:
    [item] = regiment.plan_body()["items"]
    plan = await regiment.draft(items=[item | {"posts": posts}])
    asked = await regiment.call("handler", "POST", f"/plans/{plan['id']}/submit")
    assert asked.status_code == (409 if warned else 200), asked.text
    if warned:
        assert asked.json()["article"] == "SH-5"
        reason = regiment.plan_body(items=[item | {"posts": posts}], over_reason="新建小区集中入住")
        changed = await regiment.call("handler", "PUT", f"/plans/{plan['id']}", reason, version=plan["version"])
        assert changed.is_success
        asked = await regiment.call("handler", "POST", f"/plans/{plan['id']}/submit")
        assert [each["outcome"] for each in asked.json()["findings"]] == ["not_met"]
    assert await regiment.answer(plan) is Outcome.APPLIED
    assert (await regiment.made("handler", "GET", f"/plans/{plan['id']}"))["state"] == "approved"


@pytest.mark.article("SH-6", "SH-8")
@pytest.mark.parametrize(
    ("sets", "pointer"),
    [
        ({"publicity_days": 5, "publicity_unit": "working"}, "/publicity_days"),
        ({"relaxed_age_limit": 45}, "/relaxed_age_limit"),
        ({"relaxed_education_codes": ["61"]}, "/relaxed_education_codes"),
    ],
)
async def test_a_plan_sets_no_publicity_and_no_relaxation(
    regiment: Regiment, sets: dict[str, Any], pointer: str
) -> None:
    answer = await regiment.call("handler", "POST", "/plans", regiment.plan_body(**sets))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


# notice and review


@pytest.mark.article("SH-8")
async def test_the_notice_states_the_exam_and_asks_for_no_declaration(regiment: Regiment) -> None:
    plan = await regiment.approved_plan()
    silent = await regiment.call("handler", "POST", "/notices", regiment.notice_body(plan, exam={}))
    assert silent.status_code == 422
    notice = await regiment.made("handler", "POST", "/notices", regiment.notice_body(plan))
    assert notice["declarations"] == []
    assert notice["revisions"][0]["age_reference_date"] == "2025-02-24"
    assert set(notice["exam"]["ours"]) == {"decimals", "tie_break"}


@pytest.mark.article("SH-6")
@pytest.mark.parametrize("years", [18, 40, 41, 45, 59])
async def test_no_age_is_found_wanting(regiment: Regiment, years: int) -> None:
    notice = await regiment.notice()
    _, application = await regiment.applied(notice, id_number=id_number(born(years)))
    path = f"/applications/{application['id']}"
    found = (await regiment.made("handler", "GET", f"{path}/eligibility"))["findings"]
    assert [(each["rule"], each["outcome"]) for each in found] == [
        *((rule, "needs_judgement") for rule in JUDGED),
        ("eligibility.education", "met"),
    ]
    assert "age_years" not in str(found)
    early = await regiment.conclude(application["id"])
    assert (early.status_code, early.json()["article"]) == (409, "SH-6(1)")
    await regiment.judge_all(application["id"])
    assert (await regiment.conclude(application["id"])).is_success


@pytest.mark.article("SH-6")
async def test_without_college_nobody_is_qualified_and_nothing_relaxes_it(regiment: Regiment) -> None:
    notice = await regiment.notice()
    applicant, application = await regiment.applied(notice, education_code="61")
    await regiment.judge_all(application["id"])
    refused = await regiment.conclude(application["id"])
    assert (refused.status_code, refused.json()["article"]) == (409, "SH-6(5)")
    granted = await regiment.establish("handler", application["id"], "relaxation_decision", "granted")
    assert granted.status_code == 422
    recommended = await regiment.recommend("handler", application["id"])
    assert (recommended.status_code, recommended.json()["type"]) == (409, "/problems/not-regulated")
    ended = await regiment.conclude(application["id"], "not_qualified")
    assert (ended.status_code, ended.json()["article"]) == (200, "SH-6(5)")
    own = await regiment.made(applicant, "GET", f"/my/applications/{application['id']}/eligibility")
    assert own["article"] == "SH-6(5)"


@pytest.mark.article("SH-8")
async def test_the_guiding_departments_do_not_review(regiment: Regiment) -> None:
    notice = await regiment.notice()
    _, application = await regiment.applied(notice)
    for who in ("civil", "human", "sibling"):
        answer = await regiment.call(
            who, "POST", f"/applications/{application['id']}/conclude", {"outcome": "qualified"}
        )
        assert answer.status_code == (404 if who == "sibling" else 403)


# selection and hire


@pytest.mark.article("SH-8")
async def test_vetting_follows_the_medical_and_names_who_determined_it(regiment: Regiment) -> None:
    notice = await regiment.notice()
    _, application = await regiment.qualified(notice)
    await regiment.examined(notice, {application["id"]: ("80.00", "85.00")})
    early = await regiment.vet(application["id"])
    assert (early.status_code, early.json()["article"]) == (409, "SH-8(4)")
    assert (await regiment.stage(application["id"], "medical")).is_success
    groundless = await regiment.vet(application["id"], reason=None)
    assert groundless.status_code == 422
    assert [error["pointer"] for error in groundless.json()["errors"]] == ["/reason"]
    assert (await regiment.propose(application)).status_code == 409
    assert (await regiment.vet(application["id"], "civil")).status_code == 403
    recorded = await regiment.vet(application["id"], "approver")
    vetting = next(each for each in recorded.json()["stages"] if each["step"] == "vetting")
    assert vetting["user_id"] == str(regiment.posts["approver"].actor.user)
    assert (vetting["reason"], vetting["article"]) == ("档案齐全，走访属实", "SH-8(4)")


@pytest.mark.article("SH-8")
async def test_a_hire_is_decided_without_publicity_and_told_to_roster(regiment: Regiment) -> None:
    notice = await regiment.notice()
    applicant, application = await regiment.ready(notice)
    proposed = await regiment.propose(application)
    assert proposed.status_code == 201, proposed.text
    hire = proposed.json()
    assert (hire["state"], hire["public_from"], hire["public_until"]) == ("open", None, None)
    assert (await regiment.made(PUBLIC, "GET", "/publicity"))["items"] == []
    assert (await regiment.decide("handler", hire["case_id"], "approve", "decision")).status_code == 403
    assert (await regiment.decide("sibling_approver", hire["case_id"], "approve", "decision")).status_code == 404
    assert (await regiment.decide("approver", hire["case_id"], "approve", "decision")).is_success
    assert (await regiment.made(applicant, "GET", f"/my/applications/{application['id']}"))["state"] == "hired"
    [event] = await regiment.tenant.events("hired")
    assert event.data["township_unit_id"] == str(regiment.tenant.tree["township"].id)
    assert (event.data["pack_id"], event.data["decided_on"]) == ("shuanghe", "2025-03-03")


@pytest.mark.article("SH-8")
async def test_a_hire_that_is_not_public_takes_no_objection(regiment: Regiment) -> None:
    notice = await regiment.notice()
    _, application = await regiment.ready(notice)
    hire = (await regiment.propose(application)).json()
    body = {"objector": "沈知秋", "contact": "13900000009", "text": "情况不实", "received_on": "2025-03-03"}
    answer = await regiment.call("handler", "POST", f"/hires/{hire['id']}/objections", body)
    assert answer.status_code == 409


@pytest.mark.article("SH-8")
async def test_a_local_method_may_turn_the_publicity_on(recruitment: ServiceUnderTest, shuanghe: str) -> None:
    regiment = await Regiment.begin(recruitment, publicised(shuanghe))
    unset = await regiment.draft()
    refused = await regiment.call("handler", "POST", f"/plans/{unset['id']}/submit")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/parameter-not-set")
    notice = await regiment.notice(publicity_days=3, publicity_unit="calendar")
    _, application = await regiment.ready(notice)
    hire = (await regiment.propose(application)).json()
    assert (hire["public_from"], hire["public_until"]) == ("2025-03-03", "2025-03-06")
    assert len((await regiment.made(PUBLIC, "GET", "/publicity"))["items"]) == 1
    assert not (await regiment.decide("approver", hire["case_id"], "approve", "decision")).is_success

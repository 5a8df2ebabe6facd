"""The qualification review over HTTP: findings by article, judgements of named officials, what follows."""

from datetime import date

import pytest

from kernel.testing.tree import person
from tests.integration.services.recruitment.journey import CLOSES, DECLARATIONS, Journey, id_number


async def _outcomes(journey: Journey, application_id: str) -> dict[str, str]:
    explained = await journey.made("handler", "GET", f"/applications/{application_id}/eligibility")
    return {each["rule"]: each["outcome"] for each in explained["findings"]}


@pytest.mark.article("NM-9", "NM-11")
async def test_an_applicant_is_qualified_once_every_judgement_is_recorded(journey: Journey) -> None:
    notice = await journey.notice()
    applicant, application = await journey.applied(notice)
    path = f"/applications/{application['id']}"
    explained = await journey.made("handler", "GET", f"{path}/eligibility")
    assert explained["overall"] == "awaiting"
    assert explained["within_birth_window"] is True
    age = next(each for each in explained["findings"] if each["rule"] == "eligibility.age")
    assert (age["outcome"], age["article"], age["value"]) == ("met", "NM-9(2)", 29)
    early = await journey.conclude(application["id"])
    assert (early.status_code, early.json()["type"]) == (409, "/problems/rule-refused")
    await journey.judge_all(application["id"], leave_out="bar.other")
    missing = await journey.conclude(application["id"])
    assert missing.json()["article"] == "NM-11(6)"
    await journey.judge(application["id"], "bar.other")
    concluded = await journey.conclude(application["id"])
    assert (concluded.json()["overall"], concluded.json()["pack_id"]) == ("qualified", "neimenggu")
    own = await journey.made(applicant, "GET", f"/my{path}/eligibility")
    assert own["overall"] == "qualified"
    assert "determinations" not in own
    (event,) = await journey.tenant.events("qualification_concluded")
    assert event.data["outcome"] == "qualified"
    again = await journey.conclude(application["id"])
    assert again.json()["type"] == "/problems/wrong-state"


@pytest.mark.article("NM-9")
async def test_a_judgement_names_the_official_and_needs_reason_and_evidence(journey: Journey) -> None:
    notice = await journey.notice()
    _, application = await journey.applied(notice)
    path = f"/applications/{application['id']}/determinations"
    bare = {"rule": "eligibility.conduct", "outcome": "met", "reason": "", "evidence": " "}
    refused = await journey.call("handler", "POST", path, bare)
    assert {each["pointer"] for each in refused.json()["errors"]} == {"/reason", "/evidence"}
    made = await journey.judge(application["id"], "eligibility.conduct")
    handler = journey.posts["handler"].actor
    assert (made["user_id"], made["post_id"]) == (str(handler.user), str(handler.post))
    read = await journey.made("handler", "GET", f"{path}/{made['id']}")
    assert read == made


@pytest.mark.article("NM-9")
async def test_a_hard_rule_is_not_open_to_judgement(journey: Journey) -> None:
    notice = await journey.notice()
    _, application = await journey.applied(notice)
    body = {"rule": "eligibility.citizenship", "outcome": "met", "reason": "a", "evidence": "b"}
    response = await journey.call("handler", "POST", f"/applications/{application['id']}/determinations", body)
    assert response.json()["errors"][0]["article"] == "NM-9(2)"


@pytest.mark.article("NM-11")
async def test_a_bar_refuses_with_its_article_and_cannot_be_concluded_otherwise(journey: Journey) -> None:
    notice = await journey.notice()
    applicant, application = await journey.applied(notice)
    await journey.judge_all(application["id"], leave_out="bar.expelled")
    unfounded = await journey.conclude(application["id"], "not_qualified")
    assert unfounded.status_code == 409
    await journey.judge(application["id"], "bar.expelled", "not_met")
    refused = await journey.conclude(application["id"])
    assert (refused.status_code, refused.json()["article"]) == (409, "NM-11(4)")
    assert any(each["rule"] == "bar.expelled" for each in refused.json()["findings"])
    ended = await journey.conclude(application["id"], "not_qualified")
    assert (ended.json()["overall"], ended.json()["article"]) == ("not_qualified", "NM-11(4)")
    own = await journey.made(applicant, "GET", f"/my/applications/{application['id']}/eligibility")
    assert own["article"] == "NM-11(4)"


@pytest.mark.article("NM-11")
async def test_what_an_official_checked_stands_above_what_was_stated(journey: Journey) -> None:
    notice = await journey.notice()
    _, application = await journey.applied(notice)
    assert (await _outcomes(journey, application["id"]))["bar.crime"] == "met"
    checked = await journey.establish("handler", application["id"], "criminal_case_open", True)
    assert checked.status_code == 201
    assert (await _outcomes(journey, application["id"]))["bar.crime"] == "not_met"


@pytest.mark.article("NM-9")
async def test_age_is_soft_on_the_day_the_notice_names(journey: Journey) -> None:
    notice = await journey.notice()
    # 40 completed years until the day before the 41st birthday, 2024-10-01; the notice reckons on 2024-09-30.
    _, forty = await journey.applied(notice, id_number=id_number(date(1983, 10, 1)))
    _, older = await journey.applied(notice, id_number=id_number(date(1983, 9, 30)))
    assert (await _outcomes(journey, forty["id"]))["eligibility.age"] == "met"
    # With grounds for a relaxation or without, over 40 is left to people.
    assert (await _outcomes(journey, older["id"]))["eligibility.age"] == "needs_judgement"
    await journey.judge(older["id"], "eligibility.age")
    assert (await _outcomes(journey, older["id"]))["eligibility.age"] == "met"


@pytest.mark.article("NM-9")
async def test_relaxation_needs_identity_finding_recommendation_and_the_organisers_decision(journey: Journey) -> None:
    notice = await journey.notice()
    declared = DECLARATIONS | {"identities": ["veteran"]}
    _, application = await journey.applied(notice, education_code="61", declarations=declared)
    the_id = application["id"]
    education = "eligibility.education"
    assert (await _outcomes(journey, the_id))[education] == "not_met"
    early = await journey.establish("handler", the_id, "relaxation_decision", "granted")
    assert (early.status_code, early.json()["article"]) == (409, "NM-9")
    assert (await journey.establish("handler", the_id, "quality_found", True)).status_code == 201
    # Only the township that the community lies in recommends, and the general operation is no way round it.
    by_the_way = await journey.establish("handler", the_id, "township_recommended", True)
    assert (by_the_way.status_code, by_the_way.json()["article"]) == (403, "NM-9")
    for outsider in ("handler", "league"):
        assert (await journey.recommend(outsider, the_id)).status_code == 403
    assert (await journey.recommend("sibling", the_id)).status_code in (403, 404)
    assert (await journey.establish("handler", the_id, "relaxation_decision", "granted")).status_code == 409
    recommended = await journey.recommend("township", the_id)
    assert recommended.status_code == 201
    read = await journey.made("township", "GET", f"/applications/{the_id}/recommendation/{recommended.json()['id']}")
    assert (read["subject"], read["value"], read["by_level"]) == ("township_recommended", True, "township")
    assert (await _outcomes(journey, the_id))[education] == "needs_judgement"
    # The newest word of the township holds.
    assert (await journey.recommend("township", the_id, recommended=False)).status_code == 201
    assert (await _outcomes(journey, the_id))[education] == "not_met"
    assert (await journey.recommend("township", the_id)).status_code == 201
    # Only the organiser decides.
    for outsider in ("league_handler", "township"):
        refused = await journey.establish(outsider, the_id, "relaxation_decision", "granted")
        assert refused.status_code == 403
    assert (await journey.establish("handler", the_id, "relaxation_decision", "granted")).status_code == 201
    assert (await _outcomes(journey, the_id))[education] == "relaxed"
    await journey.judge_all(the_id)
    assert (await journey.conclude(the_id)).json()["overall"] == "qualified"


@pytest.mark.article("NM-9")
async def test_identity_alone_relaxes_nothing(journey: Journey) -> None:
    notice = await journey.notice()
    declared = DECLARATIONS | {"identities": ["resident_volunteer"]}
    _, application = await journey.applied(notice, education_code="61", declarations=declared)
    await journey.judge_all(application["id"])
    refused = await journey.conclude(application["id"])
    assert (refused.status_code, refused.json()["article"]) == (409, "NM-9(4)")


@pytest.mark.article("NM-9")
async def test_relaxation_ends_at_the_bound_of_the_plan_and_never_reaches_other_rules(journey: Journey) -> None:
    notice = await journey.notice()
    declared = DECLARATIONS | {"identities": ["veteran"], "citizen": False}
    _, application = await journey.applied(notice, education_code="71", declarations=declared)
    the_id = application["id"]
    assert (await journey.establish("handler", the_id, "quality_found", True)).is_success
    assert (await journey.recommend("township", the_id)).is_success
    refused = await journey.establish("handler", the_id, "relaxation_decision", "granted")
    assert refused.json()["article"] == "NM-9"
    outcomes = await _outcomes(journey, the_id)
    assert outcomes["eligibility.education"] == outcomes["eligibility.citizenship"] == "not_met"


@pytest.mark.article("NM-9")
async def test_below_college_is_refused_and_college_is_not(journey: Journey) -> None:
    notice = await journey.notice()
    for code, outcome in (("41", "not_met"), ("61", "not_met"), ("31", "met"), ("21", "met")):
        _, application = await journey.applied(
            notice, education_code=code, id_number=id_number(date(1995, 3, 1), int(code))
        )
        assert (await _outcomes(journey, application["id"]))["eligibility.education"] == outcome
        await journey.judge_all(application["id"])
        ended = await journey.conclude(application["id"])
        assert (ended.status_code, ended.json().get("article")) == (
            (200, None) if outcome == "met" else (409, "NM-9(4)")
        )


@pytest.mark.article("NM-9")
async def test_forty_one_is_qualified_by_a_judgement_with_its_reason_only(journey: Journey) -> None:
    notice = await journey.notice()
    _, older = await journey.applied(notice, id_number=id_number(date(1983, 9, 30)))
    await journey.judge_all(older["id"])
    waiting = await journey.conclude(older["id"])
    assert (waiting.status_code, waiting.json()["article"]) == (409, "NM-9(2)")
    body = {"rule": "eligibility.age", "outcome": "met", "reason": "", "evidence": "集体研究记录"}
    path = f"/applications/{older['id']}/determinations"
    assert (await journey.call("handler", "POST", path, body)).status_code == 422
    await journey.made("handler", "POST", path, body | {"reason": "任网格员八年，经集体研究属例外"})
    assert (await journey.conclude(older["id"])).json()["overall"] == "qualified"


@pytest.mark.article("NM-11")
@pytest.mark.parametrize("listed", [True, False])
async def test_who_is_listed_for_joint_punishment_on_the_check_date_is_refused(journey: Journey, listed: bool) -> None:
    notice = await journey.notice()
    _, application = await journey.applied(notice, declarations=DECLARATIONS | {"joint_punishment_listed": listed})
    await journey.judge_all(application["id"])
    ended = await journey.conclude(application["id"])
    assert (ended.status_code, ended.json()["article"]) == ((409, "NM-11(5)") if listed else (200, None))
    assert (await journey.conclude(application["id"], "not_qualified")).is_success == listed


@pytest.mark.article("NM-9")
async def test_the_township_reads_applications_of_its_communities_and_judges_none(journey: Journey) -> None:
    notice = await journey.notice()
    _, application = await journey.applied(notice)
    path = f"/applications/{application['id']}"
    assert (await journey.made("township", "GET", path))["state"] == "submitted"
    body = {"rule": "eligibility.conduct", "outcome": "met", "reason": "a", "evidence": "b"}
    assert (await journey.call("township", "POST", f"{path}/determinations", body)).status_code == 403
    assert (await journey.establish("township", application["id"], "quality_found", True)).status_code == 403
    elsewhere = await journey.tenant.appoint("sibling_county", "township_office")
    assert (await journey.call(elsewhere, "GET", path)).status_code in (403, 404)


async def test_facts_that_follow_from_others_are_not_established(journey: Journey) -> None:
    notice = await journey.notice()
    _, application = await journey.applied(notice)
    for fact, value in (("age_years", 30), ("relaxed_age_limit", 99), ("unknown", True)):
        response = await journey.establish("handler", application["id"], fact, value)
        assert [each["pointer"] for each in response.json()["errors"]] == ["/fact"]
    wrong = await journey.establish("handler", application["id"], "relaxation_decision", "perhaps")
    assert [each["pointer"] for each in wrong.json()["errors"]] == ["/value"]


async def test_strangers_neither_judge_nor_see_the_review(journey: Journey) -> None:
    notice = await journey.notice()
    applicant, application = await journey.applied(notice)
    path = f"/applications/{application['id']}"
    body = {"rule": "eligibility.conduct", "outcome": "met", "reason": "a", "evidence": "b"}
    for caller, status in (("sibling", 404), (applicant, 403), (person(), 403)):
        assert (await journey.call(caller, "POST", f"{path}/determinations", body)).status_code == status
        assert (await journey.call(caller, "GET", f"{path}/eligibility")).status_code == status
    assert (await journey.call(applicant, "GET", f"/my{path}/eligibility")).status_code == 404


async def test_a_withdrawn_sign_up_is_not_reviewed(journey: Journey) -> None:
    notice = await journey.notice()
    applicant, application = await journey.applied(notice)
    await journey.made(applicant, "POST", f"/my/applications/{application['id']}/withdraw")
    await journey.tenant.move_to(CLOSES)
    refused = await journey.conclude(application["id"])
    assert refused.json()["type"] == "/problems/wrong-state"

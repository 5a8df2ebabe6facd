"""Notices over HTTP: only after the plan has passed, corrected without overwriting, read by everybody."""

from datetime import timedelta

import pytest

from kernel.testing.tree import PUBLIC, person
from tests.integration.services.recruitment.journey import CLOSES, START, Journey


@pytest.mark.article("NM-8")
async def test_a_notice_before_the_plan_has_passed_is_refused_with_the_article(journey: Journey) -> None:
    plan = await journey.draft()
    early = await journey.call("handler", "POST", "/notices", journey.notice_body(plan))
    assert (early.status_code, early.json()["article"]) == (409, "NM-8")
    plan = await journey.submitted(plan)
    still = await journey.call("handler", "POST", "/notices", journey.notice_body(plan))
    assert still.json()["type"] == "/problems/wrong-state"
    assert (await journey.decide("league", plan["case_id"], "approve", "league_review")).is_success
    notice = await journey.made("handler", "POST", "/notices", journey.notice_body(plan))
    assert notice["revision"] == 1


@pytest.mark.article("NM-8")
async def test_everybody_reads_a_published_notice_and_what_has_to_be_stated(journey: Journey) -> None:
    notice = await journey.notice()
    for reader in (PUBLIC, person()):
        seen = await journey.made(reader, "GET", f"/notices/{notice['id']}")
        assert seen["items"][0]["posts"] == 1
        assert {each["name"] for each in seen["declarations"] if each["required"]} == {
            "citizen",
            "criminal_case_open",
            "criminal_penalty",
            "identities",
            "joint_punishment_listed",
        }
        # What gives priority on equal terms is stated by whoever claims it.
        assert {each["name"] for each in seen["declarations"] if not each["required"]} == {
            "social_work_certificate",
            "urgently_needed_professional",
            "full_time_community_post",
            "full_time_community_post_since",
        }
        assert [each["id"] for each in (await journey.made(reader, "GET", "/notices"))["items"]] == [notice["id"]]


async def test_the_public_sees_no_plan_and_no_progress(journey: Journey) -> None:
    notice = await journey.notice()
    assert (await journey.call(PUBLIC, "GET", f"/notices/{notice['id']}/progress")).status_code == 403
    assert (await journey.call(PUBLIC, "GET", f"/plans/{notice['plan_id']}")).status_code == 403


@pytest.mark.article("NM-8")
async def test_a_correction_is_a_new_revision_beside_the_old_one(journey: Journey) -> None:
    notice = await journey.notice()
    later = CLOSES + timedelta(days=2)
    body = journey.correction_body(closes_at=later.isoformat(), title="更正")
    path = f"/notices/{notice['id']}"
    assert (await journey.call("handler", "PUT", path, body)).status_code == 428
    corrected = await journey.made("handler", "PUT", path, body, version=notice["version"])
    assert [each["number"] for each in corrected["revisions"]] == [2, 1]
    assert corrected["revisions"][0]["reason"] == "更正"
    assert corrected["revisions"][1]["title"] == notice["title"]
    assert (await journey.call("handler", "PUT", path, body, version=notice["version"])).status_code == 412
    assert [event.data["revision"] for event in await journey.tenant.events("published")] == [1, 2]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"closes_at": START.isoformat()}, "/closes_at"),
        ({"opens_at": CLOSES.isoformat(), "closes_at": CLOSES.isoformat()}, "/closes_at"),
        ({"birth_from": "2000-01-02", "birth_until": "2000-01-01"}, "/birth_until"),
    ],
)
async def test_impossible_times_are_refused_by_field(journey: Journey, changes: dict[str, str], pointer: str) -> None:
    plan = await journey.approved_plan()
    response = await journey.call("handler", "POST", "/notices", journey.notice_body(plan, **changes))
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer


async def test_after_sign_up_closed_a_notice_is_no_longer_corrected(journey: Journey) -> None:
    notice = await journey.notice()
    await journey.tenant.move_to(CLOSES)
    body = journey.correction_body(closes_at=(CLOSES + timedelta(days=1)).isoformat())
    response = await journey.call("handler", "PUT", f"/notices/{notice['id']}", body, version=1)
    assert response.json()["type"] == "/problems/wrong-state"


async def test_a_plan_has_one_notice(journey: Journey) -> None:
    notice = await journey.notice()
    body = journey.notice_body({"id": notice["plan_id"]})
    assert (await journey.call("handler", "POST", "/notices", body)).status_code == 409


async def test_a_sibling_county_neither_corrects_nor_follows_it(journey: Journey) -> None:
    notice = await journey.notice()
    body = journey.correction_body()
    path = f"/notices/{notice['id']}"
    assert (await journey.call("sibling", "PUT", path, body, version=1)).status_code == 404
    assert (await journey.call("sibling", "GET", f"{path}/progress")).status_code == 404
    assert (await journey.made("league", "GET", f"{path}/progress"))["items"][0]["filled"] == 0


@pytest.mark.article("NM-8")
async def test_the_terms_of_the_exam_are_the_notices_and_what_it_leaves_out_is_shown_as_ours(journey: Journey) -> None:
    plan = await journey.approved_plan()
    wrong = {"written_weight": 5000, "interview_weight": 4999}
    refused = await journey.call("handler", "POST", "/notices", journey.notice_body(plan, exam=wrong))
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/exam/written_weight"]
    given = {"written_weight": 5000, "interview_weight": 5000, "interview_ratio": 2, "interview_pass": "70.00"}
    notice = await journey.made("handler", "POST", "/notices", journey.notice_body(plan, exam=given))
    terms = notice["exam"]
    assert (terms["written_weight"], terms["interview_ratio"], terms["interview_pass"]) == (5000, 2, "70.00")
    assert set(terms["ours"]) == {"tie_break", "decimals", "replacement_rounds"}
    corrected = await journey.made(
        "handler", "PUT", f"/notices/{notice['id']}", journey.correction_body(), version=notice["version"]
    )
    assert (corrected["exam"]["written_weight"], corrected["revisions"][1]["exam"]["written_weight"]) == (4000, 5000)
    assert "written_weight" in corrected["exam"]["ours"]

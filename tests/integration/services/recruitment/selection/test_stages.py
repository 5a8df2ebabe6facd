"""Stages of selection over HTTP: the order is the pack's."""

import pytest

from tests.integration.services.recruitment.journey import Journey


async def _qualified(journey: Journey) -> str:
    _, application = await journey.applied(await journey.notice())
    await journey.judge_all(application["id"])
    assert (await journey.conclude(application["id"])).is_success
    return str(application["id"])


@pytest.mark.article("NM-8")
async def test_stages_are_recorded_in_the_order_of_the_pack(journey: Journey) -> None:
    notice = await journey.notice()
    _, application = await journey.qualified(notice)
    application_id = application["id"]
    skipped = await journey.stage(application_id, "medical")
    assert (skipped.status_code, skipped.json()["article"]) == (409, "NM-8(4)")
    # Nobody passes the exam by an entry: its result follows from the scores.
    entered = await journey.stage(application_id, "exam")
    assert (entered.status_code, entered.json()["article"]) == (409, "NM-8(4)")
    await journey.examined(notice, {application_id: ("80.00", "85.00")})
    for step, following in (("medical", "inspection"), ("inspection", None)):
        response = await journey.stage(application_id, step)
        assert response.json()["next_step"] == following
    twice = await journey.stage(application_id, "medical")
    assert twice.json()["type"] == "/problems/wrong-state"
    seen = await journey.made("handler", "GET", f"/applications/{application_id}/stages")
    assert [each["outcome"] for each in seen["stages"]] == ["passed"] * 3
    assert seen["stages"][0]["post_id"] == str(journey.posts["handler"].actor.post)


@pytest.mark.article("NM-8")
async def test_no_stage_before_the_review_is_concluded(journey: Journey) -> None:
    _, application = await journey.applied(await journey.notice())
    early = await journey.stage(application["id"], "exam")
    assert (early.status_code, early.json()["article"]) == (409, "NM-8(4)")


async def test_a_failed_stage_ends_the_way(journey: Journey) -> None:
    notice = await journey.notice()
    _, application = await journey.qualified(notice)
    application_id = application["id"]
    await journey.examined(notice, {application_id: ("80.00", "85.00")})
    assert (await journey.stage(application_id, "medical", "failed")).is_success
    assert (await journey.made("handler", "GET", f"/applications/{application_id}"))["state"] == "failed"
    assert (await journey.stage(application_id, "inspection")).status_code == 409


async def test_an_unknown_stage_and_a_strangers_record_are_refused(journey: Journey) -> None:
    application_id = await _qualified(journey)
    unknown = await journey.stage(application_id, "duel")
    assert unknown.json()["errors"][0]["pointer"] == "/step"
    body = {"step": "exam", "outcome": "passed", "evidence": "记录"}
    path = f"/applications/{application_id}/stages"
    assert (await journey.call("sibling", "POST", path, body)).status_code == 404
    assert (await journey.call("township", "POST", path, body)).status_code == 403

"""The ranking over HTTP: ties explained with the article, reproducible, and the next in rank moves up."""

from typing import Any

import pytest

from tests.integration.services.recruitment.journey import DECLARATIONS, Journey

CERTIFIED = {**DECLARATIONS, "social_work_certificate": True}


def _lines(ranking: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["application_id"]: each for each in ranking["items"][0]["lines"]}


async def _certified(journey: Journey, notice: dict[str, Any], *, checked: bool) -> str:
    """One who claims the certificate; where `checked`, the reviewer saw it."""
    _, application = await journey.applied(notice, declarations=CERTIFIED)
    if checked:
        seen = await journey.establish("handler", application["id"], "social_work_certificate", True)
        assert seen.status_code == 201
    await journey.judge_all(application["id"])
    assert (await journey.conclude(application["id"])).is_success
    return str(application["id"])


@pytest.mark.article("NM-10")
async def test_a_tie_goes_to_the_certificate_holder_and_says_so(journey: Journey) -> None:
    notice = await journey.notice()
    plain = (await journey.qualified(notice))[1]["id"]
    holder = await _certified(journey, notice, checked=True)
    # The same total from other parts: the better written score of the one without does not help.
    ranking = await journey.examined(notice, {plain: ("86.00", "80.00"), holder: ("80.00", "84.00")})
    lines = _lines(ranking)
    assert (lines[plain]["total"], lines[holder]["total"]) == ("82.40", "82.40")
    assert (lines[holder]["rank"], lines[plain]["rank"]) == (1, 2)
    (reason,) = lines[holder]["explanation"]
    assert (reason["article"], "82.40" in reason["zh"]) == ("NM-10(1)", True)
    assert reason["findings"][0]["facts"] == {"social_work_certificate": True}
    assert reason["findings"][0]["words"] == "持有国家社会工作者职业资格证书的人员"
    assert lines[plain]["explanation"][0]["article"] == "NM-10(1)"
    assert ranking["reproduced"] is True
    # The post is the holder's; the other is refused with the article that decided.
    behind = await journey.stage(plain, "medical")
    assert (behind.status_code, behind.json()["article"]) == (409, "NM-10(1)")
    assert behind.json()["findings"][0]["rule"] == "priority.certificate"


@pytest.mark.article("NM-10")
async def test_priority_is_no_bonus_and_a_claim_that_nobody_checked_is_none(journey: Journey) -> None:
    notice = await journey.notice()
    better = (await journey.qualified(notice))[1]["id"]
    holder = await _certified(journey, notice, checked=True)
    ranking = await journey.examined(notice, {better: ("80.01", "80.01"), holder: ("80.00", "80.00")})
    lines = _lines(ranking)
    assert (lines[better]["rank"], lines[holder]["rank"], lines[holder]["total"]) == (1, 2, "80.00")
    assert lines[holder]["explanation"] == []


@pytest.mark.article("NM-10")
async def test_an_unchecked_claim_breaks_no_tie(journey: Journey) -> None:
    notice = await journey.notice()
    other = (await journey.qualified(notice))[1]["id"]
    claims = await _certified(journey, notice, checked=False)
    ranking = await journey.examined(notice, {other: ("86.00", "80.00"), claims: ("80.00", "84.00")})
    lines = _lines(ranking)
    # The notice says nothing, so our default decides: the written score, no article.
    assert (lines[other]["rank"], lines[claims]["rank"]) == (1, 2)
    assert lines[claims]["explanation"][0]["article"] is None


@pytest.mark.article("NM-8")
async def test_who_fails_the_medical_examination_is_replaced_by_the_next_in_rank_once(journey: Journey) -> None:
    notice = await journey.notice()
    ids = [(await journey.qualified(notice))[1]["id"] for _ in range(3)]
    scores = dict(zip(ids, [("90.00", "90.00"), ("85.00", "85.00"), ("80.00", "80.00")], strict=True))
    lines = _lines(await journey.examined(notice, scores))
    assert [lines[each]["turn"] is not None for each in ids] == [True, False, False]
    assert (await journey.stage(ids[1], "medical")).status_code == 409
    assert (await journey.stage(ids[0], "medical", "failed")).is_success
    lines = _lines(await journey.made("handler", "GET", f"/notices/{notice['id']}/ranking"))
    assert (lines[ids[1]]["turn"]["round"], lines[ids[1]]["turn"]["replaces"]) == (1, ids[0])
    assert "递补" in lines[ids[1]]["turn"]["zh"]
    assert lines[ids[2]]["turn"] is None
    assert (await journey.stage(ids[1], "medical", "failed")).is_success
    # One round is the default: the place stays empty.
    last = await journey.stage(ids[2], "medical")
    assert (last.status_code, last.json()["article"]) == (409, "NM-8(4)")


@pytest.mark.article("NM-8")
async def test_below_the_pass_line_of_the_interview_nobody_is_ranked(journey: Journey) -> None:
    notice = await journey.notice()
    ids = [(await journey.qualified(notice))[1]["id"] for _ in range(2)]
    ranking = await journey.examined(notice, {ids[0]: ("90.00", "59.99"), ids[1]: ("60.00", "60.00")})
    lines = _lines(ranking)
    assert (lines[ids[0]]["rank"], lines[ids[1]]["rank"]) == (None, 1)
    assert "60.00" in lines[ids[0]]["explanation"][0]["zh"]
    assert (await journey.made("handler", "GET", f"/applications/{ids[0]}"))["state"] == "failed"
    stages = await journey.made("handler", "GET", f"/applications/{ids[0]}/stages")
    assert (stages["stages"][0]["outcome"], stages["next_step"]) == ("failed", None)


@pytest.mark.article("NM-8")
async def test_the_ranking_is_fixed_once_and_after_every_score(journey: Journey) -> None:
    notice = await journey.notice()
    _, application = await journey.qualified(notice)
    path = f"/notices/{notice['id']}"
    unseated = await journey.call("handler", "POST", f"{path}/ranking")
    assert (unseated.status_code, unseated.json()["article"]) == (409, "NM-8(4)")
    await journey.seated(notice)
    assert (await journey.import_scores(notice, "written", {application["id"]: "80.00"})).is_success
    assert (await journey.call("handler", "POST", f"{path}/ranking")).status_code == 409
    await journey.made("handler", "POST", f"{path}/exam/written/close")
    unscored = await journey.call("handler", "POST", f"{path}/ranking")
    assert (unscored.status_code, "1" in unscored.json()["detail"]) == (409, True)
    before = await journey.made("handler", "GET", f"{path}/ranking")
    assert (before["fixed_at"], before["reproduced"]) == (None, None)
    assert (await journey.import_scores(notice, "interview", {application["id"]: "80.00"})).is_success
    for who, status in (("township", 403), ("sibling", 404), ("organization", 403)):
        assert (await journey.call(who, "POST", f"{path}/ranking")).status_code == status
    fixed = await journey.made("handler", "POST", f"{path}/ranking")
    assert (fixed["candidates"], fixed["ranked"]) == (1, 1)
    assert (await journey.call("handler", "POST", f"{path}/ranking")).status_code == 409
    late = await journey.import_scores(notice, "interview", {application["id"]: "99.00"}, correction_reason="改")
    assert late.status_code == 409

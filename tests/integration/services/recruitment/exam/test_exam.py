"""The exam over HTTP: seats, attendance, imports that are whole or nothing, who enters the interview."""

from typing import Any

import pytest

from kernel.ids import new_id
from kernel.testing.tree import person
from tests.integration.services.recruitment.journey import EXAM, Journey


async def _with_three(journey: Journey) -> tuple[dict[str, Any], list[str]]:
    notice = await journey.notice()
    return notice, [(await journey.qualified(notice))[1]["id"] for _ in range(3)]


@pytest.mark.article("NM-8")
async def test_seats_are_given_once_after_sign_up_has_closed_and_every_review_has_ended(journey: Journey) -> None:
    notice = await journey.notice()
    applicant, first = await journey.qualified(notice)
    path = f"/notices/{notice['id']}/exam"
    body = {"place": "一中", "held_at": EXAM.isoformat(), "rooms": [{"name": "一", "seats": 1}]}
    early = await journey.call("handler", "POST", path, body)
    assert (early.status_code, early.json()["article"]) == (409, "NM-8(4)")
    _, waiting = await journey.applied(notice)
    await journey.tenant.move_to(EXAM)
    under_review = await journey.call("handler", "POST", path, body)
    assert (under_review.status_code, under_review.json()["type"]) == (409, "/problems/wrong-state")
    await journey.judge_all(waiting["id"])
    assert (await journey.conclude(waiting["id"])).is_success
    short = await journey.call("handler", "POST", path, body)
    assert [each["pointer"] for each in short.json()["errors"]] == ["/rooms"]
    tickets = await journey.seated(notice)
    assert sorted(tickets.values()) == ["202400001", "202400002"]
    assert (await journey.call("handler", "POST", path, body)).status_code == 409
    own = await journey.made(applicant, "GET", f"/my/applications/{first['id']}/ticket")
    assert (own["ticket"], own["room"], own["written"]) == (tickets[first["id"]], "一考场", None)
    assert (await journey.call(person(), "GET", f"/my/applications/{first['id']}/ticket")).status_code == 404


@pytest.mark.article("NM-8")
async def test_an_import_with_a_fault_stores_nothing_and_names_every_row(journey: Journey) -> None:
    notice, (first, second, third) = await _with_three(journey)
    tickets = await journey.seated(notice)
    path = f"/notices/{notice['id']}/exam/written"
    await journey.made("handler", "POST", f"{path}/attendance", {"absent": [tickets[third]]})
    rows = [
        {"ticket": tickets[first], "score": "100.01"},
        {"ticket": tickets[second], "score": "80.005"},
        {"ticket": tickets[third], "score": "80.00"},
        {"ticket": "209900001", "score": "80.00"},
        {"ticket": tickets[first], "score": "80.00"},
    ]
    tried = await journey.made("handler", "POST", f"{path}/scores", {"rows": rows, "dry_run": True})
    assert (tried["stored"], [each["row"] for each in tried["errors"]]) == (0, [1, 2, 3, 4, 5])
    assert "0至100分" in tried["errors"][0]["message_zh"]
    refused = await journey.call("handler", "POST", f"{path}/scores", {"rows": rows}, language="zh")
    assert refused.status_code == 422
    said = {each["pointer"]: each["message"] for each in refused.json()["errors"]}
    assert said["/rows/2/ticket"] == "第3行：该考生缺考，不应有成绩"
    assert said["/rows/3/ticket"] == "第4行：准考证号不存在"
    assert said["/rows/4/ticket"] == "第5行：重复"
    listed = (await journey.made("handler", "GET", f"/notices/{notice['id']}/exam/candidates"))["items"]
    assert [each["written"] for each in listed] == [None] * 3


@pytest.mark.article("NM-8")
async def test_an_import_counts_once_and_is_corrected_with_a_reason_only(journey: Journey) -> None:
    notice, (first, second, third) = await _with_three(journey)
    await journey.seated(notice)
    scores = {first: "80.00", second: "70.5", third: "0"}
    key = str(new_id())
    body = {"rows": [{"application_id": the_id, "score": score} for the_id, score in scores.items()]}
    path = f"/notices/{notice['id']}/exam/written"
    answers = [await journey.call("handler", "POST", f"{path}/scores", body, key=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["stored"] == 3
    again = await journey.import_scores(notice, "written", {first: "99.00"})
    assert again.status_code == 422
    assert (await journey.import_scores(notice, "written", {first: "81.00"}, correction_reason="复核")).is_success
    listed = (await journey.made("handler", "GET", f"/notices/{notice['id']}/exam/candidates"))["items"]
    held = {each["application_id"]: each["written"] for each in listed}
    assert held == {first: "81.00", second: "70.50", third: "0.00"}
    assert (await journey.call("handler", "POST", f"{path}/attendance", {"absent": ["202400001"]})).status_code == 422


@pytest.mark.article("NM-8")
async def test_all_who_tie_at_the_last_place_enter_the_interview(journey: Journey) -> None:
    plan = await journey.approved_plan()
    body = journey.notice_body(plan, exam={"interview_ratio": 2, "written_pass": "60.00"})
    notice = await journey.made("handler", "POST", "/notices", body)
    ids = [(await journey.qualified(notice))[1]["id"] for _ in range(5)]
    await journey.seated(notice)
    path = f"/notices/{notice['id']}/exam"
    early = await journey.call("handler", "POST", f"{path}/written/close")
    assert (early.status_code, early.json()["article"]) == (409, "NM-8(4)")
    scores = dict(zip(ids, ["90.00", "80.00", "80.00", "79.99", "59.99"], strict=True))
    too_soon = await journey.import_scores(notice, "interview", {ids[0]: "80.00"})
    assert (too_soon.status_code, too_soon.json()["article"]) == (409, "NM-8(4)")
    assert (await journey.import_scores(notice, "written", scores)).is_success
    await journey.made("handler", "POST", f"{path}/written/close")
    listed = (await journey.made("handler", "GET", f"{path}/candidates"))["items"]
    assert {each["application_id"] for each in listed if each["interviewed"]} == set(ids[:3])
    outside = await journey.import_scores(notice, "interview", {ids[3]: "80.00"})
    assert outside.status_code == 422


@pytest.mark.article("NM-8")
async def test_a_recused_examiner_gives_nothing_and_the_mean_is_rounded_half_up(journey: Journey) -> None:
    notice = await journey.notice()
    _, application = await journey.qualified(notice)
    await journey.seated(notice)
    assert (await journey.import_scores(notice, "written", {application["id"]: "80.00"})).is_success
    path = f"/notices/{notice['id']}/exam"
    await journey.made("handler", "POST", f"{path}/written/close")
    marks = [
        {"examiner": "考官甲", "score": "80.00"},
        {"examiner": "考官乙", "score": "80.01"},
        {"examiner": "考官丙", "score": "99.00", "recused": True, "reason": "亲属"},
    ]
    row = {"application_id": application["id"], "marks": marks}
    wrong = await journey.call("handler", "POST", f"{path}/interview/scores", {"rows": [row]})
    assert [each["pointer"] for each in wrong.json()["errors"]] == ["/rows/0/marks/2/score"]
    del marks[2]["score"]
    await journey.made("handler", "POST", f"{path}/interview/scores", {"rows": [row]})
    (candidate,) = (await journey.made("handler", "GET", f"{path}/candidates"))["items"]
    assert candidate["interview"] == "80.01"


async def test_strangers_neither_run_nor_see_the_exam(journey: Journey) -> None:
    notice = await journey.notice()
    await journey.qualified(notice)
    path = f"/notices/{notice['id']}/exam"
    body = {"place": "一中", "held_at": EXAM.isoformat(), "rooms": [{"name": "一", "seats": 9}]}
    for who, status in (("sibling", 404), ("township", 403), ("organization", 403), (person(), 403)):
        assert (await journey.call(who, "POST", path, body)).status_code == status
    await journey.seated(notice)
    rows = {"rows": [{"ticket": "202400001", "score": "80.00"}]}
    for who, status in (("sibling", 404), ("approver", 403), ("township", 403), (person(), 403)):
        assert (await journey.call(who, "POST", f"{path}/written/scores", rows)).status_code == status
    for who, status in (("sibling", 404), ("township", 403), (person(), 403)):
        assert (await journey.call(who, "GET", path)).status_code == status
        assert (await journey.call(who, "GET", f"{path}/candidates")).status_code == status
        assert (await journey.call(who, "GET", f"/notices/{notice['id']}/ranking")).status_code == status

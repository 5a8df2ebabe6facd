"""Documents over HTTP: taken in by content, answered to requests in time, read by applicant and reviewers only."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from kernel.clock import utcnow
from kernel.files.store import LocalStore
from kernel.files.sweeping import sweep
from kernel.ids import new_id
from kernel.privacy.keys import erase
from kernel.testing.tree import Caller, person
from tests.integration.services.recruitment.journey import BASE, CLOSES, START, Journey
from tests.unit.kernel.files.samples import DOCX, PDF, PNG, SCRIPT

NAME = "周某某毕业证.pdf"
DISPOSITION = "attachment; filename*=UTF-8''%E5%91%A8%E6%9F%90%E6%9F%90%E6%AF%95%E4%B8%9A%E8%AF%81.pdf"


async def hand_in(
    journey: Journey,
    who: Caller,
    application_id: str,
    content: bytes = PDF,
    *,
    kind: str = "diploma",
    media_type: str = "application/pdf",
    key: str | None = None,
) -> httpx.Response:
    return await journey.tenant.call(
        who,
        "POST",
        f"{BASE}/my/applications/{application_id}/documents",
        content=content,
        headers={"Content-Type": media_type, "Content-Disposition": DISPOSITION},
        query={"kind": kind},
        key=key,
    )


async def _ask(journey: Journey, application_id: str, days: int = 1, **changes: Any) -> httpx.Response:
    deadline = (journey.tenant.now + timedelta(days=days)).isoformat()
    body = {"kinds": ["work_proof"], "reason": "请补充在岗证明", "deadline": deadline} | changes
    return await journey.call("handler", "POST", f"/applications/{application_id}/material-requests", body)


def _stored(journey: Journey) -> int:
    store: LocalStore = journey.tenant.service.app.state.files
    return len(list((store.root / str(journey.tenant.id)).glob("*")))


@pytest.mark.article("NM-8")
async def test_a_document_is_handed_in_listed_and_read_back(journey: Journey) -> None:
    applicant, application = await journey.applied(await journey.notice())
    made = await hand_in(journey, applicant, application["id"])
    assert made.status_code == 201, made.text
    document = made.json()
    assert (document["kind"], document["size"], document["media_type"]) == ("diploma", len(PDF), "application/pdf")
    own = await journey.call(applicant, "GET", f"/my/applications/{application['id']}/documents/{document['id']}")
    assert own.json()["name"] == NAME
    path = f"/applications/{application['id']}/documents/{document['id']}/contents"
    for who, where in ((applicant, "/my" + path), ("handler", path)):
        read = await journey.call(who, "GET", where)
        assert (read.content, read.headers["content-type"]) == (PDF, "application/pdf")
        assert read.headers["content-disposition"] == DISPOSITION
        assert read.headers["x-content-type-options"] == "nosniff"
    audited = [each.data for each in await journey.tenant.events() if each.aggregate_type == "audit"]
    assert [each["actor_kind"] for each in audited if each["action"] == "recruitment.document.read"] == ["official"]


@pytest.mark.article("NM-8")
async def test_what_a_file_is_its_contents_say(journey: Journey) -> None:
    applicant, application = await journey.applied(await journey.notice())
    for content, media_type, status in (
        (SCRIPT, "application/pdf", 415),
        (PNG, "application/pdf", 415),
        (PNG, "text/html", 415),
        (b"", "image/png", 422),
        (PDF + bytes(10 * 1024 * 1024), "application/pdf", 413),
    ):
        refused = await hand_in(journey, applicant, application["id"], content, media_type=media_type)
        assert refused.status_code == status
    assert _stored(journey) == 0
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    for content, media_type in ((PNG, "image/png"), (DOCX, word)):
        assert (await hand_in(journey, applicant, application["id"], content, media_type=media_type)).status_code == 201
    assert _stored(journey) == 2


async def test_a_repeated_upload_makes_one_and_a_refused_one_leaves_nothing(journey: Journey) -> None:
    applicant, application = await journey.applied(await journey.notice())
    key = str(new_id())
    answers = [await hand_in(journey, applicant, application["id"], key=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    other = await hand_in(journey, applicant, application["id"], PNG, media_type="image/png", key=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-mismatch")
    unasked = await hand_in(journey, applicant, application["id"], kind="photo")
    assert [each["pointer"] for each in unasked.json()["errors"]] == ["/kind"]
    assert (await hand_in(journey, applicant, application["id"], kind="no such")).status_code == 422
    assert _stored(journey) == 1


async def test_documents_are_the_applicants_and_the_reviewers_alone(journey: Journey) -> None:
    applicant, application = await journey.applied(await journey.notice())
    document = (await hand_in(journey, applicant, application["id"])).json()
    path = f"/applications/{application['id']}/documents"
    assert (await hand_in(journey, person(), application["id"])).status_code == 404
    for who, status in (("sibling", 404), ("township", 403), ("organization", 403), (applicant, 403)):
        for where in (path, f"{path}/{document['id']}", f"{path}/{document['id']}/contents"):
            assert (await journey.call(who, "GET", where)).status_code == status
    for where in (path, f"{path}/{document['id']}", f"{path}/{document['id']}/contents"):
        assert (await journey.call(person(), "GET", "/my" + where)).status_code == 404
        assert (await journey.call("handler", "GET", "/my" + where)).status_code == 403


async def test_neither_name_nor_contents_are_stored_in_clear_and_erasing_closes_them(journey: Journey) -> None:
    applicant, application = await journey.applied(await journey.notice())
    document = (await hand_in(journey, applicant, application["id"])).json()
    store: LocalStore = journey.tenant.service.app.state.files
    for file in (store.root / str(journey.tenant.id)).glob("*"):
        assert b"%PDF" not in file.read_bytes()
    async with journey.tenant.service.database.transaction(journey.tenant.context()) as tx:
        for table in ("k_file", "recruitment_document", "k_outbox", "k_idempotency"):
            rows = (await tx.session.execute(text(f"select t::text from {table} t"))).scalars()  # noqa: S608 - our own names
            assert not any(NAME in row for row in rows)
        assert isinstance(applicant.actor.person, UUID)
        await erase(tx, applicant.actor.person)
    path = f"/applications/{application['id']}/documents/{document['id']}"
    assert (await journey.call("handler", "GET", f"{path}/contents")).status_code == 410
    assert (await journey.made("handler", "GET", path))["name"] is None


@pytest.mark.article("NM-8")
async def test_more_is_asked_for_with_a_deadline_and_taken_until_then(journey: Journey) -> None:
    applicant, application = await journey.applied(await journey.notice())
    await journey.tenant.move_to(CLOSES)
    closed = await hand_in(journey, applicant, application["id"])
    assert (closed.status_code, closed.json()["type"]) == (409, "/problems/wrong-state")
    past = await _ask(journey, application["id"], days=-1)
    assert [each["pointer"] for each in past.json()["errors"]] == ["/deadline"]
    asked = await _ask(journey, application["id"])
    assert asked.status_code == 201
    mine = await journey.made(applicant, "GET", f"/my/applications/{application['id']}/documents")
    assert (mine["requests"][0]["state"], mine["requests"][0]["kinds"]) == ("open", ["work_proof"])
    await journey.judge_all(application["id"])
    waiting = await journey.conclude(application["id"])
    assert (waiting.status_code, waiting.json()["type"]) == (409, "/problems/wrong-state")
    assert (await hand_in(journey, applicant, application["id"])).status_code == 409
    answered = await hand_in(journey, applicant, application["id"], kind="work_proof")
    assert answered.json()["request_id"] == asked.json()["id"]
    read = await journey.made(
        "handler", "GET", f"/applications/{application['id']}/material-requests/{asked.json()['id']}"
    )
    assert read["state"] == "answered"
    assert (await journey.conclude(application["id"])).is_success
    assert (await hand_in(journey, applicant, application["id"], kind="work_proof")).status_code == 409
    assert (await _ask(journey, application["id"])).status_code == 409


@pytest.mark.article("NM-8")
async def test_after_the_deadline_a_request_has_lapsed(journey: Journey) -> None:
    applicant, application = await journey.applied(await journey.notice())
    await journey.tenant.move_to(CLOSES)
    assert (await _ask(journey, application["id"])).status_code == 201
    await journey.tenant.move_to(CLOSES + timedelta(days=1))
    late = await hand_in(journey, applicant, application["id"], kind="work_proof")
    assert late.status_code == 409
    mine = await journey.made(applicant, "GET", f"/my/applications/{application['id']}/documents")
    assert mine["requests"][0]["state"] == "lapsed"


async def test_only_reviewers_ask_for_more(journey: Journey) -> None:
    _, application = await journey.applied(await journey.notice())
    body = {"kinds": ["diploma"], "reason": "请补", "deadline": (START + timedelta(days=2)).isoformat()}
    for who, status in (("sibling", 404), ("township", 403), (person(), 403)):
        path = f"/applications/{application['id']}/material-requests"
        assert (await journey.call(who, "POST", path, body)).status_code == status


@pytest.mark.article("NM-8")
async def test_without_a_required_document_nobody_is_qualified(journey: Journey) -> None:
    plan = await journey.approved_plan()
    materials = [{"kind": "diploma", "title": "学历证书", "required": True}]
    notice = await journey.made("handler", "POST", "/notices", journey.notice_body(plan, materials=materials))
    applicant, application = await journey.applied(notice)
    await journey.judge_all(application["id"])
    lacking = await journey.conclude(application["id"])
    assert (lacking.status_code, "学历证书" in lacking.json()["detail"]) == (409, True)
    assert (await hand_in(journey, applicant, application["id"])).status_code == 201
    assert (await journey.conclude(application["id"])).is_success


async def test_the_sweep_removes_what_no_row_tells_of_and_nothing_else(journey: Journey) -> None:
    applicant, application = await journey.applied(await journey.notice())
    document = (await hand_in(journey, applicant, application["id"])).json()
    service = journey.tenant.service
    store: LocalStore = service.app.state.files
    orphan = store.root / str(journey.tenant.id) / str(new_id())
    orphan.write_bytes(b"left by a process that died")
    await sweep(service.database, store, utcnow() - timedelta(hours=1))
    assert orphan.exists(), "what is young may still get its row"
    await sweep(service.database, store, utcnow() + timedelta(seconds=1))
    assert not orphan.exists()
    path = f"/applications/{application['id']}/documents/{document['id']}/contents"
    assert (await journey.call("handler", "GET", path)).content == PDF

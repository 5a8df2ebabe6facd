"""A tenant's own template over HTTP: tried, dated, used for what is printed, and given back."""

import io
from typing import Any

import httpx
import pytest
from docx import Document

from kernel.documents import DOCX
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.kernel.approvals.conftest import approval_service, desk
from tests.integration.kernel.approvals.desk import PATH, Desk
from tests.integration.kernel.approvals.test_substitutes import noon
from tests.unit.kernel.documents.test_checking import RECORDS, template

__all__ = ["approval_service", "desk"]  # fixtures of the service with approvals

TEMPLATES = "/api/v1/assessment/document-templates"
TODAY, LATER = "2026-03-02", "2026-03-05"


async def put(desk: Desk, content: bytes, valid_from: str = TODAY, **more: Any) -> httpx.Response:
    headers = {"Content-Type": more.pop("media_type", DOCX)}
    query = {"valid_from": valid_from}
    path = f"{TEMPLATES}/{more.pop('kind', 'approval_form')}"
    who = more.pop("who", desk.reviewer)
    return await desk.tenant.post(who, path, content=content, headers=headers, query=query)


async def listed(desk: Desk) -> dict[str, Any]:
    [kind] = (await desk.tenant.get(desk.reviewer, TEMPLATES)).json()["items"]
    return dict(kind)


async def first_line(desk: Desk, case: Any) -> str:
    answer = await desk.tenant.get(desk.reviewer, f"{PATH}/{case.id}/form")
    assert answer.status_code == 200, answer.text
    return str(Document(io.BytesIO(answer.content)).paragraphs[0].text)


async def test_a_template_holds_from_its_day_until_the_platforms_own_is_taken_back(desk: Desk) -> None:
    case = await desk.case("two")
    assert (await listed(desk))["own"] is False
    assert await first_line(desk, case) == "two审批表"
    made = await put(desk, template("本单位格式 {{ number }}", *RECORDS), LATER)
    assert made.status_code == 200, made.text
    assert await first_line(desk, case) == "two审批表"
    await desk.tenant.move_to(noon(5))
    assert await first_line(desk, case) == f"本单位格式 {case.id}"
    shown = await listed(desk)
    assert (shown["own"], [each["valid_from"] for each in shown["changes"]]) == (True, [LATER])
    kept = await desk.tenant.get(desk.reviewer, f"{TEMPLATES}/approval_form/template")
    assert kept.headers["Content-Type"] == DOCX
    assert Document(io.BytesIO(kept.content)).paragraphs[0].text == "本单位格式 {{ number }}"
    body = {"valid_from": "2026-03-06"}
    assert (await desk.tenant.post(desk.reviewer, f"{TEMPLATES}/approval_form/reset", body)).status_code == 200
    assert await first_line(desk, case) == f"本单位格式 {case.id}"
    await desk.tenant.move_to(noon(6))
    assert await first_line(desk, case) == "two审批表"
    assert [each["sha256"] is None for each in (await listed(desk))["changes"]] == [True, False]
    audited = [each.data["action"] for each in await desk.tenant.events("recorded")]
    assert audited.count("assessment.template.set") == 2


async def test_of_two_for_one_day_the_later_one_holds(desk: Desk) -> None:
    case = await desk.case("two")
    for name in ("甲", "乙"):
        assert (await put(desk, template(name, *RECORDS))).status_code == 200
    assert await first_line(desk, case) == "乙"


@pytest.mark.parametrize(
    ("content", "more", "status"),
    [
        (template("{{ unknown }}", *RECORDS), {}, 422),
        (template("{{ number }}"), {}, 422),
        (b"PK\x03\x04 no document", {}, 415),
        (template(*RECORDS), {"valid_from": "2026-03-01"}, 422),
        (template(*RECORDS), {"kind": "no_such_kind"}, 404),
        (template(*RECORDS), {"media_type": "application/pdf"}, 415),
        (b"PK\x03\x04" + bytes(1024 * 1024), {}, 413),
    ],
)
async def test_what_cannot_be_used_is_refused_and_changes_nothing(
    desk: Desk, content: bytes, more: dict[str, Any], status: int
) -> None:
    refused = await put(desk, content, **more)
    assert refused.status_code == status, refused.text
    assert (await listed(desk))["changes"] == []


async def test_only_who_keeps_the_templates_reaches_them(desk: Desk, approval_service: ServiceUnderTest) -> None:
    good, body = template("别人的", *RECORDS), {"valid_from": TODAY}
    for who, status in ((desk.handler, 403), (desk.filer, 403), (None, 401)):
        assert (await put(desk, good, who=who)).status_code == status
        assert (await desk.tenant.get(who, TEMPLATES)).status_code == status
        assert (await desk.tenant.get(who, f"{TEMPLATES}/approval_form/template")).status_code == status
        assert (await desk.tenant.post(who, f"{TEMPLATES}/approval_form/reset", body)).status_code == status
    assert (await put(desk, good)).status_code == 200
    other = await Desk.at(approval_service)
    assert (await listed(other))["changes"] == []
    assert await first_line(other, await other.case("two")) == "two审批表"

"""The printable form of a case: facts, offices, decisions in their posts, files; masked; for its readers only (A5)."""

import io
import shutil
import zipfile
from typing import Any

import httpx
from docx import Document

from kernel.documents import DOCX, PDF
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.kernel.approvals.desk import PATH, Desk
from tests.integration.kernel.approvals.test_substitutes import noon, substitute

PAPER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def text_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


async def form(desk: Desk, case: Any, **query: str) -> httpx.Response:
    return await desk.tenant.get(desk.reviewer, f"{PATH}/{case.id}/form", query=query or None)


async def test_the_form_holds_facts_offices_and_who_decided_in_which_post(desk: Desk) -> None:
    case = await desk.case("two", facts={"posts": 3, "urgent": True, "names": ["甲", "乙"]})
    headers = {"Content-Type": "application/pdf"}
    await desk.tenant.post(desk.reviewer, f"{PATH}/{case.id}/files", content=PAPER, headers=headers)
    assert (await desk.decide(desk.reviewer, case.id, "return", "check", comment="请更正<&>")).is_success
    assert (await desk.decide(desk.handler, case.id, "submit")).is_success
    assert (await desk.decide(desk.reviewer, case.id, "approve", "check", comment="同意")).is_success
    answer = await form(desk, case)
    assert answer.headers["Content-Type"] == DOCX
    assert answer.headers["Content-Disposition"] == f'attachment; filename="approval-{case.id}.docx"'
    text = text_of(answer)
    league = desk.tenant.tree["league"].title
    for said in (
        "two审批表",
        str(case.id),
        "《测试办法》",
        desk.tenant.tree["county"].title,
        "posts",
        "是",
        "甲、乙",
        f"{league}society_work审批（账号…{str(desk.reviewer.actor.user)[-6:]}）",
        "请更正<&>",
        "check 退回修改",
        "2026年3月2日 09:00",
        "已办",
        "办理中",
        "PDF",
    ):
        assert said in text, said
    audited = [each.data["action"] for each in await desk.tenant.events("recorded")]
    assert audited[-1] == "assessment.approval.print"


async def test_it_says_on_whose_behalf_a_substitute_decided(desk: Desk) -> None:
    stand_in = await substitute(desk, desk.reviewer)
    await desk.tenant.move_to(noon(4))
    case = await desk.case("two")
    assert (await desk.decide(stand_in, case.id, "approve", "check")).is_success
    account, holder = (str(each.actor.user)[-6:] for each in (stand_in, desk.reviewer))
    assert f"（账号…{account}，代…{holder}）" in text_of(await form(desk, case))


async def test_personal_data_in_words_is_masked_in_every_part_of_the_file(desk: Desk) -> None:
    words = "申请人990101198501010010，电话13900000000，卡号6222020000000000000"
    case = await desk.case("two", facts={"note": words})
    assert (await desk.decide(desk.reviewer, case.id, "return", "check", comment=words)).is_success
    answer = await form(desk, case)
    assert "990101********0010，电话139****0000，卡号***************0000" in text_of(answer)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        for name in parts.namelist():
            for secret in (b"990101198501010010", b"13900000000", b"6222020000000000000"):
                assert secret not in parts.read(name), name


async def test_a_pdf_is_made_where_libreoffice_is_and_refused_with_the_mend_elsewhere(desk: Desk) -> None:
    answer = await form(desk, await desk.case("two"), format="pdf")
    if shutil.which("soffice") or shutil.which("libreoffice"):
        assert answer.headers["Content-Type"] == PDF
        assert answer.content.startswith(b"%PDF-")
    else:
        assert (answer.status_code, answer.json()["type"]) == (501, "/problems/not-available-here")
        assert "make system" in answer.json()["detail"]


async def test_only_readers_of_the_case_print_it(desk: Desk, approval_service: ServiceUnderTest) -> None:
    case = await desk.case("two")
    path = f"{PATH}/{case.id}/form"
    sibling = await desk.tenant.appoint("sibling_county", "society_work")
    without = await desk.tenant.appoint("league", "party_committee")
    other = await Desk.at(approval_service)
    assert (await desk.tenant.get(desk.handler, path)).status_code == 200
    for caller, status in ((sibling, 404), (without, 403), (None, 401)):
        assert (await desk.tenant.get(caller, path)).status_code == status
    assert (await other.tenant.get(other.reviewer, path)).status_code == 404
    assert (await desk.tenant.get(desk.reviewer, f"{PATH}/{new_id()}/form")).status_code == 404
    assert (await desk.tenant.get(desk.reviewer, path, query={"format": "rtf"})).status_code == 422

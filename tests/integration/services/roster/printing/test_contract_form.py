"""The contract printed and read back: every content, Chinese, last days, no open ID number (NM-12)."""

import io
import shutil
import zipfile

import httpx
import pytest
from docx import Document

from kernel.documents import DOCX, PDF
from kernel.ids import new_id
from tests.integration.services.roster.house import IDENTITY, PATH, SEVEN, House, Worker

LABELS = ("双方的权利义务", "职责要求", "工作条件", "试用期", "合同期限", "解除合同情形", "违约责任")


def form_of(contract_id: str) -> str:
    return f"{PATH}/contracts/{contract_id}/document"


def text_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


async def signed(house: House) -> tuple[Worker, str]:
    worker = await house.hire()
    contents = {name: f"第{place}项约定<&>" for place, name in enumerate(SEVEN)}
    return worker, (await house.signed(worker, contents=contents))["id"]


@pytest.mark.article("NM-12")
async def test_the_form_holds_every_content_the_parties_and_the_last_days(house: House) -> None:
    _, contract = await signed(house)
    answer = await house.tenant.get(house.township, form_of(contract))
    assert answer.headers["Content-Type"] == DOCX
    assert answer.headers["Content-Disposition"] == f'attachment; filename="contract-{contract}.docx"'
    assert answer.headers["Cache-Control"] == "no-store"
    text = text_of(answer)
    for place, label in enumerate(LABELS):
        assert label in text
        assert f"第{place}项约定<&>" in text
    for said in (
        "劳动合同",
        house.tenant.tree["township"].title,
        house.tenant.tree["community"].title,
        IDENTITY["full_name"],
        "自2025年3月10日起至2028年3月9日止",
        "6个月，自2025年3月10日起至2025年9月9日止",
        "NM-12",
        "2025年3月10日",
    ):
        assert said in text
    assert "不具有合同效力" not in text


@pytest.mark.article("NM-12")
async def test_identity_data_is_masked_in_every_part_of_the_file(house: House) -> None:
    _, contract = await signed(house)
    answer = await house.tenant.get(house.approver, form_of(contract))
    text = text_of(answer)
    assert "990101********0010" in text
    assert "139****0000" in text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            assert IDENTITY["id_number"].encode() not in content, name
            assert IDENTITY["phone"].encode() not in content, name


@pytest.mark.article("NM-12")
async def test_fonts_are_named_and_not_embedded(house: House) -> None:
    _, contract = await signed(house)
    answer = await house.tenant.get(house.township, form_of(contract))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        assert "仿宋" in parts.read("word/styles.xml").decode()
        assert not [name for name in parts.namelist() if "fonts/" in name]


@pytest.mark.article("NM-12")
async def test_a_draft_says_that_it_binds_nobody_and_is_not_the_worker_s_to_print(house: House) -> None:
    worker = await house.hire()
    contract = (await house.drafted(worker))["id"]
    assert "不具有合同效力" in text_of(await house.tenant.get(house.township, form_of(contract)))
    own = f"{PATH}/own/contracts/{contract}/document"
    assert (await house.tenant.get(worker.caller, own)).status_code == 404
    await house.tenant.post(house.township, f"{PATH}/contracts/{contract}/sign")
    assert "不具有合同效力" in text_of(await house.tenant.get(worker.caller, own))


@pytest.mark.article("NM-12")
async def test_a_pdf_is_printed_where_libreoffice_is_and_refused_with_the_mend_elsewhere(house: House) -> None:
    _, contract = await signed(house)
    answer = await house.tenant.get(house.township, form_of(contract), query={"format": "pdf"})
    if shutil.which("soffice") or shutil.which("libreoffice"):
        assert answer.headers["Content-Type"] == PDF
        assert answer.content.startswith(b"%PDF-")
    else:
        assert (answer.status_code, answer.json()["type"]) == (501, "/problems/not-available-here")
        assert "make system" in answer.json()["detail"]


async def test_printing_needs_the_permission_and_the_scope(house: House, other_house: House) -> None:
    worker, contract = await signed(house)
    for caller, status in ((house.finance, 403), (worker.caller, 403), (house.sibling, 404), (None, 401)):
        assert (await house.tenant.get(caller, form_of(contract))).status_code == status
    assert (await other_house.tenant.get(other_house.township, form_of(contract))).status_code == 404
    own = f"{PATH}/own/contracts/{contract}/document"
    stranger = await house.hire(identity=IDENTITY | {"id_number": "990101199001010027"})
    assert (await house.tenant.get(worker.caller, own)).status_code == 200
    assert (await house.tenant.get(stranger.caller, own)).status_code == 404
    assert (await house.tenant.get(house.township, own)).status_code == 403
    assert (await house.tenant.get(house.township, form_of(str(new_id())))).status_code == 404
    wrong = await house.tenant.get(house.township, form_of(contract), query={"format": "rtf"})
    assert wrong.status_code == 422

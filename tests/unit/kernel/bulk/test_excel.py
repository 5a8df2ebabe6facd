"""A workbook is read as text under bounds; what is wrong is said by row and column."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from kernel.bulk import excel
from kernel.bulk.sheet import Column
from kernel.errors import InvalidInput
from kernel.files import sniffing

COLUMNS = (Column("code", "代码", "六位", "150102"), Column("day", "日期", "某日", "2026-03-01", required=False))


def book(*lines: list[Any]) -> bytes:
    """A workbook with those lines."""
    made = Workbook()
    for line in lines:
        made.active.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_cells_become_text_whatever_their_type() -> None:
    lines = [
        ["日期", "代码"],
        [datetime.combine(date(2026, 3, 1), time(8)), 150102],
        [date(2026, 3, 2), 150102901000.0],
        ["2026/3/3", " 0015 "],
        [None, None],
        [None, "=1+1"],
    ]
    sheet = excel.read(book(*lines), COLUMNS, max_rows=10)
    assert [(row.number, row["code"], row["day"]) for row in sheet.rows] == [
        (2, "150102", "2026-03-01"),
        (3, "150102901000", "2026-03-02"),
        (4, "0015", "2026/3/3"),
    ], "an empty line is left out, and a formula nobody has evaluated is empty"
    assert sheet.faults == []


def test_faults_name_row_and_column_in_chinese() -> None:
    sheet = excel.read(book(["代码", "日期"], [None, "2026-03-01"], ["1" * 501, ""]), COLUMNS, max_rows=10)
    errors = [fault.as_error() for fault in sheet.faults]
    assert [(error.pointer, error.message.zh) for error in errors] == [
        ("/rows/2/代码", "第2行“代码”：不能为空"),
        ("/rows/3/代码", "第3行“代码”：超过500个字符"),
    ]


def test_headings_that_are_missing_or_unknown_are_faults() -> None:
    sheet = excel.read(book(["日期", "密码"], ["2026-03-01", "x"]), COLUMNS, max_rows=10)
    assert [fault.message.zh for fault in sheet.faults] == ["缺少此列，请使用模板", "未知的列“密码”，请使用模板"]
    assert sheet.rows == []


def test_rows_are_bounded_on_both_sides() -> None:
    assert len(excel.read(book(["代码"], ["1"], ["2"]), COLUMNS, max_rows=2).rows) == 2
    with pytest.raises(InvalidInput):
        excel.read(book(["代码"], ["1"], ["2"], ["3"]), COLUMNS, max_rows=2)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"a,b\n1,2\n"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        excel.read(content, COLUMNS, max_rows=2)


def test_an_archive_that_is_no_workbook_or_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<nothing/>")
    with pytest.raises(InvalidInput):
        excel.read(out.getvalue(), COLUMNS, max_rows=2)
    whole = book(["代码"], ["1"])
    monkeypatch.setattr(excel, "MAX_UNPACKED", 1000)
    with pytest.raises(InvalidInput):
        excel.read(whole, COLUMNS, max_rows=2)


def test_a_template_is_read_back_and_never_holds_a_formula() -> None:
    written = excel.write("表", COLUMNS, [["=cmd()", "2026-03-01"]])
    sheet = excel.read(written, COLUMNS, max_rows=2)
    assert [(row["code"], row["day"]) for row in sheet.rows] == [("=cmd()", "2026-03-01")]
    assert load_workbook(io.BytesIO(written)).sheetnames == ["表", "填写说明"]


def test_a_workbook_is_known_by_its_contents() -> None:
    written = excel.write("表", COLUMNS)
    assert sniffing.media_type(written[: sniffing.HEAD_BYTES], written[-sniffing.TAIL_BYTES :]) == excel.MEDIA_TYPE
    assert excel.MEDIA_TYPE not in sniffing.MEDIA_TYPES, "nobody hands one in as a document"

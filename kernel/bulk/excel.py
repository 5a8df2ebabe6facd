"""Workbooks (ECMA-376, .xlsx): reading the first sheet as text under bounds, and writing an empty one to fill in.

A workbook is a ZIP of XML by strangers: its unpacked size is bounded before anything is read, formulas are not
evaluated, links are not followed, and a value of ours never becomes a formula in theirs.

openpyxl is imported by the first workbook: it takes long, and most processes never see one.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from kernel.bulk.sheet import Column, Row, Sheet
from kernel.errors import InvalidInput, Text
from kernel.files.sniffing import XLSX

MEDIA_TYPE = XLSX
MAX_UNPACKED = 64 * 1024 * 1024
"""Bytes of XML; ten thousand rows of eight columns are about 6 MB."""
MAX_MEMBERS = 200
MAX_CELL = 500
"""Characters; no code, name or day is longer."""
WIDTH = 22


def read(content: bytes, columns: Sequence[Column], *, max_rows: int) -> Sheet:
    """The first sheet of a workbook: headings in row 1 in any order, then rows; empty rows are left out.

    Headings that are missing or unknown, and required cells that are empty, are faults in the answer. Raises
    `InvalidInput` for what cannot be read as a workbook at all or has more than `max_rows` rows.
    """
    lines = _lines(content, max_rows)
    sheet = Sheet(columns)
    headings = [text(cell) for cell in lines[0]] if lines else []
    places = {column.name: headings.index(column.heading) for column in columns if column.heading in headings}
    for column in columns:
        if column.name not in places and column.required:
            sheet.fault(1, column.name, "缺少此列，请使用模板", "the column is missing; use the template")
    known = {column.heading for column in columns}
    for heading in headings:
        if heading and heading not in known:
            sheet.fault(1, None, f"未知的列“{heading}”，请使用模板", f"unknown column {heading!r}; use the template")
    if sheet.faults:
        return sheet
    for number, cells in enumerate(lines[1:], 2):
        values = {column.name: _cell(cells, places.get(column.name)) for column in columns}
        if any(values.values()):
            sheet.rows.append(Row(number, values))
            for column in columns:
                if column.required and not values[column.name]:
                    sheet.fault(number, column.name, "不能为空", "is empty")
                elif len(values[column.name]) > MAX_CELL:
                    sheet.fault(number, column.name, f"超过{MAX_CELL}个字符", f"more than {MAX_CELL} characters")
    return sheet


def text(value: Any) -> str:
    """A cell as text: a code typed as a number keeps its digits, a day becomes `YYYY-MM-DD`."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def write(title: str, columns: Sequence[Column], rows: Iterable[Sequence[str]] = ()) -> bytes:
    """A workbook with the headings, the given rows as text, and a second sheet that explains the columns."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = title
    sheet.freeze_panes = "A2"
    for at, column in enumerate(columns, 1):
        cell = sheet.cell(1, at, column.heading)
        cell.font = Font(bold=True)
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = WIDTH
        # Text: or the twelve digits of a code are rounded to what a number can hold.
        sheet.column_dimensions[letter].number_format = "@"
    for down, row in enumerate(rows, 2):
        for at, value in enumerate(row, 1):
            cell = sheet.cell(down, at)
            cell.value, cell.data_type, cell.number_format = value, "s", "@"
    notes = book.create_sheet("填写说明")
    for down, line in enumerate([("列", "必填", "说明", "示例"), *(_note(column) for column in columns)], 1):
        for at, value in enumerate(line, 1):
            cell = notes.cell(down, at)
            cell.value, cell.data_type = value, "s"
    notes.column_dimensions["C"].width = 3 * WIDTH
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _note(column: Column) -> tuple[str, str, str, str]:
    return (column.heading, "是" if column.required else "否", column.note, column.example)


def _cell(cells: Sequence[Any], place: int | None) -> str:
    return text(cells[place]) if place is not None and place < len(cells) else ""


def _lines(content: bytes, max_rows: int) -> list[tuple[Any, ...]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as members:
            sizes = [member.file_size for member in members.infolist()]
        if len(sizes) > MAX_MEMBERS or sum(sizes) > MAX_UNPACKED:
            raise InvalidInput(Text("表格过大", "The workbook is too large."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            # What the file says of its own size is its word only.
            sheet.reset_dimensions()
            lines = list(sheet.iter_rows(values_only=True, max_row=max_rows + 2))
            if len(lines) > max_rows + 1:
                raise InvalidInput(Text(f"一次最多{max_rows}行", f"At most {max_rows} rows at once."))
            return lines
        finally:
            book.close()
    except (
        zipfile.BadZipFile,
        zlib.error,
        InvalidFileException,
        ParseError,
        KeyError,
        IndexError,
        ValueError,
        TypeError,
        OSError,
    ) as error:
        raise InvalidInput(
            Text(
                "无法读取该表格，请另存为 .xlsx 后重试", "The workbook cannot be read; save it as .xlsx and try again."
            ),
            cause=f"workbook: {type(error).__name__}",
        ) from error

"""The template of the printed form: no column is cut off, and lists have their headings on every page (A5)."""

import io

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from docx.shared import Emu

from kernel.approvals.embed.printing import FORM, _text
from kernel.documents.template import fill

LISTS = ("项目", "步骤", "时间", "序号")
"""First headings of the tables that grow with the case."""


def filled(**changes: object) -> DocumentObject:
    return Document(io.BytesIO(fill(FORM.default(), {**FORM.sample, **changes})))


def test_columns_are_as_wide_as_their_cells_and_all_of_them_within_the_page() -> None:
    document = filled()
    [section] = document.sections
    room = Emu((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)).twips
    for table in document.tables:
        widths = [int(each.get(qn("w:w"))) for each in table._tbl.tblGrid.iterchildren(qn("w:gridCol"))]
        assert sum(widths) <= room
        for row in table.rows:
            assert [Emu(cell.width or 0).twips for cell in row.cells] == widths


def test_headings_stand_on_every_page() -> None:
    lists = [table for table in filled().tables if table.cell(0, 0).text in LISTS]
    assert len(lists) == len(LISTS)
    for table in lists:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


@pytest.mark.parametrize(("member", "heading"), [("facts", "申报内容"), ("files", "附件")])
def test_a_part_with_nothing_in_it_is_left_out(member: str, heading: str) -> None:
    assert heading in [paragraph.text for paragraph in filled().paragraphs]
    assert heading not in [paragraph.text for paragraph in filled(**{member: []}).paragraphs]


def test_rows_of_a_figure_stand_below_each_other() -> None:
    assert _text([{"role": "staff", "base": "4000"}, {"role": "member", "base": "1"}]).splitlines() == [
        "role：staff；base：4000",
        "role：member；base：1",
    ]
    assert _text(["甲", "乙"]) == "甲、乙"

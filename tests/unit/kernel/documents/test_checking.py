"""A template that a tenant brings is tried before it is used: marks, macros, what lies outside, what would run long."""

import io
import zipfile

import pytest
from docx import Document

from kernel.approvals.embed.printing import FORM
from kernel.documents import DocumentKind
from kernel.documents.checking import MEMBERS, UNPACKED, check
from kernel.documents.template import fill
from kernel.errors import InvalidInput
from services.roster.printing.actions import CONTRACT

RECORDS = ("{{ number }}", "{%p for each in records %}", "{{ each.who }}：{{ each.words }}", "{%p endfor %}")


def template(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """The plain form with one part more, or another in place of one it has."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(template(*RECORDS))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.infolist():
            if each.filename != name:
                new.writestr(each, old.read(each))
        new.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("kind", [FORM, CONTRACT])
def test_the_platforms_own_templates_pass(kind: DocumentKind) -> None:
    check(kind.default(), kind)


def test_a_plain_form_passes_and_fills_in() -> None:
    form = template(*RECORDS)
    check(form, FORM)
    lines = [each.text for each in Document(io.BytesIO(fill(form, FORM.sample))).paragraphs]
    assert lines[1] == "样例岗位：同意"


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("{{ unknown }}", "unknown"),
        ("{% if %}", "wrong"),
        ("{{ number.__class__ }}", "unsafe"),
        ("{{ number.ljust(1000000000) }}", "Call"),
        ("{{ 'x' * 1000000000 }}", "Mul"),
        ("{{ 10 ** 1000000000 }}", "Pow"),
        ("{{ number|center(1000000000) }}", "center"),
        (
            "{% for a in records %}{% for b in records %}{% for c in records %}{% endfor %}{% endfor %}{% endfor %}",
            "deep",
        ),
        ("{% for a in range(9) %}{% endfor %}", "Call"),
        ("{% set a = number %}", "Assign"),
        ("{% macro a() %}{% endmacro %}", "Macro"),
        ("{% include 'other.docx' %}", "Include"),
    ],
)
def test_a_mark_that_cannot_or_may_not_be_filled_in_is_refused_with_the_reason(mark: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(template(*RECORDS, mark), FORM)
    assert refused.value.detail is not None
    assert says in refused.value.detail.en


def test_what_has_to_be_printed_may_not_be_left_out() -> None:
    with pytest.raises(InvalidInput) as refused:
        check(template("{{ number }}"), FORM)
    assert refused.value.detail is not None
    assert "records" in refused.value.detail.en


OUTSIDE = (
    b"<Relationships><Relationship Id='x' Target='http://203.0.113.1/a.png' TargetMode='External'/></Relationships>"
)
FIELD = (
    b"<w:p xmlns:w='w'><w:instrText>INCLUDE</w:instrText><w:instrText>PICTURE http://203.0.113.1/a</w:instrText></w:p>"
)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("word/vbaProject.bin", b"x", "macros"),
        ("word/embeddings/oleObject1.bin", b"x", "embedded"),
        ("word/_rels/header9.xml.rels", OUTSIDE, "outside"),
        ("word/header9.xml", FIELD, "outside"),
        ("word/header9.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "outside"),
        ("word/media/image9.png", bytes(UNPACKED + 1), "too large"),
        ("word/document.xml", b"<not closed", "no Word document"),
    ],
)
def test_a_part_that_reaches_outside_or_is_out_of_bounds_is_refused(name: str, content: bytes, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(with_part(name, content), FORM)
    assert refused.value.detail is not None
    assert says in refused.value.detail.en


def test_many_parts_and_what_is_no_archive_are_refused() -> None:
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as parts:
        for number in range(MEMBERS + 1):
            parts.writestr(f"{number}.xml", b"<a/>")
    for content in (many.getvalue(), b"PK\x03\x04 nothing more"):
        with pytest.raises(InvalidInput):
            check(content, FORM)

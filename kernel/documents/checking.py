"""Whether a template that a tenant brings may be used: it stands by itself, asks for nothing odd, and fills in."""

import io
import re
import zipfile

from docx.opc.exceptions import OpcError
from jinja2 import TemplateError
from lxml.etree import LxmlError

from kernel.documents.kinds import DocumentKind
from kernel.documents.template import fill, marks
from kernel.errors import FieldError, InvalidInput, Text

UNPACKED = 20 * 1024 * 1024
"""Bytes of all parts; a form with a picture or two has a few megabytes."""
MEMBERS = 300
_OUTSIDE = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']")
_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
# Fields that fetch or run something when the document is opened or turned into a PDF (ECMA-376 part 1, 17.16.5).
_FETCHES = re.compile(rb"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON)\b")
_ACTIVE = ("vbaproject.bin", "word/embeddings/", "word/activex/", "word/afchunk")


def check(template: bytes, kind: DocumentKind) -> None:
    """Raise `InvalidInput` with the reason unless the template can be used; blocking, some tens of milliseconds."""
    try:
        _parts(template)
        named = marks(template)
        missing = sorted(kind.needed - named)
        if missing:
            listed = "、".join(missing)
            raise _refused(Text(f"模板缺少必备内容：{listed}", f"The template lacks: {', '.join(missing)}."))
        fill(template, kind.sample)
    except TemplateError as error:
        raise _refused(Text(f"模板标记有误：{error}", f"A mark of the template is wrong: {error}")) from error
    except (zipfile.BadZipFile, OpcError, LxmlError, KeyError, ValueError) as error:
        raise _refused(Text("不是有效的 Word 文档", "This is no Word document in order.")) from error


def _parts(template: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(template)) as parts:
        members = parts.infolist()
        if len(members) > MEMBERS or sum(each.file_size for each in members) > UNPACKED:
            raise _refused(Text("模板展开后过大", "The template is too large when unpacked."))
        for each in members:
            name = each.filename.lower()
            if any(name.endswith(part) or name.startswith(part) for part in _ACTIVE):
                raise _refused(
                    Text("模板不得含有宏或者嵌入对象", "A template has neither macros nor embedded objects.")
                )
            if not name.endswith((".xml", ".rels")):
                continue
            content = parts.read(each)
            if _DECLARED.search(content) or _OUTSIDE.search(content) or (b"instrText" in content and _fetches(content)):
                raise _refused(Text("模板不得引用外部内容", "A template refers to nothing outside itself."))


def _fetches(content: bytes) -> bool:
    fields = re.findall(rb"<w:instrText[^>]*>([^<]*)<", content) + re.findall(rb"w:instr=\"([^\"]*)\"", content)
    # Word may split the name of a field over several runs.
    return bool(_FETCHES.search(b" ".join(fields)) or _FETCHES.search(b"".join(fields)))


def _refused(message: Text) -> InvalidInput:
    return InvalidInput(message, errors=[FieldError("", message)])

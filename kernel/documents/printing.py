"""A template with its values as the bytes to send, in the format that was asked for."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jinja2 import TemplateError

from kernel.documents.pdf import LibreOffice, PdfMaker
from kernel.documents.template import fill
from kernel.errors import Conflict, Text

Format = Literal["docx", "pdf"]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Printed:
    """The document's bytes, their type, and the name under which a browser keeps them (ASCII)."""

    content: bytes
    media_type: str
    file_name: str

    @property
    def headers(self) -> dict[str, str]:
        """Headers of the answer: kept as a file, never cached, never guessed to be another type."""
        return {
            "Content-Disposition": f'attachment; filename="{self.file_name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }


async def printed(
    template: bytes, values: Mapping[str, Any], *, form: Format, name: str, pdf: PdfMaker | None = None
) -> Printed:
    """Fill the template, off the event loop; `name` is the file's name without ending.

    Call it outside a transaction: a PDF takes seconds. Raises `NotImplementedHere` for a PDF where none can be made,
    `Conflict` where the tenant's template does not take these values.
    """
    try:
        docx = await asyncio.to_thread(fill, template, values)
    except TemplateError as error:
        raise Conflict(
            Text(
                "模板不能填入本件内容，请更换模板或者恢复默认模板",
                "The template does not take these values: replace it, or go back to the platform's own.",
            ),
            cause=str(error),
        ) from error
    if form == "docx":
        return Printed(docx, DOCX, f"{name}.docx")
    return Printed(await (pdf or LibreOffice()).make(docx), PDF, f"{name}.pdf")

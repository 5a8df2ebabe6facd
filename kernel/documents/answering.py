"""Documents over HTTP: the format that is asked for, and the answer.

Data is read in a transaction and the document is made after it, since a PDF takes seconds.
"""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from kernel.documents.printing import Format, Printed

PRINT_SECONDS = 90
"""A PDF waits for the one before it."""
FormatOf = Annotated[Format, Query(alias="format", description="pdf needs LibreOffice; else 501.")]
"""Route parameter: docx or pdf."""


def answer_document(made: Printed) -> Response:
    """The document as a file to keep."""
    return Response(made.content, media_type=made.media_type, headers=made.headers)

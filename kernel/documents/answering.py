"""Documents over HTTP: the format that is asked for, and the answer.

Data is read in a transaction and the document is made after it, since a PDF takes seconds.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from kernel.db.transaction import Transaction
from kernel.documents.kinds import DocumentKind
from kernel.documents.printing import Format, Printed, printed
from kernel.documents.replacing import current

PRINT_SECONDS = 90
"""A PDF waits for the one before it."""
FormatOf = Annotated[Format, Query(alias="format", description="pdf needs LibreOffice; else 501.")]
"""Route parameter: docx or pdf."""


async def answer_printed(
    request: Request,
    kind: DocumentKind,
    gather: Callable[[Transaction, UUID], Awaitable[Mapping[str, Any]]],
    of: UUID,
    *,
    name: str,
    form: Format,
) -> Response:
    """The document of what is gathered of that record, under the tenant's template. `name` begins the file's name."""
    async with request.app.state.database.transaction(request.state.context) as tx:
        values = await gather(tx, of)
        template = await current(tx, kind)
    return answer_document(await printed(template, values, form=form, name=f"{name}-{of}"))


def answer_document(made: Printed) -> Response:
    """The document as a file to keep."""
    return Response(made.content, media_type=made.media_type, headers=made.headers)

"""The templates of a service over HTTP, mounted by each that prints: `/api/v1/<service>/document-templates`."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from kernel.access.permission import Permission
from kernel.documents import replacing
from kernel.documents.answering import answer_document
from kernel.documents.kinds import DocumentKind
from kernel.documents.printing import DOCX, Printed
from kernel.documents.schemas import ResetBody, TemplateView
from kernel.errors import NotFound
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page
from kernel.http.upload import Store, Upload

TEMPLATE_BYTES = 1024 * 1024
SECONDS = 30


def template_router(service: str, kinds: Sequence[DocumentKind], *, manage: Permission) -> Router:
    """The operations on the templates of `service`: list, look at, replace, go back to the platform's own."""
    router = Router(service=service, tag="templates")
    known = {kind.name: kind for kind in kinds}

    def kind_of(name: str) -> DocumentKind:
        if name not in known:
            raise NotFound
        return known[name]

    @router.get("/document-templates", permission=manage)
    async def list_templates(tx: Tx) -> Page[TemplateView]:
        """The kinds of documents that this service prints, with the values that a template may name."""
        return Page[TemplateView](items=await replacing.views(tx, kinds))

    @router.get("/document-templates/{kind}/template", permission=manage, response_class=Response, response_model=None)
    async def download_template(tx: Tx, kind: str) -> Response:
        """The template that holds today, to be edited in a word processor."""
        content = await replacing.current(tx, kind_of(kind))
        return answer_document(Printed(content, DOCX, f"{kind}.docx"))

    @router.post(
        "/document-templates/{kind}",
        permission=manage,
        creates=True,
        upload_of=[DOCX],
        body_limit=TEMPLATE_BYTES,
        deadline=SECONDS,
    )
    async def replace_template(
        tx: Tx,
        store: Store,
        file: Upload,
        kind: str,
        valid_from: Annotated[IsoDay, Query(description="The first day on which it holds; today or later.")],
    ) -> TemplateView:
        """Put a template in place of the one that holds: the body is the docx. It is tried on made-up values first."""
        return await replacing.replace(tx, store, kind_of(kind), file, valid_from)

    @router.post("/document-templates/{kind}/reset", permission=manage, creates=True)
    async def reset_template(tx: Tx, kind: str, body: ResetBody) -> TemplateView:
        """Go back to the platform's own template from a day on."""
        return await replacing.reset(tx, kind_of(kind), body.valid_from)

    return router

"""The approvals of a service over HTTP, mounted by each service under `/api/v1/<service>/approvals`."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from kernel.access.permission import Permission
from kernel.approvals.acts import ACTION_LABELS, STATE_LABELS
from kernel.approvals.embed import actions, attaching, bulk, printing, queries
from kernel.approvals.embed.actions import Approvals
from kernel.approvals.embed.schemas import (
    AllowedActions,
    BulkBody,
    BulkResults,
    CaseFiles,
    CaseFileView,
    CaseLine,
    CaseView,
    DecisionBody,
    RecordLine,
)
from kernel.approvals.model import CaseState
from kernel.documents.answering import PRINT_SECONDS, FormatOf, answer_printed
from kernel.errors import NotImplementedHere, RuleRefused, Unavailable, WrongState
from kernel.files.sniffing import MEDIA_TYPES
from kernel.http.labels import labelled
from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from kernel.http.upload import UPLOAD_DEADLINE_SECONDS, Store, Upload, answer_file

FILE_BYTES = 10 * 1024 * 1024
BULK_BYTES = 2 * 1024 * 1024
"""500 decisions with comments of ordinary length."""
BULK_SECONDS = 60

labelled("approval.case_state", STATE_LABELS)
labelled("approval.action", ACTION_LABELS)


def approval_router(service: str, approvals: Approvals, *, read: Permission, decide: Permission) -> Router:
    """The operations on the cases of `service`: list, one, what is allowed, decisions, timeline."""
    router = Router(service=service, tag="approvals")

    @router.get("/approvals", permission=read)
    async def list_approvals(
        tx: Tx,
        page: PageOf,
        state: CaseState | None = None,
        mine: Annotated[bool, Query(description="Only cases at which the acting post can act now.")] = False,
        unstaffed: Annotated[bool, Query(description="Only cases with an open step at which nobody can act.")] = False,
        subject_id: UUID | None = None,
    ) -> Listed[CaseLine]:
        return await queries.cases(tx, page, state=state, mine=mine, unstaffed=unstaffed, subject_id=subject_id)

    @router.get("/approvals/{case_id}", permission=read)
    async def get_approval(tx: Tx, case_id: UUID) -> CaseView:
        return await actions.one(tx, case_id)

    @router.get("/approvals/{case_id}/allowed-actions", permission=read)
    async def get_allowed_actions(tx: Tx, case_id: UUID) -> AllowedActions:
        return await actions.allowed_actions(tx, case_id)

    @router.get("/approvals/{case_id}/timeline", permission=read)
    async def get_approval_timeline(tx: Tx, case_id: UUID, page: PageOf) -> Page[RecordLine]:
        items, following = await queries.timeline(tx, case_id, page)
        return Page(items=items, next=following)

    @router.get(
        "/approvals/{case_id}/form",
        permission=read,
        problems=[NotImplementedHere, Unavailable],
        deadline=PRINT_SECONDS,
        response_class=Response,
    )
    async def print_approval(request: Request, case_id: UUID, form: FormatOf = "docx") -> Response:
        """The case as a form to sign and to file: articles, facts, who decided what in which post, and the files."""
        return await answer_printed(request, printing.FORM, printing.values, case_id, name="approval", form=form)

    @router.post("/approvals/{case_id}/decisions", permission=decide, creates=True, problems=[WrongState, RuleRefused])
    async def decide_approval(tx: Tx, case_id: UUID, body: DecisionBody) -> CaseView:
        return await approvals.decide(tx, case_id, body.as_action(tx.context.actor))

    @router.post(
        "/approvals/bulk-decisions", permission=decide, creates=True, body_limit=BULK_BYTES, deadline=BULK_SECONDS
    )
    async def decide_approvals(tx: Tx, request: Request, body: BulkBody) -> BulkResults:
        """Decide up to 500 cases; each result stands for itself."""
        return await bulk.decide(tx, approvals, body.items, request.url.path)

    @router.post(
        "/approvals/{case_id}/files",
        permission=decide,
        creates=True,
        status_code=201,
        problems=[WrongState],
        upload_of=MEDIA_TYPES,
        body_limit=FILE_BYTES,
        deadline=UPLOAD_DEADLINE_SECONDS,
    )
    async def attach_file(tx: Tx, case_id: UUID, file: Upload) -> CaseFileView:
        """Lay a file beside a case: the body is the file."""
        return await attaching.add(tx, case_id, file)

    @router.get("/approvals/{case_id}/files", permission=read)
    async def list_case_files(tx: Tx, case_id: UUID) -> CaseFiles:
        """The files beside a case."""
        return await attaching.listed(tx, case_id)

    @router.get(
        "/approvals/{case_id}/files/{file_id}/contents", permission=read, response_class=Response, response_model=None
    )
    async def download_case_file(tx: Tx, store: Store, case_id: UUID, file_id: UUID) -> Response:
        """The contents of a file beside a case; the reading is audited."""
        parts, kept, name = await attaching.contents(tx, store, case_id, file_id)
        return answer_file(parts, media_type=kept.media_type, size=kept.size, name=name)

    return router

"""Operations on documents: the applicant's own under `/my`, the reviewers' beside them."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from kernel.errors import WrongState
from kernel.files.sniffing import MEDIA_TYPES
from kernel.http.router import Router, Tx
from kernel.http.upload import UPLOAD_DEADLINE_SECONDS, Store, Upload, answer_file
from services.recruitment import permissions
from services.recruitment.material import actions
from services.recruitment.material.schemas import (
    DocumentReceipt,
    DocumentsView,
    DocumentView,
    MaterialAsk,
    MaterialRequestView,
)
from services.recruitment.vocabulary import MaterialKind

router = Router(service="recruitment", tag="materials")
DOCUMENT_BYTES = 10 * 1024 * 1024
"""A diploma scanned in colour at 300 dpi is about 5 MB."""
_FILE: dict[str, Any] = {"response_class": Response, "response_model": None}


@router.post(
    "/my/applications/{application_id}/documents",
    permission=permissions.APPLICATION_OWN,
    creates=True,
    status_code=201,
    articles=["NM-8", "SH-8"],
    problems=[WrongState],
    upload_of=MEDIA_TYPES,
    body_limit=DOCUMENT_BYTES,
    deadline=UPLOAD_DEADLINE_SECONDS,
)
async def hand_in_document(tx: Tx, application_id: UUID, kind: MaterialKind, file: Upload) -> DocumentReceipt:
    """Hand in a document: the body is the file. After sign-up has closed only in answer to a request."""
    return await actions.hand_in(tx, application_id, kind, file)


@router.get("/my/applications/{application_id}/documents", permission=permissions.APPLICATION_OWN)
async def list_my_documents(tx: Tx, application_id: UUID) -> DocumentsView:
    """One's own documents, what is missing, and what is asked for."""
    return await actions.overview(tx, application_id)


@router.get("/my/applications/{application_id}/documents/{document_id}", permission=permissions.APPLICATION_OWN)
async def read_my_document(tx: Tx, application_id: UUID, document_id: UUID) -> DocumentView:
    """What is known of one of one's own documents."""
    return await actions.one(tx, application_id, document_id)


@router.get(
    "/my/applications/{application_id}/documents/{document_id}/contents",
    permission=permissions.APPLICATION_OWN,
    **_FILE,
)
async def download_my_document(tx: Tx, store: Store, application_id: UUID, document_id: UUID) -> Response:
    """The contents of one of one's own documents."""
    parts, file, name = await actions.contents(tx, store, application_id, document_id)
    return answer_file(parts, media_type=file.media_type, size=file.size, name=name)


@router.get("/applications/{application_id}/documents", permission=permissions.DOCUMENT_READ, articles=["NM-8", "SH-8"])
async def list_documents(tx: Tx, application_id: UUID) -> DocumentsView:
    """The documents of an application, what is missing, and what was asked for."""
    return await actions.overview(tx, application_id)


@router.get("/applications/{application_id}/documents/{document_id}", permission=permissions.DOCUMENT_READ)
async def read_document(tx: Tx, application_id: UUID, document_id: UUID) -> DocumentView:
    """What is known of one document."""
    return await actions.one(tx, application_id, document_id)


@router.get(
    "/applications/{application_id}/documents/{document_id}/contents", permission=permissions.DOCUMENT_READ, **_FILE
)
async def download_document(tx: Tx, store: Store, application_id: UUID, document_id: UUID) -> Response:
    """The contents of one document; the reading is audited."""
    parts, file, name = await actions.contents(tx, store, application_id, document_id)
    return answer_file(parts, media_type=file.media_type, size=file.size, name=name)


@router.post(
    "/applications/{application_id}/material-requests",
    permission=permissions.APPLICATION_REVIEW,
    creates=True,
    status_code=201,
    articles=["NM-8", "NM-9", "SH-8"],
    problems=[WrongState],
)
async def request_material(tx: Tx, application_id: UUID, body: MaterialAsk) -> MaterialRequestView:
    """Ask the applicant for more documents until a deadline."""
    return await actions.ask(tx, application_id, body)


@router.get("/applications/{application_id}/material-requests/{request_id}", permission=permissions.APPLICATION_REVIEW)
async def read_material_request(tx: Tx, application_id: UUID, request_id: UUID) -> MaterialRequestView:
    """One request for more documents, and how it stands."""
    return await actions.read_request(tx, application_id, request_id)

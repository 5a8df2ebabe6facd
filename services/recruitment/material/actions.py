"""Handing in documents, asking for more, reading them: every reading by an official is audited (NM-8, T11)."""

from collections.abc import AsyncGenerator
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.events.outbox import audit
from kernel.files import keeping
from kernel.files.receiving import Received
from kernel.files.store import ObjectStore
from kernel.files.tables import File
from kernel.ids import new_id
from services.recruitment.application import queries as application_queries
from services.recruitment.material import queries, rules
from services.recruitment.material.schemas import (
    DocumentReceipt,
    DocumentsView,
    DocumentView,
    MaterialAsk,
    MaterialRequestView,
)
from services.recruitment.material.tables import Document, MaterialRequest
from services.recruitment.notice import queries as notices
from services.recruitment.vocabulary import MaterialKind

SUBJECT = "application"


async def hand_in(tx: Transaction, application_id: UUID, kind: MaterialKind, received: Received) -> DocumentReceipt:
    """Keep a document of one's own application: until sign-up closes, later in answer to a request."""
    application = await application_queries.row(tx, application_id, lock=True)
    notice = await notices.row(tx, application.notice_id)
    known = await queries.documents(tx, application_id)
    answers = rules.answering(
        kind,
        state=application.state,
        count=len(known),
        now=tx.now,
        closes_at=notice.closes_at,
        asked=[each.kind for each in await notices.materials(tx, notice.id)],
        requests=await _requests(tx, application_id, known),
    )
    file = await keeping.keep(tx, received, unit_no=application.unit_no, person_id=application.person_id)
    document = Document(
        tenant_id=tx.tenant,
        id=new_id(),
        application_id=application_id,
        unit_no=application.unit_no,
        person_id=application.person_id,
        kind=kind,
        file_id=file.id,
        request_id=answers,
        handed_in_at=tx.now,
    )
    tx.session.add(document)
    await tx.session.flush()
    facts = {"document_id": str(document.id), "kind": kind, "sha256": file.sha256, "size": file.size}
    await audit(tx, "recruitment.document.hand_in", subject_type=SUBJECT, subject_id=application_id, facts=facts)
    return DocumentReceipt.model_validate(
        file.model_dump(include={"media_type", "size", "sha256"}) | document.model_dump()
    )


async def ask(tx: Transaction, application_id: UUID, body: MaterialAsk) -> MaterialRequestView:
    """Ask the applicant for more documents until a deadline."""
    application = await application_queries.row(tx, application_id, lock=True)
    rules.check_askable(application.state, body.deadline, tx.now)
    row = MaterialRequest(
        tenant_id=tx.tenant,
        id=new_id(),
        application_id=application_id,
        unit_no=application.unit_no,
        person_id=application.person_id,
        kinds=list(dict.fromkeys(body.kinds)),
        reason=body.reason,
        deadline=body.deadline,
        user_id=tx.context.actor.user,
        post_id=tx.context.actor.post,
        asked_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    await audit(
        tx,
        "recruitment.material.request",
        subject_type=SUBJECT,
        subject_id=application_id,
        reason=body.reason,
        facts={"kinds": row.kinds, "request_id": str(row.id)},
    )
    return _shown(row, rules.Request(row.id, row.kinds, row.deadline).state(tx.now))


async def read_request(tx: Transaction, application_id: UUID, request_id: UUID) -> MaterialRequestView:
    """One request for more documents, and how it stands."""
    row = await queries.request(tx, application_id, request_id)
    known = await _requests(tx, application_id, await queries.documents(tx, application_id))
    return _shown(row, next(each.state(tx.now) for each in known if each.id == request_id))


async def overview(tx: Transaction, application_id: UUID) -> DocumentsView:
    """The documents of an application, what is missing, and the requests for more."""
    application = await application_queries.row(tx, application_id)
    known = await queries.documents(tx, application_id)
    states = {each.id: each.state(tx.now) for each in await _requests(tx, application_id, known)}
    return DocumentsView(
        application_id=application_id,
        documents=[await queries.shown(tx, each, await keeping.row(tx, each.file_id)) for each in known],
        missing=await _missing(tx, application.notice_id, known),
        requests=[_shown(each, states[each.id]) for each in await queries.requests(tx, application_id)],
    )


async def one(tx: Transaction, application_id: UUID, document_id: UUID) -> DocumentView:
    """What is known of one document."""
    return await queries.shown(tx, *await queries.document(tx, application_id, document_id))


async def contents(
    tx: Transaction, store: ObjectStore, application_id: UUID, document_id: UUID
) -> tuple[AsyncGenerator[bytes], File, str | None]:
    """The contents of one document with its file and name. Reading somebody else's is audited."""
    document, file = await queries.document(tx, application_id, document_id)
    if tx.context.actor.kind != "person":
        await audit(
            tx,
            "recruitment.document.read",
            subject_type=SUBJECT,
            subject_id=application_id,
            facts={"document_id": str(document_id), "kind": document.kind},
        )
    return await keeping.contents(tx, store, file), file, await keeping.name_of(tx, file)


async def check_complete(tx: Transaction, application_id: UUID) -> None:
    """Raise `WrongState` while a required document is missing or a request for more is open."""
    application = await application_queries.row(tx, application_id)
    known = await queries.documents(tx, application_id)
    lacking = await _missing(tx, application.notice_id, known)
    titles = [each.title for each in await notices.materials(tx, application.notice_id) if each.kind in lacking]
    rules.check_complete(titles, await _requests(tx, application_id, known), tx.now)


async def _missing(tx: Transaction, notice_id: UUID, known: list[Document]) -> list[MaterialKind]:
    required = [each.kind for each in await notices.materials(tx, notice_id) if each.required]
    lacking = rules.missing(required, {each.kind for each in known})
    return [kind for kind in dict.fromkeys(required) if kind in lacking]


async def _requests(tx: Transaction, application_id: UUID, known: list[Document]) -> list[rules.Request]:
    return [
        rules.Request(
            id=each.id,
            kinds=each.kinds,
            deadline=each.deadline,
            came={document.kind for document in known if document.request_id == each.id},
        )
        for each in await queries.requests(tx, application_id)
    ]


def _shown(row: MaterialRequest, state: rules.State) -> MaterialRequestView:
    return MaterialRequestView.model_validate(row.model_dump() | {"state": state})

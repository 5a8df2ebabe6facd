"""SQL of applicants' documents."""

from uuid import UUID

from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.files import keeping
from kernel.files.tables import File
from kernel.privacy.keys import PersonErased
from services.recruitment.material.schemas import DocumentView
from services.recruitment.material.tables import Document, MaterialRequest


async def documents(tx: Transaction, application_id: UUID) -> list[Document]:
    """All documents of the application, oldest first."""
    statement = select(Document).where(col(Document.application_id) == application_id).order_by(col(Document.id))
    return list((await tx.session.execute(statement)).scalars())


async def document(tx: Transaction, application_id: UUID, document_id: UUID) -> tuple[Document, File]:
    """One document with its file; `NotFound` outside the scope, for persons where it is not their own."""
    statement = select(Document).where(col(Document.id) == document_id, col(Document.application_id) == application_id)
    found = (await tx.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found, await keeping.row(tx, found.file_id)


async def requests(tx: Transaction, application_id: UUID) -> list[MaterialRequest]:
    """All requests for more, oldest first."""
    statement = (
        select(MaterialRequest)
        .where(col(MaterialRequest.application_id) == application_id)
        .order_by(col(MaterialRequest.id))
    )
    return list((await tx.session.execute(statement)).scalars())


async def request(tx: Transaction, application_id: UUID, request_id: UUID) -> MaterialRequest:
    """One request; `NotFound` outside the scope."""
    found = next((each for each in await requests(tx, application_id) if each.id == request_id), None)
    if found is None:
        raise NotFound
    return found


async def shown(tx: Transaction, document: Document, file: File) -> DocumentView:
    """The document as it goes out."""
    return DocumentView.model_validate(
        file.model_dump(include={"media_type", "size", "sha256"})
        | document.model_dump()
        | {"name": await _name(tx, file)}
    )


async def _name(tx: Transaction, file: File) -> str | None:
    try:
        return await keeping.name_of(tx, file)
    except PersonErased:
        return None

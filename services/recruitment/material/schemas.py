"""Documents of applicants over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View
from services.recruitment.vocabulary import MaterialKind

RequestState = Literal["open", "answered", "lapsed"]

labelled(
    "recruitment.material_request",
    {
        "open": ("待补充", "Waits for documents"),
        "answered": ("已补充", "Answered"),
        "lapsed": ("逾期未补充", "Not answered in time"),
    },
)


class MaterialAsk(Body):
    """Documents that are still wanted, why, and until when (the instant itself is too late)."""

    kinds: Annotated[list[MaterialKind], Field(min_length=1, max_length=10)]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    deadline: AwareDatetime


class DocumentReceipt(View):
    """A document that was taken in. Its name is left out: the answer is kept to be repeated, the name is sealed."""

    id: UUID
    application_id: UUID
    kind: MaterialKind
    media_type: str
    size: int
    sha256: str
    request_id: UUID | None
    handed_in_at: AwareDatetime


class DocumentView(DocumentReceipt):
    """A document as listed; the contents are read apart. The name is the sender's, null once the person was erased."""

    name: str | None


class MaterialRequestView(View):
    """A request for more documents and how it stands."""

    id: UUID
    application_id: UUID
    kinds: list[MaterialKind]
    reason: str
    deadline: AwareDatetime
    state: RequestState
    asked_at: AwareDatetime


class DocumentsView(View):
    """All documents of an application, what the notice requires and is not there, and the requests for more."""

    application_id: UUID
    documents: list[DocumentView]
    missing: list[MaterialKind]
    requests: list[MaterialRequestView]

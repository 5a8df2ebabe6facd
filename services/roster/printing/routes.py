"""Printed forms over HTTP."""

from uuid import UUID

from fastapi import Request, Response

from kernel.documents.answering import PRINT_SECONDS, FormatOf, answer_printed
from kernel.documents.printing import Format
from kernel.errors import NotImplementedHere, Unavailable
from kernel.http.router import Router
from kernel.privacy.keys import PersonErased
from services.roster.permissions import CONTRACT_OWN, CONTRACT_READ
from services.roster.printing import actions

router = Router(service="roster", tag="contracts")


@router.get(
    "/contracts/{contract_id}/document",
    permission=CONTRACT_READ,
    articles=["NM-12", "SH-2", "SH-8"],
    problems=[NotImplementedHere, Unavailable, PersonErased],
    deadline=PRINT_SECONDS,
    response_class=Response,
)
async def print_contract(request: Request, contract_id: UUID, form: FormatOf = "docx") -> Response:
    """The contract as a form to sign: parties, every content, term and probation with their last days."""
    return await _contract(request, contract_id, form)


@router.get(
    "/own/contracts/{contract_id}/document",
    permission=CONTRACT_OWN,
    articles=["NM-12", "NM-15", "SH-2", "SH-8"],
    problems=[NotImplementedHere, Unavailable, PersonErased],
    deadline=PRINT_SECONDS,
    response_class=Response,
)
async def print_own_contract(request: Request, contract_id: UUID, form: FormatOf = "docx") -> Response:
    """One's own contract as a form, once the employer has signed."""
    return await _contract(request, contract_id, form)


async def _contract(request: Request, contract_id: UUID, form: Format) -> Response:
    return await answer_printed(
        request, actions.CONTRACT, actions.contract_values, contract_id, name="contract", form=form
    )

"""The certificate of a contract's end over HTTP."""

from uuid import UUID

from fastapi import Request, Response

from kernel.documents.answering import PRINT_SECONDS, FormatOf, answer_printed
from kernel.documents.printing import Format
from kernel.errors import NotImplementedHere, ParameterNotSet, Unavailable, WrongState
from kernel.http.router import Router
from kernel.privacy.keys import PersonErased
from services.roster.end_certificate import actions
from services.roster.permissions import CONTRACT_OWN, CONTRACT_READ

router = Router(service="roster", tag="contracts")


@router.get(
    "/contracts/{contract_id}/end-certificate",
    permission=CONTRACT_READ,
    articles=["LCL-50"],
    problems=[NotImplementedHere, ParameterNotSet, Unavailable, PersonErased, WrongState],
    deadline=PRINT_SECONDS,
    response_class=Response,
)
async def print_end(request: Request, contract_id: UUID, form: FormatOf = "docx") -> Response:
    """The certificate that a labour contract has ended: its term, the day, the post and the years of work."""
    return await _end(request, contract_id, form)


@router.get(
    "/own/contracts/{contract_id}/end-certificate",
    permission=CONTRACT_OWN,
    articles=["LCL-50"],
    problems=[NotImplementedHere, ParameterNotSet, Unavailable, PersonErased, WrongState],
    deadline=PRINT_SECONDS,
    response_class=Response,
)
async def print_own_end(request: Request, contract_id: UUID, form: FormatOf = "docx") -> Response:
    """The certificate that one's own labour contract has ended."""
    return await _end(request, contract_id, form)


async def _end(request: Request, contract_id: UUID, form: Format) -> Response:
    return await answer_printed(
        request, actions.END_OF_CONTRACT, actions.end_values, contract_id, name="end-of-contract", form=form
    )

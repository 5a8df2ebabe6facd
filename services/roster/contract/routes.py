"""Operations on labour contracts."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet, RuleRefused
from kernel.http.etag import IfMatch
from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.contract import actions, queries
from services.roster.contract.schemas import ContractDraft, ContractState, ContractTerms, ContractView
from services.roster.permissions import CONTRACT_OWN, CONTRACT_READ, CONTRACT_WRITE

router = Router(service="roster", tag="contracts")

ARTICLES = ["NM-12", "SH-2", "SH-8", "LCL-14", "LCL-19", "LCL-22", "LCL-25", "LCL-70"]
REFUSALS = [RuleRefused, ParameterNotSet]


@router.post(
    "/contracts",
    permission=CONTRACT_WRITE,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=REFUSALS,
)
async def draft_contract(tx: Tx, body: ContractDraft) -> ContractView:
    """Draft a labour contract for a dossier."""
    return await actions.draft(tx, body)


@router.get("/contracts", permission=CONTRACT_READ, articles=["NM-12", "SH-8"])
async def list_contracts(
    tx: Tx,
    paging: PageOf,
    dossier_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[ContractState | None, Query()] = None,
) -> Listed[ContractView]:
    """The contracts of the scope."""
    return await queries.page(tx, paging, dossier_id=dossier_id, state=state)


@router.get("/contracts/{contract_id}", permission=CONTRACT_READ, articles=["NM-12", "SH-8"])
async def read_contract(tx: Tx, contract_id: UUID) -> ContractView:
    """One contract."""
    return queries.view(await queries.get(tx, contract_id))


@router.put("/contracts/{contract_id}", permission=CONTRACT_WRITE, articles=ARTICLES, problems=REFUSALS)
async def change_contract(tx: Tx, contract_id: UUID, version: IfMatch, body: ContractTerms) -> ContractView:
    """Replace what a draft says."""
    return await actions.change(tx, contract_id, version, body)


@router.delete("/contracts/{contract_id}", permission=CONTRACT_WRITE, status_code=204, articles=["NM-12", "SH-8"])
async def discard_contract(tx: Tx, contract_id: UUID, version: IfMatch) -> None:
    """Remove a draft."""
    await actions.discard(tx, contract_id, version)


@router.post(
    "/contracts/{contract_id}/sign",
    permission=CONTRACT_WRITE,
    creates=True,
    articles=["NM-12", "SH-8", "LCL-14"],
    problems=REFUSALS,
)
async def sign_contract(tx: Tx, contract_id: UUID) -> ContractView:
    """Sign for the employer; the worker signs next."""
    return await actions.sign_for_employer(tx, contract_id)


@router.get("/own/contracts", permission=CONTRACT_OWN, articles=["NM-12", "NM-15", "SH-8"])
async def own_contracts(tx: Tx) -> Page[ContractView]:
    """The contracts put before the person who asks."""
    return Page[ContractView](items=await queries.own(tx))


@router.post("/own/contracts/{contract_id}/sign", permission=CONTRACT_OWN, creates=True, articles=["NM-12", "SH-8"])
async def sign_own_contract(tx: Tx, contract_id: UUID) -> ContractView:
    """Sign one's own contract; it is in force from the first day of its term."""
    return await actions.sign_as_worker(tx, contract_id)

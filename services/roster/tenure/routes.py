"""Operations on what the law asks of contracts."""

from typing import Any
from uuid import UUID

from kernel.errors import ParameterNotSet
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.permissions import CONTRACT_READ
from services.roster.tenure import actions
from services.roster.tenure.schemas import ContractFindingsView

router = Router(service="roster", tag="contracts")
COMMON: dict[str, Any] = {
    "articles": ["LCL-10", "LCL-14", "LCL-82", "LCL-97", "LCR-7", "LCR-12"],
    "problems": [ParameterNotSet],
}


@router.get("/dossiers/{dossier_id}/contract-findings", permission=CONTRACT_READ, **COMMON)
async def read_contract_findings(tx: Tx, dossier_id: UUID) -> ContractFindingsView:
    """What the law asks of one worker's contracts: in writing, open-ended, renewed in time."""
    return await actions.read(tx, dossier_id)


@router.get("/contract-findings", permission=CONTRACT_READ, **COMMON)
async def list_contract_findings(tx: Tx, paging: PageOf) -> Page[ContractFindingsView]:
    """Whose contracts ask for something; a page may hold fewer than asked for and still have a next."""
    return await actions.due(tx, paging)

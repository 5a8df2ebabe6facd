"""Operations on rights: the worker's own, and those of whoever owes them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from kernel.errors import Conflict, ParameterNotSet
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.permissions import RIGHT_OWN, RIGHT_PROVIDE, RIGHT_READ
from services.roster.rights import actions
from services.roster.rights.schemas import ClaimState, ProvisionEntry, RightClaimBody, RightClaimView, RightsView

router = Router(service="roster", tag="rights")
ARTICLES = ["NM-15", "SH-17"]
COMMON: dict[str, Any] = {"articles": ARTICLES, "problems": [ParameterNotSet, Conflict]}


@router.get("/dossiers/{dossier_id}/rights", permission=RIGHT_READ, **COMMON)
async def read_rights(tx: Tx, dossier_id: UUID) -> RightsView:
    """Each right of a worker with the record that honours it, or that it is missing."""
    return await actions.read(tx, dossier_id)


@router.post("/dossiers/{dossier_id}/right-provisions", permission=RIGHT_PROVIDE, creates=True, **COMMON)
async def record_right_provision(tx: Tx, dossier_id: UUID, body: ProvisionEntry) -> RightsView:
    """Record what was provided for a right that no other record shows."""
    return await actions.provide(tx, dossier_id, body)


@router.get("/right-claims", permission=RIGHT_READ, **COMMON)
async def list_right_claims(
    tx: Tx, paging: PageOf, state: Annotated[ClaimState | None, Query()] = None
) -> Page[RightClaimView]:
    """What workers of the scope raised as missing."""
    return await actions.claims(tx, paging, state=state)


@router.get("/own/rights", permission=RIGHT_OWN, **COMMON)
async def own_rights(tx: Tx) -> RightsView:
    """One's own rights, each with the record that honours it."""
    return await actions.own(tx)


@router.post("/own/right-claims", permission=RIGHT_OWN, creates=True, status_code=201, **COMMON)
async def raise_right_claim(tx: Tx, body: RightClaimBody) -> RightClaimView:
    """Raise a missing right with the unit that owes it."""
    return await actions.raise_claim(tx, body)


@router.get("/own/right-claims", permission=RIGHT_OWN, **COMMON)
async def own_right_claims(tx: Tx) -> Page[RightClaimView]:
    """What one raised, and what came of it."""
    return Page[RightClaimView](items=await actions.own_claims(tx))

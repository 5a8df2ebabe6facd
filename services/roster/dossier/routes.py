"""Operations on dossiers."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from kernel.http.etag import etag
from kernel.http.hot import HotReading
from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay
from kernel.privacy.keys import PersonErased
from services.roster.dossier import actions, queries
from services.roster.dossier.schemas import (
    DossierState,
    DossierSummary,
    DossierView,
    IdentityView,
    OpenIdentityView,
    Unmask,
)
from services.roster.permissions import DOSSIER_OWN, DOSSIER_READ, DOSSIER_UNMASK

router = Router(service="roster", tag="dossiers")

OnDay = Annotated[IsoDay | None, Query(description="As it stood at the end of this day; without it, as it stands.")]


@router.get("/dossiers", permission=DOSSIER_READ, articles=["NM-3", "NM-24"])
async def list_dossiers(
    tx: Tx,
    paging: PageOf,
    on: OnDay = None,
    category: Annotated[str | None, Query(max_length=60)] = None,
    state: Annotated[DossierState | None, Query()] = None,
) -> Listed[DossierSummary]:
    """The roster of the scope."""
    return await queries.page(tx, paging, on=on, category=category, state=state)


@router.get("/dossiers/{dossier_id}", permission=DOSSIER_READ, articles=["NM-12", "NM-17", "NM-24", "SH-8", "SH-15"])
async def read_dossier(request: Request, response: Response, dossier_id: UUID, on: OnDay = None) -> DossierView:
    """One dossier. The most frequent reading there is, so it takes one trip to the database and no transaction.

    As it stands now it is answered by `HOT`, before this.
    """
    view = await queries.read_hot(request.app.state.database, request.state.context, dossier_id, on)
    response.headers["ETag"] = etag(view.version)
    return view


HOT = HotReading("/api/v1/roster/dossiers/", DOSSIER_READ, queries.members_hot)


@router.get("/dossiers/{dossier_id}/identity", permission=DOSSIER_READ, problems=[PersonErased])
async def read_identity(tx: Tx, dossier_id: UUID) -> IdentityView:
    """ID number and phone, de-identified."""
    return await actions.identity(tx, dossier_id)


# No Idempotency-Key: it would keep the answer, and with it the number in clear.
@router.post("/dossiers/{dossier_id}/unmask", permission=DOSSIER_UNMASK, problems=[PersonErased])
async def unmask_dossier(tx: Tx, dossier_id: UUID, body: Unmask) -> OpenIdentityView:
    """ID number and phone in full, for a stated reason that is kept in the audit chain."""
    return await actions.unmask(tx, dossier_id, body)


@router.get("/own/dossier", permission=DOSSIER_OWN, articles=["NM-15"])
async def own_dossier(tx: Tx) -> DossierView:
    """The dossier of the person who asks."""
    return await queries.own(tx)

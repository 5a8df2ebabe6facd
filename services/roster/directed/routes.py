"""Operations on directed recruitment."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page
from kernel.regulation.figures import NotRegulated
from services.roster.directed import actions
from services.roster.directed.schemas import CandidateView, DeterminationView, Determined, DirectedKind
from services.roster.permissions import DIRECTED_DETERMINE, DIRECTED_READ

router = Router(service="roster", tag="directed recruitment")


@router.get(
    "/directed-candidates", permission=DIRECTED_READ, articles=["NM-31", "NM-32", "SH-18"], problems=[NotRegulated]
)
async def list_directed_candidates(
    tx: Tx,
    paging: PageOf,
    kind: Annotated[DirectedKind, Query()],
    on: Annotated[IsoDay | None, Query(description="On this day; without it, today.")] = None,
    everybody: Annotated[
        bool, Query(alias="all", description="Also those who do not qualify, with the proof of each condition.")
    ] = False,
) -> Page[CandidateView]:
    """The workers of the scope who qualify, each with the finding on every condition."""
    return await actions.candidates(tx, paging, kind=kind, on=on, everybody=everybody)


@router.post(
    "/dossiers/{dossier_id}/directed-determinations",
    permission=DIRECTED_DETERMINE,
    creates=True,
    status_code=201,
    articles=["NM-32", "SH-18"],
)
async def determine_directed(tx: Tx, dossier_id: UUID, body: Determined) -> DeterminationView:
    """Determine a condition that facts leave open (an interruption of the ten years, a major contribution)."""
    return await actions.determine(tx, dossier_id, body)

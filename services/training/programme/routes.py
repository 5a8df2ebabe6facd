"""Operations on training programmes."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from kernel.regulation.figures import NotRegulated
from services.training.permissions import PROGRAMME_READ, PROGRAMME_WRITE
from services.training.programme import actions, queries
from services.training.programme.schemas import ProgrammeNew, ProgrammeView, SelectionBody, SelectionView

router = Router(service="training", tag="programmes")


@router.post(
    "/programmes",
    permission=PROGRAMME_WRITE,
    creates=True,
    status_code=201,
    articles=["NM-20", "SH-27", "SH-28"],
    problems=[NotRegulated],
)
async def register_programme(tx: Tx, body: ProgrammeNew) -> ProgrammeView:
    """Register what the acting post's unit trains in a year, and for which posts."""
    return await actions.register(tx, body)


@router.get("/programmes", permission=PROGRAMME_READ, articles=["NM-20"])
async def list_programmes(
    tx: Tx, paging: PageOf, year: Annotated[int | None, Query(ge=2000, le=2200)] = None
) -> Page[ProgrammeView]:
    """The programmes of the scope."""
    return await queries.page(tx, paging, year=year)


@router.get("/programmes/{programme_id}", permission=PROGRAMME_READ, articles=["NM-20"])
async def read_programme(tx: Tx, programme_id: UUID) -> ProgrammeView:
    """One programme."""
    return await queries.read(tx, programme_id)


@router.post(
    "/programmes/{programme_id}/selections",
    permission=PROGRAMME_WRITE,
    creates=True,
    status_code=201,
    articles=["SH-28"],
    problems=[WrongState],
)
async def select_for_programme(tx: Tx, programme_id: UUID, body: SelectionBody) -> SelectionView:
    """Select an outstanding worker for the classes of a programme."""
    return await actions.select(tx, programme_id, body)


@router.get("/programmes/{programme_id}/selections", permission=PROGRAMME_READ, articles=["SH-28"])
async def list_programme_selections(tx: Tx, programme_id: UUID) -> Page[SelectionView]:
    """Who of the scope is selected for the classes of a programme."""
    programme = await queries.read(tx, programme_id)
    return Page[SelectionView](items=await queries.selections(tx, programme_id=programme.id))

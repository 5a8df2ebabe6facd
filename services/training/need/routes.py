"""Operations on training needs."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.training.need import queries
from services.training.need.schemas import NeedState, NeedView
from services.training.permissions import NEED_OWN, NEED_READ

router = Router(service="training", tag="needs")


@router.get("/needs", permission=NEED_READ, articles=["NM-20"])
async def list_needs(
    tx: Tx,
    paging: PageOf,
    person_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[NeedState | None, Query()] = None,
) -> Listed[NeedView]:
    """The needs of the scope: who owes hours and who has them."""
    return await queries.page(tx, paging, person_id=person_id, state=state)


@router.get("/needs/{need_id}", permission=NEED_READ, articles=["NM-20"])
async def read_need(tx: Tx, need_id: UUID) -> NeedView:
    """One need."""
    return await queries.read(tx, need_id)


@router.get("/own/needs", permission=NEED_OWN, articles=["NM-15", "NM-20"])
async def own_needs(tx: Tx) -> Page[NeedView]:
    """What the person who asks owes and has."""
    return Page[NeedView](items=await queries.own(tx))

"""Reading headcounts, what was fixed, and what is reserved."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page
from services.roster.headcount import actions, queries
from services.roster.headcount.schemas import FixedView, HeadcountView, ReservationView
from services.roster.permissions import HEADCOUNT_READ

router = Router(service="roster", tag="headcounts")


@router.get(
    "/headcounts", permission=HEADCOUNT_READ, articles=["NM-5", "NM-6", "SH-3", "SH-5"], problems=[ParameterNotSet]
)
async def list_headcounts(
    tx: Tx,
    paging: PageOf,
    level: Annotated[str | None, Query(pattern=r"^[a-z_]{1,40}$", description="Only units of this level.")] = None,
    unit_id: Annotated[UUID | None, Query(description="Only this unit and those under it.")] = None,
    on: Annotated[IsoDay | None, Query(description="As it stood on this day; without it, today.")] = None,
) -> Page[HeadcountView]:
    """Posts fixed, occupied, reserved and free of the units in scope, with over and under."""
    return await actions.shown(tx, paging, level=level, unit_id=unit_id, on=on)


@router.get("/headcount-figures", permission=HEADCOUNT_READ, articles=["NM-6"])
async def list_figures(tx: Tx, paging: PageOf, unit_id: Annotated[UUID | None, Query()] = None) -> Page[FixedView]:
    """Every number that was fixed, newest decision first."""
    return await queries.figures_page(tx, paging, unit_id=unit_id)


@router.get("/headcount-reservations", permission=HEADCOUNT_READ, articles=["NM-5"])
async def list_reservations(
    tx: Tx, paging: PageOf, plan_id: Annotated[UUID | None, Query()] = None
) -> Page[ReservationView]:
    """Posts kept for recruitment plans, by community."""
    return await queries.reservations_page(tx, paging, plan_id=plan_id)

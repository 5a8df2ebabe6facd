"""Operations on posts and years of service."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet, WrongState
from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page
from services.roster.appointment import actions, queries
from services.roster.appointment.schemas import Leaving, PostView, RoleName, ServiceView
from services.roster.committee.schemas import CompositionView
from services.roster.dossier import queries as dossier_queries
from services.roster.permissions import APPOINTMENT_OWN, APPOINTMENT_READ, APPOINTMENT_WRITE

router = Router(service="roster", tag="appointments")

OnDay = Annotated[IsoDay | None, Query(description="On this day; without it, all of them.")]
OnDayOrToday = Annotated[IsoDay | None, Query(description="On this day; without it, today.")]


@router.get("/posts", permission=APPOINTMENT_READ, articles=["NM-3", "NM-7"])
async def list_posts(
    tx: Tx,
    paging: PageOf,
    on: OnDay = None,
    role: Annotated[RoleName | None, Query()] = None,
    community_unit_id: Annotated[UUID | None, Query()] = None,
) -> Listed[PostView]:
    """The posts of the scope."""
    return await queries.page(tx, paging, on=on, role=role, community_unit_id=community_unit_id)


@router.get("/dossiers/{dossier_id}/posts", permission=APPOINTMENT_READ, articles=["NM-3", "NM-23"])
async def list_dossier_posts(tx: Tx, dossier_id: UUID, on: OnDay = None) -> Page[PostView]:
    """The posts of a worker in time, or on one day."""
    await dossier_queries.get(tx, dossier_id)
    return Page[PostView](items=await queries.posts(tx, dossier_id, on))


@router.get("/dossiers/{dossier_id}/service-years", permission=APPOINTMENT_READ, articles=["NM-23", "NM-32"])
async def read_service_years(tx: Tx, dossier_id: UUID, on: OnDayOrToday = None) -> ServiceView:
    """Years of service, cumulative and continuous, with the periods they follow from."""
    return await actions.service_years(tx, dossier_id, on)


@router.get(
    "/communities/{unit_id}/composition",
    permission=APPOINTMENT_READ,
    articles=["SH-4", "ORG-8"],
    problems=[ParameterNotSet],
)
async def read_composition(tx: Tx, unit_id: UUID, on: OnDayOrToday = None) -> CompositionView:
    """Who sits in the two committees of a community, by seat, and what is not as the regulation and the law ask."""
    return await actions.composition(tx, unit_id, on)


@router.post(
    "/posts/{post_id}/leaving", permission=APPOINTMENT_WRITE, creates=True, articles=["NM-7"], problems=[WrongState]
)
async def record_leaving(tx: Tx, post_id: UUID, body: Leaving) -> PostView:
    """Record the end of a term or a change of post."""
    return await actions.leave(tx, post_id, body)


@router.get("/own/posts", permission=APPOINTMENT_OWN, articles=["NM-15"])
async def own_posts(tx: Tx) -> Page[PostView]:
    """The posts of the person who asks."""
    return Page[PostView](items=await queries.own(tx))

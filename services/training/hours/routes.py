"""Operations on the hours ledger."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.training.hours import actions, queries
from services.training.hours.schemas import Correction, Credit, EntryView
from services.training.permissions import HOURS_CREDIT, HOURS_READ, NEED_OWN

router = Router(service="training", tag="hours")


@router.post(
    "/sessions/{session_id}/hours",
    permission=HOURS_CREDIT,
    creates=True,
    status_code=201,
    articles=["NM-20", "SH-27"],
)
async def credit_hours(tx: Tx, response: Response, session_id: UUID, body: Credit) -> EntryView:
    """Credit a person's hours in a class that is over; once per class and person."""
    return _at(response, await actions.credit(tx, session_id, body))


@router.post(
    "/hours/{entry_id}/corrections", permission=HOURS_CREDIT, creates=True, status_code=201, articles=["NM-20"]
)
async def correct_hours(tx: Tx, response: Response, entry_id: UUID, body: Correction) -> EntryView:
    """Correct what stands for a class by a counter-entry with its reason."""
    return _at(response, await actions.correct(tx, entry_id, body))


def _at(response: Response, entry: EntryView) -> EntryView:
    # Entries are read by their own path, not below the class or the credit.
    response.headers["Location"] = f"/api/v1/training/hours/{entry.id}"
    return entry


@router.get("/hours", permission=HOURS_READ, articles=["NM-20"])
async def list_hours(tx: Tx, paging: PageOf, person_id: Annotated[UUID | None, Query()] = None) -> Listed[EntryView]:
    """The ledger of the scope."""
    return await queries.page(tx, paging, person_id=person_id)


@router.get("/hours/{entry_id}", permission=HOURS_READ, articles=["NM-20"])
async def read_hours(tx: Tx, entry_id: UUID) -> EntryView:
    """One entry."""
    return await queries.read(tx, entry_id)


@router.get("/own/hours", permission=NEED_OWN, articles=["NM-15", "NM-20"])
async def own_hours(tx: Tx) -> Page[EntryView]:
    """The ledger of the person who asks."""
    return Page[EntryView](items=await queries.own(tx))

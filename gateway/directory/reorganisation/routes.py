"""HTTP of reorganisations and of the history of units."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from gateway.directory import permissions
from gateway.directory.reorganisation import actions, queries
from gateway.directory.reorganisation.schemas import (
    ReorganisationView,
    UnitClosure,
    UnitMake,
    UnitMerge,
    UnitMove,
    UnitRenaming,
    UnitSplit,
    UnitVersionView,
    Withdrawal,
)
from kernel.errors import WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page

router = Router(service="directory", tag="directory")
_PLACE = "/api/v1/directory/reorganisations"


def _at(response: Response, made: ReorganisationView) -> ReorganisationView:
    """Whatever was asked for, the act stands in one list."""
    response.headers["Location"] = f"{_PLACE}/{made.id}"
    return made


@router.post("/units", permission=permissions.UNIT_WRITE, creates=True, status_code=201, problems=[WrongState])
async def make_unit(response: Response, tx: Tx, body: UnitMake) -> ReorganisationView:
    """Make a unit, today or on a day to come; `unit_id` of the answer is its id."""
    return _at(response, await actions.make(tx, body))


@router.post(
    "/units/{unit_id}/renames", permission=permissions.UNIT_WRITE, creates=True, status_code=201, problems=[WrongState]
)
async def rename_unit_on(response: Response, tx: Tx, unit_id: UUID, body: UnitRenaming) -> ReorganisationView:
    """Give a unit another name, today or on a day to come."""
    return _at(response, await actions.rename(tx, unit_id, body))


@router.post(
    "/units/{unit_id}/moves", permission=permissions.UNIT_WRITE, creates=True, status_code=201, problems=[WrongState]
)
async def move_unit(response: Response, tx: Tx, unit_id: UUID, body: UnitMove) -> ReorganisationView:
    """Move a unit with all that lies below it under another one; every service's records follow."""
    return _at(response, await actions.move(tx, unit_id, body))


@router.post(
    "/units/{unit_id}/merges", permission=permissions.UNIT_WRITE, creates=True, status_code=201, problems=[WrongState]
)
async def merge_unit(response: Response, tx: Tx, unit_id: UUID, body: UnitMerge) -> ReorganisationView:
    """Merge a unit into another of its level: it is closed, what it had is the other's."""
    return _at(response, await actions.merge(tx, unit_id, body))


@router.post(
    "/units/{unit_id}/splits", permission=permissions.UNIT_WRITE, creates=True, status_code=201, problems=[WrongState]
)
async def split_unit(response: Response, tx: Tx, unit_id: UUID, body: UnitSplit) -> ReorganisationView:
    """Split units off with those of the units below that are named; whatever is not named stays."""
    return _at(response, await actions.split(tx, unit_id, body))


@router.post(
    "/units/{unit_id}/closures", permission=permissions.UNIT_WRITE, creates=True, status_code=201, problems=[WrongState]
)
async def close_unit(response: Response, tx: Tx, unit_id: UUID, body: UnitClosure) -> ReorganisationView:
    """Close a unit; with open units below a successor is named."""
    return _at(response, await actions.close(tx, unit_id, body))


@router.get("/reorganisations", permission=permissions.UNIT_WRITE)
async def list_reorganisations(
    tx: Tx,
    paging: PageOf,
    state: Annotated[str | None, Query(pattern="^(planned|done|refused|withdrawn)$")] = None,
    unit_id: UUID | None = None,
) -> Page[ReorganisationView]:
    """The reorganisations of units in scope, the latest first."""
    items, following = await queries.operations(tx, paging, state=state, unit_id=unit_id)
    return Page(items=items, next=following)


@router.get("/reorganisations/{operation_id}", permission=permissions.UNIT_WRITE)
async def get_reorganisation(tx: Tx, operation_id: UUID) -> ReorganisationView:
    """One reorganisation."""
    row = await queries.seen(tx, await queries.operation(tx, operation_id))
    return ReorganisationView.model_validate(row)


@router.post(
    "/reorganisations/{operation_id}/withdrawals",
    permission=permissions.UNIT_WRITE,
    creates=True,
    problems=[WrongState],
)
async def withdraw_reorganisation(tx: Tx, operation_id: UUID, body: Withdrawal) -> ReorganisationView:
    """Have a planned reorganisation not take place."""
    return await actions.withdraw(tx, operation_id, body)


@router.get("/units/{unit_id}/history", permission=permissions.UNIT_READ)
async def unit_history(tx: Tx, unit_id: UUID) -> list[UnitVersionView]:
    """What a unit was, from its first day on: names, codes, levels, and under which unit."""
    return await queries.history(tx, unit_id)


@router.get("/units/{unit_id}/ancestors", permission=permissions.UNIT_READ)
async def unit_ancestors(tx: Tx, unit_id: UUID, on: IsoDay | None = None) -> list[UnitVersionView]:
    """The unit and those above it on a day (today unless named), the unit first: in which county was it?"""
    return await queries.ancestors(tx, unit_id, on or tx.today)

"""HTTP of simulations."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from gateway.regulation import permissions
from gateway.regulation.simulation import actions, queries
from gateway.regulation.simulation.schemas import SimulationBody, SimulationChangeView, SimulationView
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page

router = Router(service="regulation", tag="simulations")


@router.post("/simulations", permission=permissions.SIMULATE, creates=True, status_code=201)
async def begin_simulation(tx: Tx, body: SimulationBody) -> SimulationView:
    """Ask what a draft would change in live data; the services report until every part is done."""
    return await actions.begin(tx, body)


@router.get("/simulations/{simulation_id}", permission=permissions.SIMULATION_READ)
async def get_simulation(tx: Tx, simulation_id: UUID) -> SimulationView:
    """How far a simulation is, with the counts found so far."""
    return await actions.view(tx, simulation_id)


@router.get("/simulations/{simulation_id}/changes", permission=permissions.SIMULATION_READ)
async def list_simulation_changes(
    tx: Tx, paging: PageOf, simulation_id: UUID, probe: Annotated[str | None, Query(max_length=60)] = None
) -> Page[SimulationChangeView]:
    """What would change within the scope: applications, communities, people, by id."""
    items, following = await queries.changes(tx, paging, simulation_id, probe)
    return Page(items=items, next=following)

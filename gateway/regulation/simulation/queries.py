"""All SQL of simulations."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from gateway.regulation.simulation.schemas import PartView, SimulationChangeView
from gateway.regulation.simulation.tables import SimulationChange, SimulationPart, SimulationRequest
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging


async def one(tx: Transaction, simulation_id: UUID) -> SimulationRequest:
    """The simulation; `NotFound` where there is none."""
    found = await tx.session.execute(select(SimulationRequest).where(col(SimulationRequest.id) == simulation_id))
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def parts(tx: Transaction, simulation_id: UUID) -> list[PartView]:
    """How far each probe is."""
    found = await tx.session.execute(
        select(SimulationPart)
        .where(col(SimulationPart.simulation_id) == simulation_id)
        .order_by(col(SimulationPart.service), col(SimulationPart.probe))
    )
    return [PartView.model_validate(row) for row in found.scalars()]


async def part(tx: Transaction, simulation_id: UUID, service: str, probe: str) -> SimulationPart | None:
    """One probe's part, held to the end of the transaction; None for a probe that was not asked."""
    found = await tx.session.execute(
        select(SimulationPart)
        .where(
            col(SimulationPart.simulation_id) == simulation_id,
            col(SimulationPart.service) == service,
            col(SimulationPart.probe) == probe,
        )
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def add_changes(tx: Transaction, rows: Sequence[dict[str, object]]) -> None:
    """Store what a batch found."""
    if rows:
        await tx.session.execute(insert(SimulationChange), list(rows))


async def changes(
    tx: Transaction, paging: Paging, simulation_id: UUID, probe: str | None
) -> tuple[list[SimulationChangeView], str | None]:
    """What would change within the scope, in the order in which it was found."""
    await one(tx, simulation_id)
    scope = tx.context.scope
    statement = (
        select(SimulationChange)
        .where(
            col(SimulationChange.simulation_id) == simulation_id,
            col(SimulationChange.unit_no).between(scope.lo, scope.hi),
        )
        .order_by(col(SimulationChange.id))
        .limit(paging.limit + 1)
    )
    if probe is not None:
        statement = statement.where(col(SimulationChange.probe) == probe)
    if paging.after is not None:
        statement = statement.where(col(SimulationChange.id) > UUID(paging.after[0]))
    rows = (await tx.session.execute(statement)).scalars().all()
    shown, following = paging.page(rows, lambda row: (str(row.id),))
    return [SimulationChangeView.model_validate(row) for row in shown], following

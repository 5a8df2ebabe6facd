"""Gathers what the services found."""

from contracts.simulations import PROBES
from gateway.regulation.simulation import actions
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.simulation.published import SimulationReported

subscriptions = Subscriptions()


@subscriptions.on(SimulationReported, sources=tuple(PROBES))
async def on_report(tx: Transaction, event: Received[SimulationReported]) -> None:
    """The next batch of a probe."""
    await actions.gather(tx, event.source, event.data)

"""How reviews would stand under a draft of the regulation (P6)."""

from kernel.db.transaction import Transaction
from kernel.simulation.probes import Asked, Batch
from services.recruitment.eligibility import actions
from services.recruitment.probes import probes


@probes.on("applications")
async def on_simulation(tx: Transaction, asked: Asked) -> Batch:
    """The next applications under review or reviewed."""
    return await actions.under_draft(tx, asked)

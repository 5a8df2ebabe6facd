"""Probes: how a service looks through one kind of its live data under a draft, and the work that drives them.

A batch is one transaction of a timer, and a report of its own: memory is bounded by the batch, a killed process goes
on where it was, and other work of the service comes between the batches.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import ParameterNotSet
from kernel.events.event import Received
from kernel.events.outbox import emit
from kernel.events.subscriptions import Subscriptions
from kernel.regulation.pack import Pack
from kernel.schedule.actions import at
from kernel.schedule.runner import Timers
from kernel.simulation.published import SimulationReported, SimulationRequested
from kernel.simulation.tables import Simulation

STEP = "simulation.step"
BATCH = 500
"""Rows looked at in one transaction: a fraction of a second, and one report far below an event's largest size."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that would stand differently; `article` is what the draft's outcome rests on."""

    id: UUID
    unit_no: int
    before: str
    after: str
    article: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What was looked at, what would change, and after which row the next batch begins (None: this was the last)."""

    examined: int
    changed: Sequence[Changed] = field(default_factory=tuple)
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One batch to look through: the draft, the day, and up to `limit` rows behind `after`."""

    draft: Pack
    on: date
    after: UUID | None
    limit: int


Probe = Callable[[Transaction, Asked], Awaitable[Batch]]


class Probes:
    """The probes of one service by name."""

    def __init__(self) -> None:
        self.known: dict[str, Probe] = {}
        self.subscriptions = Subscriptions()
        self.timers = Timers()
        self.subscriptions.on(SimulationRequested)(self._begin)
        self.timers.on(STEP)(self._step)

    def on(self, name: str) -> Callable[[Probe], Probe]:
        """Register a probe."""

        def register(probe: Probe) -> Probe:
            self.known[name] = probe
            return probe

        return register

    async def _begin(self, tx: Transaction, event: Received[SimulationRequested]) -> None:
        """Keep the draft and begin with every probe."""
        day = date.fromisoformat(event.data.on)
        tx.session.add(Simulation(tenant_id=tx.tenant, id=event.aggregate_id, content=event.data.content, on_day=day))
        await tx.session.flush()
        for name in self.known:
            await self._next(tx, event.aggregate_id, name, None)

    @staticmethod
    async def _next(tx: Transaction, simulation_id: UUID, probe: str, after: UUID | None) -> None:
        payload = {"simulation": str(simulation_id), "probe": probe, "after": str(after) if after else None}
        await at(tx, STEP, tx.now, unit_no=tx.context.scope.lo, payload=payload)

    async def _step(self, tx: Transaction, payload: dict[str, Any]) -> None:
        """Look through the next batch, report it, and go on behind it."""
        simulation_id, name = UUID(payload["simulation"]), str(payload["probe"])
        found = await tx.session.execute(select(Simulation).where(col(Simulation.id) == simulation_id))
        row = found.scalar_one_or_none()
        if row is None:
            return
        after = UUID(payload["after"]) if payload["after"] else None
        batch, refused = await self._look(tx, name, Asked(Pack.from_json(row.content), row.on_day, after, BATCH))
        report = SimulationReported(
            simulation_id=str(simulation_id),
            probe=name,
            examined=batch.examined,
            done=batch.after is None,
            ids=[str(each.id) for each in batch.changed],
            unit_nos=[each.unit_no for each in batch.changed],
            before=[each.before for each in batch.changed],
            after=[each.after for each in batch.changed],
            articles=[each.article or "" for each in batch.changed],
            refused=refused,
        )
        await emit(tx, report, aggregate_id=uuid5(NAMESPACE_OID, f"{simulation_id}/{tx.process}/{name}"))
        if batch.after is not None:
            await self._next(tx, simulation_id, name, batch.after)

    async def _look(self, tx: Transaction, name: str, asked: Asked) -> tuple[Batch, str | None]:
        """The batch, or why none can be: a draft may leave open what the probe reckons by."""
        try:
            return await self.known[name](tx, asked), None
        except ParameterNotSet as problem:
            return Batch(0), problem.name

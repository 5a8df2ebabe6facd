"""The events of a simulation: one request to all services, and what each found, batch by batch."""

from typing import ClassVar

from kernel.events.event import Event


class SimulationRequested(Event, frozen=True, kw_only=True):
    """Look through the live data under this draft (aggregate id: the simulation)."""

    source: ClassVar[str] = "gateway"
    aggregate: ClassVar[str] = "simulation"
    name: ClassVar[str] = "requested"
    v: ClassVar[int] = 1

    on: str
    content: str


class SimulationReported(Event, frozen=True, kw_only=True):
    """What one probe of a service found in its next batch (aggregate id: simulation and probe).

    The lists are equally long, one place for each thing that the draft would change; ids only, no personal data.
    `refused`: kind of the problem for which the probe gave up; then the batch is its last.
    """

    aggregate: ClassVar[str] = "simulation_report"
    name: ClassVar[str] = "reported"
    v: ClassVar[int] = 1

    simulation_id: str
    probe: str
    examined: int
    done: bool
    ids: list[str]
    unit_nos: list[int]
    before: list[str]
    after: list[str]
    articles: list[str]
    refused: str | None = None

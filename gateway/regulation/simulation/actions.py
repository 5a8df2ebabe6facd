"""Asking the services what a draft would change, and gathering what they report."""

from datetime import date
from uuid import UUID

from contracts.simulations import PROBES
from gateway.regulation.promulgation import queries as promulgation
from gateway.regulation.simulation import queries
from gateway.regulation.simulation.schemas import SimulationBody, SimulationView
from gateway.regulation.simulation.tables import SimulationPart, SimulationRequest
from kernel.db.transaction import Transaction
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.simulation.published import SimulationReported, SimulationRequested


async def begin(tx: Transaction, body: SimulationBody) -> SimulationView:
    """Ask every service to look through its live data under a draft; `NotFound` for an unknown one."""
    draft = await promulgation.draft(tx, body.draft_id)
    return await request(tx, draft.content, draft.pack_version, body.on, draft_id=draft.id)


async def request(
    tx: Transaction, content: str, pack_version: str, on: date | None, *, draft_id: UUID | None = None
) -> SimulationView:
    """As `begin`, for the content of a checked pack."""
    row = SimulationRequest(
        tenant_id=tx.tenant,
        id=new_id(),
        draft_id=draft_id,
        pack_version=pack_version,
        on_day=on or tx.today,
        requested_by=tx.context.actor.user,
        requested_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    for service, probes in PROBES.items():
        for probe in probes:
            tx.session.add(SimulationPart(tenant_id=tx.tenant, simulation_id=row.id, service=service, probe=probe))
    await tx.session.flush()
    asked = SimulationRequested(on=row.on_day.isoformat(), content=content)
    tx.position(await emit(tx, asked, aggregate_id=row.id))
    facts = {"version": pack_version, "on": row.on_day.isoformat()}
    await audit(tx, "regulation.simulation.requested", subject_type="simulation", subject_id=row.id, facts=facts)
    return await view(tx, row.id)


async def view(tx: Transaction, simulation_id: UUID) -> SimulationView:
    """The simulation as it stands; `NotFound` for an unknown one."""
    row, parts = await queries.one(tx, simulation_id), await queries.parts(tx, simulation_id)
    state = "done" if all(part.done for part in parts) else "running"
    return SimulationView.model_validate(row.model_dump() | {"state": state, "parts": parts})


async def gather(tx: Transaction, service: str, report: SimulationReported) -> None:
    """Add the batch of a probe; one that nobody asked for is passed by."""
    simulation_id = UUID(report.simulation_id)
    part = await queries.part(tx, simulation_id, service, report.probe)
    if part is None:
        return
    part.examined += report.examined
    part.changed += len(report.ids)
    part.done, part.refused = report.done, report.refused
    found = zip(report.ids, report.unit_nos, report.before, report.after, report.articles, strict=True)
    await queries.add_changes(
        tx,
        [
            {
                "tenant_id": tx.tenant,
                "id": new_id(),
                "simulation_id": simulation_id,
                "unit_no": unit_no,
                "service": service,
                "probe": report.probe,
                "subject_id": UUID(subject),
                "before": before,
                "after": after,
                "article": article or None,
            }
            for subject, unit_no, before, after, article in found
        ],
    )
    await tx.session.flush()

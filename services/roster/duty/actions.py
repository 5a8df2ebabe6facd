"""Putting a worker on duty, and following the hours that stand before it (NM-12, NM-20)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from contracts.roster import DutyStarted
from contracts.training import HoursCredited, NeedChanged, NeedMet, NeedOpened
from kernel.db.transaction import Transaction
from kernel.errors import Text, WrongState
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.org import queries as org
from services.roster.appointment import actions as appointment_actions
from services.roster.appointment.actions import STAFF
from services.roster.contract import queries as contract_queries
from services.roster.dossier import actions as dossier_actions
from services.roster.dossier import queries as dossier_queries
from services.roster.duty import queries, rules
from services.roster.duty.schemas import DutyStart, DutyView, TrainingResultView
from services.roster.duty.tables import Duty, TrainingNeed


async def start(tx: Transaction, body: DutyStart) -> DutyView:
    """Put a worker of the scope on duty.

    Raises `InvalidInput` for a day to come, `WrongState` where the worker is on duty, `RuleRefused` with all findings
    while no contract signed by both sides covers the day or the pre-service hours are not done.
    """
    dossier = await dossier_queries.get(tx, body.dossier_id, lock=True)
    rules.check_day(body.starts_on, tx.today)
    if dossier.on_duty_from is not None:
        raise WrongState(Text("该人员已在岗", "The worker is on duty already."))
    pack = await org.pack(tx)
    contract = await contract_queries.in_force_on(tx, dossier.id, body.starts_on)
    first_day = await contract_queries.first_day_in_force(tx, dossier.id)
    findings = [rules.contract_finding(pack, body.starts_on, first_day, contract is not None)]
    gate = rules.gate(pack, body.starts_on, contract.relation if contract else rules.RELATION)
    if gate is not None:
        findings.append(rules.training_finding(gate, await _training(tx, dossier.person_id), body.starts_on))
    rules.refuse_unless_met(findings)
    assert contract is not None  # noqa: S101 - the first finding is not met without one
    row = Duty(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        contract_id=contract.id,
        category=dossier.category,
        period=Range(body.starts_on, None, bounds="[)"),
    )
    tx.session.add(row)
    await tx.session.flush()
    await dossier_actions.begin_duty(tx, dossier.id, body.starts_on)
    await appointment_actions.take_post(
        tx, dossier.id, role=STAFF, valid_from=body.starts_on, origin="hire", relation=contract.relation
    )
    started = DutyStarted(
        duty_id=str(row.id),
        person_id=str(row.person_id),
        contract_id=str(contract.id),
        category=row.category,
        post_title=dossier.post_title,
        started_on=body.starts_on.isoformat(),
        community_unit_id=str(dossier.community_unit_id),
        community_unit_no=row.unit_no,
    )
    tx.position(await emit(tx, started, aggregate_id=dossier.id, unit_no=row.unit_no))
    facts = {
        "dossier_id": str(dossier.id),
        "starts_on": body.starts_on.isoformat(),
        "rules": [finding.rule for finding in findings],
    }
    await audit(tx, "roster.duty.start", subject_type="duty", subject_id=row.id, facts=facts)
    return queries.view(row)


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring the time on duty under the unit that keeps the dossier: a transfer does not interrupt it (NM-23)."""
    await queries.move(tx, dossier_id, unit_no)


async def end(tx: Transaction, dossier_id: UUID, on: date) -> None:
    """End the time on duty that lasts, on the day `on`; without one nothing happens."""
    for row in await queries.lasting(tx, dossier_id):
        if row.period.lower is not None and row.period.lower < on:
            row.period = Range(row.period.lower, on, bounds="[)")
            row.version += 1
            facts = {"dossier_id": str(dossier_id), "ends_before": on.isoformat()}
            await audit(tx, "roster.duty.end", subject_type="duty", subject_id=row.id, facts=facts)
    await tx.session.flush()


async def _training(tx: Transaction, person_id: UUID) -> rules.Training | None:
    known = await queries.pre_service(tx, person_id)
    return None if known is None else rules.Training(known.required_hours, known.credited_hours, known.met_on)


async def keep_need(
    tx: Transaction,
    need_id: UUID,
    told: NeedOpened | HoursCredited | NeedMet | NeedChanged,
    *,
    credited: str,
    met_on: str | None,
) -> None:
    """Keep what training tells of a need, which is all of it each time."""
    row = TrainingNeed(
        tenant_id=tx.tenant,
        id=need_id,
        unit_no=told.community_unit_no,
        person_id=UUID(told.person_id),
        kind=told.kind,
        cycle=told.cycle,
        required_hours=Decimal(told.required_hours),
        credited_hours=Decimal(credited),
        met_on=date.fromisoformat(met_on) if met_on else None,
    )
    await queries.keep_need(tx, row)


async def training_results(tx: Transaction, dossier_id: UUID) -> list[TrainingResultView]:
    """What training counts for when posts are adjusted (SH-27): each need with what stands toward it.

    Raises `NotRegulated` where the regulation ties nothing to it.
    """
    dossier = await dossier_queries.get(tx, dossier_id)
    figure = (await org.pack(tx)).parameter(rules.RESULTS_USED_IN, tx.today)
    rules.check_used(figure)
    needs = await queries.owed(tx, dossier.person_id)
    return [
        TrainingResultView(
            kind=need.kind,
            cycle=need.cycle,
            required_hours=need.required_hours,
            credited_hours=need.credited_hours,
            met_on=need.met_on,
            findings=[rules.result_finding(figure, need.required_hours, need.credited_hours, need.met_on).as_json()],
        )
        for need in needs
    ]

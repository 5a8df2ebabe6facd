"""Asking for leave, deciding on it, coming back from it (请销假), and the balance of annual leave (NM-27)."""

from datetime import date
from uuid import UUID

from kernel.approvals.embed.schemas import CaseView
from kernel.approvals.model import Action
from kernel.calendar import CalendarMissing, add_months, working_days_in
from kernel.db.transaction import Transaction
from kernel.errors import Text, WrongState
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.regulation.pack import Pack
from services.roster.appointment import actions as appointment
from services.roster.approvals import approvals
from services.roster.dossier import queries as dossier_queries
from services.roster.leave import queries, rules
from services.roster.leave.schemas import (
    BalanceView,
    EarlierWorkBody,
    EarlierWorkView,
    LeaveKindView,
    LeaveRequest,
    LeaveView,
    OwnLeaveRequest,
    Return,
)
from services.roster.leave.tables import EarlierWork, Leave

SUBJECT = "leave"


async def ask(tx: Transaction, body: OwnLeaveRequest) -> LeaveView:
    """Ask for one's own leave; refusals as of `record`."""
    mine = await dossier_queries.own(tx)
    return await record(tx, LeaveRequest(dossier_id=mine.id, **body.model_dump()))


async def record(tx: Transaction, body: LeaveRequest) -> LeaveView:
    """Put a leave to its approval, or grant it at once where the regulation writes none.

    Raises `InvalidInput` for an unknown kind or a period without a day that counts, `WrongState` before duty,
    `Conflict` over other leave, `RuleRefused` beyond what the law and the region give, `CalendarMissing` where
    working days reach a year that is not loaded, `ParameterNotSet` for a kind whose unit nobody set.
    """
    # The dossier is locked by whoever writes periods of it, so two requests never share the same days of a balance.
    dossier = await dossier_queries.get(tx, body.dossier_id, lock=True)
    pack = await org.pack(tx)
    label = rules.check_kind(pack, body.kind)
    rules.check_worker(dossier.on_duty_from, body.valid_from)
    unit = rules.unit_of(pack, body.kind, body.valid_from)
    by_year = rules.count_by_year(unit, body.valid_from, body.valid_before, pack.calendar)
    days = sum(by_year.values())
    rules.check_some(days)
    taken = await queries.overlaps(tx, dossier.id, body.valid_from, body.valid_before, rules.LIVE)
    rules.check_free(taken)
    if body.kind == rules.ANNUAL:
        for year, asked in by_year.items():
            await _check_annual(tx, pack, dossier.id, year, max(body.valid_from, date(year, 1, 1)), asked)
    limit = rules.limit_of(pack, body.kind, body.supplements, body.valid_from)
    rules.check_limit(body.kind, label, limit, days, unit)
    await _check_periodic(tx, pack, dossier.id, body, label, limit, days)
    actor = tx.context.actor
    row = Leave(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        kind=body.kind,
        valid_from=body.valid_from,
        valid_before=body.valid_before,
        unit=unit,
        days=days,
        days_by_year={str(year): counted for year, counted in by_year.items()},
        supplements=dict(body.supplements),
        state="requested",
        recorded_by=actor.user if actor.kind == "official" else None,
        asked_at=tx.now,
        pack_id=pack.id,
        pack_version=pack.version,
    )
    tx.session.add(row)
    await tx.session.flush()
    # The kind may tell of a person's health, so deciders read it in the leave itself.
    case = await approvals.open(
        tx,
        workflow=rules.WORKFLOW,
        subject_type=SUBJECT,
        subject_id=row.id,
        subject_unit_no=dossier.unit_no,
        subject_person=dossier.person_id,
        facts={"days": days, "unit": unit},
    )
    if case is None:
        _decide(tx, row, "approved")
    else:
        row.case_id = case.id
    await tx.session.flush()
    return await _done(tx, row, "roster.leave.ask")


async def decided(tx: Transaction, case: CaseView) -> None:
    """The leave follows its case to its end."""
    row = await queries.get(tx, case.subject_id, lock=True)
    if row.state != "requested":
        return
    row.case_id = case.id
    _decide(tx, row, case.state)
    await tx.session.flush()
    await _done(tx, row, "roster.leave.decided")


async def withdraw(tx: Transaction, leave_id: UUID) -> LeaveView:
    """Take back one's own request while nobody has decided on it."""
    row = await queries.get(tx, leave_id)
    if row.case_id is None or row.state != "requested":
        raise WrongState
    await approvals.decide(tx, row.case_id, Action("withdraw", tx.context.actor))
    return queries.view(await queries.get(tx, leave_id, lock=True))


async def register_return(tx: Transaction, leave_id: UUID, body: Return) -> LeaveView:
    """Register that the worker is back (销假). Back early, the days not taken are given back; back late, the days
    over wait for a named official's determination and count as nothing until then."""
    seen = await queries.get(tx, leave_id)
    await dossier_queries.get(tx, seen.dossier_id, lock=True)
    row = await queries.get(tx, leave_id, lock=True)
    rules.check_return(row.state, row.valid_from, body.returned_on, tx.today)
    pack = await org.pack(tx)
    if body.returned_on < row.valid_before:
        row.taken_before = body.returned_on
        unit = queries.view(row).unit
        by_year = rules.count_by_year(unit, row.valid_from, body.returned_on, pack.calendar)
        row.days, row.days_by_year = sum(by_year.values()), {str(year): days for year, days in by_year.items()}
    elif body.returned_on > row.valid_before:
        row.overstayed_working_days = _working(pack, row.valid_before, body.returned_on)
        # A weekend between the last day and the return is no overstay.
        row.overstay = None if row.overstayed_working_days == 0 else "undetermined"
    row.state, row.returned_on, row.return_recorded_by = "returned", body.returned_on, tx.context.actor.user
    row.version += 1
    await tx.session.flush()
    return await _done(tx, row, "roster.leave.return")


async def settle_overstay(tx: Transaction, row: Leave, without_reason: bool) -> LeaveView:
    """Note what was determined of the days over; the caller holds the dossier's lock and records the finding."""
    row.overstay = "without_reason" if without_reason else "with_reason"
    row.version += 1
    await tx.session.flush()
    return queries.view(row)


async def state_earlier_work(tx: Transaction, dossier_id: UUID, body: EarlierWorkBody) -> EarlierWorkView:
    """State months of work with other employers, as a named official saw them proved."""
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    row = EarlierWork(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        months=body.months,
        evidence=body.evidence,
        stated_by=tx.context.actor.user,
        stated_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    facts = {"months": body.months}
    await audit(tx, "roster.leave.earlier_work", subject_type="dossier", subject_id=dossier.id, facts=facts)
    return EarlierWorkView.model_validate(row)


async def own_balance(tx: Transaction, year: int | None) -> BalanceView:
    """The balance of the person who asks."""
    return await balance(tx, (await dossier_queries.own(tx)).id, year)


async def balance(tx: Transaction, dossier_id: UUID, year: int | None) -> BalanceView:
    """Annual leave of a year (this one): entitled, taken, asked for, remaining, with the findings."""
    dossier = await dossier_queries.get(tx, dossier_id)
    if dossier.on_duty_from is None:
        raise WrongState
    shown = year or tx.today.year
    on = min(max(tx.today, date(shown, 1, 1)), date(shown, 12, 31))
    pack = await org.pack(tx)
    entitlement, years, months, counted_on = await _entitlement(tx, pack, dossier.id, shown, on)
    taken, requested = await _used(tx, dossier.id, shown)
    return BalanceView(
        dossier_id=dossier.id,
        year=shown,
        on=counted_on,
        cumulative_years=years,
        earlier_months=months,
        entitled=entitlement.days,
        pro_rata=entitlement.pro_rata,
        taken=taken,
        requested=requested,
        remaining=entitlement.days - taken - requested,
        findings=[finding.as_json() for finding in entitlement.findings],
    )


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring a dossier's leave under the unit that keeps it from now on (NM-23)."""
    await tx.session.flush()
    await queries.move(tx, dossier_id, unit_no)


async def kinds(tx: Transaction) -> list[LeaveKindView]:
    """The kinds of leave with their unit and the most days of one, today."""
    pack = await org.pack(tx)
    made = []
    for kind, label in rules.kinds(pack).items():
        limit = rules.limit_of(pack, kind, {}, tx.today)
        known = pack.parameter(f"leave.{kind}_unit", tx.today).state == "set"
        unit = rules.unit_of(pack, kind, tx.today) if known else None
        made.append(
            LeaveKindView(
                kind=kind,
                label_zh=label.zh,
                label_en=label.en,
                unit=unit,
                days=limit.days,
                articles=list(limit.articles),
            )
        )
    return made


async def _check_annual(tx: Transaction, pack: Pack, dossier_id: UUID, year: int, on: date, asked: int) -> None:
    entitlement, *_ = await _entitlement(tx, pack, dossier_id, year, on)
    taken, requested = await _used(tx, dossier_id, year)
    rules.check_balance(year, entitlement, taken + requested, asked)


async def _check_periodic(
    tx: Transaction,
    pack: Pack,
    dossier_id: UUID,
    body: LeaveRequest,
    label: Text,
    limit: rules.Limit,
    days: int,
) -> None:
    """Leave that is given for years together, or only after years of work (SH-17)."""
    asked = rules.years_asked(pack, body.kind, body.valid_from)
    if asked is not None:
        years, _ = await _years(tx, dossier_id, body.valid_from)
        rules.check_years(label, asked, years)
    span = rules.span_of(pack, body.kind, body.valid_from)
    if span is not None:
        first = body.valid_from.year - span + 1
        taken = await queries.of_dossier(tx, dossier_id, rules.LIVE, kind=body.kind)
        used = sum(row.days for row in taken if first <= row.valid_from.year <= body.valid_from.year)
        rules.check_span(label, limit, span, used, days)


async def _years(tx: Transaction, dossier_id: UUID, on: date) -> tuple[int, int]:
    """Cumulative years of work on that day, and the months with other employers among them."""
    stated = await queries.earlier_work(tx, dossier_id)
    months = stated.months if stated else 0
    # The worker is in post, so as many months later the roster alone would show the same sum.
    return (await appointment.service_years(tx, dossier_id, add_months(on, months))).cumulative_years, months


async def _entitlement(
    tx: Transaction, pack: Pack, dossier_id: UUID, year: int, on: date
) -> tuple[rules.Entitlement, int, int, date]:
    dossier = await dossier_queries.get(tx, dossier_id)
    counted_on = rules.counting_day(pack, on)
    years, months = await _years(tx, dossier.id, counted_on)
    joined = dossier.on_duty_from or counted_on
    return rules.annual(pack, year, on, years, joined), years, months, counted_on


async def _used(tx: Transaction, dossier_id: UUID, year: int) -> tuple[int, int]:
    rows = await queries.of_dossier(tx, dossier_id, rules.LIVE, kind=rules.ANNUAL)
    of_year = [(row.state, int(row.days_by_year.get(str(year), 0))) for row in rows]
    requested = sum(days for state, days in of_year if state == "requested")
    return sum(days for _, days in of_year) - requested, requested


def _working(pack: Pack, valid_from: date, before: date) -> int | None:
    try:
        return working_days_in(valid_from, before, pack.calendar)
    except CalendarMissing:
        # The return itself is a fact and is registered; how many working days were over is told once they are known.
        return None


def _decide(tx: Transaction, row: Leave, state: str) -> None:
    row.state, row.decided_on = state, tx.today
    row.version += 1


async def _done(tx: Transaction, row: Leave, action: str) -> LeaveView:
    facts = {"dossier_id": str(row.dossier_id), "state": row.state, "days": row.days}
    await audit(tx, action, subject_type=SUBJECT, subject_id=row.id, facts=facts)
    return queries.view(row)

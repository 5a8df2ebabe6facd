"""Computing, submitting and approving a month's payroll, and its corrections (SH-15, SH-16, NM-16 to NM-19).

A run computed again from the same facts has the same digest. Nobody is paid twice: a month has one regular run per
unit, a worker one regular slip per month, and a correction pays differences only.
"""

import dataclasses
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import orjson

from kernel.approvals.embed.schemas import CaseView
from kernel.context import EVERYTHING
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, Text, WrongState
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from services.roster.appointment import queries as appointment_queries
from services.roster.approvals import approvals
from services.roster.certificate import queries as certificate_queries
from services.roster.dossier import queries as dossier_queries
from services.roster.pay_terms import Terms, check_level, last_day, read_terms
from services.roster.payee import queries as payee_queries
from services.roster.payroll import queries, rules
from services.roster.payroll.schemas import CorrectionDraft, CostView, RunDraft, RunView, Submission
from services.roster.payroll.tables import PayRun
from services.roster.subsidy import queries as subsidy_queries

WORKFLOW = "payroll"
SUBJECT = "pay_run"
BORNE_BY = "pay.budget_levels"
MONTHS = 12
BATCH = 1_000
"""Workers computed at a time, so that memory does not grow with the unit."""


async def draft(tx: Transaction, body: RunDraft) -> RunView:
    """Compute the regular payroll of a unit of the scope.

    Raises `ParameterNotSet` naming every figure that nobody has set, `WrongState` where the month before is not
    approved, `Conflict` where the month has its run.
    """
    unit, month = await org.unit_in_scope(tx, body.unit_id), body.month.replace(day=1)
    terms = await _terms(tx, unit, month)
    last = await queries.last_regular(tx, unit.id)
    rules.check_month(month, body.pays_on, tx.today)
    rules.check_order(month, body.pays_on, None if last is None else (last.month, last.state, last.pays_on))
    return await _make(tx, unit, month, 0, body.pays_on, None, terms)


async def correct(tx: Transaction, body: CorrectionDraft) -> RunView:
    """Compute what an approved month ought to have been, and pay or take back the differences.

    Raises `WrongState` where the month is not paid or a correction is under way, `Conflict` where nothing differs.
    """
    unit, month = await org.unit_in_scope(tx, body.unit_id), body.month.replace(day=1)
    terms = await _terms(tx, unit, month)
    runs = await queries.runs_of(tx, unit.id, month)
    last = await queries.last_regular(tx, unit.id)
    rules.check_month(month, body.pays_on, tx.today)
    rules.check_correction([each.state for each in runs], body.pays_on, last.pays_on if last else None)
    made = await _make(tx, unit, month, len(runs), body.pays_on, body.reason, terms)
    if not made.people:
        raise Conflict(Text("该月没有需要更正的差额", "Nothing differs from what was paid for the month."))
    return made


async def recompute(tx: Transaction, run_id: UUID) -> RunView:
    """Compute a draft again from the facts as they stand; the same facts give the same digest."""
    run = await queries.run(tx, run_id, lock=True)
    _in_state(run, "draft")
    unit = await org.unit(tx, run.unit_id)
    await queries.clear(tx, run.id)
    await _fill(tx, run, unit, await _terms(tx, unit, run.month))
    return await _done(tx, run, "roster.payroll.recompute")


async def discard(tx: Transaction, run_id: UUID) -> RunView:
    """Throw a draft away, as one of the wrong month; what it was stays in the audit chain."""
    run = await queries.run(tx, run_id, lock=True)
    _in_state(run, "draft")
    view = await _done(tx, run, "roster.payroll.discard")
    await queries.discard(tx, run_id)
    return view


async def submit(tx: Transaction, run_id: UUID, body: Submission) -> RunView:
    """Submit the run as it was seen to whom the regulation lets approve it.

    Raises `WrongState` for a run that is not a draft, was computed anew meanwhile, or has slips that hinder it.
    """
    run = await queries.run(tx, run_id, lock=True)
    _in_state(run, "draft")
    if body.digest != run.digest:
        raise WrongState(Text("薪酬册已重新计算，请核对后再提交", "The run was computed anew; look at it first."))
    if run.problems or not run.people:
        raise WrongState(Text(f"有 {run.problems} 人的资料不全，不能提交", f"{run.problems} slips cannot be paid yet."))
    run.state = "submitted"
    facts = {"month": run.month.isoformat(), "people": run.people, "net": str(run.net), "digest": run.digest}
    case = await approvals.open(
        tx,
        workflow=WORKFLOW,
        subject_type=SUBJECT,
        subject_id=run.id,
        subject_unit_no=run.unit_no,
        facts=facts,
    )
    if case is None:
        await _approve(tx, run)
    else:
        run.case_id = case.id
    return await _done(tx, run, "roster.payroll.submit")


async def decided(tx: Transaction, case: CaseView) -> None:
    """An approved run holds for good; one that was rejected or withdrawn is a draft again."""
    run = await queries.run(tx, case.subject_id, lock=True)
    if run.state != "submitted":
        return
    if case.state == "approved":
        await _approve(tx, run)
    else:
        run.state, run.case_id = "draft", None
    await _done(tx, run, "roster.payroll.decided")


async def costs(tx: Transaction, year: int) -> list[CostView]:
    """What each unit of the scope paid in a year, who bears it by the regulation, and a year at the last rate."""
    runs = await queries.approved_of_year(tx, year)
    borne = (await org.pack(tx)).parameter(BORNE_BY, tx.today)
    units: dict[UUID, list[PayRun]] = {}
    for run in runs:
        units.setdefault(run.unit_id, []).append(run)
    levels = await org.units_by_no(tx, {run.unit_no for run in runs})
    found = []
    for unit_id, of_unit in units.items():
        regular = [run for run in of_unit if run.number == 0]
        income = sum((run.income for run in of_unit), Decimal("0.00"))
        employer = sum((run.employer for run in of_unit), Decimal("0.00"))
        found.append(
            CostView(
                unit_id=unit_id,
                unit_no=of_unit[0].unit_no,
                year=year,
                months=len(regular),
                people=regular[-1].people,
                income=income,
                employer=employer,
                total=income + employer,
                next_year=(regular[-1].income + regular[-1].employer) * MONTHS,
                next_income=regular[-1].income * MONTHS,
                borne_by=borne.texts() if borne.state == "set" else [],
                paid_by=levels[of_unit[0].unit_no].level,
                article=borne.article,
            )
        )
    return found


async def _approve(tx: Transaction, run: PayRun) -> None:
    run.state, run.approved_on = "approved", tx.today
    await queries.approve_slips(tx, run.id, tx.today)


async def _terms(tx: Transaction, unit: OrgUnit, month: date) -> Terms:
    on = last_day(month)
    pack = await org.pack(tx, on, unit_no=unit.unit_no)
    check_level(pack, unit.level, on)
    return read_terms(pack, month)


async def _make(
    tx: Transaction, unit: OrgUnit, month: date, number: int, pays_on: date, reason: str | None, terms: Terms
) -> RunView:
    pack = await org.pack(tx, last_day(month))
    zero = Decimal("0.00")
    run = PayRun(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_id=unit.id,
        unit_no=unit.unit_no,
        month=month,
        number=number,
        reason=reason,
        pays_on=pays_on,
        state="draft",
        digest="",
        people=0,
        problems=0,
        excluded={},
        income=zero,
        withheld=zero,
        net=zero,
        employer=zero,
        made_by=tx.context.actor.user,
        pack_id=pack.id,
        pack_version=pack.version,
        version=0,
    )
    tx.session.add(run)
    await tx.session.flush()
    await _fill(tx, run, unit, terms)
    return await _done(tx, run, "roster.payroll.draft")


async def _fill(tx: Transaction, run: PayRun, unit: OrgUnit, terms: Terms) -> None:
    """Compute the slips batch by batch, in the order of dossiers, so that the digest depends on content alone."""
    first, before = run.month, last_day(run.month) + timedelta(days=1)
    wide = await _widened(tx)
    serving = await appointment_queries.serving(wide, unit.unit_no, unit.last_no, first, before)
    await tx.under(tx.context)
    run.excluded = _excluded(serving, terms.schemes)
    ids = {dossier_id for dossier_id, category in serving if category in terms.schemes}
    if run.number:
        ids |= await queries.paid_dossiers(tx, run.unit_id, run.month)
    digest = hashlib.sha256(f"{run.month.isoformat()}|{run.number}|{run.pays_on.isoformat()}".encode())
    run.people = run.problems = 0
    run.income = run.withheld = run.net = run.employer = Decimal("0.00")
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        rows = await _batch(tx, run, unit, terms, ordered[start : start + BATCH])
        for row in rows:
            digest.update(_canonical(row))
            run.people += 1
            run.problems += bool(row["problems"])
            run.income += row["income"]
            run.withheld += row["withheld"]
            run.net += row["net"]
            run.employer += row["employer"]
        await queries.add_slips(tx, rows)
    run.digest = digest.hexdigest()
    grounds = {code: _ground(each) for code, each in terms.grounds.items()}
    await queries.keep_grounds(tx, run.id, grounds)


async def _batch(
    tx: Transaction, run: PayRun, unit: OrgUnit, terms: Terms, ids: Sequence[UUID]
) -> list[dict[str, Any]]:
    first, last, tax_year = run.month, last_day(run.month), run.pays_on.year
    # A worker who moved on since is read wherever the dossier is now; nothing of that unit is shown.
    wide = await _widened(tx)
    posts = await appointment_queries.during(wide, ids, first, last + timedelta(days=1))
    known = await dossier_queries.begun(wide, ids)
    certificates = await certificate_queries.held_on(wide, ids, last)
    wages = await payee_queries.years(wide, ids, first.year)
    openings = wages if tax_year == first.year else await payee_queries.years(wide, ids, tax_year)
    deductions = await payee_queries.deductions(wide, ids, first)
    subsidies = await subsidy_queries.decided(wide, ids, first)
    await tx.under(tx.context)
    to_date = await queries.year_to_date(tx, run.unit_id, tax_year, ids)
    paid = await queries.paid_lines(tx, run.unit_id, run.month, ids) if run.number else {}
    rows = []
    for dossier_id in ids:
        person_id, since = known[dossier_id]
        held = rules.last_post(posts.get(dossier_id, []), terms, first, last)
        here = held is not None and unit.unit_no <= held.community_no <= unit.last_no
        if held is None or not here:
            if dossier_id in paid:
                rows.append(_row(tx, run, _taken_back(terms, dossier_id, paid[dossier_id]), person_id, "", ""))
            continue
        earlier, opening, wage = to_date.get(dossier_id), openings.get(dossier_id), wages.get(dossier_id)
        new = since is not None and since.year == first.year
        payee = rules.Payee(
            dossier_id=dossier_id,
            role=held.role,
            category=held.category,
            certificates=certificates.get(dossier_id, {}),
            wage=wage.wage if wage else earlier.first_income if earlier and new else None,
            new=new,
            special=deductions.get(dossier_id, Decimal("0.00")),
            before=_before(earlier, opening),
            counts_month=dossier_id not in paid,
            part_month=held.part,
            subsidies=subsidies.get(dossier_id),
        )
        slip: rules.Slip | None = rules.compute(terms, payee)
        if run.number and slip is not None:
            slip = rules.difference(terms, slip, cast(Any, paid.get(dossier_id, {})))
        if slip is not None:
            rows.append(_row(tx, run, slip, person_id, held.role, held.category))
    return rows


def _taken_back(terms: Terms, dossier_id: UUID, paid: Mapping[tuple[str, str], Decimal]) -> rules.Slip:
    """A month was paid to somebody who, as it is known now, did not serve here in it."""
    nobody = rules.Slip(rules.Payee(dossier_id, "", "", counts_month=False), [], None, Decimal("0.00"))
    return rules.difference(terms, nobody, cast(Any, paid)) or nobody


def _before(earlier: queries.YearToDate | None, opening: payee_queries.YearFigures | None) -> rules.Cumulative:
    sums = rules.Cumulative()
    if opening is not None:
        sums = rules.Cumulative(opening.months, opening.income, opening.deducted, opening.special, opening.withheld)
    if earlier is None:
        return sums
    return rules.Cumulative(
        sums.months + int(earlier.months),
        sums.income + earlier.income,
        sums.deducted + earlier.deducted,
        sums.special + earlier.special,
        sums.withheld + earlier.withheld,
    )


def _row(tx: Transaction, run: PayRun, slip: rules.Slip, person_id: UUID, role: str, category: str) -> dict[str, Any]:
    income, withheld = slip.total("income"), slip.total("withheld")
    return {
        "tenant_id": tx.tenant,
        "run_id": run.id,
        "dossier_id": slip.payee.dossier_id,
        "unit_no": run.unit_no,
        "unit_id": run.unit_id,
        "person_id": person_id,
        "month": run.month,
        "regular": run.number == 0,
        "tax_year": run.pays_on.year,
        "counts_month": int(slip.payee.counts_month),
        "role": role,
        "category": category,
        "lines": [
            {"code": each.code, "side": each.side, "amount": str(each.amount), "facts": dict(each.facts)}
            for each in slip.lines
        ],
        "income": income,
        "withheld": withheld,
        "net": income - withheld,
        "employer": slip.total("employer"),
        "deducted": slip.deducted,
        "special": slip.special,
        "tax": withheld - slip.deducted,
        "base": slip.base,
        "flags": list(slip.flags),
        "problems": list(slip.problems),
    }


def _canonical(row: Mapping[str, Any]) -> bytes:
    content = {name: row[name] for name in ("role", "category", "lines", "flags", "problems")}
    content["dossier_id"] = str(row["dossier_id"])
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def _ground(ground: Any) -> dict[str, Any]:
    label = {"zh": ground.label.zh, "en": ground.label.en}
    return {"label": label, "article": ground.article, "words": ground.words, "source": ground.source}


def _excluded(serving: Iterable[tuple[UUID, str]], schemes: Collection[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for _, category in serving:
        if category not in schemes:
            counted[category] = counted.get(category, 0) + 1
    return counted


async def _widened(tx: Transaction) -> Transaction:
    return await tx.under(dataclasses.replace(tx.context, scope=EVERYTHING))


def _in_state(run: PayRun, state: str) -> None:
    if run.state != state:
        raise WrongState(Text("薪酬册已提交或已批准", "The run is submitted or approved already."))


async def _done(tx: Transaction, run: PayRun, action: str) -> RunView:
    run.version += 1
    await tx.session.flush()
    facts = {
        "month": run.month.isoformat(),
        "number": run.number,
        "state": run.state,
        "people": run.people,
        "digest": run.digest,
    }
    await audit(tx, action, subject_type=SUBJECT, subject_id=run.id, reason=run.reason, facts=facts)
    return RunView.model_validate(run)

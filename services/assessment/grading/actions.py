"""Moving a cycle on, confirming its grades, sealing it, and telling of years failed (NM-28, NM-37(2), SH-22, 23)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from contracts.assessment import FailedTwice, GradeConfirmed, GradesCounted
from kernel.approvals.embed.schemas import CaseView
from kernel.clock import SHANGHAI
from kernel.db.transaction import Transaction
from kernel.events.outbox import audit, emit
from kernel.org import queries as org
from kernel.regulation.counting import counter_findings
from kernel.regulation.pack import Pack
from kernel.schedule import actions as schedule
from services.assessment.approvals import approvals
from services.assessment.cycle import actions as cycles
from services.assessment.cycle import queries as cycle_queries
from services.assessment.cycle.queries import Cycle, CycleView, Result
from services.assessment.grading import queries, rules
from services.assessment.grading.schemas import Confirmation, StandingLine, StandingView
from services.assessment.method import CONFIRMATION, SCORING, SURVEY, Grade, Method
from services.assessment.scoring import actions as scoring
from services.assessment.survey import actions as surveys

WORKFLOW = "assessment_result"
"""Publicity and filing of the grades, where the regulation writes them."""
APPEALS_END = "assessment.appeals_end"
COUNT_YEARS = "assessment.count_years"


async def advance(tx: Transaction, cycle_id: UUID, named: str) -> CycleView:
    """End the stage that is named and begin the next, once what the stage gives is there.

    Raises `WrongState` with the article for another stage, `RuleRefused` while scores are missing or the survey is
    open.
    """
    cycle = await cycle_queries.view(tx, cycle_id)
    moved = await cycles.move_on(tx, cycle_id, named)
    stage = cycle.method.stage(named)
    if stage.kind == SCORING:
        await scoring.check_complete(tx, cycle_id, cycle.method, stage)
    if stage.kind == SURVEY:
        await surveys.check_closed(tx, cycle_id, stage)
    return moved


@dataclass(frozen=True, slots=True)
class _Reckoned:
    rows: list[Result]
    parts: dict[UUID, dict[str, Decimal]]
    composites: dict[UUID, Decimal]
    graded: dict[UUID, rules.Graded]
    short: int


async def _reckon(tx: Transaction, cycle_id: UUID, method: Method, *, lock: bool = False) -> _Reckoned:
    rows = await queries.open_results(tx, cycle_id, lock=lock)
    given = await queries.official_points(tx, rows)
    residents = await surveys.scores(tx, cycle_id)
    of_residents = method.components_of(method.of_kind(SURVEY))
    parts: dict[UUID, dict[str, Decimal]] = {}
    for row in rows:
        parts[row.id] = dict(given.get(row.id, {}))
        community = residents.get(row.unit_no)
        if community is not None and community.score is not None:
            parts[row.id] |= {component.code: community.score for component in of_residents}
    components = method.terms.components
    composites = {
        result: rules.compose(scores, components, method.terms.rounding)
        for result, scores in parts.items()
        if all(component.code in scores for component in components)
    }
    communities = {row.unit_no for row in rows} if of_residents else set()
    short = sum(unit_no not in residents or not residents[unit_no].enough for unit_no in communities)
    below = {each for each in composites if rules.below_least(parts[each], method)}
    return _Reckoned(rows, parts, composites, rules.grade_all(composites, method, below), short)


async def standing(tx: Transaction, cycle_id: UUID) -> StandingView:
    """How everybody stands who is not confirmed yet; nothing is stored."""
    cycle = await cycle_queries.view(tx, cycle_id)
    method = cycle.method
    cycles.stage_under_way(cycle, CONFIRMATION)
    found = await _reckon(tx, cycle_id, method)
    lines = []
    for row in found.rows:
        graded = found.graded.get(row.id)
        parts = found.parts[row.id]
        lines.append(
            StandingLine(
                result_id=row.id,
                unit_no=row.unit_no,
                person_id=row.person_id,
                parts=parts,
                missing=[each.code for each in method.terms.components if each.code not in parts],
                composite=found.composites.get(row.id),
                eligible=[grade.code for grade in graded.eligible] if graded else [],
                grade=graded.grade.code if graded and graded.grade else None,
                capped=graded is not None and graded.capped,
            )
        )
    pool = len(found.composites)
    free = None if method.cap is None else rules.places(pool, method.cap)
    return StandingView(items=lines, pool=pool, cap=method.cap, cap_article=method.cap_article, places=free)


async def confirm(tx: Transaction, cycle_id: UUID, body: Confirmation) -> CycleView:
    """Confirm the grades of the cycle in a post of the office that confirms.

    Raises `WrongState` in another stage, `RuleRefused` for another office, too few answers, missing scores or more top
    grades than the cap, `InvalidInput` for a choice outside the bounds. Then the grades go to publicity and filing
    where the regulation writes them, and are sealed when that and the time of appeals are over.
    """
    cycle = await cycle_queries.get(tx, cycle_id, lock=True)
    view = CycleView.model_validate(cycle)
    method = view.method
    cycles.may_act(tx, cycles.stage_under_way(view, CONFIRMATION))
    found = await _reckon(tx, cycle_id, method, lock=True)
    rules.check_sample(method, found.short)
    rules.check_graded(method, sum(row.id not in found.graded for row in found.rows))
    grades = {result: graded.grade for result, graded in found.graded.items()}
    reasons: dict[UUID, str] = {}
    for index, choice in enumerate(body.choices):
        rules.check_known(choice.result_id in grades, index)
        grades[choice.result_id] = rules.check_choice(choice.grade, found.graded[choice.result_id].eligible, index)
        reasons[choice.result_id] = choice.reason
    rules.check_graded(method, sum(grade is None for grade in grades.values()))
    rules.check_cap(method, sum(grade is not None and grade.outstanding for grade in grades.values()), len(grades))
    days = method.terms.appeal_days
    until = tx.today + timedelta(days=days) if days else None
    for row in found.rows:
        grade = grades[row.id]
        if grade is None:
            continue
        row.composite = found.composites[row.id]
        row.parts = {code: str(points) for code, points in found.parts[row.id].items()}
        row.grade, row.failing, row.outstanding = grade.code, grade.failing, grade.outstanding
        row.grade_reason = reasons.get(row.id)
        row.state, row.appeals_until = "confirmed", until
        row.version += 1
    actor = tx.context.actor
    cycle.confirmed_on, cycle.confirmed_by_post, cycle.confirmed_by_user = tx.today, actor.post, actor.user
    cycle.appeals_until = until
    await cycles.set_state(tx, cycle, "confirmed")
    facts = {"year": cycle.year, "graded": len(grades), "chosen": len(reasons)}
    await audit(tx, "assessment.grade.confirm", subject_type="cycle", subject_id=cycle.id, facts=facts)
    await _publish(tx, cycle, method)
    if cycle.appeals_until is not None:
        end = datetime.combine(cycle.appeals_until + timedelta(days=1), time(), SHANGHAI)
        await schedule.at(tx, APPEALS_END, end, unit_no=cycle.unit_no, payload={"cycle": str(cycle.id)})
    await settle(tx, cycle.id)
    return await cycle_queries.view(tx, cycle.id)


async def _publish(tx: Transaction, cycle: Cycle, method: Method) -> None:
    """Open publicity and filing where the regulation writes them; a case in which nothing blocks ends within `open`."""
    terms = method.terms
    times = {"publicity_days": terms.publicity_days, "publicity_unit": terms.publicity_unit}
    cycle.case_state = "open"
    await tx.session.flush()
    case = await approvals.open(
        tx,
        workflow=WORKFLOW,
        subject_type="cycle",
        subject_id=cycle.id,
        subject_unit_no=cycle.unit_no,
        facts={name: value for name, value in times.items() if value is not None},
    )
    if case is None:
        cycle.case_state = None
    else:
        cycle.case_id = case.id
    await tx.session.flush()


async def published(tx: Transaction, case: CaseView) -> None:
    """Follow publicity and filing: done, the cycle may be sealed; refused, its grades are confirmed anew."""
    cycle = await cycle_queries.get(tx, case.subject_id, lock=True)
    cycle.case_state = case.state
    await tx.session.flush()
    if case.state == "approved":
        if cycle.case_id is not None:
            await settle(tx, cycle.id)
        return
    for row in await cycle_queries.results(tx, cycle.id, "confirmed", lock=True):
        row.state, row.grade, row.grade_reason, row.failing, row.outstanding = "open", None, None, None, None
        row.composite, row.parts, row.appeals_until = None, None, None
        row.version += 1
    cycle.confirmed_on, cycle.appeals_until, cycle.case_id = None, None, None
    await cycles.set_state(tx, cycle, "open")


async def regrade(tx: Transaction, cycle: Cycle, row: Result, grade: Grade, reason: str) -> None:
    """Let another grade stand after an appeal; `RuleRefused` where that makes more top grades than the cap."""
    method = Method.model_validate(cycle.method)
    row.grade, row.failing, row.outstanding = grade.code, grade.failing, grade.outstanding
    row.grade_reason = reason
    await tx.session.flush()
    graded = await cycle_queries.results(tx, cycle.id, "confirmed")
    rules.check_cap(method, sum(each.outstanding is True for each in graded), len(graded))


async def settle(tx: Transaction, cycle_id: UUID) -> None:
    """Seal the cycle once publicity, filing and the time of appeals are over and no appeal waits; then tell."""
    cycle = await cycle_queries.get(tx, cycle_id, lock=True)
    if cycle.state != "confirmed" or cycle.case_state not in (None, "approved"):
        return
    if cycle.appeals_until is not None and tx.today <= cycle.appeals_until:
        return
    if await cycle_queries.open_appeals(tx, cycle.id):
        return
    await cycles.set_state(tx, cycle, "sealed", tx.today)
    rows = await cycle_queries.results(tx, cycle.id, "confirmed", lock=True)
    for row in rows:
        row.state = "sealed"
        row.version += 1
    await tx.session.flush()
    for row in rows:
        event = GradeConfirmed(
            person_id=str(row.person_id),
            dossier_id=str(row.dossier_id),
            year=row.year,
            grade=row.grade or "",
            failing=row.failing is True,
            outstanding=row.outstanding is True,
            community_unit_id=str(row.community_unit_id),
            community_unit_no=row.unit_no,
            confirmed_on=(cycle.confirmed_on or tx.today).isoformat(),
        )
        tx.position(await emit(tx, event, aggregate_id=row.id, unit_no=row.unit_no))
    await audit(tx, "assessment.cycle.seal", subject_type="cycle", subject_id=cycle.id, facts={"year": cycle.year})
    # By a timer, so with the sight of the whole tenant: an earlier year may lie in another county (NM-23).
    await schedule.at(tx, COUNT_YEARS, tx.now, unit_no=cycle.unit_no, payload={"cycle": str(cycle.id)})


async def count_years(tx: Transaction, cycle_id: UUID) -> None:
    """Count the years failed running of everybody graded in the cycle, and of later years sealed before it.

    Where the regulation makes so many a ground of exit, tell of it. A year without a grade breaks the run and is noted.
    """
    cycle = await cycle_queries.get(tx, cycle_id)
    pack = await org.pack_version(tx, cycle.pack_id, cycle.pack_version)
    for graded in await cycle_queries.results(tx, cycle_id, "sealed"):
        rows = await cycle_queries.listed_of(tx, graded.person_id)
        years = queries.failed_years(rows)
        for row in rows:
            if row.year >= graded.year and row.failing is True and row.state == "sealed":
                await _count(tx, pack, row, rules.failed_run(years, row.year))
        await _count_grades(tx, pack, rows, graded.year)


async def _count_grades(tx: Transaction, pack: Pack, rows: list[Result], since: int) -> None:
    """Tell of every counter of grades that is full in the year just sealed or one sealed before it."""
    values = queries.grades_by_year(rows)
    for row in rows:
        if row.year < since or row.state != "sealed":
            continue
        for counter, years, finding in counter_findings(pack, "grade", values, row.year):
            if finding.outcome != "met":
                continue
            event = GradesCounted(
                person_id=str(row.person_id),
                dossier_id=str(row.dossier_id),
                ground=counter.ground,
                years=years,
                article=finding.article or "",
            )
            await emit(tx, event, aggregate_id=row.id, unit_no=row.unit_no)


async def _count(tx: Transaction, pack: Pack, row: Result, run: rules.Run) -> None:
    if (row.run, row.broken_by) == (run.length, run.broken_by):
        return
    row.run, row.broken_by = run.length, run.broken_by
    row.version += 1
    await tx.session.flush()
    finding = rules.running(pack, run.length)
    facts = {"years": run.length, "broken_by": run.broken_by, "finding": finding.as_json() if finding else None}
    await audit(tx, "assessment.years.count", subject_type="result", subject_id=row.id, facts=facts)
    if finding is None or finding.outcome != "met":
        return
    event = FailedTwice(
        person_id=str(row.person_id),
        dossier_id=str(row.dossier_id),
        first_year=rules.first_year(pack, row.year),
        second_year=row.year,
        article=finding.article or "",
    )
    await emit(tx, event, aggregate_id=row.id, unit_no=row.unit_no)

"""Determining absence and overstayed leave, annulling a determination, and the counters (NM-27, SH-25(2)).

Where a regulation writes a limit, what is above it in working days opens the exit; the case is closed again where an
annulment takes its ground away.
"""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from kernel.calendar import CalendarMissing
from kernel.db.transaction import Transaction
from kernel.errors import WrongState
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.regulation.figures import Figure
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from services.roster.attendance import queries, rules
from services.roster.attendance.schemas import (
    AbsenceBody,
    AbsenceView,
    Annulment,
    CountersView,
    Ground,
    LimitView,
    OverstayFinding,
    OverstayView,
    ReviewFinding,
    ReviewView,
)
from services.roster.attendance.tables import Absence
from services.roster.dossier import queries as dossier_queries
from services.roster.dossier.tables import Dossier
from services.roster.exit import actions as exits
from services.roster.leave import actions as leave
from services.roster.leave import queries as leave_queries

WORKFLOW = "leave"


async def determine(tx: Transaction, body: AbsenceBody) -> AbsenceView:
    """Determine days of absence without valid reason, in the acting post's name.

    Raises `RuleRefused` where approved leave covers one of them, `Conflict` for a day determined already.
    """
    dossier = await dossier_queries.get(tx, body.dossier_id, lock=True)
    rules.check_days(dossier.on_duty_from, body.valid_from, body.valid_before, tx.today)
    row = await _add(tx, dossier, "unexcused", body.valid_from, body.valid_before, body.reason, None)
    await _watch(tx, row)
    return queries.view(row)


async def settle_overstay(tx: Transaction, leave_id: UUID, body: OverstayFinding) -> OverstayView:
    """Determine whether a leave was overstayed without valid reason; only then do the days count as absence."""
    seen = await leave_queries.get(tx, leave_id)
    dossier = await dossier_queries.get(tx, seen.dossier_id, lock=True)
    row = await leave_queries.get(tx, leave_id, lock=True)
    rules.check_overstay(row.overstay)
    absence = None
    if body.without_reason and row.returned_on is not None:
        absence = await _add(tx, dossier, "overstay", row.valid_before, row.returned_on, body.reason, row.id)
    shown = await leave.settle_overstay(tx, row, body.without_reason)
    if absence is not None:
        await _watch(tx, absence)
    facts = {"without_reason": body.without_reason, "days": shown.overstayed_days}
    await audit(tx, "roster.absence.overstay", subject_type="leave", subject_id=row.id, reason=body.reason, facts=facts)
    return OverstayView(id=row.id, leave=shown, absence=queries.view(absence) if absence is not None else None)


async def annul(tx: Transaction, absence_id: UUID, body: Annulment) -> AbsenceView:
    """Take a determination back; it stays on record and counts no longer."""
    seen = await queries.get(tx, absence_id)
    await dossier_queries.get(tx, seen.dossier_id, lock=True)
    row = await queries.get(tx, absence_id, lock=True)
    if row.annulled_at is not None:
        raise WrongState
    row.annulled_at, row.annulled_by, row.annulled_reason = tx.now, tx.context.actor.user, body.reason
    row.version += 1
    await tx.session.flush()
    await audit(tx, "roster.absence.annul", subject_type="absence", subject_id=row.id, reason=body.reason)
    await _unwatch(tx, row.dossier_id, row.valid_from.year)
    return queries.view(row)


async def counters(tx: Transaction, dossier_id: UUID, year: int | None, *, calendar_only: bool = False) -> CountersView:
    """Absence of a calendar year (this one) as it counts, beside the limits that the regulation writes, if any.

    Raises `CalendarMissing` where a limit has to be judged in a year whose calendar is not loaded; with
    `calendar_only` calendar days are counted and nothing is judged.
    """
    dossier = await dossier_queries.get(tx, dossier_id)
    pack = await org.pack(tx)
    shown = year or tx.today.year
    found = await _count(tx, pack, dossier.id, shown)
    made = [] if calendar_only else rules.findings(pack, found, tx.today)
    return CountersView(
        dossier_id=dossier.id,
        year=shown,
        days_in_year=found.days,
        working_days_in_year=found.working_days,
        longest_run=found.longest_run,
        longest_working_run=found.longest_working_run,
        longest_span=found.longest_span,
        days_in_twelve_months=found.in_twelve_months,
        in_a_row_over=_limit(pack.parameter(rules.IN_A_ROW, tx.today)),
        in_a_year_over=_limit(pack.parameter(rules.IN_A_YEAR, tx.today)),
        standing=rules.standing_of(made),
        findings=[each.as_json() for each in made],
    )


async def own_counters(tx: Transaction, year: int | None, *, calendar_only: bool = False) -> CountersView:
    """The counters of the person who asks."""
    return await counters(tx, (await dossier_queries.own(tx)).id, year, calendar_only=calendar_only)


async def review(tx: Transaction, dossier_id: UUID, body: ReviewFinding) -> ReviewView:
    """Find, in the acting post's name, whether absence above a limit in calendar days alone is the ground of exit.

    Raises `RuleRefused` where nothing is above a limit, `CalendarMissing` as `counters`.
    """
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    pack = await org.pack(tx)
    made = rules.findings(pack, await _count(tx, pack, dossier.id, body.year), tx.today)
    standing = rules.standing_of(made)
    rules.check_reviewed(standing, pack.parameter(rules.IN_A_ROW, tx.today).article)
    facts = {"dossier_id": str(dossier.id), "year": body.year, "ground": body.ground}
    await audit(
        tx, "roster.absence.review", subject_type="dossier", subject_id=dossier.id, reason=body.reason, facts=facts
    )
    opened = None
    if body.ground:
        told = _told(made, body.year) | {"reviewed": standing == "review"}
        opened = await _open(tx, pack, dossier.id, f"{body.year}:{new_id()}", told, body.reason)
    return ReviewView(dossier_id=dossier.id, year=body.year, standing=standing, ground=body.ground, exit_id=opened)


async def _count(tx: Transaction, pack: Pack, dossier_id: UUID, year: int) -> rules.Counters:
    granted = await leave_queries.granted(tx, dossier_id)
    days = rules.absent_days(await queries.standing(tx, dossier_id), granted)
    return rules.counters(days, year, pack.calendar, rules.excused_days(granted))


async def _watch(tx: Transaction, row: Absence) -> None:
    """Open the exit where the determination brings a year of it above a limit in working days."""
    pack = await org.pack(tx)
    for year in sorted({row.valid_from.year, row.valid_before.year}):
        made = await _judged(tx, pack, row.dossier_id, year)
        if made is not None and rules.standing_of(made) == "ground":
            await _open(tx, pack, row.dossier_id, f"{year}:{row.id}", _told(made, year), row.reason)
            return


async def _unwatch(tx: Transaction, dossier_id: UUID, year: int) -> None:
    """Close what absence opened where nothing is above a limit any more."""
    pack = await org.pack(tx)
    made = await _judged(tx, pack, dossier_id, year)
    if made is not None and rules.standing_of(made) in ("none", "warning"):
        figure = pack.parameter(rules.EXIT_GROUND, tx.today)
        if figure.state == "set":
            await exits.ground_gone(tx, dossier_id, figure.text(), year)


async def _judged(tx: Transaction, pack: Pack, dossier_id: UUID, year: int) -> list[Finding] | None:
    try:
        return rules.findings(pack, await _count(tx, pack, dossier_id, year), tx.today)
    except CalendarMissing:
        # The day of absence is a fact and is recorded; what follows from it is counted once the calendar is loaded.
        return None


async def _open(
    tx: Transaction, pack: Pack, dossier_id: UUID, cause: str, facts: Mapping[str, object], evidence: str
) -> UUID | None:
    ground = pack.parameter(rules.EXIT_GROUND, tx.today)
    if ground.state != "set":
        return None
    return await exits.counted(tx, dossier_id, ground.text(), cause, facts, evidence)


def _told(made: list[Finding], year: int) -> dict[str, object]:
    return {"year": year, "findings": [each.as_json() for each in made]}


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring a dossier's determinations under the unit that keeps it from now on (NM-23)."""
    await tx.session.flush()
    await queries.move(tx, dossier_id, unit_no)


async def _add(
    tx: Transaction,
    dossier: Dossier,
    ground: Ground,
    valid_from: date,
    before: date,
    reason: str,
    leave_id: UUID | None,
) -> Absence:
    pack = await org.pack(tx)
    on_leave = await leave_queries.overlaps(tx, dossier.id, valid_from, before, leave_queries.TAKEN)
    rules.check_not_on_leave(on_leave, _article(pack, tx.today))
    rules.check_free(await queries.overlaps(tx, dossier.id, valid_from, before))
    row = Absence(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        ground=ground,
        leave_id=leave_id,
        valid_from=valid_from,
        valid_before=before,
        reason=reason,
        determined_by=tx.context.actor.user,
        determined_in_post=tx.context.actor.post,
        determined_at=tx.now,
        pack_id=pack.id,
        pack_version=pack.version,
    )
    tx.session.add(row)
    await tx.session.flush()
    facts = {"dossier_id": str(dossier.id), "ground": ground, "days": (before - valid_from).days}
    await audit(tx, "roster.absence.determine", subject_type="absence", subject_id=row.id, facts=facts)
    return row


def _article(pack: Pack, on: date) -> str | None:
    limit = pack.parameter(rules.IN_A_ROW, on)
    if limit.state == "set":
        return limit.article
    workflow = pack.workflow(WORKFLOW)
    return workflow.article if workflow is not None else None


def _limit(figure: Figure) -> LimitView:
    days = figure.integer() if figure.state == "set" else None
    return LimitView(state=figure.state, days=days, article=figure.article)

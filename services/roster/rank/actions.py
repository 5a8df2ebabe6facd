"""Loading a ladder, placing and promoting workers on it, recognising a rank after a transfer (NM-23)."""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.assessment import GradeConfirmed
from kernel.approvals.embed.schemas import CaseView
from kernel.db.table import days
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, NotFound, Text, WrongState
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.regulation.pack import Pack
from services.roster.appointment import actions as appointment_actions
from services.roster.appointment import queries as appointment_queries
from services.roster.approvals import approvals
from services.roster.dossier import queries as dossier_queries
from services.roster.intake import queries as intake_queries
from services.roster.rank import queries, rules
from services.roster.rank.schemas import (
    EffectView,
    LadderDraft,
    LadderView,
    Placement,
    Promotion,
    RankGround,
    RanksView,
    RankView,
)
from services.roster.rank.tables import Ladder, RankHeld, Result


async def load(tx: Transaction, body: LadderDraft) -> LadderView:
    """Load a ladder for the level to which the regulation leaves it; unless a sample, it holds once approved.

    One that was returned is replaced by loading it anew for the same day, then its case is submitted again. `Conflict`
    where another holds from that day or is decided on.
    """
    pack = await org.pack(tx)
    rules.check_maker(pack, tx.today, tx.context.actor.level)
    held = await queries.ladder_from(tx, body.valid_from, lock=True)
    returned = held is not None and await queries.returned(tx, held)
    if held is not None and not returned and held.state not in rules.ENDED:
        raise Conflict(Text("同日起已有等级序列", "A ladder holds from the same day already."))
    row = await tx.session.merge(
        Ladder(
            tenant_id=tx.tenant,
            id=held.id if held else new_id(),
            name=body.id,
            title=body.title.model_dump(),
            source=body.source.model_dump(),
            sample=body.sample,
            grades=[each.model_dump() for each in body.grades],
            valid_from=body.valid_from,
            pack_id=pack.id,
            pack_version=pack.version,
            state="open",
            case_id=held.case_id if held else None,
        )
    )
    await tx.session.flush()
    facts = {"sample": body.sample, "grades": len(body.grades), "valid_from": body.valid_from.isoformat()}
    await audit(tx, "roster.ladder.load", subject_type="ladder", subject_id=row.id, facts=facts)
    if not returned:
        await _ask(tx, row, facts | {"title": row.title, "source": row.source})
    return LadderView.model_validate(row)


async def _ask(tx: Transaction, row: Ladder, facts: dict[str, Any]) -> None:
    """Open the case of a ladder; a sample, and one for which the regulation writes no case, holds at once."""
    unit_no = tx.context.actor.unit_no
    case = None
    if not row.sample and unit_no is not None:
        case = await approvals.open(
            tx,
            workflow=rules.WORKFLOW,
            subject_type="ladder",
            subject_id=row.id,
            subject_unit_no=unit_no,
            facts=facts,
        )
    row.case_id = case.id if case else None
    if case is None:
        row.state = "in_force"
    await tx.session.flush()


async def decided(tx: Transaction, case: CaseView) -> None:
    """Follow the case of a ladder to its end."""
    row = await queries.ladder(tx, case.subject_id)
    if row.state == "open":
        row.state = "in_force" if case.state == "approved" else case.state
        await tx.session.flush()


async def place(tx: Transaction, dossier_id: UUID, body: Placement) -> RankView:
    """Place a worker on a grade for the first time.

    Raises `ParameterNotSet` naming the level while no ladder is loaded, `RuleRefused` with the findings where the
    years do not reach, `WrongState` for one who has a grade.
    """
    pack, ladder = await _ground(tx, body.valid_from)
    if await queries.held(tx, dossier_id) is not None:
        raise WrongState(Text("该人员已定级，应办理晋升", "The worker has a grade; promotion is what changes it."))
    wanted = rules.asked(ladder.grades, body.grade)
    years = await appointment_actions.service_years(tx, dossier_id, body.valid_from)
    reached = await _reach(tx, pack, ladder, dossier_id, body.valid_from)
    findings = rules.placement(pack, wanted, years.cumulative_years, reached, body.valid_from)
    rules.refuse_unless_met(findings)
    shown = rules.shown(findings, ladder.sample)
    return await _hold(tx, dossier_id, ladder.id, body.grade, "placed", shown, body.reason, body.valid_from)


async def promote(tx: Transaction, dossier_id: UUID, body: Promotion) -> RankView:
    """Raise a worker to the next grade by years and the last yearly grade; refusals as of `place`."""
    pack, ladder = await _ground(tx, body.valid_from)
    years = await appointment_actions.service_years(tx, dossier_id, body.valid_from)
    rows = await queries.rows(tx, dossier_id)
    if not rows or rows[-1].period.upper is not None:
        raise WrongState(Text("该人员尚未定级", "The worker has no grade yet."))
    held = rows[-1]
    assert held.period.lower is not None  # noqa: S101 - a rank has a first day
    if body.valid_from <= held.period.lower:
        raise Conflict(Text("晋升日期应晚于现等级起算日", "Promotion comes after the first day of the present grade."))
    # A recognised grade was held before the transfer too.
    since = next(row.period.lower for row in rows if row.grade == held.grade and row.period.lower is not None)
    wanted = rules.asked(ladder.grades, held.grade + 1)
    last = (await queries.last_results(tx, [dossier_id], body.valid_from)).get(dossier_id)
    known = rules.LastGrade(last.year, last.failing, last.outstanding) if last else None
    reached = await _reach(tx, pack, ladder, dossier_id, body.valid_from)
    findings = rules.promotion(pack, wanted, years.cumulative_years, since, known, reached, body.valid_from)
    rules.refuse_unless_met(findings)
    held.period = days(held.period.lower, body.valid_from)
    await tx.session.flush()
    shown = rules.shown(findings, ladder.sample)
    return await _hold(tx, dossier_id, ladder.id, held.grade + 1, "promoted", shown, body.reason, body.valid_from)


async def recognise(tx: Transaction, dossier_id: UUID, unit_no: int, on: date, reason: str) -> RankView | None:
    """Keep the grade of a worker who was transferred, under the receiving unit; None for one without grade (NM-23)."""
    await queries.move(tx, dossier_id, unit_no)
    held = await queries.held(tx, dossier_id)
    if held is None:
        return None
    assert held.period.lower is not None  # noqa: S101 - a rank has a first day
    if on <= held.period.lower:
        return await queries.view(tx, held)
    figure = (await org.pack(tx)).parameter(rules.LADDER, on)
    finding: dict[str, Any] = {
        "rule": rules.LADDER,
        "article": figure.article,
        "words": None,
        "facts": {"grade": held.grade, "held_since": held.period.lower.isoformat()},
        "outcome": "met",
        "value": held.grade,
        "message": {"zh": "岗位等级互认", "en": "The rank is recognised."},
        "remarks": [],
    }
    held.period = days(held.period.lower, on)
    await tx.session.flush()
    return await _hold(tx, dossier_id, held.ladder_id, held.grade, "recognised", [finding], reason, on)


async def check_recognisable(tx: Transaction, grade: int) -> None:
    """Whether a grade held in another jurisdiction can be recognised on the ladder that holds here today.

    Raises `ParameterNotSet` (`NotRegulated` where the regulation knows no ranks) without a ladder, `InvalidInput` for
    a grade that it does not have.
    """
    _, ladder = await _ground(tx, tx.today)
    rules.asked(ladder.grades, grade)


async def recognise_foreign(tx: Transaction, dossier_id: UUID, grade: int, on: date, reason: str) -> RankView:
    """Give a worker from another jurisdiction the grade of this ladder, on the receiver's recorded recognition."""
    pack, ladder = await _ground(tx, on)
    rules.asked(ladder.grades, grade)
    finding: dict[str, Any] = {
        "rule": rules.LADDER,
        "article": pack.parameter(rules.LADDER, on).article,
        "words": None,
        "facts": {"grade": grade},
        "outcome": "met",
        "value": grade,
        "message": {"zh": "接收方认可其他辖区的岗位等级", "en": "The receiver recognises a rank held elsewhere."},
        "remarks": [],
    }
    return await _hold(tx, dossier_id, ladder.id, grade, "recognised", [finding], reason, on)


async def read(tx: Transaction, dossier_id: UUID) -> RanksView:
    """Grades in time and the yearly results; `NotFound` outside the scope."""
    await dossier_queries.get(tx, dossier_id)
    items = [await queries.view(tx, row) for row in await queries.rows(tx, dossier_id)]
    pack = await org.pack(tx)
    results = [
        each.model_copy(update={"effects": _effects(rules.effects(pack, each.grade, each.confirmed_on))})
        for each in await queries.results(tx, dossier_id)
    ]
    return RanksView(dossier_id=dossier_id, items=items, results=results)


def _effects(found: list[rules.Effect]) -> list[EffectView]:
    return [
        EffectView(code=each.code, label={"zh": each.label.zh, "en": each.label.en}, article=each.article)
        for each in found
    ]


async def own(tx: Transaction) -> RanksView:
    """Grades and results of the person who asks."""
    return await read(tx, (await dossier_queries.own(tx)).id)


async def grade_confirmed(tx: Transaction, told: GradeConfirmed) -> None:
    """Keep a yearly grade that assessment confirmed, beside the dossier; `NotFound` before the dossier is known."""
    dossier = await dossier_queries.get(tx, UUID(told.dossier_id))
    if str(dossier.person_id) != told.person_id:
        raise NotFound(cause="the result's person is not the dossier's")
    row = Result(
        tenant_id=tx.tenant,
        dossier_id=dossier.id,
        year=told.year,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        grade=told.grade,
        failing=told.failing,
        outstanding=told.outstanding,
        confirmed_on=date.fromisoformat(told.confirmed_on),
    )
    await queries.keep_result(tx, row)


async def _ground(tx: Transaction, on: date) -> tuple[Pack, Ladder]:
    rules.check_day(on, tx.today)
    pack = await org.pack(tx)
    ladder = await _own_ladder(tx, pack, on) or await queries.ladder_on(tx, on)
    rules.check_loaded(pack, on, ladder is not None)
    if ladder is None:
        raise NotFound(cause="no ladder is loaded")
    return pack, ladder


async def _own_ladder(tx: Transaction, pack: Pack, on: date) -> Ladder | None:
    """The ladder that the regulation writes itself, kept from its first day on when it is first needed."""
    grades = rules.own_ladder(pack, on)
    if grades is None:
        return None
    head = pack.document.pack
    title = {"zh": head.title.zh, "en": head.title.en}
    row = Ladder(
        tenant_id=tx.tenant,
        id=new_id(),
        name=pack.id,
        title=title,
        source=title,
        sample=False,
        grades=grades,
        valid_from=head.effective,
        pack_id=pack.id,
        pack_version=pack.version,
    )
    return await queries.keep_ladder(tx, row)


async def _reach(tx: Transaction, pack: Pack, ladder: Ladder, dossier_id: UUID, on: date) -> rules.Reach:
    roles = {row.role for row in await appointment_queries.held_on(tx, dossier_id, on)}
    education = (await intake_queries.background(tx, dossier_id)).education_code
    return rules.reach(pack, len(ladder.grades), roles, education, on)


async def _hold(
    tx: Transaction,
    dossier_id: UUID,
    ladder_id: UUID,
    grade: int,
    ground: RankGround,
    findings: list[dict[str, Any]],
    reason: str,
    on: date,
) -> RankView:
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    row = RankHeld(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        ladder_id=ladder_id,
        grade=grade,
        ground=ground,
        findings=findings,
        reason=reason,
        period=days(on, None),
    )
    tx.session.add(row)
    await tx.session.flush()
    facts = {"grade": grade, "ground": ground, "valid_from": on.isoformat(), "ladder_id": str(ladder_id)}
    action = f"roster.rank.{ground}"
    await audit(tx, action, subject_type="dossier", subject_id=dossier_id, reason=reason, facts=facts)
    return await queries.view(tx, row)

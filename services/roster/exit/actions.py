"""The procedure of an exit, from the ground to the decision, appeal and tolerance (NM-36, NM-37, SH-25; LCL-40)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts.assessment import FailedTwice, GradesCounted, ProbationAssessed
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, InvalidInput, NotFound, Text
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.privacy.fields import protect, reveal
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from services.roster import hearing
from services.roster.compensation import actions as compensation_actions
from services.roster.compensation.actions import Computed
from services.roster.compensation.schemas import CompensationQuestion, CompensationView
from services.roster.contract import queries as contract_queries
from services.roster.dossier import queries as dossier_queries
from services.roster.ending import actions as ending_actions
from services.roster.exit import queries, rules
from services.roster.exit.schemas import Decision, ExitBody, ExitFile, ExitView, FitnessBody, GroundFinding
from services.roster.exit.tables import Exit, ExitAct
from services.roster.hearing_forms import ActView, Answer, OwnAnswer, Serving, Statement, ToleranceFinding

WORDS = "roster_exit_act.words"


async def put_forward(tx: Transaction, body: ExitBody) -> ExitView:
    """Open a case on a ground that the township puts forward with evidence.

    Raises `RuleRefused` for a ground that an assessment opens, `Conflict` where there is nothing to leave.
    """
    rules.check_opened_by_township(await org.pack(tx), body.ground)
    row = await _open(tx, body.dossier_id, body.ground, None, {})
    if row is None:
        raise Conflict
    await _act(tx, row, "evidence", tx.today, {}, body.evidence)
    return await _done(tx, row, "roster.exit.open")


async def probation_assessed(tx: Transaction, told: ProbationAssessed) -> None:
    """Open the ground of a failed probation (NM-37(1)), if it was decided on or before the last day of probation."""
    if told.passed:
        return
    contract = await contract_queries.get(tx, UUID(told.contract_id))
    decided = date.fromisoformat(told.decided_on)
    if contract.probation_before is None or decided >= contract.probation_before:
        facts = {"decided_on": told.decided_on}
        await audit(tx, "roster.exit.probation_late", subject_type="contract", subject_id=contract.id, facts=facts)
        return
    facts = {"decided_on": told.decided_on, "contract_id": told.contract_id}
    await _open(tx, UUID(told.dossier_id), "probation_failed", told.contract_id, facts)


async def failed_twice(tx: Transaction, told: FailedTwice) -> None:
    """Open the ground of two failed years running (NM-37(2)), once for the same two years."""
    facts = {"first_year": told.first_year, "second_year": told.second_year}
    await _open(tx, UUID(told.dossier_id), "failed_two_years", f"{told.first_year}-{told.second_year}", facts)


async def grades_counted(tx: Transaction, told: GradesCounted) -> None:
    """Open the ground that a counter of grades makes, once for the same years."""
    cause = ",".join(map(str, told.years))
    await _open(tx, UUID(told.dossier_id), told.ground, cause, {"years": told.years})


async def counted(
    tx: Transaction, dossier_id: UUID, ground: str, cause: str, facts: Mapping[str, Any], evidence: str
) -> UUID | None:
    """Open the ground that counted absence makes (SH-25(2)); None where a case on it goes on, or nothing can end.

    Who determined the absence opened the case, so somebody else decides on it.
    """
    if await queries.pending(tx, dossier_id, ground) is not None:
        return None
    row = await _open(tx, dossier_id, ground, cause, facts)
    if row is None:
        return None
    await _act(tx, row, "evidence", tx.today, {}, evidence)
    return row.id


async def ground_gone(tx: Transaction, dossier_id: UUID, ground: str, year: int) -> None:
    """Close the undecided case whose counted days of that year do not stand any more."""
    row = await queries.pending(tx, dossier_id, ground)
    if row is None or row.state not in rules.OPEN or row.facts.get("year") != year:
        return
    await _act(tx, row, "ground_gone", tx.today, {"year": year}, None)
    await _moved(tx, row, "not_pursued", "roster.exit.ground_gone")


async def _open(
    tx: Transaction, dossier_id: UUID, ground: str, cause: str | None, facts: Mapping[str, Any]
) -> Exit | None:
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    pack = await org.pack(tx)
    if cause is not None and not rules.knows(pack, ground):
        # An assessment may tell of what this regulation attaches no exit to.
        await audit(tx, "roster.exit.no_ground", subject_type="dossier", subject_id=dossier.id, facts=facts)
        return None
    relation = await ending_actions.relation_of(tx, dossier.id)
    if relation is None or dossier.left_on is not None:
        if cause is not None:
            # The worker has left before the news came; there is nothing to open, and that goes on record.
            await audit(tx, "roster.exit.nothing_to_end", subject_type="dossier", subject_id=dossier.id, facts=facts)
            return None
        raise Conflict(Text("该人员当前没有任职或者劳动合同", "The worker holds neither post nor contract."))
    row = Exit(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        ground=ground,
        cause=cause,
        relation=relation,
        facts=dict(facts),
        state="opened",
        opened_on=tx.today,
        opened_by=tx.context.actor.user,
        pack_id=pack.id,
        pack_version=pack.version,
    )
    if not await queries.add(tx, row):
        return None
    stored = await queries.get(tx, row.id, lock=True)
    if cause is not None:
        await _done(tx, stored, "roster.exit.open")
    return stored


async def serve(tx: Transaction, exit_id: UUID, body: Serving) -> ExitView:
    """Record that the reasons were served: when, and on whom."""
    row = await _held(tx, exit_id)
    rules.check_state(await _pack(tx, row), row.state, "opened")
    hearing.check_day("/served_on", body.served_on, row.opened_on, tx.today)
    await _act(tx, row, "reasons", body.served_on, {"served_to": body.served_to}, body.reasons)
    return await _moved(tx, row, "reasons_served", "roster.exit.serve")


async def hear(tx: Transaction, exit_id: UUID, body: Answer) -> ExitView:
    """Record the worker's answer as the township heard it, or that it was waived."""
    return await _hear(tx, exit_id, body, body.heard_on)


async def answer(tx: Transaction, exit_id: UUID, body: OwnAnswer) -> ExitView:
    """Answer the reasons served on oneself, or waive it."""
    return await _hear(tx, exit_id, body, tx.today)


async def _hear(tx: Transaction, exit_id: UUID, body: OwnAnswer, on: date) -> ExitView:
    row = await _held(tx, exit_id)
    rules.check_state(await _pack(tx, row), row.state, "reasons_served")
    [*_, served] = await queries.acts(tx, row.id, "reasons")
    hearing.check_day("/heard_on", on, served.done_on, tx.today)
    await _act(tx, row, "answer", on, {"waived": body.waived}, body.statement)
    return await _moved(tx, row, "heard", "roster.exit.hear")


async def find(tx: Transaction, exit_id: UUID, body: GroundFinding) -> ExitView:
    """Find on each part of the ground, after the answer; of a two-part ground both must be found (NM-37(4))."""
    row = await _held(tx, exit_id)
    pack = await _pack(tx, row)
    rules.check_state(pack, row.state, "heard")
    hearing.check_waits(pack, row.claim_open)
    article = pack.parameter(rules.GROUND_RULES).article
    found = hearing.check_parts(rules.parts_of(pack, row.ground), body.parts, article)
    await _act(tx, row, "finding", tx.today, {"parts": body.parts, "found": found}, body.reason)
    return await _done(tx, row, "roster.exit.find")


async def record_fitness(tx: Transaction, exit_id: UUID, body: FitnessBody) -> ExitView:
    """Record the training or transfer given after the ground arose, and whether the worker is still unfit (LCL-40)."""
    row = await _held(tx, exit_id)
    rules.check_state(await _pack(tx, row), row.state, *rules.OPEN)
    hearing.check_day("/began_on", body.began_on, row.opened_on, tx.today)
    hearing.check_day("/ended_on", body.ended_on, body.began_on, tx.today)
    facts = {
        "measure": body.measure,
        "began_on": body.began_on.isoformat(),
        "ended_on": body.ended_on.isoformat(),
        "still_unfit": body.still_unfit,
    }
    await _act(tx, row, "fitness", tx.today, facts, body.reason)
    return await _done(tx, row, "roster.exit.fitness")


async def decide(tx: Transaction, exit_id: UUID, body: Decision) -> ExitView:
    """Decide: a contract ends with the last day; for an office the recall or removal is opened, never completed.

    Raises `WrongState` in another order (NM-37) or while a claim of tolerance is open (NM-36), `RuleRefused` with
    findings where the ground is not found, the path of LCL-40(2) was not gone, or an office would be ended.
    """
    row = await _held(tx, exit_id)
    pack = await _pack(tx, row)
    office = rules.is_office(pack, row.relation)
    if office and (row.state == "procedure_opened" or body.last_day is not None):
        raise rules.refuse_completion(pack, row.relation)
    rules.check_state(pack, row.state, "heard")
    hearing.check_waits(pack, row.claim_open)
    rules.check_decider(pack, row.opened_by, tx.context.actor.user)
    if body.outcome == "not_pursued":
        await _act(tx, row, "decision", tx.today, {"outcome": body.outcome}, body.reason)
        return await _moved(tx, row, "not_pursued", "roster.exit.decide")
    if office:
        findings = [rules.check_ground(pack, await _standing(tx, row)), rules.office_finding(pack, row.relation)]
    else:
        last_day = _last_day(body, tx.today)
        ground = rules.statute_ground(pack, row.ground, body.statute_ground)
        findings = rules.check_decision(
            pack,
            await _standing(tx, row),
            body.notice,
            last_day,
            tx.today,
            without_fault=await compensation_actions.asks_notice(tx, ground, last_day),
        )
        findings += (await _compensation(tx, row, pack, ground, last_day, body.notice))[1]
        row.last_day = last_day
    facts = {
        "outcome": body.outcome,
        "last_day": row.last_day.isoformat() if row.last_day else None,
        "notice": body.notice,
        "findings": [each.as_json() for each in findings],
    }
    await _act(tx, row, "decision", tx.today, facts, body.reason)
    if row.last_day is not None:
        before = row.last_day + timedelta(days=1)
        await ending_actions.fix(tx, row.dossier_id, matter_id=row.id, ground="exit", ends_before=before)
    return await _moved(tx, row, "procedure_opened" if office else "decided", "roster.exit.decide")


async def compensation(
    tx: Transaction, exit_id: UUID, last_day: date, notice: rules.NoticeKind, stated: str | None
) -> CompensationView:
    """What would be due if the case were decided so; nothing is stored. Raises `RuleRefused` (NM-37) for an office."""
    row = await queries.get(tx, exit_id)
    pack = await _pack(tx, row)
    if rules.is_office(pack, row.relation):
        raise rules.refuse_completion(pack, row.relation)
    ground = rules.statute_ground(pack, row.ground, stated)
    computed, findings = await _compensation(tx, row, pack, ground, last_day, notice)
    return compensation_actions.shown(row.dossier_id, row.relation, ground, last_day, computed, findings)


async def _compensation(
    tx: Transaction, row: Exit, pack: Pack, ground: str | None, last_day: date, notice: rules.NoticeKind
) -> tuple[Computed | None, list[Finding]]:
    """Compensation by the statute's ground, or that nobody has named it; nothing under a regulation of before."""
    if not await compensation_actions.known_here(tx):
        return None, []
    if ground is None:
        return None, rules.ground_unnamed(pack, row.relation)
    asked = CompensationQuestion(ground=ground, last_day=last_day, instead_of_notice=notice == "pay")
    computed = await compensation_actions.compute(tx, row.dossier_id, asked, pointer="/statute_ground")
    return computed, computed.findings if computed else []


def _last_day(body: Decision, today: date) -> date:
    if body.last_day is None or body.last_day < today:
        message = Text("应写明不早于今天的最后一日", "Give the last day, today at the earliest.")
        raise InvalidInput(message, errors=[FieldError("/last_day", message)])
    return body.last_day


async def _standing(tx: Transaction, row: Exit) -> rules.Standing:
    found = await queries.acts(tx, row.id, "finding")
    fitness = await queries.acts(tx, row.id, "fitness")
    return rules.Standing(
        row.ground,
        row.relation,
        row.state,
        row.claim_open,
        row.opened_by,
        bool(found[-1].facts["found"]) if found else None,
        fitness[-1].facts if fitness else None,
        bool(row.facts.get("reviewed")),
    )


async def appeal(tx: Transaction, exit_id: UUID, body: Statement) -> ExitView:
    """Record one's appeal against the decision; remedies by law stay open beside it."""
    row = await _held(tx, exit_id)
    rules.check_state(await _pack(tx, row), row.state, "decided", "procedure_opened")
    await _act(tx, row, "appeal", tx.today, {}, body.statement)
    return await _done(tx, row, "roster.exit.appeal")


async def claim_tolerance(tx: Transaction, exit_id: UUID, body: Statement) -> ExitView:
    """Claim tolerance of the error on which the case rests; while it is undecided the case waits (NM-36)."""
    row = await _held(tx, exit_id)
    pack = await _pack(tx, row)
    hearing.check_tolerance(pack, _article(pack))
    rules.check_state(pack, row.state, *rules.OPEN)
    hearing.check_waits(pack, row.claim_open)
    await _act(tx, row, "claim", tx.today, {}, body.statement)
    row.claim_open = True
    return await _moved(tx, row, row.state, "roster.exit.claim_tolerance")


async def find_tolerance(tx: Transaction, exit_id: UUID, body: ToleranceFinding) -> ExitView:
    """Find on a claim: with all four parts the error may not be used and the case is closed, else it goes on.

    Raises `RuleRefused` where the regulation knows no tolerance, `WrongState` (NM-36) where no claim waits.
    """
    row = await _held(tx, exit_id)
    pack = await _pack(tx, row)
    listed = hearing.check_tolerance(pack, _article(pack))
    hearing.check_claimed(listed, row.claim_open)
    upheld = hearing.check_parts(list(listed.items), body.parts, listed.article)
    facts = {"organ": body.organ, "parts": body.parts, "upheld": upheld}
    await _act(tx, row, "claim_finding", tx.today, facts, body.reason)
    row.claim_open = False
    return await _moved(tx, row, "tolerated" if upheld else row.state, "roster.exit.find_tolerance")


async def read_file(tx: Transaction, exit_id: UUID) -> ExitFile:
    """The whole case; an official's reading is audited. A person sees it once reasons were served."""
    row = await queries.get(tx, exit_id)
    official = tx.context.actor.kind == "official"
    if not official and row.state == "opened":
        raise NotFound
    acts = []
    for each in await queries.acts(tx, row.id):
        words = None
        if each.words is not None:
            words = await reveal(tx, row.person_id, column=WORDS, row_id=each.id, stored=each.words)
        acts.append(ActView(kind=each.kind, done_on=each.done_on, facts=each.facts, words=words))
    if official:
        await audit(tx, "roster.exit.read_file", subject_type="exit", subject_id=row.id)
    [view] = await queries.views(tx, [row])
    return ExitFile(**view.model_dump(), acts=acts)


async def _pack(tx: Transaction, row: Exit) -> Pack:
    """The version under which the case was opened: it keeps it to its end (P5)."""
    return await org.pack_version(tx, row.pack_id, row.pack_version)


def _article(pack: Pack) -> str | None:
    return pack.parameter(rules.BY_LEVEL).article


async def _held(tx: Transaction, exit_id: UUID) -> Exit:
    seen = await queries.get(tx, exit_id)
    # The dossier first, as everywhere: whoever writes its periods holds it.
    await dossier_queries.get(tx, seen.dossier_id, lock=True)
    return await queries.get(tx, exit_id, lock=True)


async def _act(tx: Transaction, row: Exit, kind: str, on: date, facts: Mapping[str, Any], words: str | None) -> None:
    act_id = new_id()
    stored = None
    if words is not None:
        stored = await protect(tx, row.person_id, column=WORDS, row_id=act_id, value=words)
    act = ExitAct(
        tenant_id=tx.tenant,
        id=act_id,
        exit_id=row.id,
        unit_no=row.unit_no,
        person_id=row.person_id,
        kind=kind,
        done_on=on,
        facts=dict(facts),
        words=stored,
        done_by=tx.context.actor.user,
        at=tx.now,
    )
    tx.session.add(act)
    await tx.session.flush()


async def _moved(tx: Transaction, row: Exit, state: str, action: str) -> ExitView:
    row.state = state
    row.version += 1
    await tx.session.flush()
    return await _done(tx, row, action)


async def _done(tx: Transaction, row: Exit, action: str) -> ExitView:
    facts = {"dossier_id": str(row.dossier_id), "ground": row.ground, "state": row.state}
    await audit(tx, action, subject_type="exit", subject_id=row.id, facts=facts)
    [view] = await queries.views(tx, [row])
    return view

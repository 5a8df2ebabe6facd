"""The life of a case from its opening to the review; it waits for tolerance (SH-24, NM-36, NM-38)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.privacy.fields import protect, reveal
from kernel.regulation.pack import Pack
from services.roster import hearing
from services.roster.discipline import queries, rules
from services.roster.discipline.schemas import (
    AppealReview,
    BreachFinding,
    CaseDecision,
    CaseOpening,
    DisciplineFile,
    DisciplineView,
)
from services.roster.discipline.tables import DisciplineAct, DisciplineCase
from services.roster.dossier import queries as dossier_queries
from services.roster.hearing_forms import ActView, Answer, OwnAnswer, Serving, Statement, ToleranceFinding

SUBJECT = "discipline"
WORDS = "roster_discipline_act.words"


async def open_case(tx: Transaction, body: CaseOpening) -> DisciplineView:
    """Open a case with its evidence; `NotRegulated` where the regulation does not speak of discipline."""
    dossier = await dossier_queries.get(tx, body.dossier_id, lock=True)
    pack = await org.pack(tx)
    rules.parts_of(pack, body.breach)
    row = DisciplineCase(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        breach=body.breach,
        state="opened",
        opened_on=tx.today,
        opened_by=tx.context.actor.user,
        pack_id=pack.id,
        pack_version=pack.version,
    )
    tx.session.add(row)
    await tx.session.flush()
    await _act(tx, row, "evidence", tx.today, {}, body.evidence)
    return await _done(tx, row, "open")


async def serve(tx: Transaction, case_id: UUID, body: Serving) -> DisciplineView:
    """Record that facts and reasons were told to the worker: when, and to whom."""
    row, _ = await _held(tx, case_id, "opened")
    hearing.check_day("/served_on", body.served_on, row.opened_on, tx.today)
    await _act(tx, row, "reasons", body.served_on, {"served_to": body.served_to}, body.reasons)
    return await _moved(tx, row, "reasons_served", "serve")


async def hear(tx: Transaction, case_id: UUID, body: Answer) -> DisciplineView:
    """Record the worker's answer, or that it was waived."""
    return await _hear(tx, case_id, body, body.heard_on)


async def answer(tx: Transaction, case_id: UUID, body: OwnAnswer) -> DisciplineView:
    """Answer the reasons served on oneself, or waive it."""
    return await _hear(tx, case_id, body, tx.today)


async def _hear(tx: Transaction, case_id: UUID, body: OwnAnswer, on: date) -> DisciplineView:
    row, _ = await _held(tx, case_id, "reasons_served")
    [*_, served] = await queries.acts(tx, row.id, "reasons")
    hearing.check_day("/heard_on", on, served.done_on, tx.today)
    await _act(tx, row, "answer", on, {"waived": body.waived}, body.statement)
    return await _moved(tx, row, "heard", "hear")


async def find(tx: Transaction, case_id: UUID, body: BreachFinding) -> DisciplineView:
    """Find on each part of the breach, after the answer."""
    row, pack = await _held(tx, case_id, "heard")
    hearing.check_waits(pack, row.claim_open)
    found = hearing.check_parts(rules.parts_of(pack, row.breach), body.parts, rules.rows(pack).article)
    await _act(tx, row, "finding", tx.today, {"parts": body.parts, "found": found}, body.reason)
    return await _done(tx, row, "find")


async def decide(tx: Transaction, case_id: UUID, body: CaseDecision) -> DisciplineView:
    """Decide, by another than who opened: gravity and effect, or not pursued.

    Raises `WrongState` while a claim of tolerance is open (NM-36), `RuleRefused` where not all of the breach was found
    or the effect does not answer to the gravity.
    """
    row, pack = await _held(tx, case_id, "heard")
    hearing.check_waits(pack, row.claim_open)
    rules.check_other(pack, row.opened_by, tx.context.actor.user)
    row.decided_on, row.decided_by = tx.today, tx.context.actor.user
    facts: dict[str, Any] = {"outcome": body.outcome}
    if body.outcome == "effect":
        found = [each.facts["found"] for each in await queries.acts(tx, row.id, "finding")]
        finding = rules.check_found(pack, row.breach, found[-1] if found else None)
        rules.check_effect(pack, body.severity, body.effect, body.document)
        row.severity, row.effect = body.severity, body.effect
        facts |= {"severity": body.severity, "effect": body.effect, "document": body.document}
        facts["findings"] = [finding.as_json()]
    await _act(tx, row, "decision", tx.today, facts, body.reason)
    return await _moved(tx, row, "decided" if body.outcome == "effect" else "not_pursued", "decide")


async def appeal(tx: Transaction, case_id: UUID, body: Statement) -> DisciplineView:
    """Appeal against the decision on oneself."""
    row, _ = await _held(tx, case_id, "decided")
    await _act(tx, row, "appeal", tx.today, {}, body.statement)
    return await _done(tx, row, "appeal")


async def review(tx: Transaction, case_id: UUID, body: AppealReview) -> DisciplineView:
    """Decide on an appeal, by another than who decided; upheld, the effect falls."""
    row, pack = await _held(tx, case_id, "decided")
    rules.check_appealed(pack, bool(await queries.acts(tx, row.id, "appeal")))
    rules.check_other(pack, row.decided_by, tx.context.actor.user)
    if body.upheld:
        row.severity = row.effect = None
    await _act(tx, row, "review", tx.today, {"upheld": body.upheld}, body.reason)
    return await _moved(tx, row, "reviewed", "review")


async def claim_tolerance(tx: Transaction, case_id: UUID, body: Statement) -> DisciplineView:
    """Claim tolerance of the error on which the case rests; while it is undecided the case waits (NM-36)."""
    row, pack = await _held(tx, case_id, *rules.OPEN)
    hearing.check_tolerance(pack, rules.rows(pack).article)
    hearing.check_waits(pack, row.claim_open)
    await _act(tx, row, "claim", tx.today, {}, body.statement)
    row.claim_open = True
    return await _moved(tx, row, row.state, "claim_tolerance")


async def find_tolerance(tx: Transaction, case_id: UUID, body: ToleranceFinding) -> DisciplineView:
    """Find on a claim: with all parts the error may not be used and the case is closed, else it goes on (NM-36)."""
    row, pack = await _held(tx, case_id, *rules.OPEN)
    listed = hearing.check_tolerance(pack, rules.rows(pack).article)
    hearing.check_claimed(listed, row.claim_open)
    upheld = hearing.check_parts(list(listed.items), body.parts, listed.article)
    await _act(
        tx, row, "claim_finding", tx.today, {"organ": body.organ, "parts": body.parts, "upheld": upheld}, body.reason
    )
    row.claim_open = False
    return await _moved(tx, row, "tolerated" if upheld else row.state, "find_tolerance")


async def read_file(tx: Transaction, case_id: UUID) -> DisciplineFile:
    """The whole case; an official's reading is audited. A person sees it once reasons were served."""
    row = await queries.get(tx, case_id)
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
        await audit(tx, "roster.discipline.read_file", subject_type=SUBJECT, subject_id=row.id)
    return DisciplineFile(**DisciplineView.model_validate(row).model_dump(), acts=acts)


async def _held(tx: Transaction, case_id: UUID, *states: str) -> tuple[DisciplineCase, Pack]:
    """The case, locked and in one of these states, and the version of the regulation under which it was opened."""
    row = await queries.get(tx, case_id, lock=True)
    pack = await org.pack_version(tx, row.pack_id, row.pack_version)
    rules.check_state(pack, row.state, *states)
    return row, pack


async def _act(
    tx: Transaction, row: DisciplineCase, kind: str, on: date, facts: Mapping[str, Any], words: str | None
) -> None:
    act_id = new_id()
    stored = None
    if words is not None:
        stored = await protect(tx, row.person_id, column=WORDS, row_id=act_id, value=words)
    act = DisciplineAct(
        tenant_id=tx.tenant,
        id=act_id,
        case_id=row.id,
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


async def _moved(tx: Transaction, row: DisciplineCase, state: str, act: str) -> DisciplineView:
    row.state = state
    row.version += 1
    await tx.session.flush()
    return await _done(tx, row, act)


async def _done(tx: Transaction, row: DisciplineCase, act: str) -> DisciplineView:
    facts = {"dossier_id": str(row.dossier_id), "breach": row.breach, "state": row.state, "effect": row.effect}
    await audit(tx, f"roster.discipline.{act}", subject_type=SUBJECT, subject_id=row.id, facts=facts)
    return DisciplineView.model_validate(row)

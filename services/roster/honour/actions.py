"""Putting workers forward, determining the conditions, approval, and the outcome (NM-33 to NM-35, SH-19)."""

from uuid import UUID

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.events.outbox import audit
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from services.roster.approvals import approvals
from services.roster.dossier import queries as dossier_queries
from services.roster.honour import queries, rules
from services.roster.honour.schemas import HonourDetermination, HonourOutcome, HonourProposal, HonourView
from services.roster.honour.tables import Honour, HonourFinding
from services.roster.rank import queries as rank_queries

SUBJECT = "honour"


async def propose(tx: Transaction, body: HonourProposal) -> HonourView:
    """Put a worker forward; `NotRegulated` for a measure that the regulation does not know."""
    dossier = await dossier_queries.get(tx, body.dossier_id, lock=True)
    pack = await org.pack(tx)
    rules.check_kind(rules.listed(pack, body.measure), body.kind, body.title)
    row = Honour(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        state="proposed",
        proposed_on=tx.today,
        pack_id=pack.id,
        pack_version=pack.version,
        **body.model_dump(),
    )
    tx.session.add(row)
    await tx.session.flush()
    return await _done(tx, row, "roster.honour.propose")


async def determine(tx: Transaction, honour_id: UUID, body: HonourDetermination) -> HonourView:
    """Record what a named official determines, before it is submitted; a clear fact is never overruled."""
    row = await queries.get(tx, honour_id, lock=True)
    rules.check_state(row.state, "proposed")
    article = rules.check_open(await _pack(tx, row), row.measure, body.rule)
    finding = HonourFinding(
        tenant_id=tx.tenant,
        honour_id=row.id,
        unit_no=row.unit_no,
        person_id=row.person_id,
        determined_by=tx.context.actor.user,
        determined_at=tx.now,
        **body.model_dump(),
    )
    await queries.keep(tx, finding)
    facts = {"rule": body.rule, "article": article, "outcome": body.outcome}
    await audit(tx, "roster.honour.determine", subject_type=SUBJECT, subject_id=row.id, reason=body.reason, facts=facts)
    return await view(tx, row)


async def submit(tx: Transaction, honour_id: UUID) -> HonourView:
    """Submit for approval; `RuleRefused` with every finding unless all conditions are met."""
    row = await queries.get(tx, honour_id, lock=True)
    rules.check_state(row.state, "proposed")
    rules.check_met(await _findings(tx, row, await _pack(tx, row)))
    row.state = "submitted"
    case = await approvals.open(
        tx,
        workflow=rules.WORKFLOW,
        subject_type=SUBJECT,
        subject_id=row.id,
        subject_unit_no=row.unit_no,
        subject_person=row.person_id,
        facts={"measure": row.measure, "kind": row.kind},
    )
    if case is None:
        row.state = "approved"
    else:
        row.case_id = case.id
    return await _moved(tx, row, "roster.honour.submit")


async def decided(tx: Transaction, case: CaseView) -> None:
    """It follows its case."""
    row = await queries.get(tx, case.subject_id, lock=True)
    if row.state == "submitted":
        row.state = case.state
        await _moved(tx, row, "roster.honour.decided")


async def record_outcome(tx: Transaction, honour_id: UUID, body: HonourOutcome) -> HonourView:
    """Record what the organ decided to whom the worker was recommended: electors, a congress, whoever commends."""
    row = await queries.get(tx, honour_id, lock=True)
    rules.check_state(row.state, "approved")
    rules.check_day(body.decided_on, row.proposed_on, tx.today)
    row.state = "granted" if body.granted else "not_granted"
    row.organ, row.decided_on, row.document = body.organ, body.decided_on, body.document
    return await _moved(tx, row, "roster.honour.outcome")


async def listed(tx: Transaction, paging: Paging, *, dossier_id: UUID | None, state: str | None) -> Page[HonourView]:
    """Those of the scope."""
    rows, following = await queries.page(tx, paging, dossier_id=dossier_id, state=state)
    return Page[HonourView](items=[await view(tx, row) for row in rows], next=following)


async def own(tx: Transaction) -> list[HonourView]:
    """Those of the person who asks."""
    return [await view(tx, row) for row in await queries.own(tx)]


async def view(tx: Transaction, row: Honour) -> HonourView:
    """The row with its label and the findings as they stand."""
    pack = await _pack(tx, row)
    label = rules.label(rules.listed(pack, row.measure), row.kind, row.title)
    found = [each.as_json() for each in await _findings(tx, row, pack)]
    return HonourView.model_validate(row.model_dump() | {"label": label, "findings": found})


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring a dossier's honours under the unit that keeps it."""
    await queries.move(tx, dossier_id, unit_no)


async def _pack(tx: Transaction, row: Honour) -> Pack:
    return await org.pack_version(tx, row.pack_id, row.pack_version)


async def _findings(tx: Transaction, row: Honour, pack: Pack) -> list[Finding]:
    last = (await rank_queries.last_results(tx, [row.dossier_id], row.proposed_on)).get(row.dossier_id)
    grade = (last.outstanding, last.failing) if last is not None else None
    return rules.findings(pack, row.measure, grade, await queries.determined(tx, row.id), row.proposed_on)


async def _moved(tx: Transaction, row: Honour, action: str) -> HonourView:
    row.version += 1
    await tx.session.flush()
    return await _done(tx, row, action)


async def _done(tx: Transaction, row: Honour, action: str) -> HonourView:
    facts = {"dossier_id": str(row.dossier_id), "measure": row.measure, "kind": row.kind, "state": row.state}
    await audit(tx, action, subject_type=SUBJECT, subject_id=row.id, facts=facts)
    return await view(tx, row)

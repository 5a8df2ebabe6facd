"""Proposing subsidies and following their approval; the payroll of the month pays what was approved (NM-18)."""

from datetime import date
from uuid import UUID

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.events.outbox import audit
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.ids import new_id
from kernel.org import queries as org
from services.roster.approvals import approvals
from services.roster.dossier import queries as dossier_queries
from services.roster.subsidy import queries, rules
from services.roster.subsidy.schemas import SubsidyProposal, SubsidyView
from services.roster.subsidy.tables import Subsidy

SUBJECT = "subsidy"


async def propose(tx: Transaction, body: SubsidyProposal) -> SubsidyView:
    """Propose a subsidy; `NotRegulated` where the regulation writes of none, `InvalidInput` before the task is over."""
    dossier = await dossier_queries.get(tx, body.dossier_id, lock=True)
    pack = await org.pack(tx)
    rules.check_occasion(rules.occasions(pack), body.occasion)
    rules.check_days(body.on_task_before, body.month, tx.today)
    row = Subsidy(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        state="proposed",
        proposed_on=tx.today,
        pack_id=pack.id,
        pack_version=pack.version,
        **body.model_dump() | {"month": body.month.replace(day=1)},
    )
    tx.session.add(row)
    await tx.session.flush()
    case = await approvals.open(
        tx,
        workflow=rules.WORKFLOW,
        subject_type=SUBJECT,
        subject_id=row.id,
        subject_unit_no=row.unit_no,
        subject_person=row.person_id,
        facts={"occasion": row.occasion, "amount": str(row.amount), "month": row.month.isoformat()},
    )
    if case is None:
        row.state, row.decided_on = "approved", tx.today
    else:
        row.case_id = case.id
    await tx.session.flush()
    return await _done(tx, row, "roster.subsidy.propose")


async def decided(tx: Transaction, case: CaseView) -> None:
    """It follows its case; a month that was paid already is corrected by a run of its own."""
    row = await queries.get(tx, case.subject_id, lock=True)
    if row.state == "proposed":
        row.state, row.decided_on = case.state, tx.today
        row.version += 1
        await tx.session.flush()
        await _done(tx, row, "roster.subsidy.decided")


async def listed(tx: Transaction, paging: Paging, *, dossier_id: UUID | None, month: date | None) -> Page[SubsidyView]:
    """Those of the scope."""
    rows, following = await queries.page(tx, paging, dossier_id=dossier_id, month=month)
    return Page[SubsidyView](items=[await view(tx, row) for row in rows], next=following)


async def own(tx: Transaction) -> list[SubsidyView]:
    """Those of the person who asks."""
    return [await view(tx, row) for row in await queries.own(tx)]


async def view(tx: Transaction, row: Subsidy) -> SubsidyView:
    """The row with the words of the article that it rests on."""
    listed = rules.occasions(await org.pack_version(tx, row.pack_id, row.pack_version))
    label = listed.items[row.occasion].label
    shown = {"label": {"zh": label.zh, "en": label.en}, "article": listed.article}
    return SubsidyView.model_validate(row.model_dump() | shown)


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring a dossier's subsidies under the unit that keeps it."""
    await queries.move(tx, dossier_id, unit_no)


async def _done(tx: Transaction, row: Subsidy, action: str) -> SubsidyView:
    facts = {"dossier_id": str(row.dossier_id), "occasion": row.occasion, "state": row.state}
    await audit(tx, action, subject_type=SUBJECT, subject_id=row.id, reason=row.document, facts=facts)
    return await view(tx, row)

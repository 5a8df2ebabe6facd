"""Drafting, changing, discarding and signing contracts (NM-12, SH-2, SH-8)."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.roster import ContractSigned
from kernel.db.table import days
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, NotFound, Text, WrongState
from kernel.events.outbox import audit, emit
from kernel.http.etag import check_version
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.regulation.pack import Pack
from services.roster.changes import contract_written
from services.roster.contract import queries, rules
from services.roster.contract.schemas import ContractDraft, ContractTerms, ContractView
from services.roster.contract.tables import Contract
from services.roster.dossier import queries as dossier_queries

Ground = Literal["transfer", "resignation", "retirement", "exit"]


async def draft(tx: Transaction, body: ContractDraft) -> ContractView:
    """Draft a contract for a dossier in the scope, after every rule of contract law and the regulation.

    Raises `InvalidInput` for missing contents, `RuleRefused` with the article, `Conflict` where another contract of
    the worker covers a day of the term.
    """
    pack = await org.pack(tx)
    dossier = await dossier_queries.get(tx, body.dossier_id, lock=True)
    employer_unit_no = await _check(tx, pack, dossier.id, body, None)
    row = Contract(
        tenant_id=tx.tenant,
        id=new_id(),
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        employer_unit_no=employer_unit_no,
        probation_before=rules.probation_end(body.term.valid_from, body.probation_months),
        state="draft",
        pack_id=pack.id,
        pack_version=pack.version,
        **queries.columns_of(body),
    )
    tx.session.add(row)
    await tx.session.flush()
    await _written(tx, row)
    return await _done(tx, row, "roster.contract.draft")


async def change(tx: Transaction, contract_id: UUID, version: int, body: ContractTerms) -> ContractView:
    """Replace what a draft says; `WrongState` once the employer has signed. Other refusals as of `draft`."""
    pack = await org.pack(tx)
    row = await _draft(tx, contract_id, version)
    row.employer_unit_no = await _check(tx, pack, row.dossier_id, body, row.id)
    for name, value in queries.columns_of(body).items():
        setattr(row, name, value)
    row.probation_before = rules.probation_end(body.term.valid_from, body.probation_months)
    row.pack_id, row.pack_version = pack.id, pack.version
    row.version += 1
    await tx.session.flush()
    await _written(tx, row)
    return await _done(tx, row, "roster.contract.change")


async def discard(tx: Transaction, contract_id: UUID, version: int) -> None:
    """Remove a draft; a signed contract stays."""
    row = await _draft(tx, contract_id, version)
    await tx.session.delete(row)
    await tx.session.flush()
    await audit(tx, "roster.contract.discard", subject_type="contract", subject_id=contract_id)


async def sign_for_employer(tx: Transaction, contract_id: UUID) -> ContractView:
    """Sign in a post of the contract party: the draft becomes an offer that can no longer change."""
    seen = await queries.get(tx, contract_id)
    await dossier_queries.get(tx, seen.dossier_id, lock=True)
    row = await queries.get(tx, contract_id, lock=True)
    figure = rules.party_level(await org.pack(tx), tx.today)
    rules.check_signatory(figure, row.employer_unit_no, tx.context.actor.unit_no)
    if row.state != "draft":
        raise WrongState(Text("用人单位已签署", "The employer has signed already."), article=figure.article)
    row.state = "offered"
    row.employer_signed_at = tx.now
    row.employer_signed_by = tx.context.actor.user
    row.version += 1
    await tx.session.flush()
    await _written(tx, row)
    return await _done(tx, row, "roster.contract.sign_for_employer")


async def sign_as_worker(tx: Transaction, contract_id: UUID) -> ContractView:
    """Sign one's own contract after the employer: it is in force for its term, and roster says so."""
    row = await queries.get(tx, contract_id, lock=True)
    if row.state != "offered":
        raise WrongState(
            Text("合同尚未由用人单位签署或已生效", "The employer has not signed yet, or the contract is in force.")
        )
    row.state = "in_force"
    row.worker_signed_at = tx.now
    row.version += 1
    await tx.session.flush()
    view = queries.view(row)
    signed = ContractSigned(
        contract_id=str(row.id),
        person_id=str(row.person_id),
        employer_unit_id=str(row.employer_unit_id),
        term_kind=row.term_kind,
        valid_from=view.term.valid_from.isoformat(),
        valid_before=view.term.valid_before.isoformat() if view.term.valid_before else None,
        probation_before=row.probation_before.isoformat() if row.probation_before else None,
        community_unit_no=row.unit_no,
        relation=row.relation,
    )
    tx.position(await emit(tx, signed, aggregate_id=row.dossier_id, unit_no=row.unit_no))
    return await _done(tx, row, "roster.contract.sign_as_worker")


async def end_with(tx: Transaction, dossier_id: UUID, on: date, ground: Ground = "transfer") -> None:
    """End what was agreed with the present employer on the day a transfer or an end of work takes effect; what had not
    begun is void.

    The next employer concludes a contract of its own: another pair of employer and worker (LCL-19).
    """
    for row in await queries.lasting(tx, dossier_id, on):
        assert row.period.lower is not None  # noqa: S101 - a term has a first day
        facts = {"dossier_id": str(dossier_id), "state": row.state, "ends_before": on.isoformat()}
        if row.period.lower < on:
            row.agreed_before = row.period.upper
            row.period = days(row.period.lower, on)
            row.version += 1
        else:
            await tx.session.delete(row)
        await audit(tx, f"roster.contract.end_with_{ground}", subject_type="contract", subject_id=row.id, facts=facts)
    await tx.session.flush()


async def _check(tx: Transaction, pack: Pack, dossier_id: UUID, terms: ContractTerms, besides: UUID | None) -> int:
    """Every rule on what is agreed; the dossier is locked. Answers the employer's unit number."""
    dossier = await dossier_queries.get(tx, dossier_id)
    rules.check_relation(pack, dossier.category, terms.relation, terms.relation_basis)
    figure = rules.party_level(pack, tx.today)
    party = await org.ancestor(tx, dossier.unit_no, figure.text())
    rules.check_party(pack, figure, party.id if party else None, terms.employer_unit_id)
    if party is None:
        raise NotFound
    rules.check_contents(pack, terms.contents)
    term, months = terms.term, terms.probation_months
    if rules.binds(pack, terms.relation):
        rules.check_probation(pack, term.kind, term.valid_from, term.valid_before, months)
        earlier = await queries.probations(tx, dossier_id, terms.employer_unit_id, besides)
        rules.check_only_probation(pack, tx.today, earlier, months)
        penalty = terms.penalty
        rules.check_penalty(
            pack,
            tx.today,
            rules.Penalty(penalty.ground, penalty.amount, penalty.training_cost) if penalty is not None else None,
        )
    rules.check_no_probation(pack, terms.relation, months)
    if await queries.overlaps(tx, dossier_id, term, besides):
        raise Conflict(
            Text("该人员在此期间已有合同", "The worker has a contract for part of this term already."),
            article=figure.article,
        )
    return party.unit_no


async def _written(tx: Transaction, row: Contract) -> None:
    assert row.period.lower is not None  # noqa: S101 - a term has a first day
    await contract_written.tell(tx, row.id, row.period.lower)


async def _draft(tx: Transaction, contract_id: UUID, version: int) -> Contract:
    seen = await queries.get(tx, contract_id)
    # The dossier first, as everywhere: whoever writes its periods holds it.
    await dossier_queries.get(tx, seen.dossier_id, lock=True)
    row = await queries.get(tx, contract_id, lock=True)
    check_version(row.version, version)
    if row.state != "draft":
        raise WrongState(Text("合同已签署，不能修改", "A signed contract does not change."))
    return row


async def _done(tx: Transaction, row: Contract, action: str) -> ContractView:
    facts = {"dossier_id": str(row.dossier_id), "state": row.state, "probation_months": row.probation_months}
    if row.relation != rules.RELATION:
        facts |= {"relation": row.relation, "relation_basis": row.relation_basis}
    if row.fixed_term_reason is not None:
        facts |= {"fixed_term_reason": row.fixed_term_reason}
    await audit(tx, action, subject_type="contract", subject_id=row.id, facts=facts)
    return queries.view(row)

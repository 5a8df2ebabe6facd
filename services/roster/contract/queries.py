"""SQL of labour contracts."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlalchemy.dialects.postgresql import Range
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from services.roster.contract.schemas import (
    ContractState,
    ContractTerms,
    ContractView,
    TermBody,
)
from services.roster.contract.tables import Contract

_LIST = Listing(
    ContractView,
    Contract,
    reckoned=("term", "fixed_term_basis", "penalty"),
    beside=[
        Contract.term_kind,
        Contract.period,
        Contract.fixed_term_reason,
        Contract.fixed_term_record,
        Contract.penalty_ground,
        Contract.penalty_amount,
        Contract.penalty_training_cost,
    ],
)


def view(row: Contract) -> ContractView:
    """The row as it is shown."""
    return ContractView.model_validate(row.model_dump() | _reckoned(row))


def _reckoned(row: Any) -> dict[str, object]:
    penalty = None
    if row.penalty_ground is not None:
        penalty = {
            "ground": row.penalty_ground,
            "amount": row.penalty_amount,
            "training_cost": row.penalty_training_cost,
        }
    basis = None
    if row.fixed_term_reason is not None:
        basis = {"reason": row.fixed_term_reason, "record": row.fixed_term_record}
    term = {"kind": row.term_kind, "valid_from": row.period.lower, "valid_before": row.period.upper}
    return {"term": term, "fixed_term_basis": basis, "penalty": penalty}


def period_of(term: TermBody) -> "Range[date]":
    """The term as the database keeps it."""
    return Range(term.valid_from, term.valid_before, bounds="[)")


def columns_of(terms: ContractTerms) -> dict[str, Any]:
    """What the parties agreed, as columns."""
    penalty, basis = terms.penalty, terms.fixed_term_basis
    return {
        "employer_unit_id": terms.employer_unit_id,
        "relation": terms.relation,
        "relation_basis": terms.relation_basis,
        "conclusion": terms.conclusion,
        "term_kind": terms.term.kind,
        "period": period_of(terms.term),
        "fixed_term_reason": basis.reason if basis else None,
        "fixed_term_record": basis.record if basis else None,
        "probation_months": terms.probation_months,
        "contents": dict(terms.contents),
        "penalty_ground": penalty.ground if penalty else None,
        "penalty_amount": penalty.amount if penalty else None,
        "penalty_training_cost": penalty.training_cost if penalty else None,
    }


async def get(tx: Transaction, contract_id: UUID, *, lock: bool = False) -> Contract:
    """The row; `NotFound` outside the scope, and for a person where it is another's."""
    statement = select(Contract).where(col(Contract.id) == contract_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def page(
    tx: Transaction, paging: Paging, *, dossier_id: UUID | None, state: ContractState | None
) -> Listed[ContractView]:
    """The contracts of the scope, by unit and age."""
    scope = tx.context.scope
    statement = _LIST.select().where(col(Contract.unit_no).between(scope.lo, scope.hi))
    if dossier_id is not None:
        statement = statement.where(col(Contract.dossier_id) == dossier_id)
    if state is not None:
        statement = statement.where(col(Contract.state) == state)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Contract.unit_no), col(Contract.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Contract.unit_no), col(Contract.id)).limit(paging.limit + 1))
    return _LIST.page(paging, rows.all(), lambda row: (row.unit_no, row.id), _reckoned)


async def own(tx: Transaction) -> list[ContractView]:
    """The contracts put before the person who asks; drafts are the employer's until it has signed."""
    rows = await tx.session.execute(select(Contract).where(col(Contract.state) != "draft").order_by(col(Contract.id)))
    return [view(row) for row in rows.scalars()]


async def overlaps(tx: Transaction, dossier_id: UUID, term: TermBody, besides: UUID | None) -> bool:
    """Whether another contract of the dossier covers a day of the term."""
    statement = (
        select(func.count())
        .select_from(Contract)
        .where(col(Contract.dossier_id) == dossier_id, col(Contract.period).op("&&")(period_of(term)))
    )
    if besides is not None:
        statement = statement.where(col(Contract.id) != besides)
    return bool((await tx.session.execute(statement)).scalar_one())


async def probations(tx: Transaction, dossier_id: UUID, employer_unit_id: UUID, besides: UUID | None) -> int:
    """How many other contracts of the worker with that employer have a probation."""
    statement = (
        select(func.count())
        .select_from(Contract)
        .where(
            col(Contract.dossier_id) == dossier_id,
            col(Contract.employer_unit_id) == employer_unit_id,
            col(Contract.probation_months) > 0,
        )
    )
    if besides is not None:
        statement = statement.where(col(Contract.id) != besides)
    return int((await tx.session.execute(statement)).scalar_one())


async def in_force_on(tx: Transaction, dossier_id: UUID, on: date) -> ContractView | None:
    """The contract signed by both sides whose term covers that day."""
    found = await tx.session.execute(
        select(Contract).where(
            col(Contract.dossier_id) == dossier_id,
            col(Contract.state) == "in_force",
            col(Contract.period).contains(on),
        )
    )
    row = found.scalar_one_or_none()
    return None if row is None else view(row)


async def signed(tx: Transaction, dossier_ids: Sequence[UUID]) -> dict[UUID, list[Contract]]:
    """The contracts of several workers that both sides have signed, in the order of their terms."""
    found = await tx.session.execute(
        select(Contract)
        .where(col(Contract.dossier_id).in_(dossier_ids), col(Contract.state) == "in_force")
        .order_by(col(Contract.period), col(Contract.id))
    )
    contracts: dict[UUID, list[Contract]] = {}
    for row in found.scalars():
        contracts.setdefault(row.dossier_id, []).append(row)
    return contracts


async def followed(tx: Transaction, row: Contract) -> bool:
    """Whether another contract with the same employer, signed by both sides, begins where this one ends."""
    statement = (
        select(func.count())
        .select_from(Contract)
        .where(
            col(Contract.dossier_id) == row.dossier_id,
            col(Contract.employer_unit_id) == row.employer_unit_id,
            col(Contract.state) == "in_force",
            func.lower(col(Contract.period)) == row.period.upper,
        )
    )
    return bool((await tx.session.execute(statement)).scalar_one())


async def first_day_in_force(tx: Transaction, dossier_id: UUID) -> date | None:
    """First day of the earliest contract signed by both sides; None where none is."""
    found = await tx.session.execute(
        select(func.min(func.lower(col(Contract.period)))).where(
            col(Contract.dossier_id) == dossier_id, col(Contract.state) == "in_force"
        )
    )
    day: date | None = found.scalar_one_or_none()
    return day


async def lasting(tx: Transaction, dossier_id: UUID, on: date) -> list[Contract]:
    """The contracts of a dossier whose term reaches to that day or beyond it, whatever their state."""
    found = await tx.session.execute(
        select(Contract).where(
            col(Contract.dossier_id) == dossier_id,
            func.coalesce(func.upper(col(Contract.period)), date.max) > on,
        )
    )
    return list(found.scalars())

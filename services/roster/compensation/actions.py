"""Computing compensation for a worker whose contract ends, or would end (LCL-46, LCL-47, LCL-97, LCR-12, LCR-27)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import Conflict, Text
from kernel.org import queries as org
from kernel.regulation.findings import Finding
from kernel.regulation.national.compensation import (
    Ended,
    compensation_findings,
    ends_by_notice,
    ground_row,
    is_known,
)
from services.roster.compensation import rules
from services.roster.compensation.schemas import CompensationQuestion, CompensationView, PayMonthView
from services.roster.dossier import queries as dossier_queries
from services.roster.payroll import queries as payroll_queries
from services.roster.tenure import actions as tenure_actions


@dataclass(frozen=True, slots=True)
class Computed:
    """What compensation comes to, with the months of pay it is taken of."""

    relation: str
    worked_from: date
    months: list[tuple[date, Decimal | None]]
    findings: list[Finding]


async def ask(tx: Transaction, dossier_id: UUID, body: CompensationQuestion) -> CompensationView:
    """What would be due if the worker's contract ended so; nothing is stored.

    Raises `Conflict` where the worker was not employed here by that day, `InvalidInput` for a ground that the statute
    does not know, `ParameterNotSet` under a version of the regulation from before this was asked.
    """
    dossier = await dossier_queries.read(tx, dossier_id)
    computed = await compute(tx, dossier.id, body)
    if computed is None:
        raise Conflict(Text("该人员在此日之前没有在本单位工作", "The worker was not employed here by that day."))
    stated = body.monthly_pay is not None
    return shown(
        dossier.id, computed.relation, body.ground, body.last_day, computed, computed.findings, pay_is_stated=stated
    )


async def compute(
    tx: Transaction, dossier_id: UUID, asked: CompensationQuestion, *, pointer: str = "/ground"
) -> Computed | None:
    """Compensation under the regulation and the local wages of today; None where there was no employment to end.

    `pointer`: the field of the caller's body in which the ground was named, for the refusal of an unknown one.
    """
    unit_no = (await dossier_queries.get(tx, dossier_id)).unit_no
    pack = await org.pack(tx, unit_no=unit_no)
    ground_row(pack, asked.ground, asked.last_day, pointer)
    work = (await tenure_actions.works(tx, pack, asked.last_day, [dossier_id])).get(dossier_id)
    if work is None:
        return None
    tenure = work.tenure
    months = rules.pay_months(tenure.worked_from, asked.last_day, rules.averaged_months(pack, asked.last_day))
    paid = await payroll_queries.income_by_month(tx, dossier_id, months[0], months[-1]) if months else {}
    wages = rules.wages(pack, months, paid, asked.last_day, asked.monthly_pay)
    ended = Ended(
        tenure.relation,
        asked.ground,
        tenure.worked_from,
        asked.last_day,
        refused_renewal=asked.refused_renewal,
        instead_of_notice=asked.instead_of_notice,
        if_unlawful=asked.if_unlawful,
    )
    found = compensation_findings(pack, ended, wages)
    return Computed(tenure.relation, tenure.worked_from, [(month, paid.get(month)) for month in months], found)


async def known_here(tx: Transaction) -> bool:
    """Whether the regulation in force was published since compensation is computed."""
    return is_known(await org.pack(tx))


async def asks_notice(tx: Transaction, ground: str | None, last_day: date) -> bool:
    """Whether the statute's ground is one without fault, on which a contract ends by notice or pay instead of it."""
    pack = await org.pack(tx)
    return ground is not None and is_known(pack) and ends_by_notice(pack, ground, last_day)


def shown(
    dossier_id: UUID,
    relation: str,
    ground: str | None,
    last_day: date,
    computed: Computed | None,
    findings: list[Finding],
    *,
    pay_is_stated: bool = False,
) -> CompensationView:
    """The findings with what they rest on; `computed` None where nobody has named the statute's ground."""
    months = computed.months if computed is not None else []
    return CompensationView(
        dossier_id=dossier_id,
        relation=relation,
        ground=ground,
        worked_from=computed.worked_from if computed is not None else None,
        last_day=last_day,
        months=[PayMonthView(month=f"{month:%Y-%m}", pay=pay) for month, pay in months],
        pay_is_stated=pay_is_stated,
        findings=[each.as_json() for each in findings],
    )

"""Adding up what workers cost by payer, beside what stands in the budgets of this year and the next (NM-4, SH-15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import Text
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from kernel.regulation.pack import Pack
from services.roster.budget import queries, rules
from services.roster.budget.schemas import BudgetAmount, BudgetEntryView, BudgetLine, BudgetView
from services.roster.budget.tables import BudgetEntry
from services.roster.pay_terms import ZERO, share
from services.roster.payroll import actions as payroll_actions


@dataclass(slots=True)
class _Line:
    unit: OrgUnit
    payer: rules.Payer
    missing: Text | None
    actual: Decimal | None = None
    needed: Decimal | None = None


async def enter(tx: Transaction, body: BudgetAmount) -> BudgetEntryView:
    """Enter what stands in a unit's budget; `InvalidInput` for a cost that its level does not bear."""
    unit = await org.unit_in_scope(tx, body.unit_id)
    found, _ = rules.payers(await org.pack(tx, unit_no=unit.unit_no), tx.today)
    rules.check_entry(found, body.cost, unit.level)
    row = await queries.keep(
        tx,
        BudgetEntry(tenant_id=tx.tenant, id=new_id(), unit_no=unit.unit_no, entered_on=tx.today, **body.model_dump()),
    )
    facts = {"unit_id": str(unit.id), "year": row.year, "cost": row.cost, "amount": str(row.amount)}
    await audit(tx, "roster.budget.enter", subject_type="budget", subject_id=row.id, reason=row.document, facts=facts)
    return BudgetEntryView.model_validate(row)


async def read(tx: Transaction, year: int) -> BudgetView:
    """The lines of every payer that lies in the scope; one above it bears its part unseen."""
    pack = await org.pack(tx)
    regulated, _ = rules.payers(pack, tx.today)
    lines = []
    for unit in await queries.payer_units(tx, {payer.level for payer in regulated}):
        found, missing = rules.payers(await org.pack(tx, unit_no=unit.unit_no), tx.today)
        lines += [_Line(unit, payer, missing) for payer in found if payer.level == unit.level]
    for cost in await payroll_actions.costs(tx, year):
        employer = cost.next_year - cost.next_income
        parts = {"pay": (cost.income, cost.next_income), "insurance": (cost.employer, employer)}
        for line in lines:
            percent = line.payer.percent
            if percent is None or line.payer.cost not in parts:
                continue
            if line.unit.unit_no <= cost.unit_no <= line.unit.last_no:
                actual, needed = parts[line.payer.cost]
                line.actual = (line.actual or ZERO) + share(actual, percent)
                line.needed = (line.needed or ZERO) + share(needed, percent)
    entries = await queries.entered(tx, (year, year + 1))
    return BudgetView(year=year, items=[_shown(pack, line, entries, year) for line in lines])


def _shown(pack: Pack, line: _Line, entries: Mapping[tuple[UUID, str, int], BudgetEntry], year: int) -> BudgetLine:
    payer = line.payer
    entered, following = (entries.get((line.unit.id, payer.cost, each)) for each in (year, year + 1))
    unset = line.missing if payer.part == "share" and payer.percent is None else None
    return BudgetLine(
        unit_id=line.unit.id,
        unit_no=line.unit.unit_no,
        level=payer.level,
        cost=payer.cost,
        label=rules.label(pack, payer.cost),
        part=payer.part,
        percent=payer.percent,
        actual=line.actual,
        needed=line.needed,
        entered=entered.amount if entered is not None else None,
        next_entered=following.amount if following is not None else None,
        open=following is None,
        article=payer.article,
        missing={"zh": unset.zh, "en": unset.en} if unset is not None else None,
    )

"""SQL of payrolls; everything that is asked of workers is asked of many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import delete, func, tuple_, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.roster.payroll.schemas import LineView, RunView, SlipView
from services.roster.payroll.tables import PayGround, PayRun, PaySlip


@dataclass(frozen=True, slots=True)
class YearToDate:
    """What a unit has paid a worker in a tax year; yuan."""

    months: int
    income: Decimal
    deducted: Decimal
    special: Decimal
    withheld: Decimal
    first_income: Decimal


async def run(tx: Transaction, run_id: UUID, *, lock: bool = False) -> PayRun:
    """The run; `NotFound` outside the scope."""
    wanted = select(PayRun).where(col(PayRun.id) == run_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(wanted)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def runs_of(tx: Transaction, unit_id: UUID, month: date | None = None) -> list[PayRun]:
    """The runs of a unit (of a month) in order."""
    wanted = select(PayRun).where(col(PayRun.unit_id) == unit_id)
    if month is not None:
        wanted = wanted.where(col(PayRun.month) == month)
    return list((await tx.session.execute(wanted.order_by(col(PayRun.month), col(PayRun.number)))).scalars())


async def last_regular(tx: Transaction, unit_id: UUID) -> PayRun | None:
    """The unit's regular run of the latest month; None before the first."""
    found = await tx.session.execute(
        select(PayRun)
        .where(col(PayRun.unit_id) == unit_id, col(PayRun.number) == 0)
        .order_by(col(PayRun.month).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def page(tx: Transaction, paging: Paging, *, unit_id: UUID | None, month: date | None) -> Page[RunView]:
    """The runs of the scope by unit and age."""
    scope = tx.context.scope
    wanted = select(PayRun).where(col(PayRun.unit_no).between(scope.lo, scope.hi))
    if unit_id is not None:
        wanted = wanted.where(col(PayRun.unit_id) == unit_id)
    if month is not None:
        wanted = wanted.where(col(PayRun.month) == month.replace(day=1))
    if paging.after is not None:
        unit_no, last = paging.after
        wanted = wanted.where(tuple_(col(PayRun.unit_no), col(PayRun.id)) > (unit_no, UUID(last)))
    found = await tx.session.execute(wanted.order_by(col(PayRun.unit_no), col(PayRun.id)).limit(paging.limit + 1))
    rows, following = paging.page(list(found.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[RunView](items=[RunView.model_validate(row) for row in rows], next=following)


async def add_slips(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Store the slips of one batch in one statement: row by row it would cost most of a run's time."""
    if not rows:
        return
    columns = ", ".join(rows[0])
    await tx.session.execute(
        sa.text(
            f"insert into roster_pay_slip ({columns}) select {columns}"  # noqa: S608 - names of our own columns
            " from jsonb_populate_recordset(null::roster_pay_slip, cast(:rows as jsonb))"
        ),
        {"rows": orjson.dumps(list(rows), default=str).decode()},
    )


async def clear(tx: Transaction, run_id: UUID) -> None:
    """Delete the slips of a draft, to compute it anew."""
    await tx.session.execute(delete(PaySlip).where(col(PaySlip.run_id) == run_id))


async def discard(tx: Transaction, run_id: UUID) -> None:
    """Delete a draft with its slips."""
    await clear(tx, run_id)
    await tx.session.execute(delete(PayGround).where(col(PayGround.run_id) == run_id))
    await tx.session.execute(delete(PayRun).where(col(PayRun.id) == run_id))


async def keep_grounds(tx: Transaction, run_id: UUID, grounds: dict[str, Any]) -> None:
    """Store why the lines of the run stand; those of an earlier computation give way."""
    await tx.session.execute(delete(PayGround).where(col(PayGround.run_id) == run_id))
    tx.session.add(PayGround(tenant_id=tx.tenant, run_id=run_id, grounds=grounds))
    await tx.session.flush()


async def approve_slips(tx: Transaction, run_id: UUID, on: date) -> None:
    """Mark all slips of the run as approved."""
    await tx.session.execute(update(PaySlip).where(col(PaySlip.run_id) == run_id).values(approved_on=on))


async def year_to_date(
    tx: Transaction, unit_id: UUID, tax_year: int, dossier_ids: Sequence[UUID]
) -> dict[UUID, YearToDate]:
    """What the unit has paid and withheld in the tax year by approved slips, of the workers who have any."""
    found = await tx.session.execute(
        sa.select(
            col(PaySlip.dossier_id),
            func.sum(col(PaySlip.counts_month)),
            func.sum(col(PaySlip.income)),
            func.sum(col(PaySlip.deducted)),
            func.sum(col(PaySlip.special)),
            func.sum(col(PaySlip.tax)),
            func.array_agg(aggregate_order_by(col(PaySlip.income), col(PaySlip.month), col(PaySlip.regular).desc()))[1],
        )
        .where(
            col(PaySlip.dossier_id).in_(dossier_ids),
            col(PaySlip.tax_year) == tax_year,
            col(PaySlip.unit_id) == unit_id,
            col(PaySlip.approved_on).is_not(None),
        )
        .group_by(col(PaySlip.dossier_id))
    )
    return {row[0]: YearToDate(*row[1:]) for row in found.all()}


async def paid_lines(
    tx: Transaction, unit_id: UUID, month: date, dossier_ids: Sequence[UUID]
) -> dict[UUID, dict[tuple[str, str], Decimal]]:
    """What approved slips paid and withheld for a month, by worker and line."""
    found = await tx.session.execute(
        select(col(PaySlip.dossier_id), col(PaySlip.lines)).where(
            col(PaySlip.unit_id) == unit_id,
            col(PaySlip.month) == month,
            col(PaySlip.dossier_id).in_(dossier_ids),
            col(PaySlip.approved_on).is_not(None),
        )
    )
    paid: dict[UUID, dict[tuple[str, str], Decimal]] = {}
    for dossier_id, lines in found.all():
        sums = paid.setdefault(dossier_id, {})
        for line in lines:
            key = (line["code"], line["side"])
            sums[key] = sums.get(key, Decimal("0.00")) + Decimal(line["amount"])
    return paid


async def paid_dossiers(tx: Transaction, unit_id: UUID, month: date) -> set[UUID]:
    """Who was paid for a month by the unit."""
    found = await tx.session.execute(
        select(col(PaySlip.dossier_id)).where(
            col(PaySlip.unit_id) == unit_id, col(PaySlip.month) == month, col(PaySlip.approved_on).is_not(None)
        )
    )
    return set(found.scalars())


async def slips(
    tx: Transaction, run_id: UUID, paging: Paging, *, with_problems: bool, dossier_id: UUID | None
) -> Page[SlipView]:
    """The slips of a run with every line explained."""
    wanted = select(PaySlip).where(col(PaySlip.run_id) == run_id)
    if with_problems:
        wanted = wanted.where(func.jsonb_array_length(col(PaySlip.problems)) > 0)
    if dossier_id is not None:
        wanted = wanted.where(col(PaySlip.dossier_id) == dossier_id)
    if paging.after is not None:
        wanted = wanted.where(col(PaySlip.dossier_id) > UUID(paging.after[0]))
    found = await tx.session.execute(wanted.order_by(col(PaySlip.dossier_id)).limit(paging.limit + 1))
    rows, following = paging.page(list(found.scalars()), lambda row: (str(row.dossier_id),))
    grounds = await _grounds(tx, [run_id])
    return Page[SlipView](items=[_shown(row, grounds[row.run_id]) for row in rows], next=following)


async def own(tx: Transaction) -> list[SlipView]:
    """The approved slips of the person who asks, the newest month first; row-level security leaves no others."""
    found = await tx.session.execute(
        select(PaySlip)
        .where(col(PaySlip.approved_on).is_not(None))
        .order_by(col(PaySlip.month).desc(), col(PaySlip.run_id).desc())
        .limit(60)
    )
    rows = list(found.scalars())
    grounds = await _grounds(tx, [row.run_id for row in rows])
    return [_shown(row, grounds[row.run_id]) for row in rows]


async def latest(tx: Transaction, dossier_id: UUID) -> PaySlip | None:
    """The approved regular slip of the latest month of a worker, whichever unit paid it; None before the first."""
    found = await tx.session.execute(
        select(PaySlip)
        .where(
            col(PaySlip.dossier_id) == dossier_id, col(PaySlip.approved_on).is_not(None), col(PaySlip.regular).is_(True)
        )
        .order_by(col(PaySlip.month).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def income_by_month(tx: Transaction, dossier_id: UUID, first: date, last: date) -> dict[date, Decimal]:
    """Gross pay of a worker for the months from `first` to `last`, by approved slips with their corrections."""
    found = await tx.session.execute(
        sa.select(col(PaySlip.month), func.sum(col(PaySlip.income)))
        .where(
            col(PaySlip.dossier_id) == dossier_id,
            col(PaySlip.month).between(first, last),
            col(PaySlip.approved_on).is_not(None),
        )
        .group_by(col(PaySlip.month))
    )
    return {row[0]: row[1] for row in found.all()}


async def unfiled(tx: Transaction, run_id: UUID) -> list[PaySlip]:
    """Approved slips with something to pay that no bank file holds, locked, in one order."""
    found = await tx.session.execute(
        select(PaySlip)
        .where(
            col(PaySlip.run_id) == run_id,
            col(PaySlip.approved_on).is_not(None),
            col(PaySlip.file_no).is_(None),
            col(PaySlip.net) > 0,
        )
        .order_by(col(PaySlip.dossier_id))
        .with_for_update()
    )
    return list(found.scalars())


async def filed(tx: Transaction, run_id: UUID, file_no: int) -> list[PaySlip]:
    """The slips of one bank file, in one order."""
    found = await tx.session.execute(
        select(PaySlip)
        .where(col(PaySlip.run_id) == run_id, col(PaySlip.file_no) == file_no)
        .order_by(col(PaySlip.dossier_id))
    )
    return list(found.scalars())


async def put_in_file(tx: Transaction, run_id: UUID, dossier_ids: Sequence[UUID], file_no: int) -> None:
    """Mark the slips as held by a bank file."""
    await tx.session.execute(
        update(PaySlip)
        .where(col(PaySlip.run_id) == run_id, col(PaySlip.dossier_id).in_(dossier_ids))
        .values(file_no=file_no)
    )


async def approved_of_year(tx: Transaction, year: int) -> list[PayRun]:
    """The approved runs of the scope for the months of a year, by unit and month."""
    scope = tx.context.scope
    found = await tx.session.execute(
        select(PayRun)
        .where(
            col(PayRun.unit_no).between(scope.lo, scope.hi),
            col(PayRun.month).between(date(year, 1, 1), date(year, 12, 31)),
            col(PayRun.state) == "approved",
        )
        .order_by(col(PayRun.unit_no), col(PayRun.month), col(PayRun.number))
    )
    return list(found.scalars())


async def _grounds(tx: Transaction, run_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    found = await tx.session.execute(
        select(col(PayGround.run_id), col(PayGround.grounds)).where(col(PayGround.run_id).in_(run_ids))
    )
    return {row[0]: row[1] for row in found.all()}


def _shown(row: PaySlip, grounds: dict[str, Any]) -> SlipView:
    lines = [LineView.model_validate({**line, **_ground(grounds, line["code"])}) for line in row.lines]
    return SlipView.model_validate({**row.model_dump(), "lines": lines})


def _ground(grounds: dict[str, Any], code: str) -> dict[str, Any]:
    # A correction may take back a line that the month's terms have no more.
    missing = {"label": {"zh": code, "en": code}, "article": None, "words": None, "source": None}
    return dict(grounds.get(code, missing))

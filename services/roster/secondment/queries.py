"""SQL of secondments."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.org import queries as org
from kernel.regulation.pack import Pack
from services.roster.secondment.schemas import SecondmentState, SecondmentView, WarningView
from services.roster.secondment.tables import Secondment

WORKFLOW = "secondment"


async def view(tx: Transaction, row: Secondment) -> SecondmentView:
    """The row as it is shown, with the warnings of the pack version under which it was applied for."""
    pack = await org.pack_version(tx, row.pack_id, row.pack_version)
    made = {
        "last_day": row.valid_before - timedelta(days=1),
        "repeated": row.earlier_times > 0,
        "warnings": _warnings(pack, row),
    }
    return SecondmentView.model_validate(row.model_dump() | made)


def _warnings(pack: Pack, row: Secondment) -> list[WarningView]:
    found = []
    workflow = pack.workflow(WORKFLOW)
    if workflow is not None and workflow.reading is not None:
        reading = workflow.reading
        found.append(WarningView(name="approver_reading", article=workflow.article, zh=reading.zh, en=reading.en))
    if row.earlier_times:
        found.append(
            WarningView(
                name="repeated",
                article=workflow.article if workflow is not None else None,
                zh=f"该单位此前已借调此人 {row.earlier_times} 次，共 {row.earlier_days} 天",
                en=f"This unit has had the worker {row.earlier_times} times before, {row.earlier_days} days in all.",
            )
        )
    return found


async def get(tx: Transaction, secondment_id: UUID, *, lock: bool = False) -> Secondment:
    """The row; `NotFound` outside the scope."""
    statement = select(Secondment).where(col(Secondment.id) == secondment_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def page(
    tx: Transaction, paging: Paging, *, dossier_id: UUID | None, state: SecondmentState | None
) -> Page[SecondmentView]:
    """The secondments of the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Secondment).where(col(Secondment.unit_no).between(scope.lo, scope.hi))
    if dossier_id is not None:
        statement = statement.where(col(Secondment.dossier_id) == dossier_id)
    if state is not None:
        statement = statement.where(col(Secondment.state) == state)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Secondment.unit_no), col(Secondment.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(
        statement.order_by(col(Secondment.unit_no), col(Secondment.id)).limit(paging.limit + 1)
    )
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[SecondmentView](items=[await view(tx, row) for row in shown], next=following)


async def own(tx: Transaction) -> list[SecondmentView]:
    """The secondments of the person who asks."""
    rows = await tx.session.execute(select(Secondment).order_by(col(Secondment.valid_from), col(Secondment.id)))
    return [await view(tx, row) for row in rows.scalars()]


async def overlaps(tx: Transaction, dossier_id: UUID, valid_from: date, before: date, states: Collection[str]) -> bool:
    """Whether a secondment of the dossier that is or was held covers a day of the half-open period."""
    end = func.coalesce(col(Secondment.ended_before), col(Secondment.valid_before))
    found = await tx.session.execute(
        select(func.count())
        .select_from(Secondment)
        .where(
            col(Secondment.dossier_id) == dossier_id,
            col(Secondment.state).in_((*states, "ended")),
            col(Secondment.valid_from) < before,
            end > valid_from,
        )
    )
    return bool(found.scalar_one())


async def of_dossier(tx: Transaction, dossier_id: UUID) -> list[Secondment]:
    """The secondments of a dossier, locked."""
    statement = select(Secondment).where(col(Secondment.dossier_id) == dossier_id).with_for_update()
    return list((await tx.session.execute(statement.execution_options(populate_existing=True))).scalars())


async def lent_before(tx: Transaction, dossier_id: UUID, borrower_unit_id: UUID) -> list[tuple[date, date]]:
    """The half-open periods for which that unit had the worker, or is to have."""
    rows = await tx.session.execute(
        select(Secondment).where(
            col(Secondment.dossier_id) == dossier_id,
            col(Secondment.borrower_unit_id) == borrower_unit_id,
            col(Secondment.state).in_(("approved", "ended")),
        )
    )
    held = [(row.began_on or row.valid_from, row.ended_before or row.valid_before) for row in rows.scalars()]
    return [(start, before) for start, before in held if start < before]

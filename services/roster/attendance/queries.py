"""SQL of determined absence."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, tuple_, update
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.roster.attendance.schemas import AbsenceView
from services.roster.attendance.tables import Absence


def view(row: Absence) -> AbsenceView:
    """The row as it is shown."""
    return AbsenceView.model_validate(row)


async def get(tx: Transaction, absence_id: UUID, *, lock: bool = False) -> Absence:
    """The row; `NotFound` outside the scope."""
    statement = select(Absence).where(col(Absence.id) == absence_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def page(tx: Transaction, paging: Paging, *, dossier_id: UUID | None) -> Page[AbsenceView]:
    """The determinations of the scope, by unit and age, annulled ones among them."""
    scope = tx.context.scope
    statement = select(Absence).where(col(Absence.unit_no).between(scope.lo, scope.hi))
    if dossier_id is not None:
        statement = statement.where(col(Absence.dossier_id) == dossier_id)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Absence.unit_no), col(Absence.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Absence.unit_no), col(Absence.id)).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[AbsenceView](items=[view(row) for row in shown], next=following)


async def own(tx: Transaction) -> list[AbsenceView]:
    """The determinations about the person who asks."""
    rows = await tx.session.execute(select(Absence).order_by(col(Absence.valid_from), col(Absence.id)))
    return [view(row) for row in rows.scalars()]


async def standing(tx: Transaction, dossier_id: UUID) -> list[tuple[date, date]]:
    """The half-open periods of determinations that stand."""
    rows = await tx.session.execute(
        select(col(Absence.valid_from), col(Absence.valid_before)).where(
            col(Absence.dossier_id) == dossier_id, col(Absence.annulled_at).is_(None)
        )
    )
    return [(valid_from, before) for valid_from, before in rows]


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring determinations under the unit that keeps the dossier."""
    await tx.session.execute(update(Absence).where(col(Absence.dossier_id) == dossier_id).values(unit_no=unit_no))


async def overlaps(tx: Transaction, dossier_id: UUID, valid_from: date, before: date) -> bool:
    """Whether a determination that stands covers a day of the half-open period."""
    found = await tx.session.execute(
        select(func.count())
        .select_from(Absence)
        .where(
            col(Absence.dossier_id) == dossier_id,
            col(Absence.annulled_at).is_(None),
            col(Absence.valid_from) < before,
            col(Absence.valid_before) > valid_from,
        )
    )
    return bool(found.scalar_one())

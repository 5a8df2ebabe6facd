"""SQL of duty records and of what training told."""

from uuid import UUID

from sqlalchemy import func, tuple_, update
from sqlmodel import col, select

from kernel.db.put import put
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.roster.duty.schemas import DutyView
from services.roster.duty.tables import Duty, TrainingNeed

PRE_SERVICE = "pre_service"


def view(row: Duty) -> DutyView:
    """The row as it is shown."""
    return DutyView.model_validate(
        row.model_dump() | {"valid_from": row.period.lower, "valid_before": row.period.upper}
    )


async def read(tx: Transaction, duty_id: UUID) -> DutyView:
    """One record; `NotFound` outside the scope."""
    row = (await tx.session.execute(select(Duty).where(col(Duty.id) == duty_id))).scalar_one_or_none()
    if row is None:
        raise NotFound
    return view(row)


async def page(tx: Transaction, paging: Paging, *, dossier_id: UUID | None) -> Page[DutyView]:
    """The records of the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Duty).where(col(Duty.unit_no).between(scope.lo, scope.hi))
    if dossier_id is not None:
        statement = statement.where(col(Duty.dossier_id) == dossier_id)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Duty.unit_no), col(Duty.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Duty.unit_no), col(Duty.id)).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[DutyView](items=[view(row) for row in shown], next=following)


async def lasting(tx: Transaction, dossier_id: UUID) -> list[Duty]:
    """The time on duty of a dossier that has no end."""
    found = await tx.session.execute(
        select(Duty).where(col(Duty.dossier_id) == dossier_id, func.upper_inf(col(Duty.period)))
    )
    return list(found.scalars())


async def pre_service(tx: Transaction, person_id: UUID) -> TrainingNeed | None:
    """What training told of the person's newest pre-service need; None while it told nothing."""
    found = await tx.session.execute(
        select(TrainingNeed)
        .where(col(TrainingNeed.person_id) == person_id, col(TrainingNeed.kind) == PRE_SERVICE)
        .order_by(col(TrainingNeed.id).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def keep_need(tx: Transaction, row: TrainingNeed) -> None:
    """Store a need as it stands now."""
    await put(tx, TrainingNeed, row.model_dump(exclude={"tenant_id"}), change=True)


async def owed(tx: Transaction, person_id: UUID) -> list[TrainingNeed]:
    """The needs of a person that still ask for hours, oldest first."""
    found = await tx.session.execute(
        select(TrainingNeed)
        .where(col(TrainingNeed.person_id) == person_id, col(TrainingNeed.required_hours) > 0)
        .order_by(col(TrainingNeed.cycle), col(TrainingNeed.kind))
    )
    return list(found.scalars())


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring the records of a dossier under another unit."""
    await tx.session.execute(update(Duty).where(col(Duty.dossier_id) == dossier_id).values(unit_no=unit_no))

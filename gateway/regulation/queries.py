"""All SQL of the regulation room."""

from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import col, select

from gateway.regulation.schemas import LocalParameterView, PackVersionView
from gateway.regulation.tables import LocalParameter, PackVersion
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging


async def versions(tx: Transaction) -> list[PackVersionView]:
    """The published versions, oldest first."""
    found = await tx.session.execute(select(PackVersion).order_by(col(PackVersion.valid_from)))
    return [
        PackVersionView.model_validate(row.model_dump() | {"valid_before": row.period.upper}) for row in found.scalars()
    ]


async def local_parameters(
    tx: Transaction, paging: Paging, *, path: str | None, unit_id: UUID | None, state: str | None
) -> tuple[list[LocalParameterView], str | None]:
    """Local parameters in the order in which they were proposed."""
    statement = select(LocalParameter).order_by(col(LocalParameter.id)).limit(paging.limit + 1)
    if paging.after is not None:
        statement = statement.where(col(LocalParameter.id) > UUID(paging.after[0]))
    for column, wanted in (
        (LocalParameter.path, path),
        (LocalParameter.unit_id, unit_id),
        (LocalParameter.state, state),
    ):
        if wanted is not None:
            statement = statement.where(col(column) == wanted)
    rows = (await tx.session.execute(statement)).scalars().all()
    shown, following = paging.page(rows, lambda row: (str(row.id),))
    return [LocalParameterView.model_validate(row) for row in shown], following


async def local_parameter(tx: Transaction, parameter_id: UUID, *, lock: bool = False) -> LocalParameter:
    """The local parameter; `NotFound` where there is none."""
    statement = select(LocalParameter).where(col(LocalParameter.id) == parameter_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def periods(tx: Transaction, path: str, unit_id: UUID) -> list[LocalParameter]:
    """What was approved for the figure and unit and ever holds, earliest first; held to the end of the transaction."""
    found = await tx.session.execute(
        select(LocalParameter)
        .where(
            col(LocalParameter.path) == path,
            col(LocalParameter.unit_id) == unit_id,
            col(LocalParameter.period).is_not(None),
        )
        .order_by(col(LocalParameter.valid_from))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())


async def of_case(tx: Transaction, case_id: UUID, path: str) -> LocalParameter | None:
    """What became of a figure by an approval; None while nothing has. A part split off has a row of its own."""
    found = await tx.session.execute(
        select(LocalParameter)
        .where(col(LocalParameter.case_id) == case_id, col(LocalParameter.path) == path)
        .order_by(col(LocalParameter.id))
        .limit(1)
    )
    return found.scalar_one_or_none()


async def of_unit(tx: Transaction, unit_id: UUID, on: date) -> list[LocalParameter]:
    """What the unit's office proposed, and what it set that holds on a day or later; held to the end."""
    holding = or_(col(LocalParameter.valid_before).is_(None), col(LocalParameter.valid_before) > on)
    found = await tx.session.execute(
        select(LocalParameter)
        .where(
            col(LocalParameter.unit_id) == unit_id,
            or_(
                col(LocalParameter.state) == "proposed",
                and_(col(LocalParameter.state) == "in_force", col(LocalParameter.period).is_not(None), holding),
            ),
        )
        .order_by(col(LocalParameter.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())

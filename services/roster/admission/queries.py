"""SQL of admission."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.roster.admission.schemas import (
    AdmissionState,
    AdmissionSummary,
    AdmissionView,
    AdmittedView,
    ChangeView,
    DeclinedView,
)
from services.roster.admission.tables import Admission, AdmissionChange, Declined

IN_FORCE = ("admitted", "adjusted")


async def get(tx: Transaction, admission_id: UUID, *, lock: bool = False) -> Admission:
    """The row; `NotFound` outside the scope."""
    statement = select(Admission).where(col(Admission.id) == admission_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def view(tx: Transaction, row: Admission) -> AdmissionView:
    """The row with its changes."""
    changes = await tx.session.execute(
        select(AdmissionChange)
        .where(col(AdmissionChange.admission_id) == row.id)
        .order_by(col(AdmissionChange.id).desc())
    )
    shown = [ChangeView.model_validate(change) for change in changes.scalars()]
    return AdmissionView.model_validate(row.model_dump() | {"changes": shown})


async def page(
    tx: Transaction,
    paging: Paging,
    *,
    community_unit_id: UUID | None,
    register_kind: str | None,
    state: AdmissionState | None,
) -> Page[AdmissionSummary]:
    """The admissions of the scope, by community and age."""
    scope = tx.context.scope
    statement = select(Admission).where(col(Admission.unit_no).between(scope.lo, scope.hi))
    if community_unit_id is not None:
        statement = statement.where(col(Admission.community_unit_id) == community_unit_id)
    if register_kind is not None:
        statement = statement.where(col(Admission.register_kind) == register_kind)
    if state is not None:
        statement = statement.where(col(Admission.state) == state)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Admission.unit_no), col(Admission.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(
        statement.order_by(col(Admission.unit_no), col(Admission.id)).limit(paging.limit + 1)
    )
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[AdmissionSummary](items=[AdmissionSummary.model_validate(row) for row in shown], next=following)


async def public(
    tx: Transaction, paging: Paging, *, community_unit_id: UUID | None, register_kind: str | None
) -> Page[AdmittedView]:
    """What stands in the registers today, newest first; what has ended by its date stands there no longer."""
    statement = select(Admission).where(
        col(Admission.tenant_id) == tx.tenant,
        col(Admission.state).in_(IN_FORCE),
        col(Admission.valid_before) > tx.today,
    )
    if community_unit_id is not None:
        statement = statement.where(col(Admission.community_unit_id) == community_unit_id)
    if register_kind is not None:
        statement = statement.where(col(Admission.register_kind) == register_kind)
    if paging.after is not None:
        statement = statement.where(col(Admission.id) < UUID(paging.after[0]))
    rows = await tx.session.execute(statement.order_by(col(Admission.id).desc()).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (str(row.id),))
    return Page[AdmittedView](items=[AdmittedView.model_validate(row) for row in shown], next=following)


async def in_force(
    tx: Transaction, community_unit_id: UUID, register_kind: str, title: str, on: date, admission_id: UUID | None
) -> bool:
    """Whether the community's register holds that title, or that very admission, on the day."""
    statement = (
        select(func.count())
        .select_from(Admission)
        .where(
            col(Admission.community_unit_id) == community_unit_id,
            col(Admission.state).in_(IN_FORCE),
            col(Admission.valid_from) <= on,
            col(Admission.valid_before) > on,
        )
    )
    if admission_id is not None:
        statement = statement.where(col(Admission.id) == admission_id)
    else:
        statement = statement.where(col(Admission.register_kind) == register_kind, col(Admission.title) == title)
    return bool((await tx.session.execute(statement)).scalar_one())


async def declined(tx: Transaction, paging: Paging) -> Page[DeclinedView]:
    """What the communities of the scope declined, newest first."""
    scope = tx.context.scope
    statement = select(Declined).where(col(Declined.unit_no).between(scope.lo, scope.hi))
    if paging.after is not None:
        statement = statement.where(col(Declined.id) < UUID(paging.after[0]))
    rows = await tx.session.execute(statement.order_by(col(Declined.id).desc()).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (str(row.id),))
    return Page[DeclinedView](items=[DeclinedView.model_validate(row) for row in shown], next=following)

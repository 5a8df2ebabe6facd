"""SQL of training classes."""

from uuid import UUID

from sqlalchemy import bindparam, select, tuple_
from sqlmodel import col

from kernel.db.built import Built
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from kernel.ids import new_id
from services.training.session.schemas import SessionNew, SessionView
from services.training.session.tables import Session

_GET = Built(
    lambda: select(*(getattr(Session, name) for name in SessionView.model_fields)).where(
        col(Session.id) == bindparam("session")
    )
)
_LIST = Listing(SessionView, Session)


def built(body: SessionNew, unit_no: int) -> SessionView:
    """The class under the organiser's unit, not stored yet."""
    return SessionView(id=new_id(), unit_no=unit_no, version=1, **body.model_dump())


async def add(tx: Transaction, made: SessionView) -> None:
    """Store the class."""
    tx.session.add(Session(tenant_id=tx.tenant, **made.model_dump()))
    await tx.session.flush()


async def get(tx: Transaction, session_id: UUID) -> SessionView:
    """The class; `NotFound` outside the scope."""
    rows = await _GET.run(tx, session=session_id)
    if not rows:
        raise NotFound
    return SessionView(**rows[0])


async def page(tx: Transaction, paging: Paging) -> Listed[SessionView]:
    """The classes organised in the scope, by unit and age."""
    scope = tx.context.scope
    statement = _LIST.select().where(col(Session.unit_no).between(scope.lo, scope.hi))
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Session.unit_no), col(Session.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Session.unit_no), col(Session.id)).limit(paging.limit + 1))
    return _LIST.page(paging, rows.all(), lambda row: (row.unit_no, row.id))

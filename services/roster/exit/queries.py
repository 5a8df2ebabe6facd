"""SQL of exits."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.roster.ending.queries import states_of
from services.roster.exit.schemas import ExitView
from services.roster.exit.tables import Exit, ExitAct


async def get(tx: Transaction, exit_id: UUID, *, lock: bool = False) -> Exit:
    """The row; `NotFound` outside the scope."""
    statement = select(Exit).where(col(Exit.id) == exit_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def add(tx: Transaction, row: Exit) -> bool:
    """Store a case; False where the same cause opened one before."""
    made = await tx.session.execute(
        insert(Exit).values(**row.model_dump()).on_conflict_do_nothing().returning(col(Exit.id))
    )
    return made.first() is not None


async def pending(tx: Transaction, dossier_id: UUID, ground: str) -> Exit | None:
    """The newest case on the ground that was not let go, locked; None where there is none."""
    found = await tx.session.execute(
        select(Exit)
        .where(
            col(Exit.dossier_id) == dossier_id,
            col(Exit.ground) == ground,
            col(Exit.state).not_in(("not_pursued", "tolerated")),
        )
        .order_by(col(Exit.id).desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def acts(tx: Transaction, exit_id: UUID, kind: str | None = None) -> list[ExitAct]:
    """The acts of a case in their order, or those of one kind."""
    statement = select(ExitAct).where(col(ExitAct.exit_id) == exit_id)
    if kind is not None:
        statement = statement.where(col(ExitAct.kind) == kind)
    return list((await tx.session.execute(statement.order_by(col(ExitAct.id)))).scalars())


async def views(tx: Transaction, rows: Sequence[Exit]) -> list[ExitView]:
    """The rows as they are shown."""
    ends = await states_of(tx, [row.id for row in rows])
    return [ExitView.model_validate(row.model_dump() | {"end": ends.get(row.id)}) for row in rows]


async def page(tx: Transaction, paging: Paging, *, dossier_id: UUID | None, state: str | None) -> Page[ExitView]:
    """The cases of the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Exit).where(col(Exit.unit_no).between(scope.lo, scope.hi))
    if dossier_id is not None:
        statement = statement.where(col(Exit.dossier_id) == dossier_id)
    if state is not None:
        statement = statement.where(col(Exit.state) == state)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Exit.unit_no), col(Exit.id)) > (unit_no, UUID(last)))
    statement = statement.order_by(col(Exit.unit_no), col(Exit.id)).limit(paging.limit + 1)
    cut, following = paging.page(
        list((await tx.session.execute(statement)).scalars()), lambda row: (row.unit_no, str(row.id))
    )
    return Page[ExitView](items=await views(tx, cut), next=following)


async def own(tx: Transaction) -> list[ExitView]:
    """The cases of the person who asks, once reasons were served; row-level security leaves no others."""
    found = await tx.session.execute(select(Exit).where(col(Exit.state) != "opened").order_by(col(Exit.id)))
    return await views(tx, list(found.scalars()))

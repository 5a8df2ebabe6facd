"""SQL of ladders, ranks and results."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.approvals.embed.tables import ApprovalCase
from kernel.db.transaction import Transaction
from services.roster.rank.schemas import LadderView, RankView, ResultView
from services.roster.rank.tables import Ladder, RankHeld, Result


async def ladder_on(tx: Transaction, on: date) -> Ladder | None:
    """The ladder loaded last that holds on a day; None where none is loaded."""
    found = await tx.session.execute(
        select(Ladder)
        .where(col(Ladder.valid_from) <= on, col(Ladder.state) == "in_force")
        .order_by(col(Ladder.valid_from).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def ladder_from(tx: Transaction, valid_from: date, *, lock: bool = False) -> Ladder | None:
    """The ladder loaded for exactly that day, whatever became of it; None without one."""
    statement = select(Ladder).where(col(Ladder.valid_from) == valid_from)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await tx.session.execute(statement)).scalar_one_or_none()


async def returned(tx: Transaction, row: Ladder) -> bool:
    """Whether the ladder's case waits for a correction."""
    found = await tx.session.execute(select(col(ApprovalCase.state)).where(col(ApprovalCase.id) == row.case_id))
    return row.state == "open" and found.scalar_one_or_none() == "returned"


async def keep_ladder(tx: Transaction, row: Ladder) -> Ladder | None:
    """The ladder of that first day: the one that is kept already, or this one."""
    values = row.model_dump()
    await tx.session.execute(
        insert(Ladder).values(**values).on_conflict_do_nothing(index_elements=["tenant_id", "valid_from"])
    )
    return await ladder_from(tx, row.valid_from)


async def ladder(tx: Transaction, ladder_id: UUID) -> Ladder:
    """The ladder on which a rank was given."""
    return (await tx.session.execute(select(Ladder).where(col(Ladder.id) == ladder_id))).scalar_one()


async def ladders(tx: Transaction) -> list[LadderView]:
    """All that were loaded, the newest first."""
    found = await tx.session.execute(select(Ladder).order_by(col(Ladder.valid_from).desc()))
    return [LadderView.model_validate(each) for each in found.scalars()]


async def rows(tx: Transaction, dossier_id: UUID) -> list[RankHeld]:
    """The grades of a dossier in time."""
    found = await tx.session.execute(
        select(RankHeld).where(col(RankHeld.dossier_id) == dossier_id).order_by(col(RankHeld.period))
    )
    return list(found.scalars())


async def held(tx: Transaction, dossier_id: UUID) -> RankHeld | None:
    """The grade held without an end; None before the first."""
    return next((row for row in await rows(tx, dossier_id) if row.period.upper is None), None)


async def view(tx: Transaction, row: RankHeld) -> RankView:
    """The row as it is shown, with the label of its ladder."""
    of = await ladder(tx, row.ladder_id)
    label = next(each["label"] for each in of.grades if each["grade"] == row.grade)
    return RankView.model_validate(
        row.model_dump()
        | {
            "sample": of.sample,
            "label": label,
            "valid_from": row.period.lower,
            "valid_before": row.period.upper,
        }
    )


async def results(tx: Transaction, dossier_id: UUID) -> list[ResultView]:
    """Yearly results, the newest year first."""
    found = await tx.session.execute(
        select(Result).where(col(Result.dossier_id) == dossier_id).order_by(col(Result.year).desc())
    )
    return [ResultView.model_validate(each) for each in found.scalars()]


async def last_results(tx: Transaction, dossier_ids: Iterable[UUID], on: date) -> dict[UUID, ResultView]:
    """The last result confirmed by that day of each dossier that has one."""
    found = await tx.session.execute(
        select(Result)
        .where(col(Result.dossier_id).in_(list(dossier_ids)), col(Result.confirmed_on) <= on)
        .order_by(col(Result.dossier_id), col(Result.year))
    )
    return {row.dossier_id: ResultView.model_validate(row) for row in found.scalars()}


async def keep_result(tx: Transaction, row: Result) -> None:
    """Store a yearly result; a later one of the same year (after a review) replaces it."""
    values = row.model_dump()
    fresh = {name: values[name] for name in ("grade", "failing", "outstanding", "confirmed_on")}
    await tx.session.execute(
        insert(Result)
        .values(**values)
        .on_conflict_do_update(index_elements=["tenant_id", "dossier_id", "year"], set_=fresh)
    )


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring ranks and results under the unit that keeps the dossier."""
    for table in (RankHeld, Result):
        await tx.session.execute(update(table).where(col(table.dossier_id) == dossier_id).values(unit_no=unit_no))

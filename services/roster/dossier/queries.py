"""SQL of the dossier: the ordinary way, and the hot read of one dossier in a single trip."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, bindparam, case, func, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.context import Context
from kernel.db.transaction import Database, Transaction
from kernel.errors import NotFound
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from services.roster.dossier.schemas import DossierState, DossierSummary, DossierView, PartiesView
from services.roster.dossier.tables import Dossier

SHOWN = (
    "id",
    "unit_no",
    "person_id",
    "full_name",
    "category",
    "post_title",
    "community_unit_id",
    "employer_unit_id",
    "payer_unit_id",
    "manager_unit_id",
    "user_unit_id",
    "application_id",
    "enrolled_on",
    "on_duty_from",
    "left_on",
    "pack_id",
    "pack_version",
    "version",
)
"""What a dossier shows. The encrypted columns are not read where they are not opened."""

_DAY = bindparam("day", type_=Date)
_LEFT, _BEGUN = (func.coalesce(day <= _DAY, False) for day in (col(Dossier.left_on), col(Dossier.on_duty_from)))
_STATE: Any = case((_LEFT, "left"), (_BEGUN, "on_duty"), else_="enrolled")
LINES = Listing(
    DossierSummary,
    Dossier,
    told={
        "state": _STATE,
        "on_duty_from": case((_STATE != "enrolled", col(Dossier.on_duty_from))),
        "left_on": case((_LEFT, col(Dossier.left_on))),
    },
)
"""Lines of a list, as the dossiers stood at the end of `day`: what `members` says of one, the database says of all."""
_MEMBERS, _PARTIES = tuple(DossierView.model_fields), tuple(PartiesView.model_fields)

_HOT = (
    f"select {', '.join('d.' + name for name in SHOWN)} from roster_dossier d"  # noqa: S608 - a constant list of columns
    " where d.tenant_id = c.x::uuid and d.id = $5 and c.x is not null"
    # The bounds that every other query repeats: the scope, but for persons, whose own row the policy alone tells.
    " and ($4 <> '' or d.unit_no between $2::integer and $3::integer)"
)


def state_on(on_duty_from: date | None, left_on: date | None, on: date | None) -> DossierState:
    """Whether the worker was on duty, or had left, at the end of that day (None: whenever it begins)."""
    if left_on is not None and (on is None or on >= left_on):
        return "left"
    if on_duty_from is None or (on is not None and on < on_duty_from):
        return "enrolled"
    return "on_duty"


def members(values: Mapping[str, Any], on: date | None = None) -> dict[str, Any]:
    """The members of a `DossierView` in their order, from the columns `SHOWN`; with `on`, as it stood on that day.

    `NotFound` before the dossier was opened.
    """
    if on is not None and on < values["enrolled_on"]:
        raise NotFound
    state = state_on(values["on_duty_from"], values["left_on"], on)
    told = {
        "on_duty_from": values["on_duty_from"] if state != "enrolled" else None,
        "left_on": values["left_on"] if state == "left" else None,
        "state": state,
        "parties": {name: values[name] for name in _PARTIES},
    }
    return {name: told[name] if name in told else values[name] for name in _MEMBERS}


def shown(values: Mapping[str, Any], on: date | None = None) -> DossierView:
    """The columns `SHOWN` as a view; with `on`, as it stood on that day. `NotFound` before the dossier was opened."""
    return DossierView(**members(values, on))


async def read_hot(database: Database, context: Context, dossier_id: UUID, on: date | None = None) -> DossierView:
    """One dossier in one trip; equal to `read` row by row."""
    rows = await database.fetch_folded(context, _HOT, dossier_id, by_key=True)
    if not rows:
        raise NotFound
    return shown(rows[0], on)


async def members_hot(database: Database, context: Context, dossier_id: UUID) -> dict[str, Any] | None:
    """The members of one dossier's view in one trip; None outside the scope."""
    rows = await database.fetch_folded(context, _HOT, dossier_id, by_key=True)
    return members(rows[0]) if rows else None


async def read(tx: Transaction, dossier_id: UUID, on: date | None = None) -> DossierView:
    """One dossier; `NotFound` outside the scope."""
    columns = (getattr(Dossier, name) for name in SHOWN)
    found = await tx.session.execute(select(*columns).where(col(Dossier.id) == dossier_id))
    row = found.mappings().one_or_none()
    if row is None:
        raise NotFound
    return shown(dict(row), on)


async def get(tx: Transaction, dossier_id: UUID, *, lock: bool = False) -> Dossier:
    """The row; locked by whoever writes periods of it, so that they are written one after another."""
    statement = select(Dossier).where(col(Dossier.id) == dossier_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def set_parties(tx: Transaction, unit_no: int, parties: Mapping[Any, UUID]) -> None:
    """Set the four parties of everybody who works in a unit."""
    await tx.session.execute(
        update(Dossier)
        .where(col(Dossier.tenant_id) == tx.tenant, col(Dossier.unit_no) == unit_no, col(Dossier.left_on).is_(None))
        .values(
            employer_unit_id=parties.get("employer"),
            payer_unit_id=parties.get("payer"),
            manager_unit_id=parties.get("manager"),
            user_unit_id=parties.get("user"),
            version=col(Dossier.version) + 1,
        )
        .execution_options(synchronize_session=False)
    )


async def of_person(tx: Transaction, person_id: UUID) -> Dossier | None:
    """The person's dossier; None without one."""
    return (await tx.session.execute(select(Dossier).where(col(Dossier.person_id) == person_id))).scalar_one_or_none()


async def names(tx: Transaction, dossier_ids: Collection[UUID]) -> dict[UUID, str]:
    """The full names of those dossiers; what lies outside the scope is left out."""
    statement = select(col(Dossier.id), col(Dossier.full_name)).where(col(Dossier.id).in_(list(dossier_ids)))
    return {row[0]: row[1] for row in await tx.session.execute(statement)}


async def employers(tx: Transaction, dossier_ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """The present contract party of those dossiers; what lies outside the scope is left out."""
    statement = select(col(Dossier.id), col(Dossier.employer_unit_id)).where(col(Dossier.id).in_(list(dossier_ids)))
    return {row[0]: row[1] for row in await tx.session.execute(statement)}


async def add(tx: Transaction, row: Dossier) -> bool:
    """Store the dossier; False where the person has one (another event was first).

    One ID number under two accounts is no repetition but a fault that somebody must look into: it raises.
    """
    return await _insert(tx, row, ["tenant_id", "person_id"])


async def add_new(tx: Transaction, row: Dossier) -> bool:
    """Store the dossier; False where one exists by person or by ID number, in the scope or outside it."""
    return await _insert(tx, row, None)


async def _insert(tx: Transaction, row: Dossier, unique: list[str] | None) -> bool:
    made = await tx.session.execute(
        insert(Dossier)
        .values(**row.model_dump())
        .on_conflict_do_nothing(index_elements=unique)
        .returning(col(Dossier.id))
    )
    return made.first() is not None


async def page(
    tx: Transaction, paging: Paging, *, on: date | None, category: str | None, state: DossierState | None
) -> Listed[DossierSummary]:
    """The dossiers of the scope by unit and age; with `on`, those that were open on that day as they stood."""
    statement = LINES.select()
    if on is not None:
        statement = statement.where(col(Dossier.enrolled_on) <= on)
    if category is not None:
        statement = statement.where(col(Dossier.category) == category)
    if state is not None:
        statement = statement.where(state == _STATE)
    rows = await tx.session.execute(_in_order(statement, tx, paging), {"day": on or date.max})
    return LINES.page(paging, rows.all(), lambda row: (row.unit_no, row.id))


async def walk(tx: Transaction, paging: Paging) -> tuple[list[DossierView], str | None]:
    """The same as views, as they stand, and the next cursor: for who reckons with them."""
    rows = await tx.session.execute(_in_order(select(Dossier), tx, paging))
    cut, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return [shown(row.model_dump()) for row in cut], following


def _in_order(statement: Select[Any], tx: Transaction, paging: Paging) -> Select[Any]:
    scope = tx.context.scope
    statement = statement.where(col(Dossier.unit_no).between(scope.lo, scope.hi))
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Dossier.unit_no), col(Dossier.id)) > (unit_no, UUID(last)))
    return statement.order_by(col(Dossier.unit_no), col(Dossier.id)).limit(paging.limit + 1)


async def own(tx: Transaction) -> DossierView:
    """The dossier of the person who asks; row-level security leaves no other. `NotFound` without one."""
    found = await tx.session.execute(select(Dossier))
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound
    return shown(row.model_dump())


async def begun(tx: Transaction, dossier_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, date | None]]:
    """(person, first day on duty) of several workers."""
    found = await tx.session.execute(
        select(col(Dossier.id), col(Dossier.person_id), col(Dossier.on_duty_from)).where(
            col(Dossier.id).in_(dossier_ids)
        )
    )
    return {dossier_id: (person_id, since) for dossier_id, person_id, since in found.all()}

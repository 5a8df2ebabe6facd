"""From the day on which a unit is closed nothing new is written for it: whatever names it by id is refused.

In one place for all services, when a row is flushed, so that no feature has to think of it. Rows that only bear a
unit's number belong to a matter under way, and a closed unit's matters are wound up; so are those of a table that says
why (`__closed_units__`), and columns `from_…`, which say where something leaves. News and timers are not asked: they
follow what was decided in its day.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction
from sqlmodel import col, select

from kernel.clock import local_date
from kernel.context import Context
from kernel.db.bounds import BoundedSession, context_of
from kernel.db.table import TenantTable, closable_unit_columns
from kernel.errors import Text, WrongState
from kernel.org.tables import OrgUnit

_STANDING = "kernel.org.standing"


def install() -> None:
    """Have every session of this process refuse closed units; again does no harm."""
    if not event.contains(BoundedSession, "before_flush", _refuse_closed):
        event.listen(BoundedSession, "before_flush", _refuse_closed)


def _refuse_closed(session: Session, _: UOWTransaction, __: Any) -> None:
    context = context_of(session)
    if context is None or context.actor.kind == "system":
        return
    standing: set[UUID] = session.info.setdefault(_STANDING, set())
    named = {each for row in (*session.new, *session.dirty) for each in _named(row)} - standing
    if named:
        _check(session, context, named)
        standing |= named


def _named(row: object) -> Iterator[UUID]:
    """The units that a row begins to name."""
    if isinstance(row, TenantTable):
        for name in closable_unit_columns(type(row)):
            yield from (each for each in inspect(row).attrs[name].history.added if each is not None)


def _check(session: Session, context: Context, named: set[UUID]) -> None:
    found = session.execute(
        select(OrgUnit).where(
            col(OrgUnit.id).in_(named), col(OrgUnit.valid_before) <= local_date(context.business_time)
        )
    )
    for unit in found.scalars():
        raise WrongState(
            Text(
                f"{unit.title}（{unit.code}）已于{unit.valid_before}撤销，不得再以其名义办理",
                f"{unit.title} ({unit.code}) was closed on {unit.valid_before}: nothing new is done for it.",
            )
        )

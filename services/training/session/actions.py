"""Registering training classes."""

from decimal import Decimal

from kernel.clock import local_date
from kernel.db.transaction import Transaction
from kernel.events.outbox import Act, record
from kernel.http.hot_creating import Making
from kernel.org import queries as org
from kernel.org.known import Known
from services.training.programme import queries as programmes
from services.training.session import queries
from services.training.session.rules import (
    check_organiser,
    check_round,
    check_step,
    check_year,
    responsible_department,
    responsible_level,
    step,
)
from services.training.session.schemas import SessionNew, SessionView
from services.training.session.tables import Session


async def register(tx: Transaction, body: SessionNew) -> SessionView:
    """Register a class of an organiser in the scope; `NotFound` for a unit or programme elsewhere."""
    organiser = await org.unit_in_scope(tx, body.organiser_unit_id)
    await _check_programme(tx, body)
    await check_hours(tx, body.class_hours, "/class_hours")
    made = queries.built(body, organiser.unit_no)
    await queries.add(tx, made)
    await record(tx, _registered(made))
    return made


async def register_hot(known: Known, body: SessionNew) -> Making | None:
    """The same for a class of no programme, without a transaction of its own."""
    if body.programme_id is not None:
        return None
    check_round(body.round, None, None)
    check_step(body.class_hours, step(await known.pack(), known.today), "/class_hours")
    made = queries.built(body, await known.unit_in_scope(body.organiser_unit_id))
    return Making(Session, vars(made), made, _registered(made))


def _registered(made: SessionView) -> Act:
    facts = {"form": made.form, "class_hours": str(made.class_hours), "organiser_unit_id": str(made.organiser_unit_id)}
    return Act("training.session.write", "session", made.id, facts=facts)


async def check_hours(tx: Transaction, hours: Decimal, pointer: str) -> None:
    """Raise `InvalidInput` at `pointer` unless hours are written in the steps of the pack in force."""
    check_step(hours, step(await org.pack(tx), tx.today), pointer)


async def _check_programme(tx: Transaction, body: SessionNew) -> None:
    """A round belongs to a programme of the level that the pack holds responsible, of the year in which it ends."""
    if body.programme_id is None:
        check_round(body.round, None, None)
        return
    programme = await programmes.read(tx, body.programme_id)
    check_year(local_date(body.ends_at), programme.year)
    pack = await org.pack(tx)
    check_round(body.round, programme.organiser_level, responsible_level(pack, tx.today))
    check_organiser(body.round, programme.department_kind, responsible_department(pack, tx.today))

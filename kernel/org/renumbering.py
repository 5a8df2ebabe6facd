"""Carries the rows of a process along when units get other numbers or are merged.

Every column of unit numbers that the process's tables declare is found in the metadata, so a new table follows by
itself. All of it runs in the transaction that changes the read model: no request sees half of it. Numbers are never
given twice, so doing it again does no harm, and rows that come late are carried after (`carry_late`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    and_,
    cast,
    column,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import col

from kernel.db.table import Period, TenantTable, number_columns, tables_of, unit_id_columns
from kernel.db.transaction import Transaction
from kernel.events.models import rebuilt
from kernel.org.tables import OrgNumber, OrgUnit

READ_MODEL = "k_org_"
"""Tables of the tree itself: their rows are of the unit they name, whatever became of it."""


_kept: dict[str, list[type[TenantTable]]] = {}
"""The tables of a database, asked once: they change with a migration, before a process starts."""


async def _kinds(tx: Transaction) -> list[type[TenantTable]]:
    """The tables of this process that its database has: not every process mounts every part of the kernel, though the
    interpreter from which all were forked knows them all. Those being built anew alone, while they are."""
    if tx.process not in _kept:
        found = await tx.session.execute(select(column("tablename", SqlText)).select_from(text("pg_tables")))
        there = set(found.scalars())
        _kept[tx.process] = [kind for name, kind in tables_of(tx.process).items() if name in there]
    built = rebuilt(tx)
    return [kind for kind in _kept[tx.process] if built is None or kind in built]


async def carry(tx: Transaction, numbers: Mapping[int, int]) -> None:
    """Give every row of the process that bears one of the numbers (old → new) its new number."""
    if not numbers:
        return
    pairs = func.unnest(cast(list(numbers), ARRAY(Integer)), cast(list(numbers.values()), ARRAY(Integer)))
    given = pairs.table_valued(column("was", Integer), column("now", Integer)).render_derived(name="given")
    for kind in await _kinds(tx):
        table = _table(kind)
        for name in number_columns(kind):
            statement = update(table).values({name: given.c.now}).where(table.c[name] == given.c.was)
            statement = statement.where(table.c.tenant_id == tx.tenant, *_free(table, name, given.c.now))
            await tx.session.execute(statement)
        await _carry_documents(tx, kind, numbers)
    # Rows loaded before bear the old numbers still.
    tx.session.expire_all()


async def hand_over(tx: Transaction, closed: OrgUnit, successor: OrgUnit, on: date) -> None:
    """Make the rows of a merged unit those of its successor: their numbers, and the ids of what is not over.

    A row whose key the successor has already, a period that was over on the day, and a record that is only added to
    keep the id of the closed unit; its number lies within the successor's range, so whoever is responsible sees them.
    """
    for kind in await _kinds(tx):
        if str(kind.__tablename__).startswith(READ_MODEL):
            continue
        table = _table(kind)
        for name in number_columns(kind):
            await _replace(tx, table, name, closed.unit_no, successor.unit_no)
        if kind.__rls__.unit is None or "update" not in kind.__rls__.app:
            continue
        for name in unit_id_columns(kind):
            await _replace(tx, table, name, closed.id, successor.id, running=_running(table, on))
        for name in kind.__successor_in__:
            await _replace_in_document(tx, table, name, closed.id, successor.id)
    await _carry_documents_of(tx, {closed.unit_no: successor.unit_no})
    tx.session.expire_all()


async def carry_late(tx: Transaction, minutes: int) -> None:
    """Carry rows written under a number given up in the last minutes, by somebody who had begun before that."""
    since = func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, minutes)
    known = await tx.session.execute(
        select(col(OrgNumber.old_no), col(OrgNumber.unit_no)).where(col(OrgNumber.recorded_at) > since)
    )
    await carry(tx, {row[0]: row[1] for row in known})


async def _replace(tx: Transaction, table: Table, name: str, old: object, new: object, *, running: Any = None) -> None:
    statement = update(table).values({name: new}).where(table.c.tenant_id == tx.tenant, table.c[name] == old)
    if running is not None:
        statement = statement.where(running)
    await tx.session.execute(statement.where(*_free(table, name, new)))


async def _replace_in_document(tx: Transaction, table: Table, name: str, old: UUID, new: UUID) -> None:
    # Ids are written in one form only and are part of nothing else, so the text of the document can be replaced.
    words = cast(table.c[name], SqlText)
    changed = cast(func.replace(words, str(old), str(new)), JSONB)
    found = update(table).values({name: changed}).where(table.c.tenant_id == tx.tenant, words.contains(str(old)))
    await tx.session.execute(found)


def _free(table: Table, name: str, new: Any) -> Iterator[Any]:
    """The conditions that no other row has the key already which a row would get with the new value."""
    for key in _keys_with(table, name):
        other = table.alias()
        same = [other.c[each] == table.c[each] for each in key if each != name]
        yield ~exists().where(and_(*same, other.c[name] == new))


def _keys_with(table: Table, name: str) -> Iterator[list[str]]:
    """The keys of a table of which that column is a part: two rows must not become one."""
    keys: list[PrimaryKeyConstraint | UniqueConstraint | Index] = [table.primary_key]
    keys.extend(each for each in table.constraints if isinstance(each, UniqueConstraint))
    keys.extend(each for each in table.indexes if each.unique)
    for key in keys:
        names = [each.name for each in key.columns]
        if name in names:
            yield names


def _running(table: Table, on: date) -> Any:
    """The condition that a row is not over on the day; None for a table without periods."""
    if "period" in table.c and isinstance(table.c.period.type, Period):
        return or_(func.upper_inf(table.c.period), func.upper(table.c.period) > on)
    if "valid_before" in table.c:
        return or_(table.c.valid_before.is_(None), table.c.valid_before > on)
    return None


async def _carry_documents_of(tx: Transaction, numbers: Mapping[int, int]) -> None:
    for kind in await _kinds(tx):
        await _carry_documents(tx, kind, numbers)


async def _carry_documents(tx: Transaction, kind: type[TenantTable], numbers: Mapping[int, int]) -> None:
    """Numbers inside JSON of the rows that were just carried: a kept actor, a timer's payload."""
    table = _table(kind)
    documents = [each for each in table.columns if isinstance(each.type, JSONB)]
    bearing = number_columns(kind)
    if not documents or not bearing or "update" not in kind.__rls__.app:
        return
    keys: Sequence[Column[Any]] = list(table.primary_key.columns)
    for document in documents:
        found = await tx.session.execute(
            select(*keys, document).where(
                table.c.tenant_id == tx.tenant,
                or_(*(table.c[name].in_(set(numbers.values())) for name in bearing)),
                cast(document, SqlText).contains("unit_no"),
            )
        )
        for row in found.all():
            changed = replaced(row[-1], numbers)
            if changed != row[-1]:
                same = tuple_(*keys) == tuple_(*row[:-1])
                await tx.session.execute(update(table).values({document.name: changed}).where(same))


def replaced(value: Any, numbers: Mapping[int, int]) -> Any:
    """A JSON document with its members of unit numbers brought up to date."""
    if isinstance(value, list):
        return [replaced(each, numbers) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: numbers.get(each, each)
        if isinstance(each, int) and (name == "unit_no" or name.endswith("_unit_no"))
        else replaced(each, numbers)
        for name, each in value.items()
    }


async def remember(tx: Transaction, old_no: int, unit_id: UUID, unit_no: int, last_no: int) -> None:
    """Keep that a number is an old one, and what stands for it; older ones that led to it lead on."""
    await tx.session.execute(
        update(OrgNumber)
        .values(unit_no=unit_no, last_no=last_no)
        .where(col(OrgNumber.tenant_id) == tx.tenant, col(OrgNumber.unit_no) == old_no)
    )
    row = OrgNumber(tenant_id=tx.tenant, old_no=old_no, unit_id=unit_id, unit_no=unit_no, last_no=last_no)
    await tx.session.merge(row)
    await tx.session.flush()


def _table(kind: type[TenantTable]) -> Table:
    table: Table = vars(kind)["__table__"]
    return table

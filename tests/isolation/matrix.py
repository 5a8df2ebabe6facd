"""Tables × commands × who asks: what must be seen, changed and refused, and what was."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from tests.isolation.rows import INSIDE, SIDES, UNITS, Row, Seeds, Side, Table, build, put

REFUSED = "42501"
THROUGH = {"23503", "23505", "23P01"}
"""A foreign key, unique or exclusion constraint spoke: the walls had let the statement through."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Settings of a transaction, as text: None where there are none at all."""

    name: str
    tenant: UUID | None
    lo: int | None = None
    hi: int | None = None
    person: UUID | None = None

    async def enter(self, connection: asyncpg.Connection) -> None:
        """Set what `kernel.db` sets at the head of a transaction."""
        if self.tenant is None:
            return
        for name, value in (("tenant", self.tenant), ("lo", self.lo), ("hi", self.hi), ("person", self.person)):
            text = "" if value is None else str(value)
            await connection.execute("select set_config('app.' || $1::text, $2, true)", name, text)

    @property
    def in_scope(self) -> bool:
        """Whether the scope holds anything."""
        return self.lo is not None and self.hi is not None and self.lo <= self.hi

    def holds(self, table: Table, row: Row, *, reading: bool = False) -> bool:
        """Whether the row is theirs to see (or, but for publication, to write), by what the table declares."""
        if self.tenant is None or row["tenant_id"] != self.tenant:
            return False
        rls = table.rls
        if rls.unit is None and rls.person is None:
            return True
        if reading and rls.published and (self.person or not self.in_scope) and _is_published(table, row):
            return True
        if self.person is not None:
            return rls.person is not None and row[rls.person] == self.person
        if rls.unit is None:
            return self.in_scope
        return self.in_scope and self.lo <= row[rls.unit] <= self.hi  # type: ignore[operator]  # looked at by in_scope


def _is_published(table: Table, row: Row) -> bool:
    # The rows' maker empties every column of the condition that may be empty, and fills all others.
    return all(row[name] is not None for name in row if f"{name} is not null" in (table.rls.published or ""))


def askers(seeds: Seeds) -> list[Asker]:
    """Everybody who may come: of the first tenant, of the second, of none."""
    own, other = seeds.tenants
    person = seeds.persons["inside"]
    return [
        Asker("own tenant", own, 0, 2**31 - 1),
        Asker("own tenant, one unit", own, *INSIDE),
        Asker("other tenant", other, 0, 2**31 - 1),
        Asker("no context", None),
        Asker("person", own, 1, 0, person),
        Asker("the person in another tenant", other, 1, 0, person),
        Asker("public", own, 1, 0),
        Asker("a third tenant", UUID(int=7), 0, 2**31 - 1),
    ]


@dataclass(slots=True)
class Outcome:
    """What was wrong, and how often each command succeeded on each table."""

    wrong: list[str]
    succeeded: Counter[tuple[str, str]]


async def judge(app: asyncpg.Connection, tables: Iterable[Table], seeds: Seeds) -> Outcome:
    """Try everything as the role connected; all of it is rolled back."""
    outcome = Outcome([], Counter())
    for asker in askers(seeds):
        for table in tables:
            work = app.transaction()
            await work.start()
            try:
                await asker.enter(app)
                for judged in (_select, _insert, _update, _delete):
                    await judged(app, table, seeds, asker, outcome)
            finally:
                await work.rollback()
    return outcome


async def _try(connection: asyncpg.Connection, statement: str, *args: Any) -> tuple[str, int]:
    """Run in a savepoint that is undone; the SQL state (empty: none) and how many rows were touched."""
    point = connection.transaction()
    await point.start()
    try:
        status = await connection.execute(statement, *args)
    except asyncpg.PostgresError as error:
        return str(error.sqlstate), 0
    finally:
        await point.rollback()
    return "", int(status.rsplit(" ", 1)[-1])


async def _select(app: asyncpg.Connection, table: Table, seeds: Seeds, asker: Asker, outcome: Outcome) -> None:
    if not _granted(table, "select"):
        return _expect(outcome, table, "select", asker, await _try(app, f"select * from {table.name}"), REFUSED)  # noqa: S608
    key = ", ".join(table.key)
    seen = await app.fetch(f"select {key} from {table.name}")  # noqa: S608 - catalogue
    expected = {
        tuple(row[name] for name in table.key)
        for tenant in seeds.tenants
        for row in seeds.of(table.name, tenant)
        if asker.holds(table, row, reading=True)
    }
    found = {tuple(row) for row in seen}
    if found != expected:
        outcome.wrong.append(f"{table.name} select, {asker.name}: {len(found)} rows, expected {len(expected)}")
    outcome.succeeded[table.name, "select"] += len(found)
    return None


async def _insert(app: asyncpg.Connection, table: Table, seeds: Seeds, asker: Asker, outcome: Outcome) -> None:
    for tenant in seeds.tenants:
        for side in SIDES:
            row = build(table, seeds, tenant, side)
            point = app.transaction()
            await point.start()
            try:
                await put(app, table, row)
                state = ""
            except asyncpg.PostgresError as error:
                state = str(error.sqlstate)
            finally:
                await point.rollback()
            allowed = _granted(table, "insert") and asker.holds(table, row)
            words = f"insert of a row {side}" + ("" if tenant == seeds.tenants[0] else " of the other tenant")
            _judge_state(outcome, table, words, asker, state, allowed=allowed)
            if allowed:
                outcome.succeeded[table.name, "insert"] += 1


async def _update(app: asyncpg.Connection, table: Table, seeds: Seeds, asker: Asker, outcome: Outcome) -> None:
    same = f"update {table.name} set tenant_id = tenant_id"  # noqa: S608 - catalogue
    got = await _try(app, same)
    await _count(outcome, table, "update", asker, got, seeds)
    if not _granted(table, "update") or got[1] == 0:
        return
    for words, statement, args in (
        ("move to another tenant", f"update {table.name} set tenant_id = $1", (UUID(int=9),)),  # noqa: S608
        ("move to another unit", f"update {table.name} set {table.rls.unit} = $1", (UNITS["outside"] + 1,)),  # noqa: S608
    ):
        if words.endswith("unit") and (table.rls.unit is None or asker.name != "own tenant, one unit"):
            continue
        state, _ = await _try(app, statement, *args)
        if state != REFUSED:
            outcome.wrong.append(f"{table.name} {words}, {asker.name}: {state or 'done'}")


async def _delete(app: asyncpg.Connection, table: Table, seeds: Seeds, asker: Asker, outcome: Outcome) -> None:
    got = await _try(app, f"delete from {table.name}")  # noqa: S608 - catalogue
    await _count(outcome, table, "delete", asker, got, seeds)


async def _count(
    outcome: Outcome, table: Table, command: str, asker: Asker, got: tuple[str, int], seeds: Seeds
) -> None:
    state, count = got
    if not _granted(table, command):
        return _expect(outcome, table, command, asker, got, REFUSED)
    expected = sum(asker.holds(table, row) for tenant in seeds.tenants for row in seeds.of(table.name, tenant))
    if state in THROUGH and expected:
        outcome.succeeded[table.name, command] += 1
    elif (state, count) != ("", expected):
        outcome.wrong.append(f"{table.name} {command}, {asker.name}: {state or count}, expected {expected} rows")
    outcome.succeeded[table.name, command] += count
    return None


def _granted(table: Table, command: str) -> bool:
    return command in {word.strip() for word in table.rls.app.split(",")}


def _expect(outcome: Outcome, table: Table, command: str, asker: Asker, got: tuple[str, int], state: str) -> None:
    if got[0] != state:
        outcome.wrong.append(f"{table.name} {command}, {asker.name}: {got[0] or 'done'}, expected {state}")


def _judge_state(outcome: Outcome, table: Table, words: str, asker: Asker, state: str, *, allowed: bool) -> None:
    if (state == "" or state in THROUGH) != allowed or (not allowed and state != REFUSED):
        expected = "allowed" if allowed else "refused"
        outcome.wrong.append(f"{table.name} {words}, {asker.name}: {state or 'done'}, expected {expected}")


def never_tried(tables: Iterable[Table], outcome: Outcome) -> list[str]:
    """Granted commands that nobody could use: then the refusals around them prove nothing."""
    return [
        f"{table.name} {command}"
        for table in tables
        for command in (word.strip() for word in table.rls.app.split(","))
        if not outcome.succeeded[table.name, command]
    ]


__all__ = ["Asker", "Outcome", "Side", "askers", "judge", "never_tried"]

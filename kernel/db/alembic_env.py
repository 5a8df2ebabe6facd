"""The environment of every migration: owner role, lock timeout, and walls that autogeneration sees.

A new or changed table gets, after its columns, the statements of `kernel.db.policy`, written out as plain SQL. The
comment on the table tells whether the walls in the database are those of the model, so `alembic check` notices.
"""

from collections.abc import Iterable
from typing import Any

from alembic import context
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations
from alembic.operations.ops import MigrationScript, UpgradeOps
from sqlalchemy import Connection, text

from kernel.db.migrate import become_owner, expected_walls
from kernel.db.table import metadata_of


@Operations.register_operation("put_up_walls")
class PutUpWalls(MigrateOperation):
    """Run the statements that put up the walls of one table."""

    def __init__(self, table: str, statements: Iterable[str]) -> None:
        self.table = table
        self.statements = list(statements)

    @classmethod
    def put_up_walls(cls, operations: Operations, table: str, statements: Iterable[str]) -> None:
        """As an operation of a migration: `op.put_up_walls("roster_contract", [...])`."""
        operations.invoke(cls(table, statements))

    def reverse(self) -> MigrateOperation:
        """Walls go with their table; there is nothing to undo."""
        return PutUpWalls(self.table, [])

    def to_diff_tuple(self) -> tuple[str, str]:
        """How `alembic check` names the difference."""
        return ("put_up_walls", self.table)


@Operations.implementation_for(PutUpWalls)
def _run(operations: Operations, operation: PutUpWalls) -> None:
    # In one trip: the tables of a new stack have thousands of them.
    statements = "".join(f"{statement};\n" for statement in operation.statements)
    operations.execute(f"do $walls$ begin\n{statements}end $walls$")


@renderers.dispatch_for(PutUpWalls)
def _render(_: AutogenContext, operation: PutUpWalls) -> str:
    lines = "".join(f"        {statement!r},\n" for statement in operation.statements)
    return f"op.put_up_walls(\n    {operation.table!r},\n    [\n{lines}    ],\n)"


def _compare(process: str, connection: Connection, script: UpgradeOps) -> None:
    found = {
        row[0]: row[1]
        for row in connection.execute(
            text(
                "select c.relname, obj_description(c.oid) from pg_class c"
                " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
            )
        )
    }
    for table, statements in expected_walls(process).items():
        if f"comment on table {table} is '{found.get(table)}'" != statements[-1]:
            script.ops.append(PutUpWalls(table, statements))


def run() -> None:
    """Run the migrations asked for, inside one transaction each, as the owner role."""
    config = context.config
    process: str = config.attributes["process"]
    connection: Connection = config.attributes["connection"]
    become_owner(connection, process)
    connection.commit()

    def append_walls(_: Any, __: Any, directives: list[MigrationScript]) -> None:
        for script in directives:
            assert script.upgrade_ops is not None  # noqa: S101 - autogeneration always makes them
            _compare(process, connection, script.upgrade_ops)

    metadata = metadata_of(process)
    for table, statements in expected_walls(process).items():
        metadata.tables[table].comment = statements[-1].split("'")[1]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=False,
        include_object=_include,
        process_revision_directives=append_walls,
    )
    with context.begin_transaction():
        context.run_migrations()


def _include(_: Any, name: str | None, kind: str, reflected: bool, __: Any) -> bool:
    """Partitions are made month by month, and temporal constraints stand in the walls: neither is in the model."""
    if kind == "table" and reflected and name is not None:
        return not name.removesuffix(name[-7:]).endswith("_archive")
    return not (kind == "unique_constraint" and reflected and name is not None and name.endswith("_periods"))

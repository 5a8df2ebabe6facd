"""Statements of SQLAlchemy that are put into words once and then run past it, for what is done often.

They are written as everywhere, with `bindparam` where a value is to come, and carry the tenant's bound as all queries
do. `kernel.db.put` is for a whole row.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from sqlalchemy import Select, bindparam
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.orm import with_loader_criteria

from kernel.db.transaction import Transaction

_DIALECT = PGDialect_asyncpg(dbapi=PGDialect_asyncpg.import_dbapi())
TENANT: Any = bindparam("tenant")
"""The tenant of the transaction; to be named where no query is bounded by itself (INSERT, UPDATE, DELETE)."""


class Built:
    """One statement; `make` gives it, once, when it is first run.

    `TypeError` where its words depend on a value: a list is compared by `any_`.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    async def run(self, tx: Transaction, **values: Any) -> list[dict[str, Any]]:
        """The rows, with the values of its parameters by their names; it sees what a session was given."""
        await tx.flush()
        words, parameters, columns = self._words
        values["tenant"] = tx.tenant
        given = [stored(values.get(name, fixed)) for name, fixed, stored in parameters]
        return [dict(zip(columns, row, strict=True)) for row in await tx.run(words, *given)]

    @cached_property
    def _words(self) -> tuple[str, list[tuple[str, Any, Callable[[Any], Any]]], list[str]]:
        statement = self._make()
        if isinstance(statement, Select):
            for kind in {each["entity"] for each in statement.column_descriptions} - {None}:
                statement = statement.options(with_loader_criteria(kind, kind.tenant_id == TENANT))
        compiled = statement.compile(dialect=_DIALECT)
        if compiled.post_compile_params:
            raise TypeError(f"{compiled}: words that depend on a value")
        fixed = compiled.params | {each.key: each.default.arg for each in compiled.insert_prefetch}
        parameters = []
        for name in compiled.positiontup:
            stored = compiled.binds[name].type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
            parameters.append((name, fixed[name], stored or _as_it_is))
        return str(compiled), parameters, list(statement.exported_columns.keys())


def _as_it_is(value: Any) -> Any:
    return value

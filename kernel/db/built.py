"""Statements of SQLAlchemy that are put into words once and then run past it, for what is done often.

They are written as everywhere, with `bindparam` where a value is to come, and a SELECT carries the bounds of its
context as all queries do (`kernel.db.bounds`). `kernel.db.put` is for a whole row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.orm import with_loader_criteria

from kernel.db.bounds import scope_of
from kernel.db.transaction import Transaction

_DIALECT = PGDialect_asyncpg(dbapi=PGDialect_asyncpg.import_dbapi())  # type: ignore[no-untyped-call]  # no types there
TENANT: Any = bindparam("tenant")
"""The tenant of the transaction; to be named where no query is bounded by itself (INSERT, UPDATE, DELETE)."""
_LO: Any = bindparam("lo", type_=Integer)
_HI: Any = bindparam("hi", type_=Integer)
Stored = Callable[[Any], Any]
"""Makes a value what the driver takes."""


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    parameters: list[tuple[str, Stored | None]]
    constants: Mapping[str, Any]
    columns: list[str]


class Built:
    """One statement; `make` gives it, once, when it is first run.

    `TypeError` where its words depend on a value (a list is compared by `any_`), or a value on the moment, and where it
    answers a period, which the driver has in its own way.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    async def run(self, tx: Transaction, **values: Any) -> list[dict[str, Any]]:
        """The rows, with the values of its parameters by their names; it sees what a session was given."""
        await tx.flush()
        words = self._words
        scope = scope_of(tx.context)
        known = {**words.constants, **values, "tenant": tx.tenant, "lo": scope.lo, "hi": scope.hi}
        given = [stored(known[name]) if stored else known[name] for name, stored in words.parameters]
        return [dict(zip(words.columns, row, strict=True)) for row in await tx.run(words.text, *given)]

    @cached_property
    def _words(self) -> _Words:
        statement = self._make()
        if isinstance(statement, Select):
            for kind in {each["entity"] for each in statement.column_descriptions} - {None}:
                statement = statement.options(with_loader_criteria(kind, _bounds(kind)))
        compiled = statement.compile(dialect=_DIALECT)
        defaults = {each.key: each.default for each in compiled.insert_prefetch}
        columns = statement.exported_columns
        if (
            compiled.post_compile_params
            or not all(each.is_scalar for each in defaults.values())
            or any(isinstance(each.type, DATERANGE) for each in columns)
        ):
            raise TypeError(f"not to be built once: {compiled}")
        constants = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
        return _Words(
            str(compiled),
            [(name, _stored(compiled.binds[name].type)) for name in compiled.positiontup],
            constants | {name: default.arg for name, default in defaults.items()},
            list(columns.keys()),
        )


def _bounds(kind: Any) -> Any:
    bounds = kind.tenant_id == TENANT
    unit = kind.__rls__.unit
    return bounds if unit is None else and_(bounds, getattr(kind, unit).between(_LO, _HI))


def _stored(kind: Any) -> Stored | None:
    made: Stored | None = kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    return made

"""Long lists: the bytes of a page straight from the rows that the database gave, as its view would have written them.

A view for each row, checked when it is made and once more before it goes out, costs twenty times what the bytes do. A
list that is declared here reads the columns that its view shows and nothing else, and no view is made: types are those
of the columns. A test holds the bytes to the view's own (`tests/integration/generation/test_lists.py`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from inspect import signature
from itertools import starmap
from time import monotonic
from types import MappingProxyType
from typing import Any, Generic, TypeVar, get_args, get_origin

import msgspec
from pydantic import BaseModel
from sqlalchemy import Select, String, Uuid, any_, cast, func, literal_column, null, select
from starlette.responses import Response

from kernel.context import TenantId
from kernel.db.table import TenantTable
from kernel.db.transaction import Transaction
from kernel.http.paging import Paging
from kernel.http.schema import Page, View
from kernel.org.packs import Recent

ViewT = TypeVar("ViewT", bound=View)
_ENCODER = msgspec.json.Encoder()
_ZERO: Any = literal_column("0")
FEW = 3_000
"""Rows of a scope that are sorted sooner than an index is walked for a page of them: measured (performance.md)."""
REMEMBERED = 10_000
REMEMBERED_SECONDS = 60.0
"""Of so many scopes a list remembers for so long whether they have few rows: an error costs time and nothing else."""


class Listed(Response, Generic[ViewT]):
    """The bytes of a page of views. An operation that answers with it has `Page` of that view as its schema."""

    media_type = "application/json"


def page_of(endpoint: Callable[..., Any]) -> Any:
    """The schema of an operation that answers with `Listed` views; None for any other."""
    answered = signature(endpoint).return_annotation
    return Page[get_args(answered)] if get_origin(answered) is Listed else None  # type: ignore[misc]  # not known here


class Listing(Generic[ViewT]):
    """How the rows of one list are read and written.

    Its members are the columns of the tables that have their names, or what `told` has for them; those in `reckoned`
    have no column and are made of the row. `beside`: columns that are read and not shown. `page`: the schema of the
    answer, where it is another than `Page`.
    """

    def __init__(
        self,
        view: type[ViewT],
        *tables: type[TenantTable],
        told: Mapping[str, Any] = MappingProxyType({}),
        reckoned: Collection[str] = (),
        beside: Sequence[Any] = (),
        page: type[BaseModel] = Page,
    ) -> None:
        names = tuple(view.model_fields)
        told = {**told, **dict.fromkeys(reckoned, null())}
        self.columns = [_shown(name, tables, told).label(name) for name in names] + list(beside)
        self._tables = tables
        self._few: Recent[tuple[TenantId, int, int], tuple[bool, float]] = Recent(REMEMBERED)
        self._members = len(names) if beside else None
        self._line: Any = _struct(view.__name__, names)
        self._page: Any = _struct(page.__name__, tuple(page.model_fields))

    def select(self) -> Select[Any]:
        """The statement to which conditions, order and limit are added. Ids are read as text."""
        return select(*self.columns)

    async def in_order(
        self, tx: Transaction, paging: Paging, statement: Select[Any], *columns: Any, newest: bool = False
    ) -> Sequence[Any]:
        """The rows of a page of one table in the order of these columns, the last of them the id; or in the reverse.

        An index of that order is walked, and what belongs to other units is passed by. In a scope of few rows that
        would be long: there their keys alone are sorted, from an index by unit that has all that policies ask of a row
        (the person), and the page is read by them.
        """

        def cut(given: Select[Any], by: Iterable[Any]) -> Select[Any]:
            return given.order_by(*(each.desc() if newest else each for each in by)).limit(paging.limit + 1)

        if await self._has_few(tx):
            # `offset 0`: else the planner, who may think them more or fewer, walks after all.
            keys = list(statement.with_only_columns(*columns).offset(_ZERO).subquery().c)
            ids = cut(select(keys[-1]), keys).scalar_subquery()
            statement = self.select().where(columns[-1] == any_(func.array(ids)))
        rows: Sequence[Any] = (await tx.session.execute(cut(statement, columns))).all()
        return rows

    async def _has_few(self, tx: Transaction) -> bool:
        """Whether few rows are in the scope; not where it is none, as a person's."""
        scope, now = tx.context.scope, monotonic()
        if scope.hi < scope.lo:
            return False
        key = (tx.tenant, scope.lo, scope.hi)
        known = self._few.get(key)
        if known is None or known[1] < now:
            by_unit = _column("unit_no", self._tables)
            some = select(by_unit).where(by_unit.between(scope.lo, scope.hi)).order_by(by_unit).limit(FEW + 1)
            counted = await tx.session.execute(select(func.count()).select_from(some.subquery()))
            known = self._few.put(key, (counted.scalar_one() <= FEW, now + REMEMBERED_SECONDS))
        return known[0]

    def page(
        self,
        paging: Paging,
        rows: Sequence[Any],
        key: Callable[[Any], Sequence[Any]],
        reckon: Callable[[Any], Mapping[str, object]] | None = None,
        **more: object,
    ) -> Listed[ViewT]:
        """The page of `rows`, read with `limit + 1`; `key` as of `Paging.page`.

        `reckon`: the members of a row that are not as they were read. `more`: those of a page's own schema.
        """
        shown, following = paging.page(rows, key)
        cut = shown if self._members is None else [row[: self._members] for row in shown]
        lines = list(starmap(self._line, cut))
        if reckon is not None:
            for line, row in zip(lines, shown, strict=True):
                for name, value in reckon(row).items():
                    setattr(line, name, value)
        return Listed(_ENCODER.encode(self._page(items=lines, next=following, **more)))


def _shown(name: str, tables: Sequence[type[TenantTable]], told: Mapping[str, Any]) -> Any:
    source = told[name] if name in told else _column(name, tables)
    # The driver's ids are of a type of its own: to write one takes as long as to write all the rest of a row.
    return cast(source, String) if isinstance(source.type, Uuid) else source


def _column(name: str, tables: Sequence[type[TenantTable]]) -> Any:
    for table in tables:
        if name in table.model_fields:
            return getattr(table, name)
    raise TypeError(f"{name} is a member that no column has")


def _struct(name: str, members: Sequence[str]) -> Any:
    return msgspec.defstruct(name, [(member, Any) for member in members])

"""Long lists: the bytes of a page straight from the rows that the database gave, as its view would have written them.

A view for each row, checked when it is made and once more before it goes out, costs twenty times what the bytes do. A
list that is declared here reads the columns that its view shows and nothing else, and no view is made: types are those
of the columns. A test holds the bytes to the view's own (`tests/integration/generation/test_lists.py`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from inspect import signature
from itertools import starmap
from types import MappingProxyType
from typing import Any, Generic, TypeVar, get_args, get_origin

import msgspec
from pydantic import BaseModel
from sqlalchemy import Select, String, Uuid, any_, cast, func, null, select
from starlette.responses import Response

from kernel.db.table import TenantTable
from kernel.db.transaction import Transaction
from kernel.http.paging import Paging
from kernel.http.schema import Page, View

ViewT = TypeVar("ViewT", bound=View)
_ENCODER = msgspec.json.Encoder()
FEW_UNITS = 128
"""In a scope of so many units sorting is shorter than walking, in a wider one walking: measured (performance.md)."""


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
        self._id: Any = _column("id", tables)
        self._members = len(names) if beside else None
        self._line: Any = _struct(view.__name__, names)
        self._page: Any = _struct(page.__name__, tuple(page.model_fields))

    def select(self) -> Select[Any]:
        """The statement to which conditions, order and limit are added. Ids are read as text."""
        return select(*self.columns)

    async def in_order(self, tx: Transaction, paging: Paging, statement: Select[Any], *order: Any) -> Sequence[Any]:
        """The rows of a page of one table in an order of its own, not that of the units; the last of `order` is by id.

        A wide scope walks an index of that order and passes by what belongs to other units. In one of few units that
        would be long: there the ids alone are sorted, from an index by unit that has all that policies ask
        of a row (the person), and the page is read by them.
        """
        ordered, scope = statement.order_by(*order).limit(paging.limit + 1), tx.context.scope
        if 0 <= scope.hi - scope.lo < FEW_UNITS:
            ids = ordered.with_only_columns(self._id).correlate(None).scalar_subquery()
            ordered = self.select().where(self._id == any_(func.array(ids))).order_by(*order)
        rows: Sequence[Any] = (await tx.session.execute(ordered)).all()
        return rows

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

"""The bytes of a list are those that its views would have given, whatever values the rows have."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal, NamedTuple
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field
from kernel.http.listed import Listed, Listing, page_of
from kernel.http.paging import Paging
from kernel.http.schema import Page, View


class Tool(TenantTable, table=True):
    """A table with a column of each kind."""

    __tablename__ = "listed_tool"
    __rls__ = Rls()

    id: UUID = Field(primary_key=True)
    unit_no: int
    owner_id: UUID | None = None
    name: str
    bought_on: date
    used_at: datetime | None = instant(default=None)
    price: Decimal
    lent: bool
    weight: float
    facts: dict[str, Any] = json_field()
    secret: bytes


class ToolView(View):
    """A view of it: not all of its columns, in an order of its own, and a member that none of them is."""

    name: str
    id: UUID
    state: Literal["here", "lent"]
    owner_id: UUID | None
    bought_on: date
    used_at: AwareDatetime | None
    price: Decimal
    lent: bool
    weight: float
    facts: dict[str, Any]


class ToolPage(View):
    """A page with a member of its own."""

    items: list[ToolView]
    next: str | None
    stock_taken: bool


class Row(NamedTuple):
    """A row as it is read: ids as text, what is beside at the end."""

    name: str
    id: str
    state: None
    owner_id: str | None
    bought_on: date
    used_at: datetime | None
    price: Decimal
    lent: bool
    weight: float
    facts: dict[str, Any]
    unit_no: int


LIST = Listing(ToolView, Tool, reckoned=("state",), beside=[Tool.unit_no])
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=3, minutes=30))])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS
ROWS = st.builds(
    Row,
    TEXTS,
    st.uuids().map(str),
    st.none(),
    st.none() | st.uuids().map(str),
    st.dates(),
    st.none() | st.datetimes(timezones=ZONES),
    st.decimals(-(10**12), 10**12, places=6) | st.decimals(0, 1000, places=2) | st.just(Decimal("1E+3")),
    st.booleans(),
    st.floats(-1e15, 1e15),
    st.dictionaries(
        TEXTS, st.recursive(SCALARS, lambda each: st.lists(each) | st.dictionaries(TEXTS, each), max_leaves=4)
    ),
    st.integers(0, 1000),
)


def reckon(row: Row) -> dict[str, object]:
    """What no column has."""
    return {"state": "lent" if row.lent else "here"}


def paging(limit: int) -> Paging:
    """A page of so many rows."""
    return Paging(limit, None, b"a key of cursors", b"")


@given(st.lists(ROWS, max_size=3))
def test_the_bytes_are_those_of_the_views(rows: list[Row]) -> None:
    views = [ToolView.model_validate({**row._asdict(), **reckon(row)}) for row in rows[:2]]
    cursor = paging(2).next((rows[1].unit_no, rows[1].id)) if len(rows) > 2 else None
    made = LIST.page(paging(2), rows, lambda row: (row.unit_no, row.id), reckon)
    assert made.body == Page[ToolView](items=views, next=cursor).model_dump_json().encode()


def test_a_page_may_have_members_of_its_own() -> None:
    made = Listing(ToolView, Tool, reckoned=("state",), page=ToolPage).page(
        paging(2), [], lambda row: row, stock_taken=True
    )
    assert made.body == ToolPage(items=[], next=None, stock_taken=True).model_dump_json().encode()
    assert made.headers["content-type"] == "application/json"


def test_ids_are_read_as_text_and_nothing_is_read_that_is_not_shown() -> None:
    read = str(LIST.select())
    assert "CAST(listed_tool.id AS VARCHAR) AS id" in read
    assert "CAST(listed_tool.owner_id AS VARCHAR) AS owner_id" in read
    assert "secret" not in read


def test_a_member_that_nothing_tells_is_refused() -> None:
    with pytest.raises(TypeError, match="state is a member that no column has"):
        Listing(ToolView, Tool)


def test_an_operation_that_answers_with_a_list_has_its_page_as_schema() -> None:
    async def listing() -> Listed[ToolView]:
        raise NotImplementedError

    async def one() -> ToolView:
        raise NotImplementedError

    assert page_of(listing) == Page[ToolView]
    assert page_of(one) is None


def test_an_id_that_came_as_an_id_is_written_too() -> None:
    row = Row("saw", uuid4(), None, None, date(2026, 1, 1), None, Decimal(1), False, 1.0, {}, 1)  # type: ignore[arg-type]
    assert f'"id":"{row.id}"'.encode() in LIST.page(paging(2), [row], lambda each: each, reckon).body

"""A cursor belongs to one list of one asker; any other one refuses it as malformed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.context import Actor, Context, Scope, TenantId
from kernel.errors import BadRequest, ListChanged
from kernel.http.paging import Paging, binding_of, open_cursor
from kernel.ids import new_id

KEY = b"a key of cursors"
TENANT, POST = TenantId(new_id()), new_id()
PATH = "/api/v1/roster/dossiers"
FILTERS = [("level", "county"), ("state", "enrolled")]
KEYS = st.lists(st.one_of(st.text(), st.integers(-(2**63), 2**63 - 1), st.none()), min_size=1, max_size=3)


def asking(tenant: TenantId = TENANT, lo: int = 1000, hi: int = 4999, **actor: Any) -> Context:
    """An official's context."""
    return Context(
        tenant, Scope(lo, hi), Actor(**{"kind": "official", "post": POST} | actor), datetime(2026, 1, 1, tzinfo=UTC)
    )


OWN = binding_of(asking(), PATH, FILTERS)
OTHERS = {
    "tenant": binding_of(asking(TenantId(new_id())), PATH, FILTERS),
    "path": binding_of(asking(), PATH + "/x", FILTERS),
    "narrower scope": binding_of(asking(lo=1001), PATH, FILTERS),
    "wider scope": binding_of(asking(hi=5000), PATH, FILTERS),
    "another post": binding_of(asking(post=new_id()), PATH, FILTERS),
    "a person": binding_of(asking(kind="person", person=new_id(), post=None), PATH, FILTERS),
    "fewer filters": binding_of(asking(), PATH, FILTERS[:1]),
    "another value": binding_of(asking(), PATH, [("level", "county"), ("state", "on_duty")]),
    "a separator in a value": binding_of(asking(), PATH, [("level", "county\nstate=enrolled")]),
    "name and value joined otherwise": binding_of(asking(), PATH, [("level", "county"), ("stat", "e=enrolled")]),
}


def cursor(last: list[Any], binding: bytes = OWN) -> str:
    """A cursor as a page gives it."""
    return Paging(50, None, KEY, binding).next(last)


@given(KEYS)
def test_a_cursor_gives_back_the_sort_key(last: list[Any]) -> None:
    made = cursor(last)
    assert made.isascii()
    assert "=" not in made
    assert open_cursor(made, KEY, OWN) == tuple(last)


@pytest.mark.parametrize("other", OTHERS)
def test_another_list_refuses_it(other: str) -> None:
    with pytest.raises(BadRequest):
        open_cursor(cursor([1]), KEY, OTHERS[other])


@given(KEYS)
def test_under_another_numbering_it_says_that_the_list_changed(last: list[Any]) -> None:
    made = Paging(50, None, KEY, OWN, 3).next(last)
    assert open_cursor(made, KEY, OWN, 3) == tuple(last)
    with pytest.raises(ListChanged):
        open_cursor(made, KEY, OWN, 4)


def test_the_order_of_filters_does_not_matter() -> None:
    assert binding_of(asking(), PATH, FILTERS[::-1]) == OWN


@given(KEYS, st.integers(min_value=0))
def test_a_truncated_cursor_is_refused(last: list[Any], length: int) -> None:
    made = cursor(last)
    with pytest.raises(BadRequest):
        open_cursor(made[: length % len(made)], KEY, OWN)


@given(st.one_of(st.text(), st.text(alphabet="ABCDwxyz0189-_=+/ ")))
def test_rubbish_is_refused_and_never_stumbled_over(value: str) -> None:
    with pytest.raises(BadRequest):
        open_cursor(value, KEY, OWN)


def test_another_key_refuses_it() -> None:
    with pytest.raises(BadRequest):
        open_cursor(cursor([1]), b"another key", OWN)


@given(st.integers(0, 30), st.integers(1, 10))
def test_a_page_is_cut_and_says_whether_more_follows(count: int, limit: int) -> None:
    rows = list(range(count))
    seen: list[int] = []
    after: int | None = None
    for _ in range(count + 1):
        read = [row for row in rows if after is None or row > after][: limit + 1]
        shown, following = Paging(limit, None, KEY, OWN).page(read, lambda row: [row])
        seen.extend(shown)
        assert len(shown) <= limit
        if following is None:
            break
        (after,) = open_cursor(following, KEY, OWN)
    assert seen == rows

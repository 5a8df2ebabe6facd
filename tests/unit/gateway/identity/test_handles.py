"""Handles name their tenant, and are read back in one spelling only."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.identity import handles

TENANT = UUID("01a1ffb4-85a2-7000-9889-15d85cc91ee1")


@given(st.uuids())
def test_a_handle_tells_its_tenant(tenant: UUID) -> None:
    assert handles.tenant_of(handles.mint(tenant)) == tenant
    assert handles.tenant_of(handles.compose(tenant, "portal")) == tenant


def test_two_handles_differ() -> None:
    assert handles.mint(TENANT) != handles.mint(TENANT)


@given(st.text(max_size=60))
def test_other_text_is_no_handle_or_is_spelled_as_we_spell_it(text: str) -> None:
    tenant = handles.tenant_of(text)
    assert tenant is None or text.startswith(handles.tenant_prefix(tenant) + ".")


@pytest.mark.parametrize("odd", [None, "", ".", "portal", "A" * 22, "A" * 22 + ".", "A" * 21 + "B.x", "é" * 22 + ".x"])
def test_odd_values_name_no_tenant(odd: str | None) -> None:
    assert handles.tenant_of(odd) is None


@pytest.mark.parametrize("rest", ["", "a b", "é", "a/b", "x" * 201])
def test_a_client_id_that_could_not_be_read_back_is_not_made(rest: str) -> None:
    with pytest.raises(ValueError, match="unreserved"):
        handles.compose(TENANT, rest)

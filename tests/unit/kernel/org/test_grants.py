"""Grants as the pack declares them, in the form in which permissions are judged (T5)."""

from types import SimpleNamespace
from typing import Any, cast

from gateway.regulation import permissions
from kernel.access.permission import Grant
from kernel.org.grants import grants_of
from kernel.regulation.loading import INSTALLED, load
from kernel.regulation.pack import Pack


def pack(**permissions: list[dict[str, list[str]]]) -> Pack:
    """A pack that has nothing but permissions."""
    several: dict[str, Any] = {
        name.replace("__", "."): [SimpleNamespace(**one) for one in grants] for name, grants in permissions.items()
    }
    head = SimpleNamespace(issuer=None, interpreter=None)
    return cast(Pack, SimpleNamespace(document=SimpleNamespace(permissions=several, pack=head)))


def test_each_permission_has_its_grants_in_order() -> None:
    found = grants_of(
        pack(
            a__b__c=[
                {"departments": ["society_work", "organization"], "levels": ["county"], "duties": ["handler"]},
                {"departments": ["township_office"], "levels": [], "duties": []},
            ],
            d__e__f=[],
        )
    )
    assert found == {
        "a.b.c": (
            Grant(("society_work", "organization"), ("county",), ("handler",)),
            Grant(("township_office",)),
        ),
        "d.e.f": (),
    }


def test_a_pack_without_permissions_grants_nothing() -> None:
    assert grants_of(pack()) == {}


def test_the_organ_that_a_regulation_names_holds_its_function_without_a_grant() -> None:
    held = grants_of(load(INSTALLED / "shuanghe"))
    assert held[permissions.DRAFT_DECIDE.name] == (Grant(("party_committee",), ("league",), ("approver",)),)
    assert held[permissions.INTERPRET.name] == (Grant(("civil_affairs",), ("league",), ("approver",)),)


def test_without_such_an_organ_nobody_holds_it() -> None:
    assert permissions.DRAFT_DECIDE.name not in grants_of(pack())

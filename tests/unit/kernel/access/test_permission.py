"""Who holds a permission: by audience, and for officials by the grants of the pack (T5)."""

from typing import get_args

import pytest

from kernel.access.permission import Audience, Grant, Permission, declared, permission, permitted
from kernel.context import Actor, ActorKind
from kernel.errors import Text
from kernel.ids import new_id

GRANTS = [Grant(("society_work",), ("county",), ("handler", "approver"))]
ACTORS: dict[ActorKind, Actor] = {
    "official": Actor("official", department_kind="society_work", level="county", duty="handler"),
    "person": Actor("person", person=new_id()),
    "public": Actor("public"),
    "client": Actor("client", client_id="x"),
    "system": Actor("system"),
}
HOLDERS: dict[Audience, set[ActorKind]] = {
    "official": {"official"},
    "person": {"person"},
    "public": set(get_args(ActorKind)),
    "client": set(),
    "signed-in": {"official", "person", "client"},
}


def made(audience: Audience) -> Permission:
    """A permission of that audience, not declared."""
    return Permission("test.thing.do", Text("测试", "Test"), audience)


@pytest.mark.parametrize("audience", get_args(Audience))
@pytest.mark.parametrize("kind", get_args(ActorKind))
def test_the_audience_decides_who_may_hold_it_at_all(audience: Audience, kind: ActorKind) -> None:
    assert bool(permitted(ACTORS[kind], made(audience), GRANTS)) is (kind in HOLDERS[audience])


@pytest.mark.parametrize("audience", get_args(Audience))
@pytest.mark.parametrize("kind", get_args(ActorKind))
def test_grants_of_a_client_serve_clients_alone(audience: Audience, kind: ActorKind) -> None:
    with_grants = bool(permitted(ACTORS[kind], made(audience), GRANTS, ("test.thing.do",)))
    without = bool(permitted(ACTORS[kind], made(audience), GRANTS, ("another.thing.do",)))
    assert with_grants == (without or (kind == "client" and audience in ("client", "official")))


@pytest.mark.parametrize("audience", [one for one in get_args(Audience) if one == "official"])
@pytest.mark.parametrize("kind", [one for one in get_args(ActorKind) if one != "official"])
def test_nobody_else_becomes_an_official_by_naming_a_post(audience: Audience, kind: ActorKind) -> None:
    actor = Actor(kind, department_kind="society_work", level="county", duty="handler")
    assert not permitted(actor, made(audience), GRANTS)


def test_without_grants_no_official_holds_anything() -> None:
    assert not permitted(ACTORS["official"], made("official"), ())


@pytest.mark.parametrize("department", ["society_work", "organization", None])
@pytest.mark.parametrize("level", ["county", "league", None])
@pytest.mark.parametrize("duty", ["handler", "viewer", None])
def test_a_grant_covers_department_and_level_and_duty_together(
    department: str | None, level: str | None, duty: str | None
) -> None:
    expected = (department, level, duty) == ("society_work", "county", "handler")
    assert GRANTS[0].covers(department, level, duty) is expected


def test_an_empty_list_of_levels_or_duties_is_any_of_them_but_departments_are_named() -> None:
    assert Grant(("society_work",)).covers("society_work", "county", "viewer")
    assert not Grant(()).covers("society_work", "county", "viewer")
    assert not Grant(("society_work",)).covers(None, "county", "viewer")


def test_a_grant_reads_the_form_of_the_pack() -> None:
    assert Grant.read({"departments": ["society_work"], "levels": ["county"], "duties": None}) == Grant(
        ("society_work",), ("county",), ()
    )
    with pytest.raises(KeyError):
        Grant.read({"levels": ["county"]})


def test_a_permission_is_declared_once() -> None:
    name, known = next(iter(declared().items())) if declared() else ("", None)
    if known is None:
        known = permission("test.only.here", zh="仅测试", en="Here only")
        name = known.name
    with pytest.raises(ValueError, match="declared twice"):
        permission(name, zh="再", en="Again")
    assert declared()[name] is known

"""What becomes of departments, posts and substitutes when their unit is merged, closed or split (T2, T3)."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from gateway.directory.tables import Department, Post, Substitution, Unit
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.gateway.directory.test_reorganisation import COMMUNITY, PATH, TODAY, TOWNSHIP, act
from tests.integration.gateway.house import Town

SIBLING = "150102092000"
TERM = "2026-09-01"


@pytest.fixture
async def town(gateway: ServiceUnderTest, plan: Path) -> Town:
    """A town for each test: each changes its tree."""
    return await Town.found(gateway, plan)


async def officials(gateway: ServiceUnderTest, town: Town, code: str) -> list[tuple[str, str, str, str | None]]:
    """Who holds what in the unit with that code: user, kind of the department, first day and end."""
    async with gateway.database.transaction(town.tenant.context()) as tx:
        found = await tx.session.execute(
            select(Post, Department.kind)
            .join(Department, col(Department.id) == col(Post.department_id))
            .join(Unit, col(Unit.id) == col(Post.unit_id))
            .where(col(Unit.code) == code)
            .order_by(col(Post.id))
        )
        return [
            (str(post.user_id), kind, str(post.valid_from), str(post.valid_before) if post.valid_before else None)
            for post, kind in found
        ]


async def kinds(town: Town, unit_id: Any) -> list[str]:
    """The kinds of the unit's departments that stand today."""
    query = {"unit_id": str(unit_id), "on": TODAY}
    found = await town.tenant.get(town.system, f"{PATH}/departments", query=query)
    return sorted(each["kind"] for each in found.json()["items"])


async def test_the_posts_of_a_merged_unit_go_to_its_successor_where_that_is_asked(
    gateway: ServiceUnderTest, town: Town
) -> None:
    user, deputy = await town.user("moved.clerk"), await town.user("moved.deputy")
    post = (await town.give(user, "township_office", TOWNSHIP)).json()
    grant = {"user_id": deputy, "valid_from": TODAY, "valid_before": TERM, "reason": "出差"}
    appointed = await town.tenant.post(town.security, f"{PATH}/posts/{post['id']}/substitutes", grant)
    assert appointed.status_code == 201, appointed.text
    merged = await act(town, TOWNSHIP, "merges", into_id=str(town.units[SIBLING].id), posts="move")
    assert (merged.status_code, merged.json()["details"]["posts"]) == (201, "move")
    assert (user, "township_office", "2026-03-01", TODAY) in await officials(gateway, town, TOWNSHIP)
    assert (user, "township_office", TODAY, None) in await officials(gateway, town, SIBLING)
    assert await kinds(town, town.units[TOWNSHIP].id) == []
    async with gateway.database.transaction(town.tenant.context()) as tx:
        given = (
            await tx.session.execute(
                select(Post).where(col(Post.unit_id) == town.units[SIBLING].id, col(Post.duty) == "handler")
            )
        ).scalars()
        mine = next(each for each in given if str(each.user_id) == user)
        followed = (
            await tx.session.execute(select(Substitution).where(col(Substitution.post_id) == mine.id))
        ).scalar_one()
    assert (str(followed.user_id), str(followed.valid_from), str(followed.valid_before)) == (deputy, TODAY, TERM)


async def test_a_closure_is_refused_while_posts_are_held_where_that_is_asked(
    gateway: ServiceUnderTest, town: Town
) -> None:
    user = await town.user("held.clerk")
    post = (await town.give(user, "residents_committee", COMMUNITY)).json()
    refused = await act(town, COMMUNITY, "closures", posts="refuse")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/wrong-state")
    assert any(post["id"] in each["message"] for each in refused.json()["errors"])
    assert user not in refused.text
    nowhere = await act(town, COMMUNITY, "closures", posts="move")
    assert (nowhere.status_code, nowhere.json()["errors"][0]["pointer"]) == (422, "/posts")
    assert (await act(town, COMMUNITY, "closures", posts="away")).status_code == 422
    assert (await act(town, COMMUNITY, "closures")).status_code == 201
    assert (user, "residents_committee", "2026-03-01", TODAY) in await officials(gateway, town, COMMUNITY)


async def test_what_is_split_off_has_departments_and_the_people_named(gateway: ServiceUnderTest, town: Town) -> None:
    stays, goes = await town.user("staying.clerk"), await town.user("going.clerk")
    await town.give(stays, "township_office", TOWNSHIP)
    post = (await town.give(goes, "township_office", TOWNSHIP)).json()
    had = await kinds(town, town.units[TOWNSHIP].id)
    parts = [
        {"code": "150102093000", "title": "新街道（演示）", "posts": [post["id"]]},
        {"code": "150102094000", "title": "又一街道（演示）", "departments": ["township_office"]},
    ]
    wrong = [parts[0] | {"posts": [str(new_id())]}]
    assert (await act(town, TOWNSHIP, "splits", parts=wrong)).status_code == 422
    unknown = [parts[0] | {"departments": ["finance"]}]
    assert (await act(town, TOWNSHIP, "splits", parts=unknown)).status_code == 422
    split = await act(town, TOWNSHIP, "splits", parts=parts)
    assert split.status_code == 201, split.text
    first, second = (each["id"] for each in split.json()["details"]["parts"])
    assert (await kinds(town, first), await kinds(town, second)) == (had, ["township_office"])
    assert await kinds(town, town.units[TOWNSHIP].id) == had
    assert await officials(gateway, town, "150102093000") == [(goes, "township_office", TODAY, None)]
    held = await officials(gateway, town, TOWNSHIP)
    assert (stays, "township_office", "2026-03-01", None) in held
    assert (goes, "township_office", "2026-03-01", TODAY) in held


async def test_nobody_becomes_an_administrator_by_a_merger(gateway: ServiceUnderTest, town: Town) -> None:
    user = await town.user("county.admin")
    make = {"unit_id": str(town.units["150102"].id), "kind": "system_admin", "valid_from": "2026-03-01"}
    await town.tenant.post(town.system, f"{PATH}/departments", make)
    given = await town.give(user, "system_admin", "150102")
    assert given.status_code == 201, given.text
    merged = await act(town, "150102", "merges", into_id=str(town.units["150103"].id), posts="move")
    assert merged.status_code == 201, merged.text
    assert (user, "system_admin", "2026-03-01", TODAY) in await officials(gateway, town, "150102")
    assert user not in {each[0] for each in await officials(gateway, town, "150103")}

"""Substitutes: appointed for days, kept apart like administrators, told to everybody, ended at once (T3)."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select

from gateway.directory import queries
from gateway.edgefeed.changes import SubstituteSet
from gateway.facts import tenant_changes
from gateway.identity import people
from kernel.ids import new_id
from kernel.org.tables import OrgSubstitution
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller
from tests.integration.gateway.house import Town, until

PATH = "/api/v1/directory"
DAYS = {"valid_from": "2026-03-02", "valid_before": "2026-03-09"}


async def appoint(
    town: Town, post: dict[str, Any], user: str, caller: Caller | None = None, **more: str
) -> httpx.Response:
    body = {"user_id": user, **DAYS, "reason": "公务出差", **more}
    return await town.tenant.post(caller or town.security, f"{PATH}/posts/{post['id']}/substitutes", body)


async def post_of(town: Town, user: str, kind: str = "society_work", code: str = "150102") -> dict[str, Any]:
    given = await town.give(user, kind, code)
    assert given.status_code == 201, given.text
    return dict(given.json())


async def test_a_substitute_may_choose_the_post_on_the_days_only_and_everybody_hears_of_it(
    gateway: ServiceUnderTest, town: Town
) -> None:
    holder, stand_in = await town.user("sub.holder.one"), await town.user("sub.stand.in.one")
    post = await post_of(town, holder)
    made = await appoint(town, post, stand_in)
    assert made.status_code == 201, made.text
    path = made.headers["location"]
    view = made.json()
    assert (view["holder_id"], view["user_id"], view["reason"]) == (holder, stand_in, "公务出差")
    assert (await town.tenant.get(town.security, path)).json() == view
    listed = (await town.tenant.get(town.security, f"{PATH}/posts/{post['id']}/substitutes")).json()
    assert listed == {"items": [view], "next": None}

    async def heard() -> bool:
        async with gateway.database.transaction(town.tenant.context()) as tx:
            found = await tx.session.execute(select(OrgSubstitution).where(col(OrgSubstitution.id) == UUID(view["id"])))
            row = found.scalar_one_or_none()
            return row is not None and (str(row.post_id), str(row.user_id)) == (post["id"], stand_in)

    await until(heard, "the substitution in the read model")
    async with gateway.database.transaction(town.tenant.context()) as tx:
        for day, held in ((1, []), (2, [post["id"]]), (8, [post["id"]]), (9, [])):
            posts = await queries.posts_stood_in_for(tx, UUID(stand_in), date(2026, 3, day))
            assert [(str(one.id), str(before)) for one, before in posts] == [(each, "2026-03-09") for each in held], day
        known = await people.holder_by_id(tx, UUID(stand_in))
        assert known is not None
        assert [(str(one.id), "代理测试至2026-03-08" in one.label_zh) for one in known.posts] == [(post["id"], True)]
        assert known.may_act_as(UUID(post["id"]), None)
        told = [change for change in await tenant_changes(tx) if isinstance(change, SubstituteSet)]
        assert [str(one.user) for one in told if str(one.post) == post["id"]] == [stand_in]


async def test_a_substitution_is_ended_under_its_etag_and_never_prolonged(town: Town) -> None:
    post = await post_of(town, await town.user("sub.holder.two"))
    path = (await appoint(town, post, await town.user("sub.stand.in.two"))).headers["location"]
    steps = [("2026-03-10", 409, 1), ("2026-03-01", 422, 1), ("2026-03-05", 200, 1), ("2026-03-05", 412, 1)]
    steps += [("2026-03-06", 409, 2), ("2026-03-02", 200, 2)]
    for day, status, version in steps:
        answer = await town.tenant.call(town.security, "PATCH", path, {"valid_before": day}, version=version)
        assert answer.status_code == status, (day, answer.text)
    # Ended on its first day it never held: the days are free again.
    assert (await appoint(town, post, await town.user("sub.stand.in.three"))).status_code == 201


async def test_one_stands_in_at_a_time_within_the_term_of_the_post(town: Town) -> None:
    holder = await town.user("sub.holder.four")
    post = await post_of(town, holder)
    ending = f"{PATH}/posts/{post['id']}"
    await town.tenant.call(town.security, "PATCH", ending, {"valid_before": "2026-04-01"}, version=1)
    first, second = await town.user("sub.stand.in.four"), await town.user("sub.stand.in.five")
    assert (await appoint(town, post, first)).status_code == 201
    for days, status in (
        ({"valid_from": "2026-03-08", "valid_before": "2026-03-20"}, 409),
        ({"valid_from": "2026-03-09", "valid_before": "2026-04-02"}, 422),
        ({"valid_from": "2026-02-28", "valid_before": "2026-03-01"}, 422),
        ({"valid_from": "2026-03-20", "valid_before": "2026-03-20"}, 422),
        ({"valid_from": "2026-03-09", "valid_before": "2026-04-01"}, 201),
    ):
        answer = await appoint(town, post, second, **days)
        assert answer.status_code == status, (days, answer.text)
    assert (await appoint(town, post, holder)).status_code == 422
    assert (await appoint(town, post, str(new_id()))).status_code == 404


@pytest.mark.parametrize(("own", "other"), [("system_admin", "security_admin"), ("society_work", "audit_admin")])
async def test_administrators_are_kept_apart_by_substitution_too(town: Town, own: str, other: str) -> None:
    """GB/T 22239-2019 8.1.5."""
    name = f"{own}.{other}".replace("_", "-")
    stand_in = await town.user(f"apart.{name}")
    assert (await town.give(stand_in, own)).status_code == 201
    post = await post_of(town, await town.user(f"held.{name}"), other, "150000")
    refused = await appoint(town, post, stand_in)
    assert (refused.status_code, refused.json()["article"]) == (409, "GB/T 22239-2019 8.1.5")
    # And the other way round: who stands in for one is given no post of another.
    free = await town.user(f"free.{name}")
    assert (await appoint(town, post, free)).status_code == 201
    assert (await town.give(free, own)).status_code == 409


async def test_substitutes_are_the_security_administrators_within_their_scope(town: Town) -> None:
    post = await post_of(town, await town.user("sub.holder.six"), code="150203")
    stand_in = await town.user("sub.stand.in.six")
    assert (await appoint(town, post, stand_in, town.system)).status_code == 403
    assert (await appoint(town, post, stand_in, town.official("security_admin", "150102"))).status_code == 404
    assert (await appoint(town, post, stand_in, town.official("security_admin", "150203"))).status_code == 201

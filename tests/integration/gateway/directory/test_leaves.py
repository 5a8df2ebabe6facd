"""A leave of an official brings substitutes for its days, shows posts without one, and ends with their return (T3)."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx

from gateway.directory import queries
from kernel.ids import new_id
from kernel.org.tables import OrgLeave
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller
from tests.integration.gateway.directory.test_substitutes import post_of
from tests.integration.gateway.house import Town, until

PATH = "/api/v1/directory/users"
DAYS = {"valid_from": "2026-03-02", "valid_before": "2026-03-09", "reason": "年休假"}


async def record(
    town: Town, user: str, *substitutes: tuple[dict[str, Any], str], caller: Caller | None = None, **more: str
) -> httpx.Response:
    named = [{"post_id": post["id"], "user_id": stand_in} for post, stand_in in substitutes]
    return await town.tenant.post(
        caller or town.security, f"{PATH}/{user}/leaves", DAYS | more | {"substitutes": named}
    )


async def test_a_leave_brings_substitutes_for_its_days_and_its_end_takes_them(
    gateway: ServiceUnderTest, town: Town
) -> None:
    holder, stand_in = await town.user("leave.holder.one"), await town.user("leave.stand.in.one")
    post = await post_of(town, holder)
    made = await record(town, holder, (post, stand_in))
    assert made.status_code == 201, made.text
    view, path = made.json(), made.headers["location"]
    assert [(each["post_id"], each["user_id"], each["valid_before"]) for each in view["substitutes"]] == [
        (post["id"], stand_in, "2026-03-09")
    ]
    assert view["uncovered_post_ids"] == []
    assert (await town.tenant.get(town.security, path)).json() == view
    listed = (await town.tenant.get(town.security, f"{PATH}/{holder}/leaves")).json()
    assert listed == {"items": [view], "next": None}
    back = {"valid_before": "2026-03-05"}
    ended = await town.tenant.call(town.security, "PATCH", path, back, version=1)
    assert ended.status_code == 200, ended.text
    assert [each["valid_before"] for each in ended.json()["substitutes"]] == ["2026-03-05"]
    async with gateway.database.transaction(town.tenant.context()) as tx:
        for day, held in ((1, 0), (2, 1), (4, 1), (5, 0)):
            assert len(await queries.posts_stood_in_for(tx, UUID(stand_in), date(2026, 3, day))) == held, day
    assert (await town.tenant.call(town.security, "PATCH", path, back, version=1)).status_code == 412
    longer = {"valid_before": "2026-03-06"}
    assert (await town.tenant.call(town.security, "PATCH", path, longer, version=2)).status_code == 409


async def test_a_leave_and_an_early_return_are_told_to_the_read_models(gateway: ServiceUnderTest, town: Town) -> None:
    holder = await town.user("leave.holder.told")
    made = await record(town, holder)
    assert made.status_code == 201, made.text

    async def known(before: str) -> bool:
        async with gateway.database.transaction(town.tenant.context()) as tx:
            row = await tx.session.get(OrgLeave, (town.tenant.id, UUID(made.json()["id"])))
        return row is not None and (str(row.user_id), str(row.valid_before)) == (holder, before)

    await until(lambda: known("2026-03-09"), "the leave in the read model")
    path = made.headers["location"]
    assert (await town.tenant.call(town.security, "PATCH", path, {"valid_before": "2026-03-02"}, version=1)).is_success
    await until(lambda: known("2026-03-02"), "the return in the read model")


async def test_posts_for_which_nobody_stands_in_are_told_of_and_hinder_nothing(town: Town) -> None:
    holder, stand_in = await town.user("leave.holder.two"), await town.user("leave.stand.in.two")
    first, second = await post_of(town, holder), await post_of(town, holder, "organization")
    made = await record(town, holder, (first, stand_in))
    assert made.status_code == 201, made.text
    assert made.json()["uncovered_post_ids"] == [second["id"]]
    # A substitute who was appointed otherwise covers it as well, once for all of the days.
    path = f"/api/v1/directory/posts/{second['id']}/substitutes"
    grant = DAYS | {"user_id": stand_in, "reason": "代理"}
    for days, uncovered in (({"valid_before": "2026-03-04"}, [second["id"]]), ({"valid_from": "2026-03-04"}, [])):
        assert (await town.tenant.post(town.security, path, grant | days)).status_code == 201
        shown = (await town.tenant.get(town.security, made.headers["location"])).json()
        assert shown["uncovered_post_ids"] == uncovered


async def test_a_leave_that_cannot_be_is_refused_and_leaves_nothing(town: Town) -> None:
    holder, stand_in = await town.user("leave.holder.three"), await town.user("leave.stand.in.three")
    post, foreign = await post_of(town, holder), await post_of(town, stand_in)
    assert (await record(town, holder, (foreign, stand_in))).status_code == 422
    assert (await record(town, holder, (post, holder))).status_code == 422
    assert (await record(town, holder, valid_before="2026-03-02")).status_code == 422
    assert (await record(town, str(new_id()))).status_code == 404
    assert (await town.tenant.get(town.security, f"{PATH}/{holder}/leaves")).json()["items"] == []
    assert (await record(town, holder)).status_code == 201
    assert (await record(town, holder, valid_from="2026-03-08", valid_before="2026-03-10")).status_code == 409
    assert (await record(town, holder, valid_from="2026-03-09", valid_before="2026-03-10")).status_code == 201


async def test_leaves_are_the_security_administrators_within_the_scope(town: Town) -> None:
    holder = await town.user("leave.holder.four")
    await post_of(town, holder)
    made = await record(town, holder)
    path, leaves = made.headers["location"], f"{PATH}/{holder}/leaves"
    official = town.official("society_work", "150102", "approver")
    elsewhere = town.official("security_admin", "150203")
    for caller, status in ((official, 403), (town.system, 403), (elsewhere, 404), (None, 401)):
        assert (await town.tenant.post(caller, leaves, DAYS)).status_code == status, caller
        assert (await town.tenant.get(caller, leaves)).status_code == status
        assert (await town.tenant.get(caller, path)).status_code == status
        back = {"valid_before": "2026-03-05"}
        assert (await town.tenant.call(caller, "PATCH", path, back, version=1)).status_code == status

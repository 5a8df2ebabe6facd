"""The tree changes on a day, keeps what it was, and is numbered so that nobody meets rows that are not theirs (T2)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select

from gateway.directory.tables import Post, RetiredRange, Unit
from gateway.edgefeed.server import EdgeFeed
from gateway.facts import telling
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import person
from tests.integration.gateway.house import NOW, Town, until
from tests.integration.gateway.test_facts import Listening

PATH = "/api/v1/directory"
TODAY, YESTERDAY, TOMORROW = "2026-03-02", "2026-03-01", "2026-03-03"
WHY = {"reason": "行政区划调整", "document": "内政字〔2026〕1号"}
TOWNSHIP, COMMUNITY = "150102091000", "150102091091"
OLD_COUNTY, NEW_COUNTY = "150102", "150103"


@pytest.fixture
async def town(gateway: ServiceUnderTest, plan: Path) -> Town:
    """A town for each test: each changes its tree."""
    return await Town.found(gateway, plan)


async def act(town: Town, code: str, what: str, *, caller: Any = None, **body: Any) -> httpx.Response:
    """POST one reorganisation of the unit with that code."""
    sent = {"valid_from": TODAY} | WHY | body
    return await town.tenant.post(caller or town.system, f"{PATH}/units/{town.units[code].id}/{what}", sent)


async def rows(gateway: ServiceUnderTest, town: Town) -> dict[str, Unit]:
    """The open units by code, as they stand."""
    async with gateway.database.transaction(town.tenant.context()) as tx:
        found = (await tx.session.execute(select(Unit).where(col(Unit.valid_before).is_(None)))).scalars()
        return {unit.code: unit for unit in found}


async def above(town: Town, code: str, on: str) -> list[str]:
    """Codes of the unit and those above it on a day."""
    path = f"{PATH}/units/{town.units[code].id}/ancestors"
    found = await town.tenant.get(town.system, path, query={"on": on})
    assert found.status_code == 200, found.text
    return [each["code"] for each in found.json()]


def inside(tree: dict[str, Unit], code: str) -> set[str]:
    return {each.code for each in tree.values() if tree[code].unit_no <= each.unit_no <= tree[code].last_no}


async def test_a_township_moves_with_all_below_it_and_each_day_knows_its_county(
    gateway: ServiceUnderTest, town: Town
) -> None:
    before = await rows(gateway, town)
    moved = await act(town, TOWNSHIP, "moves", parent_id=str(town.units[NEW_COUNTY].id))
    assert moved.status_code == 201, moved.text
    made = moved.json()
    assert (made["kind"], made["state"], made["document"]) == ("move", "done", WHY["document"])
    assert moved.headers["location"] == f"{PATH}/reorganisations/{made['id']}"
    assert (await town.tenant.get(town.system, moved.headers["location"])).json() == made
    tree = await rows(gateway, town)
    subtree = {TOWNSHIP, COMMUNITY, "150102091092"}
    assert inside(tree, NEW_COUNTY) == {NEW_COUNTY, "150103091000", "150103091091"} | subtree
    assert inside(tree, OLD_COUNTY) == {OLD_COUNTY, "150102092000", "150102092091"}
    # Nothing but the moved subtree has another number, and the old ones are kept from being given again.
    assert {code for code in tree if tree[code].unit_no != before[code].unit_no} == subtree
    async with gateway.database.transaction(town.tenant.context()) as tx:
        retired = set((await tx.session.execute(select(col(RetiredRange.first_no)))).scalars())
    assert retired == {before[code].unit_no for code in subtree}
    assert await above(town, COMMUNITY, YESTERDAY) == [COMMUNITY, TOWNSHIP, OLD_COUNTY, "150100", "150000"]
    assert await above(town, COMMUNITY, TODAY) == [COMMUNITY, TOWNSHIP, NEW_COUNTY, "150100", "150000"]

    async def heard() -> bool:
        async with gateway.database.transaction(town.tenant.context()) as tx:
            unit = await org.unit(tx, town.units[COMMUNITY].id)
            county = await org.ancestor(tx, unit.unit_no, "county")
            return county is not None and county.code == NEW_COUNTY

    await until(heard, "the move in the read model")


async def test_the_tree_of_a_day_is_listed_as_it_was(town: Town) -> None:
    await act(town, TOWNSHIP, "moves", parent_id=str(town.units[NEW_COUNTY].id))
    await act(town, TOWNSHIP, "renames", title="白桦二街道")

    async def townships(on: str, code: str) -> dict[str, str]:
        county = town.official("system_admin", code)
        query = {"on": on, "level": "township", "limit": "50"}
        page = await town.tenant.get(county, f"{PATH}/units", query=query)
        assert page.status_code == 200, page.text
        return {each["code"]: each["title"] for each in page.json()["items"]}

    assert await townships(YESTERDAY, OLD_COUNTY) == {TOWNSHIP: "青松街道（演示）", "150102092000": "云杉街道（演示）"}
    assert await townships(TODAY, OLD_COUNTY) == {"150102092000": "云杉街道（演示）"}
    assert (await townships(TODAY, NEW_COUNTY))[TOWNSHIP] == "白桦二街道"
    assert TOWNSHIP not in await townships(YESTERDAY, NEW_COUNTY)
    # The new county reads the unit's history, the old one no longer does; on its own day it still knows it.
    history = f"{PATH}/units/{town.units[TOWNSHIP].id}/history"
    old, new = town.official("system_admin", OLD_COUNTY), town.official("system_admin", NEW_COUNTY)
    assert (await town.tenant.get(old, history)).status_code == 404
    told = (await town.tenant.get(new, history)).json()
    assert [(each["title"], each["valid_before"]) for each in told] == [
        ("青松街道（演示）", TODAY),
        ("白桦二街道", None),
    ]
    ancestors = f"{PATH}/units/{town.units[TOWNSHIP].id}/ancestors"
    assert (await town.tenant.get(old, ancestors, query={"on": YESTERDAY})).status_code == 200
    assert (await town.tenant.get(old, ancestors, query={"on": TODAY})).status_code == 404
    assert (await town.tenant.get(person(), ancestors, query={"on": TODAY})).status_code == 200


async def test_what_is_planned_is_carried_out_on_its_day_and_not_before(gateway: ServiceUnderTest, town: Town) -> None:
    later = {"valid_from": TOMORROW}
    planned = await act(town, TOWNSHIP, "moves", parent_id=str(town.units[NEW_COUNTY].id), **later)
    withdrawn = await act(town, "150102092000", "renames", title="不改", **later)
    assert (planned.status_code, planned.json()["state"]) == (201, "planned")
    place = f"{PATH}/reorganisations/{withdrawn.json()['id']}"
    taken_back = await town.tenant.post(town.system, f"{place}/withdrawals", {"reason": "暂缓"})
    assert (taken_back.status_code, taken_back.json()["state"]) == (200, "withdrawn")
    assert (await town.tenant.post(town.system, f"{place}/withdrawals", {"reason": "又"})).status_code == 409
    assert inside(await rows(gateway, town), OLD_COUNTY) >= {TOWNSHIP}

    async def lives(now: datetime) -> None:
        body = {"business_time": now.isoformat()}
        moved = await town.tenant.post(town.system, f"{PATH}/business-time", body)
        assert moved.status_code == 200, moved.text
        town.tenant.now = now

        async def told() -> bool:
            async with gateway.database.transaction(town.tenant.context()) as tx:
                return await org.business_now(tx) >= now

        await until(told, "the business time in the read model")
        await gateway.run_timers()

    midnight = datetime(2026, 3, 2, 16, tzinfo=UTC)  # in Shanghai
    await lives(midnight - timedelta(hours=1))
    assert TOWNSHIP in inside(await rows(gateway, town), OLD_COUNTY)
    await lives(midnight)
    tree = await rows(gateway, town)
    assert TOWNSHIP in inside(tree, NEW_COUNTY)
    assert tree["150102092000"].title == "云杉街道（演示）"
    done = await town.tenant.get(town.system, f"{PATH}/reorganisations", query={"state": "done"})
    assert [each["id"] for each in done.json()["items"]] == [planned.json()["id"]]
    assert (await above(town, COMMUNITY, TODAY))[2] == OLD_COUNTY
    assert (await above(town, COMMUNITY, TOMORROW))[2] == NEW_COUNTY


async def test_what_cannot_be_done_on_its_day_is_kept_as_refused(gateway: ServiceUnderTest, town: Town) -> None:
    later = {"valid_from": TOMORROW}
    planned = await act(town, "150102092000", "closures", **later)
    assert planned.json()["state"] == "planned"
    town.tenant.now = NOW + timedelta(days=1)
    await town.tenant.post(town.system, f"{PATH}/business-time", {"business_time": town.tenant.now.isoformat()})
    place = f"{PATH}/reorganisations/{planned.json()['id']}"

    async def refused() -> bool:
        await gateway.run_timers()
        found = (await town.tenant.get(town.system, place)).json()
        return found["state"] == "refused" and "承接机构" in found["refused"]

    await until(refused, "the refusal on its day")
    assert "150102092000" in await rows(gateway, town)


async def test_a_merged_unit_is_closed_and_what_lay_below_it_lies_below_its_successor(
    gateway: ServiceUnderTest, town: Town
) -> None:
    user = await town.user("merged.official")
    post = (await town.give(user, "township_office", TOWNSHIP)).json()
    merged = await act(town, TOWNSHIP, "merges", into_id=str(town.units["150102092000"].id))
    assert merged.status_code == 201, merged.text
    tree = await rows(gateway, town)
    assert TOWNSHIP not in tree
    assert inside(tree, "150102092000") == {"150102092000", "150102092091", COMMUNITY, "150102091092"}
    async with gateway.database.transaction(town.tenant.context()) as tx:
        closed = (await tx.session.execute(select(Unit).where(col(Unit.code) == TOWNSHIP))).scalar_one()
        held = (await tx.session.execute(select(Post).where(col(Post.id) == UUID(post["id"])))).scalar_one()
    # Whatever stays with the closed unit is seen by its successor.
    assert tree["150102092000"].unit_no < closed.unit_no <= tree["150102092000"].last_no
    assert str(closed.valid_before) == str(held.valid_before) == TODAY
    assert (await above(town, COMMUNITY, YESTERDAY))[1] == TOWNSHIP
    assert (await above(town, COMMUNITY, TODAY))[1] == "150102092000"
    again = await act(town, TOWNSHIP, "renames", title="已撤")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")


async def test_a_split_takes_what_it_names_and_a_code_is_free_again_after_a_closure(
    gateway: ServiceUnderTest, town: Town
) -> None:
    part = {"code": "150102093000", "title": "新街道（演示）", "children": [str(town.units[COMMUNITY].id)]}
    split = await act(town, TOWNSHIP, "splits", parts=[part])
    assert split.status_code == 201, split.text
    tree = await rows(gateway, town)
    assert inside(tree, "150102093000") == {"150102093000", COMMUNITY}
    assert inside(tree, TOWNSHIP) == {TOWNSHIP, "150102091092"}
    assert tree["150102093000"].parent_id == town.units[OLD_COUNTY].id
    make = {"valid_from": TODAY, "level": "community", "title": "重名社区", "code": "150102091092"} | WHY
    make |= {"parent_id": str(tree["150102093000"].id)}
    taken = await town.tenant.post(town.system, f"{PATH}/units", make)
    assert (taken.status_code, taken.json()["errors"][0]["pointer"]) == (409, "/code")
    closed = await act(town, "150102091092", "closures")
    assert closed.status_code == 201, closed.text
    made = await town.tenant.post(town.system, f"{PATH}/units", make)
    assert made.status_code == 201, made.text
    tree = await rows(gateway, town)
    assert str(tree["150102091092"].id) == made.json()["unit_id"]
    assert inside(tree, "150102093000") == {"150102093000", COMMUNITY, "150102091092"}


async def test_a_closure_with_open_units_below_names_a_successor(gateway: ServiceUnderTest, town: Town) -> None:
    refused = await act(town, TOWNSHIP, "closures")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/wrong-state")
    done = await act(town, TOWNSHIP, "closures", successor_id=str(town.units["150103091000"].id))
    assert done.status_code == 201, done.text
    assert COMMUNITY in inside(await rows(gateway, town), "150103091000")


@pytest.mark.parametrize(
    ("code", "what", "body", "status"),
    [
        (TOWNSHIP, "moves", {"parent_id": COMMUNITY}, 422),
        (TOWNSHIP, "moves", {"parent_id": "150102092000"}, 422),
        (TOWNSHIP, "moves", {"parent_id": OLD_COUNTY}, 422),
        (OLD_COUNTY, "moves", {"parent_id": TOWNSHIP}, 422),
        (TOWNSHIP, "merges", {"into_id": NEW_COUNTY}, 422),
        (TOWNSHIP, "merges", {"into_id": TOWNSHIP}, 422),
        ("150000", "closures", {}, 409),
        (TOWNSHIP, "renames", {"title": "早", "valid_from": YESTERDAY}, 422),
        (TOWNSHIP, "renames", {"title": "无据", "document": ""}, 422),
    ],
)
async def test_what_makes_no_tree_is_refused(
    gateway: ServiceUnderTest, other_town: Town, code: str, what: str, body: dict[str, str], status: int
) -> None:
    before = {each.code: each.version for each in (await rows(gateway, other_town)).values()}
    named = {
        key: str(other_town.units[value].id) if value in other_town.units else value for key, value in body.items()
    }
    answer = await act(other_town, code, what, **named)
    assert answer.status_code == status, answer.text
    assert {each.code: each.version for each in (await rows(gateway, other_town)).values()} == before


async def test_only_the_system_administrator_reorganises_and_only_in_scope(town: Town) -> None:
    parent = {"parent_id": str(town.units[NEW_COUNTY].id)}
    assert (await act(town, TOWNSHIP, "moves", caller=town.security, **parent)).status_code == 403
    assert (await town.tenant.get(town.security, f"{PATH}/reorganisations")).status_code == 403
    county = town.official("system_admin", OLD_COUNTY)
    unknown = await act(town, TOWNSHIP, "moves", caller=county, parent_id=str(new_id()))
    elsewhere = await act(town, TOWNSHIP, "moves", caller=county, **parent)
    assert (unknown.status_code, elsewhere.status_code) == (404, 404)
    other = await act(town, "150103091000", "renames", caller=county, title="他县")
    assert other.status_code == 404
    done = await act(town, "150103091000", "renames", title="新名街道")
    assert (await town.tenant.get(county, done.headers["location"])).status_code == 404
    mine = await town.tenant.get(county, f"{PATH}/reorganisations")
    assert mine.json()["items"] == []


async def test_the_edges_hear_of_the_posts_whose_scope_has_other_numbers(gateway: ServiceUnderTest, town: Town) -> None:
    user = await town.user("moved.official")
    post = (await town.give(user, "township_office", TOWNSHIP)).json()
    await act(town, TOWNSHIP, "moves", parent_id=str(town.units[NEW_COUNTY].id))
    township = (await rows(gateway, town))[TOWNSHIP]
    feed = Listening()
    found = telling(cast(EdgeFeed, feed)).find(("gateway", "tree"), "renumbered", 1)
    assert found is not None
    news: Any = SimpleNamespace(data=SimpleNamespace(unit_ids=[str(township.id)]))
    async with gateway.database.transaction(town.tenant.context()) as tx:
        for handler in found.handlers:
            await handler(tx, news)
    told = {str(each.id): (each.unit_no, each.lo, each.hi) for each in feed.told}
    assert told[post["id"]] == (township.unit_no, township.unit_no, township.last_no)
    assert post["unit_no"] != township.unit_no


async def test_a_list_that_was_begun_before_a_reorganisation_is_begun_anew(town: Town) -> None:
    # One post: a cursor is its own.
    caller, query = town.system, {"limit": "2"}
    for path in (f"{PATH}/units", f"{PATH}/departments"):
        first = (await town.tenant.get(caller, path, query=query)).json()["next"]
        following = await town.tenant.get(caller, path, query=query | {"cursor": first})
        assert following.status_code == 200, following.text
        cursor = following.json()["next"]
        # Another name moves nothing; another parent does.
        await act(town, COMMUNITY, "renames", title="改名社区（演示）")
        assert (await town.tenant.get(caller, path, query=query | {"cursor": cursor})).status_code == 200
        at_home = path == f"{PATH}/departments"
        await act(town, TOWNSHIP, "moves", parent_id=str(town.units[OLD_COUNTY if at_home else NEW_COUNTY].id))
        refused = await town.tenant.get(caller, path, query=query | {"cursor": cursor})
        assert (refused.status_code, refused.json()["type"]) == (400, "/problems/list-changed")
        again = (await town.tenant.get(caller, path, query=query)).json()["next"]
        assert (await town.tenant.get(caller, path, query=query | {"cursor": again})).status_code == 200


async def test_the_county_of_each_day_is_known_after_a_move_and_a_merger(gateway: ServiceUnderTest, town: Town) -> None:
    assert (await act(town, TOWNSHIP, "moves", parent_id=str(town.units[NEW_COUNTY].id))).status_code == 201
    town.tenant.now = NOW + timedelta(days=1)
    into = str(town.units[OLD_COUNTY].id)
    merged = await act(town, NEW_COUNTY, "merges", into_id=into, valid_from=TOMORROW, posts="move")
    assert (merged.status_code, merged.json()["state"]) == (201, "done"), merged.text
    days = (YESTERDAY, TODAY, TOMORROW)
    assert [(await above(town, COMMUNITY, day))[2] for day in days] == [OLD_COUNTY, NEW_COUNTY, OLD_COUNTY]
    # A township of the merged county, and the county itself: it is on the days before, and is nowhere after.
    assert [(await above(town, "150103091000", day))[1] for day in days] == [NEW_COUNTY, NEW_COUNTY, OLD_COUNTY]
    assert (await above(town, NEW_COUNTY, TODAY))[1] == "150100"
    path = f"{PATH}/units/{town.units[NEW_COUNTY].id}"
    assert (await town.tenant.get(town.system, f"{path}/ancestors", query={"on": TOMORROW})).status_code == 404
    told = (await town.tenant.get(town.system, f"{path}/history")).json()
    assert [each["valid_before"] for each in told] == [TOMORROW]
    # Whoever asks for the units of a day gets those of that day.
    query = {"on": TODAY, "level": "township", "parent_id": str(town.units[NEW_COUNTY].id), "limit": "50"}
    listed = (await town.tenant.get(town.system, f"{PATH}/units", query=query)).json()["items"]
    assert {each["code"] for each in listed} == {TOWNSHIP, "150103091000"}

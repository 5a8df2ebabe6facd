"""The live worklist over HTTP: what changes on one post's desk, resumed without loss or repetition (T13)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import text

from gateway.worklist import queries, stream
from kernel.context import Context
from kernel.http.paging import Paging, binding_of
from kernel.http.stream import Places
from kernel.ids import new_id
from kernel.testing.live import LiveTransport
from kernel.testing.service_client import BASE, ServiceUnderTest
from kernel.testing.tree import Caller
from tests.integration.gateway.house import Town
from tests.integration.gateway.worklist.test_worklist import COUNTS, COUNTY, ITEMS, LEAGUE, OTHER, Case

STREAM = "/api/v1/worklist/stream"
DEADLINE_SECONDS = 10.0
Told = tuple[str, str, Any]
"""Name, position and data of an event."""


class Reader:
    """A client with an open stream."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer, self._rest = answer, b""
        self._parts = answer.aiter_bytes()

    async def block(self) -> str:
        """The next event or comment."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while b"\n\n" not in self._rest:
                self._rest += await anext(self._parts)
        block, self._rest = self._rest.split(b"\n\n", 1)
        return block.decode()

    async def event(self) -> Told:
        """The next event."""
        while (block := await self.block()).startswith(":"):
            pass
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        return fields["event"], fields["id"], orjson.loads(fields["data"])

    async def ended(self) -> bool:
        """Whether nothing more comes, the answer being complete."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            return [part async for part in self._parts] == []


@pytest.fixture
async def heard(gateway: ServiceUnderTest) -> AsyncIterator[None]:
    """The process hears of changes."""
    listener = asyncio.create_task(gateway.app.state.wakeups.listen())
    yield
    listener.cancel()
    await asyncio.gather(listener, return_exceptions=True)


@pytest.fixture
def approver(town: Town) -> Caller:
    return town.official("society_work", LEAGUE, "approver")


@contextlib.asynccontextmanager
async def reading(town: Town, caller: Caller, last: str | None = None) -> AsyncIterator[Reader]:
    """An open stream of that post."""
    headers = {"Shegong-Principal": town.tenant._principal(caller, "GET", STREAM, "en")}
    if last is not None:
        headers["Last-Event-ID"] = last
    transport = LiveTransport(town.tenant.service.app)
    async with (
        httpx.AsyncClient(transport=transport, base_url=BASE) as http,
        http.stream("GET", STREAM, headers=httpx.Headers(headers, encoding="utf-8")) as answer,
    ):
        yield Reader(answer)


async def waiting_for(town: Town, caller: Caller, case: Case) -> dict[str, Any]:
    listed = (await town.tenant.get(caller, ITEMS, query={"limit": "200"})).json()["items"]
    return next(dict(each) for each in listed if each["case_id"] == str(case.id))


async def position_of(town: Town, caller: Caller) -> str:
    async with reading(town, caller) as reader:
        return (await reader.event())[1]


@pytest.mark.usefixtures("heard")
async def test_counts_come_first_then_each_change_as_the_list_would_show_it(
    gateway: ServiceUnderTest, town: Town, approver: Caller
) -> None:
    case = Case(gateway, town)
    await case.open()
    async with reading(town, approver) as reader:
        assert (reader.answer.status_code, reader.answer.headers["content-type"]) == (200, "text/event-stream")
        assert reader.answer.headers["cache-control"] == "no-store"
        name, _, counts = await reader.event()
        assert (name, counts) == ("counts", (await town.tenant.get(approver, COUNTS)).json())
        await case.step(due_on="2026-03-04")
        name, _, told = await reader.event()
        item = await waiting_for(town, approver, case)
        assert (name, told) == ("changed", {"item": item, "item_id": item["id"], "gone": False})
        await case.decided(
            action="claim", state="open", open_steps=["check"], claimed=[f"check/{approver.actor.user}"], delegated=[]
        )
        _, _, told = await reader.event()
        assert told["item"]["claimed_by"] == str(approver.actor.user)


@pytest.mark.usefixtures("heard")
async def test_others_of_the_office_see_a_decision_within_the_stream(
    gateway: ServiceUnderTest, town: Town, approver: Caller
) -> None:
    case = Case(gateway, town)
    await case.open()
    await case.step()
    item = await waiting_for(town, approver, case)
    other = town.official("society_work", LEAGUE, "approver")
    async with reading(town, approver) as one, reading(town, other) as another:
        for reader in (one, another):
            assert (await reader.event())[0] == "counts"
        await case.decided()
        for reader in (one, another):
            assert (await reader.event())[2] == {"item": None, "item_id": item["id"], "gone": True}


@pytest.mark.usefixtures("heard")
async def test_neighbours_superiors_and_other_tenants_hear_nothing(
    gateway: ServiceUnderTest, town: Town, other_town: Town
) -> None:
    mine = town.official("society_work", COUNTY, "approver")
    strangers = [
        (town, town.official("society_work", OTHER, "approver")),
        (town, town.official("society_work", LEAGUE, "approver")),
        (town, town.official("organization", COUNTY, "approver")),
        (other_town, other_town.official("society_work", COUNTY, "approver")),
    ]
    case = Case(gateway, town)
    await case.open()
    async with contextlib.AsyncExitStack() as open_streams:
        heard = await open_streams.enter_async_context(reading(town, mine))
        assert (await heard.event())[0] == "counts"
        others = [await open_streams.enter_async_context(reading(*each)) for each in strangers]
        for reader in others:
            assert (await reader.event())[0] == "counts"
        await case.step(code=COUNTY)
        assert (await heard.event())[0] == "changed"
    # Whoever comes back now is told at once what happened meanwhile: nothing, but to the one office.
    positions = [await position_of(where, who) for where, who in strangers]
    await case.decided()
    for (where, who), position in zip(strangers, positions, strict=True):
        asking = context(where, who)
        async with gateway.database.transaction(asking) as tx:
            office = await queries.office_of(tx)
        since = await queries.since(gateway.database, asking, office, (0, ""))
        assert not {item for item, _ in since.items or ()} & await ids_of(gateway, town, case)
        async with reading(where, who, position) as reader:
            assert await reader.block() == ": keep-alive"


async def ids_of(gateway: ServiceUnderTest, town: Town, case: Case) -> set[Any]:
    """Every item that the case ever had."""
    async with gateway.database.transaction(town.tenant.context()) as tx:
        found = await tx.session.execute(
            text(
                "select distinct (d ->> 'item')::uuid from worklist_change, jsonb_array_elements(desks) d"
                " where case_id = :case"
            ),
            {"case": case.id},
        )
        ids = set(found.scalars())
    assert ids
    return ids


async def test_whoever_comes_back_is_told_everything_once(
    gateway: ServiceUnderTest, town: Town, approver: Caller
) -> None:
    cases = [Case(gateway, town) for _ in range(4)]
    position = await position_of(town, approver)
    for case in cases:
        await case.open()
        await case.step()
    await cases[1].decided()
    kept = {(await waiting_for(town, approver, case))["id"] for case in (cases[0], cases[2], cases[3])}
    told: list[dict[str, Any]] = []
    # Broken off after every single event, and resumed from what came last.
    while len(told) < 4:
        async with reading(town, approver, position) as reader:
            name, position, data = await reader.event()
            assert name == "changed"
            told.append(data)
    assert {each["item_id"] for each in told if not each["gone"]} == kept
    assert len({each["item_id"] for each in told}) == 4
    asking = context(town, approver)
    place = stream._Positions(asking, gateway.app.state.cursor_key).read(position, 10**9)
    assert place is not None
    async with gateway.database.transaction(asking) as tx:
        office = await queries.office_of(tx)
    assert (await queries.since(gateway.database, asking, office, place)).items == []


def context(town: Town, caller: Caller) -> Context:
    return Context(town.tenant.id, caller.scope, caller.actor, town.tenant.now)


async def test_what_is_no_position_of_this_reader_is_answered_with_reset(
    gateway: ServiceUnderTest, town: Town, other_town: Town, approver: Caller
) -> None:
    key = gateway.app.state.cursor_key
    binding = binding_of(context(town, approver), STREAM, ())
    ahead = stream._Positions(context(town, approver), key).at((10**9, queries.ALL))
    positions = [
        await position_of(other_town, other_town.official("society_work", LEAGUE, "approver")),
        await position_of(town, town.official("society_work", OTHER, "approver")),
        await position_of(town, town.official("society_work", "150000", "approver")),
        await position_of(town, town.official("society_work", LEAGUE, "approver")),  # another post there
        Paging(1, None, key, binding).next((0, "~", 1)),  # from 1970
        ahead,
        str(new_id()),
        "不",
        "",
    ]
    for position in positions:
        async with reading(town, approver, position) as reader:
            name, fresh, data = await reader.event()
            assert (name, data) == ("reset", {}), position
        # And from there it goes on.
        async with reading(town, approver, fresh) as reader:
            assert await reader.block() == ": keep-alive"


async def test_too_much_to_tell_one_by_one_is_a_reset(
    gateway: ServiceUnderTest, town: Town, approver: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "TOLD_AT_ONCE", 2)
    position = await position_of(town, approver)
    case = Case(gateway, town)
    await case.open()
    await case.step()
    await case.decided()
    async with reading(town, approver, position) as reader:
        assert await reader.block() == ": keep-alive"
        assert (await reader.event())[0] == "reset"


async def test_a_reader_has_few_streams_and_gives_each_place_back(
    gateway: ServiceUnderTest, town: Town, approver: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    places: Places = gateway.app.state.streams
    monkeypatch.setattr(places, "_per_reader", 2)
    monkeypatch.setattr(places, "_per_process", 3)
    async with reading(town, approver), reading(town, approver):
        refused = await town.tenant.get(approver, STREAM)
        assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-requests")
        async with reading(town, town.official("society_work", COUNTY)) as other:
            assert (await other.event())[0] == "counts"
            assert (await town.tenant.get(town.auditor, STREAM)).status_code in (403, 429)
            assert (await town.tenant.get(town.official("society_work", OTHER), STREAM)).status_code == 429
    assert places.taken == 0


async def test_the_process_ends_without_waiting_for_streams(
    gateway: ServiceUnderTest, town: Town, approver: Caller
) -> None:
    try:
        async with reading(town, approver) as reader:
            assert (await reader.event())[0] == "counts"
            for tell in gateway.app.state.at_end:
                tell()
            assert await reader.ended()
    finally:
        gateway.app.state.wakeups.ending = False


async def test_a_silent_stream_beats_and_ends_after_its_life(
    town: Town, approver: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "KEEP_ALIVE_SECONDS", 0.05)
    monkeypatch.setattr(stream, "LIFE_SECONDS", 2.0)
    async with reading(town, approver) as reader:
        assert (await reader.event())[0] == "counts"
        assert await reader.block() == ": keep-alive"
        assert await reader.block() == ": keep-alive"
        async with asyncio.timeout(DEADLINE_SECONDS):
            async for _ in reader._parts:
                pass


async def test_nobody_reads_it_without_the_permission(town: Town) -> None:
    refused = await town.tenant.get(town.official("public_security", COUNTY), STREAM)
    assert refused.status_code == 403

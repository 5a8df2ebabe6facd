"""A hot making is the ordinary operation, said faster: same answers, same rows, one effect, never before the commit."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlmodel import select

from kernel.context import Context
from kernel.db.fairness import Places
from kernel.http.hot_statement import columns
from kernel.http.idempotency import IdempotencyRow
from kernel.ids import new_id
from kernel.testing.proxy import Proxy
from kernel.testing.tree import Caller
from tests.integration.kernel.http import notes as probe_notes
from tests.integration.kernel.http.conftest import Desk
from tests.integration.kernel.http.notes import HOT_PATH
from tests.integration.kernel.http.test_commit import frail_desk, notes_of, proxy
from tests.integration.kernel.made_up import Everything

__all__ = ["frail_desk", "proxy"]  # fixtures

ORDINARY = {"query": {"other": "way"}}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the ordinary operation was asked to make."""
    ordinary, seen = probe_notes.write, list[Any]()

    async def noted(tx: Any, body: Any) -> Any:
        seen.append(body)
        return await ordinary(tx, body)

    monkeypatch.setattr(probe_notes, "write", noted)
    return seen


async def make(desk: Desk, body: Any = None, caller: Caller | None = None, **options: Any) -> httpx.Response:
    return await desk.tenant.post(caller or desk.handler, HOT_PATH, body or {"title": "hot", "number": 7}, **options)


def same(response: httpx.Response) -> tuple[object, ...]:
    """All of an answer but the id that was made."""
    made = response.json().get("id", "-") if response.status_code == 201 else response.json()["instance"]
    raw = [(name, value.replace(made.encode(), b"-")) for name, value in response.headers.raw]
    return response.status_code, raw, response.content.replace(made.encode(), b"-")


async def kept(desk: Desk) -> list[dict[str, Any]]:
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        rows = (await tx.session.execute(select(IdempotencyRow))).scalars().all()
    return [row.model_dump(exclude={"key", "recorded_at"}) for row in rows]


async def test_the_hot_answer_is_that_of_the_operation_byte_for_byte(desk: Desk, asked: list[Any]) -> None:
    fast = await make(desk)
    assert asked == [], "the operation was not asked"
    slow = await make(desk, **ORDINARY)
    assert len(asked) == 1
    assert same(fast) == same(slow)
    first, second = await kept(desk)
    for one, answer in ((first, fast), (second, slow)):
        assert one.pop("body") == answer.content
        assert one["headers"].pop("location") == answer.headers["location"]
    assert first == second
    told = [event.model_dump(exclude={"id", "seq", "recorded_at"}) for event in await desk.tenant.events("recorded")]
    for event, answer in zip(told, (fast, slow), strict=True):
        assert event["data"].pop("subject_id") == answer.json()["id"]
        assert event["data"].pop("request_id") == event.pop("request_id")
        event["data"].pop("occurred_at")
    assert told[0] == told[1]


async def test_a_repetition_answers_what_was_answered(desk: Desk, asked: list[Any]) -> None:
    key = str(new_id())
    first, again = await make(desk, key=key), await make(desk, key=key)
    assert asked == []
    assert again.headers["idempotency-replayed"] == "true"
    assert (first.status_code, first.content) == (again.status_code, again.content)
    for header in ("location", "etag", "content-type", "cache-control"):
        assert first.headers[header] == again.headers[header]
    assert await notes_of(desk.tenant) == 1


async def test_fifty_parallel_requests_with_one_key_have_one_effect_and_equal_answers(desk: Desk) -> None:
    key = str(new_id())
    answers = await asyncio.gather(*(make(desk, key=key) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 49
    assert await notes_of(desk.tenant) == 1


async def test_the_hot_and_the_ordinary_way_know_each_others_keys(desk: Desk) -> None:
    for first, second in (({}, ORDINARY), (ORDINARY, {})):
        key = str(new_id())
        made = await make(desk, key=key, **first)
        assert (await make(desk, key=key, **second)).content == made.content
        other = await make(desk, {"title": "another"}, key=key, **second)
        assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-mismatch")
    assert await notes_of(desk.tenant) == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"title": ""}, 422),
        ({"title": "x", "tenant_id": "y"}, 422),
        ({"title": "x", "number": True}, 422),
        ({"title": "nul \u0000 inside"}, 422),
        ({"title": "large", "number": 2**40}, 422),
        ([], 422),
        ({"title": "x", "series_id": "00000000-0000-7000-8000-00000000000f"}, 409),  # refused at commit
    ],
)
async def test_a_refusal_is_that_of_the_operation_and_leaves_nothing(desk: Desk, body: Any, status: int) -> None:
    key = str(new_id())
    fast, slow = [await desk.tenant.post(desk.handler, HOT_PATH, body, key=key, **way) for way in ({}, ORDINARY)]
    assert fast.status_code == status
    assert same(fast) == same(slow)
    assert (await notes_of(desk.tenant), await kept(desk), await desk.tenant.events()) == (0, [], [])
    assert (await make(desk, key=key)).status_code == 201, "the key is free"


async def test_who_may_not_is_refused_as_by_the_operation(desk: Desk) -> None:
    for caller, status in ((desk.viewer, 403), (None, 401)):
        fast, slow = [await desk.tenant.post(caller, HOT_PATH, {"title": "x"}, **way) for way in ({}, ORDINARY)]
        assert fast.status_code == slow.status_code == status
        assert {**fast.json(), "instance": ""} == {**slow.json(), "instance": ""}
    assert await notes_of(desk.tenant) == 0


async def test_a_mistake_on_the_hot_way_is_told_without_values_and_the_operation_answers(
    desk: Desk, asked: list[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    made = await make(desk, {"title": "990101198501010010", "number": -1})
    logged = "".join(capfd.readouterr())
    assert (made.status_code, len(asked)) == (201, 1)
    assert "RuntimeError" in logged
    assert "990101198501010010" not in logged
    assert "a bug on" not in logged


async def test_a_body_in_pieces_is_read_whole_and_handed_on_whole(desk: Desk) -> None:
    for title, status in (('"whole"', 201), ('""', 422)):
        pieces = [b'{"title": ', title.encode(), b', "number": 3}']

        async def stream(pieces: list[bytes] = pieces) -> Any:
            for piece in pieces:
                yield piece

        headers = {
            "Idempotency-Key": str(new_id()),
            "Content-Type": "application/json",
            "Content-Length": str(sum(map(len, pieces))),
            "Shegong-Principal": desk.tenant._principal(desk.handler, "POST", HOT_PATH, "en"),
        }
        answer = await desk.tenant.service.http.post(HOT_PATH, content=stream(), headers=headers)
        assert answer.status_code == status, answer.text
    assert await notes_of(desk.tenant) == 1


async def test_a_row_outside_the_scope_is_not_made(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.sibling.actor.unit_no is not None
    ordinary = probe_notes.built

    def elsewhere(context: Context, body: Any) -> Any:
        note = ordinary(context, body)
        note.unit_no = desk.sibling.actor.unit_no
        return note

    monkeypatch.setattr(probe_notes, "built", elsewhere)
    assert (await make(desk)).status_code == 404
    assert (await notes_of(desk.tenant), await kept(desk)) == (0, [])


async def test_a_statement_that_never_arrives_is_made_once(proxy: Proxy, frail_desk: Desk) -> None:
    key = str(new_id())
    assert (await make(frail_desk)).status_code == 201
    proxy.cut_at(key.encode())
    made = await make(frail_desk, key=key)
    assert (proxy.cuts, made.status_code) == (1, 201)
    assert "idempotency-replayed" not in made.headers
    assert await notes_of(frail_desk.tenant) == 2


async def test_a_statement_whose_confirmation_is_lost_is_found_and_not_made_again(
    proxy: Proxy, frail_desk: Desk
) -> None:
    key = str(new_id())
    assert (await make(frail_desk)).status_code == 201
    proxy.cut_at(key.encode(), after=True)
    made = await make(frail_desk, key=key)
    assert (proxy.cuts, made.status_code) == (1, 201)
    assert made.headers["idempotency-replayed"] == "true"
    assert await notes_of(frail_desk.tenant) == 2


async def test_a_server_that_is_down_answers_503(proxy: Proxy, frail_desk: Desk) -> None:
    assert (await make(frail_desk)).status_code == 201
    proxy.refusing = True
    await proxy.cut()
    assert (await make(frail_desk)).status_code == 503
    proxy.refusing = False
    assert (await make(frail_desk)).status_code == 201
    assert await notes_of(frail_desk.tenant) == 2


async def test_who_stood_in_line_for_nothing_does_not_stand_there_again(
    desk: Desk, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await make(desk)).status_code == 201
    database = desk.tenant.service.database
    monkeypatch.setattr(database, "_places", Places(1, 0.05))
    async with database.transaction(desk.tenant.context()):
        fast, slow = await make(desk), await make(desk, **ORDINARY)
    assert asked == []
    assert fast.status_code == 503
    assert same(fast) == same(slow)


def test_a_table_with_columns_that_the_driver_reads_otherwise_is_not_for_a_hot_making() -> None:
    with pytest.raises(TypeError, match="probe_everything"):
        columns(Everything)

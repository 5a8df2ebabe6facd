"""Lists by keyset: nothing is skipped or shown twice, whatever is inserted meanwhile; a cursor serves its own list."""

import asyncio
from uuid import uuid4

from kernel.ids import new_id
from tests.integration.kernel.http.conftest import Desk
from tests.integration.kernel.http.notes import PATH
from tests.integration.kernel.made_up import Note

BEFORE = 60


async def insert(desk: Desk, count: int, *, ordered: bool = True) -> list[str]:
    """Notes straight into the table, in one transaction; in order of making, or anywhere in the list."""
    ids = [new_id() if ordered else uuid4() for _ in range(count)]
    assert desk.handler.actor.unit_no is not None
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        for note in ids:
            tx.session.add(Note(tenant_id=tx.tenant, id=note, unit_no=desk.handler.actor.unit_no, title="n"))
    return [str(note) for note in ids]


async def walk(desk: Desk, limit: int) -> list[str]:
    """The ids of the whole list, page by page."""
    seen: list[str] = []
    query = {"limit": str(limit)}
    while True:
        page = await desk.tenant.get(desk.handler, PATH, query=query)
        assert page.status_code == 200, page.text
        seen.extend(item["id"] for item in page.json()["items"])
        if page.json()["next"] is None:
            return seen
        query["cursor"] = page.json()["next"]


async def test_concurrent_inserts_neither_skip_nor_repeat_a_row(desk: Desk) -> None:
    there = await insert(desk, BEFORE)
    stop = asyncio.Event()

    async def keep_inserting() -> None:
        while not stop.is_set():
            await insert(desk, 2, ordered=False)

    writers = [asyncio.create_task(keep_inserting()) for _ in range(2)]
    try:
        seen = await walk(desk, 7)
    finally:
        stop.set()
        await asyncio.gather(*writers)
    assert len(seen) == len(set(seen))
    assert set(there) <= set(seen)
    assert seen == sorted(seen)
    assert len(seen) > BEFORE, "rows were inserted while the list was walked"


async def test_the_last_full_page_says_that_it_is_the_last(desk: Desk) -> None:
    await insert(desk, 4)
    page = await desk.tenant.get(desk.handler, PATH, query={"limit": "2"})
    last = await desk.tenant.get(desk.handler, PATH, query={"limit": "2", "cursor": page.json()["next"]})
    assert (len(last.json()["items"]), last.json()["next"]) == (2, None)


async def test_a_cursor_is_refused_by_every_other_list(desk: Desk, other_desk: Desk) -> None:
    await insert(desk, 4)
    cursor = (await desk.tenant.get(desk.handler, PATH, query={"limit": "2"})).json()["next"]
    own = await desk.tenant.get(desk.handler, PATH, query={"cursor": cursor})
    assert own.status_code == 200
    for where, caller, query in (
        (other_desk, other_desk.handler, {"cursor": cursor}),
        (desk, desk.sibling, {"cursor": cursor}),
        (desk, desk.handler, {"cursor": cursor, "title": "n"}),
        (desk, desk.handler, {"cursor": cursor[:-2]}),
        (desk, desk.handler, {"cursor": "A" + cursor[1:] if cursor[0] != "A" else "B" + cursor[1:]}),
        (desk, desk.handler, {"cursor": "游标"}),
    ):
        refused = await where.tenant.get(caller, PATH, query=query)
        assert (refused.status_code, refused.json()["type"]) == (400, "/problems/bad-request"), query
    # The size of the page is no part of what the list is.
    assert (await desk.tenant.get(desk.handler, PATH, query={"cursor": cursor, "limit": "1"})).status_code == 200


async def test_a_limit_outside_its_bounds_is_refused(desk: Desk) -> None:
    for limit in ("0", "201", "-1", "many"):
        answer = await desk.tenant.get(desk.handler, PATH, query={"limit": limit})
        assert answer.status_code == 422, limit

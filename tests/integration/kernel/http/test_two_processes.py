"""Two processes of a service behind one address: whichever a request comes to, key, list and numbering are the same.

Both run in this process here, each with an application, a pool and everything that it remembers of its own; what a
process keeps besides (parsed regulations) is by content and never changes.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from kernel.config import ProcessConfig
from kernel.events.tables import Inbox
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from tests.integration.kernel.http.conftest import Desk, serving
from tests.integration.kernel.http.notes import HOT_PATH, PATH
from tests.integration.kernel.http.test_commit import notes_of


@pytest.fixture(scope="module")
async def second(probe: ProcessConfig) -> AsyncIterator[ServiceUnderTest]:
    async with serving(probe) as service:
        yield service


@pytest.fixture
def both(desk: Desk, second: ServiceUnderTest) -> list[TestTenant]:
    """The desk's tenant as each of the two serves it."""
    assert second.database is not desk.tenant.service.database
    twin = TestTenant(second, desk.tenant.id, desk.tenant.tree, desk.tenant.now)
    return [desk.tenant, twin]


@pytest.mark.parametrize("path", [PATH, HOT_PATH])
async def test_requests_with_one_key_at_both_have_one_effect_and_equal_answers(
    desk: Desk, both: list[TestTenant], path: str
) -> None:
    key = str(new_id())
    at_both = [at.post(desk.handler, path, {"title": "once"}, key=key) for _ in range(20) for at in both]
    answers = await asyncio.gather(*at_both)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == len(answers) - 1
    assert await notes_of(desk.tenant) == 1


async def test_a_list_begun_at_one_goes_on_at_the_other(desk: Desk, both: list[TestTenant]) -> None:
    for number in range(5):
        assert (await both[number % 2].post(desk.handler, PATH, {"title": str(number)})).status_code == 201
    seen: list[str] = []
    query = {"limit": "1"}
    for number in range(5):
        page = await both[number % 2].get(desk.handler, PATH, query=query)
        assert page.status_code == 200, page.text
        seen.extend(item["title"] for item in page.json()["items"])
        query["cursor"] = page.json()["next"]
    assert sorted(seen) == ["0", "1", "2", "3", "4"]


async def test_a_renumbering_that_one_applied_ends_the_lists_of_the_other(desk: Desk, both: list[TestTenant]) -> None:
    first, other = both
    for number in range(3):
        await first.post(desk.handler, PATH, {"title": str(number)})
    cursors = [(await at.get(desk.handler, PATH, query={"limit": "1"})).json()["next"] for at in both]
    async with first.service.database.transaction(first.context()) as tx:
        news = {"source": "gateway", "aggregate_type": "tree", "aggregate_id": tx.tenant, "last_version": 7}
        tx.session.add(Inbox(tenant_id=tx.tenant, **news))
    for at in (other, first):
        for cursor in cursors:
            refused = await at.get(desk.handler, PATH, query={"limit": "1", "cursor": cursor})
            assert (refused.status_code, refused.json()["type"]) == (400, "/problems/list-changed")

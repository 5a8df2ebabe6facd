"""Who changes a record names the version that was read; of many writers one wins (reliability.md, case 24)."""

import asyncio
from collections import Counter

import pytest

from tests.integration.kernel.http.conftest import Desk
from tests.integration.kernel.http.notes import PATH


async def make(desk: Desk) -> str:
    """The path of a new note."""
    made = await desk.tenant.post(desk.handler, PATH, {"title": "first"})
    return str(made.headers["location"])


async def test_of_twenty_writers_on_one_etag_exactly_one_wins(desk: Desk) -> None:
    path = await make(desk)
    answers = await asyncio.gather(
        *(desk.tenant.call(desk.handler, "PATCH", path, {"title": f"by {n}"}, version=1) for n in range(20))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert winner.headers["etag"] == '"2"'
    # The loser is told the version to read.
    assert {answer.headers["etag"] for answer in answers} == {'"2"'}
    read = await desk.tenant.get(desk.handler, path)
    assert read.json()["title"] == winner.json()["title"]


async def test_a_change_without_if_match_is_refused(desk: Desk) -> None:
    path = await make(desk)
    answer = await desk.tenant.call(desk.handler, "PATCH", path, {"title": "second"})
    assert answer.status_code == 428
    assert (await desk.tenant.get(desk.handler, path)).json()["title"] == "first"


@pytest.mark.parametrize("value", ["1", "*", 'W/"1"', '"one"', '"', '""', '"1", "2"', '"' + "9" * 30 + '"'])
async def test_an_if_match_that_is_no_etag_of_ours_is_refused(desk: Desk, value: str) -> None:
    path = await make(desk)
    headers = {"If-Match": value, "Shegong-Principal": desk.tenant._principal(desk.handler, "PATCH", path, "en")}
    answer = await desk.tenant.service.http.patch(path, json={"title": "second"}, headers=headers)
    assert answer.status_code == 400

"""Reading dossiers: by scope, on a day, on the hot path and the ordinary one alike."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from kernel.context import Context
from kernel.errors import NotFound
from kernel.ids import new_id
from services.roster.dossier import queries
from services.roster.dossier.schemas import DossierView
from tests.integration.services.roster.house import IDENTITY, PATH, House


async def test_the_hot_read_equals_the_ordinary_read_row_by_row(house: House) -> None:
    trained = await house.hire()
    await house.signed(trained)
    await house.train(trained.person_id, "24.00", "2025-03-07")
    await house.tenant.post(
        house.township, f"{PATH}/duties", {"dossier_id": trained.dossier_id, "starts_on": "2025-03-10"}
    )
    context = house.tenant.context()
    database = house.service.database
    for on in (None, date(2025, 3, 9), date(2025, 3, 10)):
        hot = await queries.read_hot(database, context, UUID(trained.dossier_id), on)
        async with database.transaction(context) as tx:
            assert hot == await queries.read(tx, UUID(trained.dossier_id), on)


async def test_both_reads_find_nothing_outside_the_scope_and_in_another_tenant(
    house: House, other_house: House
) -> None:
    worker = await house.hire()
    database = house.service.database
    sibling = Context(house.tenant.id, house.sibling.scope, house.sibling.actor, house.tenant.now)
    for context in (sibling, other_house.tenant.context()):
        with pytest.raises(NotFound):
            await queries.read_hot(database, context, UUID(worker.dossier_id))
        async with database.transaction(context) as tx:
            with pytest.raises(NotFound):
                await queries.read(tx, UUID(worker.dossier_id))


async def test_a_foreign_dossier_answers_byte_for_byte_like_a_missing_one(house: House) -> None:
    worker = await house.hire()
    for path in ("", "/posts", "/identity"):
        foreign = await house.tenant.get(house.sibling, f"{PATH}/dossiers/{worker.dossier_id}{path}")
        missing = await house.tenant.get(house.sibling, f"{PATH}/dossiers/{new_id()}{path}")
        assert foreign.status_code == missing.status_code == 404
        assert {**foreign.json(), "instance": ""} == {**missing.json(), "instance": ""}


async def test_reading_needs_the_permission(house: House) -> None:
    worker = await house.hire()
    for path in ("", f"/{worker.dossier_id}", f"/{worker.dossier_id}/posts", f"/{worker.dossier_id}/identity"):
        assert (await house.tenant.get(house.finance, f"{PATH}/dossiers{path}")).status_code == 403
        assert (await house.tenant.get(worker.caller, f"{PATH}/dossiers{path}")).status_code == 403
        assert (await house.tenant.get(None, f"{PATH}/dossiers{path}")).status_code == 401
    assert (await house.tenant.get(house.county, f"{PATH}/own/dossier")).status_code == 403


async def test_the_list_walks_the_scope_page_by_page_without_gap_or_repeat(house: House) -> None:
    made = {await one(house, number) for number in ("990101198501010010", "990101199001010027", "99020220000229003X")}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await house.tenant.get(house.county, f"{PATH}/dossiers", query=query)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(made)
    assert set(seen) == made
    foreign = await house.tenant.get(house.sibling, f"{PATH}/dossiers")
    assert foreign.json() == {"items": [], "next": None}


async def one(house: House, number: str) -> str:
    somebody = new_id()
    identity = IDENTITY | {"id_number": number}
    return (await house.hire(somebody, identity=identity)).dossier_id


async def test_a_cursor_of_another_scope_is_refused(house: House) -> None:
    for number in ("990101198501010010", "990101199001010027"):
        await one(house, number)
    page = (await house.tenant.get(house.county, f"{PATH}/dossiers", query={"limit": "1"})).json()
    used = await house.tenant.get(house.township, f"{PATH}/dossiers", query={"cursor": page["next"], "limit": "1"})
    assert used.status_code == 400


async def test_any_past_day_can_be_asked(house: House) -> None:
    worker = await house.hire()
    await house.signed(worker)
    await house.train(worker.person_id, "24.00", "2025-03-07")
    await house.tenant.move_to(datetime(2025, 4, 1, 2, 0, tzinfo=UTC))
    started = await house.tenant.post(
        house.township, f"{PATH}/duties", {"dossier_id": worker.dossier_id, "starts_on": "2025-03-20"}
    )
    assert started.status_code == 201, started.text
    path = f"{PATH}/dossiers/{worker.dossier_id}"

    async def ask(on: str, below: str = "") -> dict[str, object]:
        return dict((await house.tenant.get(house.county, path + below, query={"on": on})).json())

    assert (await ask("2025-03-02"))["status"] == 404
    assert (await ask("2025-03-19"))["state"] == "enrolled"
    assert (await ask("2025-03-19"))["on_duty_from"] is None
    assert (await ask("2025-03-20"))["state"] == "on_duty"
    assert (await ask("2025-03-19", "/posts"))["items"] == []
    [post] = (await ask("2025-03-20", "/posts"))["items"]  # type: ignore[misc]  # JSON is not typed
    assert (post["valid_from"], post["valid_before"]) == ("2025-03-20", None)

    async def listed(**query: str) -> int:
        page = await house.tenant.get(house.county, f"{PATH}/dossiers", query=query)
        return len(page.json()["items"])

    assert await listed(on="2025-03-02") == 0
    assert await listed(on="2025-03-19", state="on_duty") == 0
    assert await listed(on="2025-03-19", state="enrolled") == 1
    assert await listed(on="2025-03-20", state="on_duty") == 1
    assert await listed(state="on_duty", category="community_staff") == 1
    assert await listed(category="committee_member") == 0


async def test_the_answer_carries_the_etag_of_its_version(house: House) -> None:
    worker = await house.hire()
    read = await house.tenant.get(house.county, f"{PATH}/dossiers/{worker.dossier_id}")
    assert read.headers["ETag"] == f'"{read.json()["version"]}"'


async def test_the_hot_answer_is_that_of_the_operation_byte_for_byte(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = await house.hire()
    path = f"{PATH}/dossiers/{worker.dossier_id}"
    ordinary, asked = queries.read_hot, []

    async def noted(*given: Any) -> DossierView:
        asked.append(given)
        return await ordinary(*given)

    monkeypatch.setattr(queries, "read_hot", noted)
    for on_duty in (False, True):
        if on_duty:
            await house.signed(worker)
            await house.train(worker.person_id, "24.00", "2025-03-07")
            body = {"dossier_id": worker.dossier_id, "starts_on": "2025-03-10"}
            assert (await house.tenant.post(house.township, f"{PATH}/duties", body)).status_code == 201
        fast = await house.tenant.get(house.county, path)
        assert len(asked) == on_duty, "the operation was not asked"
        slow = await house.tenant.get(house.county, path, query={"other": "way"})
        assert fast.status_code == slow.status_code == 200
        assert fast.content == slow.content
        assert dict(fast.headers) == dict(slow.headers)

"""A class registered on the hot way is the ordinary one, also where what the process remembers is no longer so."""

from typing import Any

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col, select

from kernel.context import Context
from kernel.org.tables import OrgPack, OrgUnit
from services.training.session import actions
from services.training.session.tables import Session
from tests.integration.services.training.house import PATH, House

SESSIONS = f"{PATH}/sessions"
ORDINARY = {"query": {"other": "way"}}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the ordinary operation was asked to register."""
    ordinary, seen = actions.register, list[Any]()

    async def noted(tx: Any, body: Any) -> Any:
        seen.append(body)
        return await ordinary(tx, body)

    monkeypatch.setattr(actions, "register", noted)
    return seen


async def register(house: House, changes: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
    return await house.tenant.post(house.county, SESSIONS, house.session(**(changes or {})), **options)


async def change(house: House, statement: Any) -> None:
    """Change the read model, as news would."""
    async with house.service.database.transaction(Context.system(house.tenant.id, house.tenant.now)) as tx:
        await tx.session.execute(statement.execution_options(synchronize_session=False))


def neutral(response: httpx.Response) -> tuple[object, ...]:
    made = response.json().get("id", response.json().get("instance"))
    raw = [(name, value.replace(made.encode(), b"-")) for name, value in response.headers.raw]
    return response.status_code, raw, response.content.replace(made.encode(), b"-")


@pytest.mark.parametrize(
    "changes", [{}, {"class_hours": 3, "form": "online"}, {"starts_at": "2025-03-05T09:00:00.5+08:00"}]
)
async def test_the_hot_answer_and_row_are_those_of_the_operation(
    house: House, asked: list[Any], changes: dict[str, Any]
) -> None:
    fast = await register(house, changes)
    assert (fast.status_code, asked) == (201, []), "the operation was not asked"
    slow = await register(house, changes, **ORDINARY)
    assert len(asked) == 1
    assert neutral(fast) == neutral(slow)
    async with house.service.database.transaction(house.tenant.context()) as tx:
        rows = (await tx.session.execute(select(Session))).scalars().all()
    assert [str(row.id) for row in rows] == [fast.json()["id"], slow.json()["id"]]
    assert rows[0].model_dump(exclude={"id"}) == rows[1].model_dump(exclude={"id"})
    entries = [event.data for event in await house.tenant.events("recorded")]
    assert [entry["subject_id"] for entry in entries] == [str(row.id) for row in rows]
    assert entries[0]["facts"] == entries[1]["facts"]


@pytest.mark.parametrize(
    "changes", [{"class_hours": "7.25"}, {"round": True}, {"ends_at": "2025-03-05T01:00:00Z"}, {"unit_no": 1}]
)
async def test_a_refusal_is_that_of_the_operation(house: House, changes: dict[str, Any]) -> None:
    fast, slow = await register(house, changes), await register(house, changes, **ORDINARY)
    assert fast.status_code == 422
    assert neutral(fast) == neutral(slow)


async def test_a_unit_that_was_closed_since_is_refused(house: House, asked: list[Any]) -> None:
    assert (await register(house)).status_code == 201
    county = house.tenant.tree["county"].id
    await change(house, update(OrgUnit).where(col(OrgUnit.id) == county).values(valid_before=house.tenant.now.date()))
    refused = await register(house)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/wrong-state")
    assert len(asked) == 1


async def test_a_unit_that_was_renumbered_since_is_written_with_its_number(house: House, asked: list[Any]) -> None:
    first = await register(house)
    county = house.tenant.tree["county"]
    await change(house, update(OrgUnit).where(col(OrgUnit.id) == county.id).values(unit_no=county.unit_no + 1))
    second, third = await register(house), await register(house)
    numbers = [answer.json()["unit_no"] for answer in (first, second, third)]
    assert numbers == [county.unit_no, county.unit_no + 1, county.unit_no + 1]
    assert len(asked) == 1, "once, and then it is remembered"


async def test_a_regulation_that_ended_since_is_not_rested_on(house: House, asked: list[Any]) -> None:
    assert (await register(house)).status_code == 201
    await change(house, update(OrgPack).values(valid_before=house.tenant.now.date()))
    refused, slow = await register(house), await register(house, **ORDINARY)
    assert neutral(refused) == neutral(slow)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/parameter-not-set")
    assert asked

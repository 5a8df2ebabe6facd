"""What the news of a post taken leaves in training, row by row and event by event, and how little it takes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from contracts.roster import PostTaken
from kernel.events.inbox import Outcome
from kernel.ids import new_id
from kernel.schedule.tables import Schedule
from services.training.need.tables import Need
from services.training.worker.tables import PostHeld
from tests.integration.services.lean import without_session
from tests.integration.services.training.house import Dossier, House

FORMS = ["off_job", "online", "other"]
STATEMENTS = 11
"""With that of the inbox."""


def taken(house: House, worker: Dossier, **changes: Any) -> PostTaken:
    place = house.tenant.tree["community"]
    given: dict[str, Any] = {
        "post_id": str(new_id()),
        "dossier_id": str(worker.id),
        "person_id": str(worker.worker.actor.person),
        "category": "community_staff",
        "relation": "labour_contract",
        "role": "staff",
        "post_title": "社区工作者",
        "community_unit_id": str(place.id),
        "community_unit_no": place.unit_no,
        "township_unit_id": None,
        "township_unit_no": None,
        "valid_from": "2021-03-01",
    }
    return PostTaken(**given | changes)


async def rows(house: House, kind: Any) -> list[dict[str, Any]]:
    async with house.service.database.transaction(house.tenant.context()) as tx:
        found = (await tx.session.execute(select(kind).order_by(col(kind.id)))).scalars()
        return [row.model_dump(exclude={"tenant_id", "recorded_at"}) for row in found]


async def told(house: House) -> list[tuple[str, int | None, dict[str, Any]]]:
    return [(each.event, each.aggregate_version, dict(each.data)) for each in await house.tenant.events()]


def expected_need(house: House, worker: Dossier, need_id: UUID, **changes: Any) -> dict[str, Any]:
    return {
        "id": need_id,
        "unit_no": house.tenant.tree["community"].unit_no,
        "person_id": worker.worker.actor.person,
        "kind": "yearly",
        "cycle": "2025",
        "required_hours": Decimal("40.00"),
        "credited_hours": Decimal("0.00"),
        "forms": FORMS,
        "article": "NM-20",
        "opened_on": date(2025, 3, 10),
        "met_on": None,
        "application_id": None,
        "role": "staff",
        "part_year": False,
        "apart": True,
        "every_years": 3,
        "since": date(2024, 8, 21),
        "trained_on": None,
        "train_by": None,
        "lapsed": False,
        "pack_id": "neimenggu",
        "pack_version": "1",
        "version": 1,
    } | changes


async def test_a_first_post_opens_the_year_in_few_statements(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.receive(taken(house, other := house.dossier()), other.id, 1)  # reads the regulation
    before = await told(house)
    worker = house.dossier()
    event = taken(house, worker)
    with without_session(monkeypatch) as run:
        assert await house.receive(event, worker.id, 1) is Outcome.APPLIED
    assert len(run) <= STATEMENTS

    person, unit_no = str(worker.worker.actor.person), event.community_unit_no
    [*_, post] = await rows(house, PostHeld)
    assert post == {
        "id": UUID(event.post_id),
        "person_id": worker.worker.actor.person,
        "unit_no": unit_no,
        "community_unit_id": UUID(event.community_unit_id),
        "role": "staff",
        "valid_from": date(2021, 3, 1),
        "valid_before": None,
    }
    [*_, need] = await rows(house, Need)
    assert need == expected_need(house, worker, need["id"])
    [*_, timer] = await rows(house, Schedule)
    assert timer == {
        "id": timer["id"],
        "unit_no": unit_no,
        "kind": "training.new_year",
        "payload": {"person": person, "year": 2026},
        "due_business_at": datetime(2025, 12, 31, 16, tzinfo=UTC),
        "state": "waiting",
        "attempts": 0,
        "retry_at": None,
        "cause": None,
        "done_at": None,
    }
    opened, entry = (await told(house))[len(before) :]
    assert opened == (
        "opened",
        1,
        {
            "person_id": person,
            "kind": "yearly",
            "cycle": "2025",
            "required_hours": "40.00",
            "forms": FORMS,
            "community_unit_no": unit_no,
            "article": "NM-20",
        },
    )
    assert (entry[0], entry[2]["action"], entry[2]["subject_id"]) == (
        "recorded",
        "training.need.open",
        str(need["id"]),
    )
    assert entry[2]["facts"] == {
        "person_id": person,
        "kind": "yearly",
        "cycle": "2025",
        "required_hours": "40.00",
        "article": "NM-20",
    }


async def test_a_second_post_changes_the_need_that_stands_and_opens_none(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = house.dossier()
    await worker.take("staff", "2021-03-01")
    await worker.attends("40")
    before = await told(house)
    event = taken(house, worker, role="director", category="committee_member", valid_from="2025-03-10")
    with without_session(monkeypatch) as run:
        assert await house.receive(event, worker.id, 2) is Outcome.APPLIED
    assert len(run) <= STATEMENTS + 1  # the need is no longer met, and that is told too
    [need] = await rows(house, Need)
    raised = {"required_hours": Decimal("56.00"), "credited_hours": Decimal("40.00"), "role": "director"}
    dated = {"every_years": 1, "train_by": date(2025, 12, 31), "version": 4}
    assert need == expected_need(house, worker, need["id"], **raised, **dated)
    entry, changed, reckoned = (await told(house))[len(before) :]
    assert (entry[2]["action"], entry[2]["facts"]["required_hours"]) == ("training.need.change", "56")
    assert [(each[0], each[1], each[2]["required_hours"], each[2]["met_on"]) for each in (changed, reckoned)] == [
        ("changed", 4, "56", "2025-03-07"),
        ("changed", 5, "56.00", None),
    ]
    assert len(await rows(house, Schedule)) == 1


async def test_a_post_that_asks_no_more_changes_and_tells_nothing(house: House) -> None:
    worker = house.dossier()
    await worker.take("staff", "2021-03-01")
    needs, before = await rows(house, Need), await told(house)
    assert await house.receive(taken(house, worker), worker.id, 2) is Outcome.APPLIED
    assert (await rows(house, Need), await told(house)) == (needs, before)
    assert len(await rows(house, PostHeld)) == 2

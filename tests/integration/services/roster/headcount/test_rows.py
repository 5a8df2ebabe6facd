"""What the news of a post taken leaves in roster's numbers, row by row and event by event, and how little it takes."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from contracts.roster import PostTaken
from kernel.db.table import days
from kernel.ids import new_id
from kernel.schedule.tables import Schedule
from services.roster.headcount.tables import Claim, Headcount, Seat
from tests.integration.services.lean import without_session
from tests.integration.services.roster.staffing.desk import Desk

STATEMENTS = 8
"""With that of the inbox."""


async def rows(desk: Desk, kind: Any) -> list[dict[str, Any]]:
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        found = (await tx.session.execute(select(kind))).scalars()
        names = [name for name in kind.model_fields if name not in ("tenant_id", "recorded_at")]
        return [{name: getattr(row, name) for name in names} for row in found]


async def numbers(desk: Desk) -> dict[str, tuple[int | None, int, int]]:
    """What is published: fixed, occupied, reserved."""
    units = {each.id: key for key, each in desk.tenant.tree.units.items()}
    found = await rows(desk, Headcount)
    return {units[each["unit_id"]]: (each["fixed"], each["occupied"], each["reserved"]) for each in found}


async def told(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    return [(each.event, dict(each.data)) for each in await desk.tenant.events()]


def seat_of(desk: Desk, taken: PostTaken, on: date) -> dict[str, Any]:
    return {
        "post_id": UUID(taken.post_id),
        "unit_no": taken.community_unit_no,
        "unit_id": UUID(taken.community_unit_id),
        "dossier_id": UUID(taken.dossier_id),
        "person_id": UUID(taken.person_id),
        "category": "community_staff",
        "period": days(on, None),
    }


def changed(desk: Desk, unit: str, **changes: Any) -> tuple[str, dict[str, Any]]:
    place = desk.tenant.tree[unit]
    return "changed", {
        "unit_id": str(place.id),
        "unit_no": place.unit_no,
        "level": place.level,
        "article": "NM-5",
        "ranges": None,
    } | changes


async def test_a_seat_is_taken_in_few_statements(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.staffed(community=3)
    before = await told(desk)
    with without_session(monkeypatch) as run:
        taken = await desk.take("community", new_id(), on="2025-01-01")
    assert len(run) <= STATEMENTS
    assert await rows(desk, Seat) == [seat_of(desk, taken, date(2025, 1, 1))]
    assert await numbers(desk) == {"league": (29, 0, 0), "county": (9, 1, 0), "community": (3, 1, 0)}
    assert (await told(desk))[len(before) :] == [
        changed(desk, "county", fixed=9, occupied=1, reserved=0),
        changed(desk, "community", fixed=3, occupied=1, reserved=0),
    ]


async def test_the_rows_of_numbers_are_made_where_nobody_had_any(desk: Desk) -> None:
    await desk.take("community", new_id())
    assert await numbers(desk) == {"county": (None, 1, 0), "community": (None, 1, 0)}
    await desk.take("other_community", new_id())
    assert (await numbers(desk))["county"] == (None, 2, 0)


async def test_who_takes_no_seat_changes_no_number_and_a_seat_is_taken_once(desk: Desk) -> None:
    await desk.staffed(community=3)
    await desk.take("community", new_id(), category="police")
    held, before = await numbers(desk), await told(desk)
    taken = await desk.take("community", new_id(), category="police")
    dossier = UUID(taken.dossier_id)
    await desk.house.deliver(taken, dossier, desk._next(dossier))
    assert (await numbers(desk), await told(desk)) == (held, before)
    assert len(await rows(desk, Seat)) == 2


async def test_a_hire_that_waited_is_answered_by_the_post_also_in_another_community(desk: Desk) -> None:
    await desk.staffed(community=3, other_community=3)
    plan = new_id()
    await desk.ask(plan, community=1)
    worker = await desk.house.hire(plan_id=str(plan), decided_on="2025-03-05")
    [claim] = await rows(desk, Claim)
    before = await told(desk)
    taken = await desk.take("other_community", worker.person_id, on="2025-03-01")
    # Not before the day of the hire itself.
    assert await rows(desk, Claim) == [claim | {"ended_on": date(2025, 3, 5)}]
    assert await rows(desk, Seat) == [seat_of(desk, taken, date(2025, 3, 1))]
    assert (await told(desk))[len(before) :] == [
        changed(desk, "county", fixed=9, occupied=1, reserved=0),
        changed(desk, "community", fixed=3, occupied=0, reserved=0),
        changed(desk, "other_community", fixed=3, occupied=1, reserved=0),
    ]


async def test_a_post_of_a_day_to_come_is_counted_when_it_comes(desk: Desk) -> None:
    await desk.staffed(community=3)
    timers, held, before = await rows(desk, Schedule), await numbers(desk), await told(desk)
    await desk.take("community", new_id(), on="2025-03-12")
    assert (await numbers(desk), await told(desk)) == (held, before)
    [timer] = [each for each in await rows(desk, Schedule) if each not in timers]
    assert (timer["kind"], timer["unit_no"]) == (
        "roster.headcount.falls_due",
        desk.tenant.tree["community"].unit_no,
    )
    assert timer["payload"] == {"unit": desk.id_of("community")}
    assert timer["due_business_at"] == datetime(2025, 3, 11, 16, tzinfo=UTC)

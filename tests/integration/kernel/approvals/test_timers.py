"""A publicity (公示) ends by itself at the end of its last day in the tenant's business time, once (A2, A4)."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from kernel.approvals.embed.timers import approval_timers
from kernel.errors import ParameterNotSet
from kernel.schedule.runner import run_due
from kernel.schedule.tables import Schedule
from tests.integration.kernel.approvals.desk import PATH, Desk, approvals

LAST_MINUTE = datetime(2026, 3, 7, 15, 59, tzinfo=UTC)
"""23:59 in Shanghai on the fifth day after 2 March."""
MIDNIGHT = datetime(2026, 3, 7, 16, 0, tzinfo=UTC)
FIVE = {"days": 5}


async def run_timers(desk: Desk) -> None:
    await desk.tenant.service.run_timers()


@pytest.mark.article("NM-8")
async def test_publicity_ends_with_its_last_day_and_not_before(desk: Desk) -> None:
    case = await desk.case("hire", facts=FIVE)
    assert str(case.steps[0].ends_on) == "2026-03-07"
    await desk.tenant.move_to(LAST_MINUTE)
    await run_timers(desk)
    assert await desk.state(case.id) == ("open", ["open", "waiting"])
    await desk.tenant.move_to(MIDNIGHT)
    await run_timers(desk)
    assert await desk.state(case.id) == ("open", ["done", "open"])
    assert await desk.actions(case.id) == ["submit", "end_period"]


async def test_two_workers_end_it_once(desk: Desk) -> None:
    cases = [await desk.case("hire", facts=FIVE) for _ in range(10)]
    await desk.tenant.move_to(MIDNIGHT)
    service, timers = desk.tenant.service, approval_timers(approvals)
    await asyncio.gather(*(run_due(service.database, service.config, timers) for _ in range(2)))
    for case in cases:
        assert await desk.actions(case.id) == ["submit", "end_period"]


async def test_an_objection_holds_it_until_it_is_handled(desk: Desk) -> None:
    approver = await desk.tenant.appoint("county", "society_work", "approver")
    case = await desk.case("hire", facts=FIVE)
    objected = await desk.decide(desk.handler, case.id, "object", "show")
    objection = objected.json()["steps"][0]["objections"][0]
    assert objection["state"] == "open"
    await desk.tenant.move_to(MIDNIGHT)
    await run_timers(desk)
    assert await desk.state(case.id) == ("open", ["open", "waiting"])
    handled = await desk.decide(approver, case.id, "handle_objection", "show", objection=objection["id"], upheld=False)
    assert handled.status_code == 200, handled.text
    assert await desk.state(case.id) == ("open", ["done", "open"])


async def test_the_timer_of_a_period_that_was_begun_anew_does_nothing(desk: Desk) -> None:
    approver = await desk.tenant.appoint("county", "society_work", "approver")
    case = await desk.case("hire", facts=FIVE)
    await desk.decide(approver, case.id, "return", "show")
    await desk.tenant.move_to(LAST_MINUTE)
    again = await desk.decide(desk.handler, case.id, "submit")
    assert again.json()["steps"][0]["ends_on"] == "2026-03-12"
    await desk.tenant.move_to(MIDNIGHT)
    await run_timers(desk)
    assert await desk.state(case.id) == ("open", ["open", "waiting"])
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        rows = await tx.session.execute(select(Schedule).order_by(col(Schedule.due_business_at)))
        assert [(row.state, row.attempts) for row in rows.scalars()] == [("done", 0), ("waiting", 0)]


async def test_a_publicity_whose_days_nobody_set_does_not_start(desk: Desk) -> None:
    with pytest.raises(ParameterNotSet):
        await desk.case("hire")
    assert (await desk.tenant.get(desk.reviewer, PATH)).json()["items"] == []

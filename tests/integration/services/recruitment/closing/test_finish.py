"""The end of a recruitment gives back what was not filled (NM-5)."""

import pytest

from tests.integration.services.recruitment.journey import AFTER_PUBLICITY, Journey


@pytest.mark.article("NM-5")
async def test_a_finished_plan_says_what_was_filled_and_proposes_nobody_any_more(journey: Journey) -> None:
    item = journey.plan_body()["items"][0] | {"posts": 3}
    notice = await journey.notice(items=[item])
    path = f"/plans/{notice['plan_id']}/finish"
    _, first = await journey.ready(notice)
    hire = (await journey.propose(first)).json()
    pending = await journey.call("handler", "POST", path)
    assert (pending.status_code, pending.json()["type"]) == (409, "/problems/wrong-state")
    await journey.tenant.move_to(AFTER_PUBLICITY)
    await journey.tenant.service.run_timers()
    decided = await journey.decide("approver", hire["case_id"], "approve", "decision")
    assert decided.is_success, decided.text
    finished = await journey.made("handler", "POST", path)
    assert (finished["state"], finished["seats"]) == ("finished", "released")
    [ended] = await journey.tenant.events("ended")
    assert (ended.data["why"], ended.data["unit_ids"], ended.data["filled"]) == (
        "finished",
        [str(journey.tenant.tree["community"].id)],
        [1],
    )
    assert (await journey.call("handler", "POST", path)).status_code == 409


async def test_nobody_is_proposed_after_the_end(journey: Journey) -> None:
    notice = await journey.notice()
    _, application = await journey.ready(notice)
    assert (await journey.call("handler", "POST", f"/plans/{notice['plan_id']}/finish")).is_success
    late = await journey.propose(application)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/wrong-state")


async def test_only_an_approved_plan_is_finished_by_its_own_unit(journey: Journey) -> None:
    plan = await journey.draft()
    path = f"/plans/{plan['id']}/finish"
    assert (await journey.call("handler", "POST", path)).status_code == 409
    for who, status in (("sibling", 404), ("approver", 403), ("township", 403), (None, 401)):
        assert (await journey.call(who, "POST", path)).status_code == status

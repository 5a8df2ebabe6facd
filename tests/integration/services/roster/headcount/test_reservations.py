"""Posts kept for plans: all or none, once, and never more than are free (NM-5; R1)."""

import asyncio
from uuid import UUID

import orjson
import pytest

from contracts.recruitment import PlanAsksForPosts
from kernel.events.event import Seal
from kernel.events.inbox import Outcome
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.roster.house import IDENTITY, PACK, House, silent
from tests.integration.services.roster.staffing.desk import Desk


async def counted(desk: Desk, unit: str = "community", **query: str) -> tuple[int, int, int]:
    """Occupied, reserved and free."""
    found = await desk.headcount(unit, **query)
    return found["occupied"], found["reserved"], found["free"]


@pytest.mark.article("NM-5")
async def test_the_last_free_post_is_granted_and_one_more_is_not(desk: Desk) -> None:
    await desk.staffed(community=2)
    first, second = new_id(), new_id()
    answer = await desk.ask(first, community=2)
    assert (answer["granted"], answer["round"]) == (True, 1)
    assert await counted(desk) == (0, 2, 0)
    answer = await desk.ask(second, community=1)
    assert (answer["granted"], answer["asked"], answer["free"], answer["article"]) == (False, 1, 0, "NM-5")
    assert await counted(desk) == (0, 2, 0)
    kept = (await desk.made("county", "GET", "/headcount-reservations"))["items"]
    assert [(each["plan_id"], each["posts"], each["state"]) for each in kept] == [(str(first), 2, "held")]


@pytest.mark.article("NM-5")
async def test_all_communities_of_a_plan_are_granted_or_none(desk: Desk) -> None:
    await desk.staffed(community=2, other_community=1)
    answer = await desk.ask(new_id(), community=2, other_community=2)
    assert (answer["granted"], answer["unit_id"], answer["free"]) == (False, desk.id_of("other_community"), 1)
    assert await counted(desk) == (0, 0, 2)


@pytest.mark.article("NM-6")
async def test_a_community_without_a_number_grants_nothing(desk: Desk) -> None:
    await desk.staffed(community=2)
    answer = await desk.ask(new_id(), other_community=1)
    assert (answer["granted"], answer["fixed"], answer["article"]) == (False, None, "NM-6")


async def test_a_norm_that_only_warns_grants_beyond_it_and_shows_it_as_over(roster: ServiceUnderTest) -> None:
    desk = await Desk.open(await House.open(roster, _warning()))
    await desk.staffed(community=1)
    assert (await desk.ask(new_id(), community=2))["granted"] is True
    found = await desk.headcount("community")
    assert (found["free"], found["over"]) == (0, 1)


async def test_a_regulation_without_numbers_grants_what_is_asked(roster: ServiceUnderTest) -> None:
    desk = await Desk.open(await House.open(roster, silent("headcount.beyond")))
    assert (await desk.ask(new_id(), community=5))["granted"] is True


@pytest.mark.article("NM-5")
async def test_of_two_plans_for_the_last_posts_one_is_granted_and_the_other_told_the_numbers(desk: Desk) -> None:
    await desk.staffed(community=3, other_community=3)
    plans = [new_id(), new_id()]
    await asyncio.gather(
        desk.ask(plans[0], community=2, other_community=2), desk.ask(plans[1], other_community=2, community=2)
    )
    answers = [await desk.answer(plan) for plan in plans]
    assert sorted(answer["granted"] for answer in answers) == [False, True]
    lost = next(answer for answer in answers if not answer["granted"])
    assert (lost["asked"], lost["free"]) == (2, 1)
    assert await counted(desk) == (0, 2, 1)
    assert await counted(desk, "other_community") == (0, 2, 1)


@pytest.mark.article("NM-5")
async def test_a_request_told_again_changes_nothing(desk: Desk) -> None:
    await desk.staffed(community=4)
    plan = new_id()
    await desk.ask(plan, community=2)
    again = PlanAsksForPosts(plan_id=str(plan), unit_ids=[desk.id_of("community")], posts=[2])
    for version, outcome in ((1, Outcome.DUPLICATE), (2, Outcome.APPLIED)):
        assert await desk.house.deliver(again, plan, version) is outcome
    assert await counted(desk) == (0, 2, 2)
    assert len(await desk.tenant.events("answered")) == 1


@pytest.mark.article("NM-5")
async def test_a_plan_that_ended_gives_its_posts_back_once(desk: Desk) -> None:
    await desk.staffed(community=2)
    plan, other = new_id(), new_id()
    await desk.ask(plan, community=2)
    await desk.end(plan, "withdrawn")
    assert await counted(desk) == (0, 0, 2)
    assert (await desk.ask(other, community=2))["granted"] is True
    await desk.end(plan, "withdrawn")
    assert await counted(desk) == (0, 2, 0)
    # The same plan asks anew, in a round of its own.
    await desk.end(other, "rejected")
    assert (await desk.ask(plan, number=2, community=1))["granted"] is True
    assert await counted(desk) == (0, 1, 1)


@pytest.mark.article("NM-5")
async def test_a_hire_claims_a_reserved_post_and_a_finished_plan_gives_back_the_rest(desk: Desk) -> None:
    await desk.staffed(community=3)
    plan = new_id()
    await desk.ask(plan, community=3)
    await desk.house.hire(plan_id=str(plan))
    assert await counted(desk) == (0, 3, 0)
    # Two were filled; the news of the second hire comes after that of the end.
    await desk.end(plan, "finished", community=2)
    assert await counted(desk) == (0, 2, 1)
    second = new_id()
    await desk.house.hire(second, identity=IDENTITY | {"id_number": "990101199001010027"}, plan_id=str(plan))
    assert await counted(desk) == (0, 2, 1)
    [kept] = (await desk.made("county", "GET", "/headcount-reservations", query={"plan_id": str(plan)}))["items"]
    assert (kept["consumed"], kept["released"], kept["state"]) == (2, 1, "consumed")


@pytest.mark.article("NM-5")
async def test_a_hire_told_twice_claims_one_post(desk: Desk) -> None:
    await desk.staffed(community=3)
    plan, somebody = new_id(), new_id()
    await desk.ask(plan, community=3)
    event = desk.house.hired(somebody, plan_id=str(plan))
    application = UUID(event.application_id)
    for version in (1, 1, 2):
        await desk.house.deliver(event, application, version, sealed=Seal("roster", somebody, IDENTITY))
    [kept] = (await desk.made("county", "GET", "/headcount-reservations"))["items"]
    assert kept["consumed"] == 1


@pytest.mark.article("NM-5")
async def test_a_hire_beyond_what_is_kept_is_not_undone_but_shown_as_over(desk: Desk) -> None:
    await desk.staffed(community=1)
    await desk.ask(new_id(), community=1)
    await desk.house.hire()
    found = await desk.headcount("community")
    assert (found["reserved"], found["over"]) == (2, 1)


async def test_reservations_need_the_permission_and_the_scope(desk: Desk) -> None:
    await desk.staffed(community=2)
    await desk.ask(new_id(), community=2)
    path = "/headcount-reservations"
    assert (await desk.made("sibling", "GET", path))["items"] == []
    assert len((await desk.made("township", "GET", path))["items"]) == 1
    assert (await desk.call("finance", "GET", path)).status_code == 403
    assert (await desk.call(None, "GET", path)).status_code == 401


def _warning() -> str:
    data = orjson.loads(PACK)
    data["document"]["parameters"]["headcount.beyond"]["value"] = "warn"
    return orjson.dumps(data).decode()

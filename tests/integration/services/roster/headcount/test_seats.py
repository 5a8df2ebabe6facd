"""Who takes a seat, from when to when, and how it is shown: occupied, over, under, on any day (NM-5; O1)."""

import pytest

from kernel.ids import new_id
from tests.integration.services.roster.headcount.test_reservations import counted
from tests.integration.services.roster.staffing.desk import Desk


@pytest.mark.article("NM-5")
async def test_duty_turns_the_reserved_post_into_an_occupied_one(desk: Desk) -> None:
    await desk.staffed(community=2)
    plan = new_id()
    await desk.ask(plan, community=1)
    worker = await desk.house.hire(plan_id=str(plan))
    assert await counted(desk) == (0, 1, 1)
    await desk.take("community", worker.person_id)
    assert await counted(desk) == (1, 0, 1)
    told = [
        each.data for each in await desk.tenant.events("changed") if each.data["unit_id"] == desk.id_of("community")
    ]
    assert [(each["occupied"], each["reserved"]) for each in told] == [(0, 0), (0, 1), (1, 0)]
    # The county's own sums are published beside it.
    county = [each.data for each in await desk.tenant.events("changed") if each.data["level"] == "county"]
    assert (county[-1]["fixed"], county[-1]["occupied"], county[-1]["reserved"]) == (9, 1, 0)


@pytest.mark.article("NM-5")
async def test_the_roster_tells_itself_of_a_duty_that_began(desk: Desk) -> None:
    """What duty publishes is what is counted here: nothing but the event stands between them."""
    house = desk.house
    worker = await house.hire()
    await house.signed(worker)
    await house.train(worker.person_id, "24.00", "2025-03-07")
    body = {"dossier_id": worker.dossier_id, "starts_on": "2025-03-10"}
    assert (await desk.call("township", "POST", "/duties", body)).status_code == 201
    [told] = await desk.tenant.events("post_taken")
    assert (told.data["category"], told.data["valid_from"]) == ("community_staff", "2025-03-10")
    assert told.data["community_unit_id"] == desk.id_of("community")


@pytest.mark.article("NM-5")
async def test_a_person_with_two_posts_takes_one_seat_until_both_are_left(desk: Desk) -> None:
    await desk.staffed(community=2)
    somebody, dossier = new_id(), new_id()
    posts = [
        await desk.take("community", somebody, dossier_id=dossier, category="committee_member", on="2025-01-01")
        for _ in range(2)
    ]
    assert await counted(desk) == (1, 0, 1)
    await desk.leave(posts[0], "2025-03-01")
    assert await counted(desk) == (1, 0, 1)
    await desk.leave(posts[1], "2025-03-10")
    assert await counted(desk) == (0, 0, 2)
    assert await counted(desk, on="2025-03-10") == (0, 0, 2)


@pytest.mark.article("NM-5")
async def test_who_counts_is_what_the_pack_says(desk: Desk) -> None:
    await desk.staffed(community=2)
    await desk.take("community", new_id(), category="committee_member")
    await desk.take("community", new_id(), category="community_staff")
    await desk.take("community", new_id(), category="police")
    assert (await desk.headcount("community"))["occupied"] == 2


@pytest.mark.article("NM-5")
async def test_over_and_under_are_shown_and_a_number_may_fall_below_who_is_there(desk: Desk) -> None:
    await desk.staffed(community=2)
    for _ in range(2):
        await desk.take("community", new_id())
    await desk.numbers(community=1)
    found = await desk.headcount("community")
    assert (found["fixed"], found["occupied"], found["free"], found["over"], found["under"]) == (1, 2, 0, 1, 0)
    await desk.numbers(community=5)
    found = await desk.headcount("community")
    assert (found["free"], found["over"], found["under"]) == (3, 0, 3)


@pytest.mark.article("NM-5")
async def test_any_past_day_can_be_asked(desk: Desk) -> None:
    await desk.population(valid_from="2025-01-01")
    assert (await desk.fix("2025-01-01", county=9)).is_success
    await desk.numbers("2025-02-01", community=3)
    taken = await desk.take("community", new_id(), on="2025-02-10")
    await desk.leave(taken, "2025-03-05")
    for on, fixed, occupied in (
        ("2025-01-31", None, 0),
        ("2025-02-01", 3, 0),
        ("2025-02-09", 3, 0),
        ("2025-02-10", 3, 1),
        ("2025-03-04", 3, 1),
        ("2025-03-05", 3, 0),
    ):
        found = await desk.headcount("community", on=on)
        assert (found["fixed"], found["occupied"]) == (fixed, occupied), on


@pytest.mark.article("NM-5")
async def test_a_reserved_post_was_reserved_on_the_days_before_it_was_taken(desk: Desk) -> None:
    await desk.staffed(community=2)
    plan = new_id()
    await desk.ask(plan, community=1)
    worker = await desk.house.hire(plan_id=str(plan), decided_on="2025-03-10")
    await desk.tenant.move_to(desk.tenant.now.replace(day=14))
    await desk.take("community", worker.person_id, on="2025-03-12")
    assert await counted(desk, on="2025-03-11") == (0, 1, 1)
    assert await counted(desk, on="2025-03-12") == (1, 0, 1)


@pytest.mark.article("NM-5")
async def test_a_seat_left_on_a_day_to_come_is_free_from_that_day(desk: Desk) -> None:
    await desk.staffed(community=1)
    taken = await desk.take("community", new_id())
    await desk.leave(taken, "2025-03-12")
    assert await counted(desk) == (1, 0, 0)
    await desk.tenant.move_to(desk.tenant.now.replace(day=12))
    await desk.tenant.service.run_timers()
    assert await counted(desk) == (0, 0, 1)
    told = [
        each.data for each in await desk.tenant.events("changed") if each.data["unit_id"] == desk.id_of("community")
    ]
    assert told[-1]["occupied"] == 0


@pytest.mark.article("NM-5", "NM-6")
async def test_units_above_show_the_sums_of_those_below_them(desk: Desk) -> None:
    await desk.staffed(community=3, other_community=4)
    await desk.take("community", new_id())
    await desk.ask(new_id(), other_community=2)
    for unit, fixed, free in (("community", 3, 2), ("other_community", 4, 2), ("county", 9, 6), ("league", 29, 26)):
        found = await desk.headcount(unit)
        assert (found["fixed"], found["free"]) == (fixed, free)
    assert ((await desk.headcount("league"))["occupied"], (await desk.headcount("league"))["reserved"]) == (1, 2)
    sibling = await desk.headcount("sibling_county")
    assert (sibling["fixed"], sibling["free"], sibling["occupied"]) == (None, None, 0)


async def test_lists_hold_the_scope_the_permission_and_their_pages(desk: Desk) -> None:
    await desk.staffed(community=3, other_community=4)
    assert {each["level"] for each in (await desk.made("league", "GET", "/headcounts"))["items"]} == {
        "league",
        "county",
        "community",
    }
    seen = (await desk.made("township", "GET", "/headcounts"))["items"]
    assert [each["unit_id"] for each in seen] == [desk.id_of("community"), desk.id_of("other_community")]
    first = await desk.made("township", "GET", "/headcounts", query={"limit": "1"})
    second = await desk.made("township", "GET", "/headcounts", query={"limit": "1", "cursor": first["next"]})
    assert first["items"] + second["items"] == seen
    asked = {"unit_id": desk.id_of("community")}
    assert (await desk.call("sibling", "GET", "/headcounts", query=asked)).status_code == 404
    assert (await desk.call("finance", "GET", "/headcounts")).status_code == 403
    assert (await desk.call(None, "GET", "/headcounts")).status_code == 401
    figures = (await desk.made("county", "GET", "/headcount-figures"))["items"]
    assert [(each["level"], each["posts"]) for each in figures] == [("community", 4), ("community", 3), ("county", 9)]
    assert len((await desk.made("county", "GET", "/headcount-figures", query=asked))["items"]) == 1
    assert (await desk.made("sibling", "GET", "/headcount-figures"))["items"] == []
    assert (await desk.call("finance", "GET", "/headcount-figures")).status_code == 403

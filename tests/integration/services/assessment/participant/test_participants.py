"""The read model of posts, and who is listed in a cycle."""

from kernel.ids import new_id
from tests.integration.services.assessment.house import PATH, House


async def test_posts_are_taken_and_left_and_duty_alone_is_enough(house: House) -> None:
    secretary, stage_one = new_id(), new_id()
    first = house.taken(secretary, "2024-03-01", role="secretary")
    await house.deliver(first, secretary)
    await house.deliver(house.taken(secretary, "2024-03-01", role="director"), secretary)
    await house.deliver(house.left(first, "2025-06-01"), secretary)
    await house.deliver(house.on_duty(stage_one, "2025-02-03"), stage_one)
    found = (await house.get(house.township, "/participants"))["items"]
    assert sorted((item["person_id"], item["role"], item["valid_before"]) for item in found) == sorted(
        [
            (str(secretary), "secretary", "2025-06-01"),
            (str(secretary), "director", None),
            (str(stage_one), "staff", None),
        ]
    )
    on_day = (await house.get(house.county, "/participants", on="2025-06-01"))["items"]
    assert {item["role"] for item in on_day} == {"director", "staff"}
    assert len((await house.get(house.county, "/participants", on="2025-05-31"))["items"]) == 3


async def test_a_post_takes_the_place_of_what_only_duty_told(house: House) -> None:
    somebody = new_id()
    await house.deliver(house.on_duty(somebody, "2025-02-03"), somebody)
    await house.deliver(house.taken(somebody, "2025-02-03", role="member"), somebody)
    await house.deliver(house.on_duty(somebody, "2025-02-03"), somebody)
    [post] = (await house.get(house.county, "/participants"))["items"]
    assert post["role"] == "member"


async def test_each_person_is_listed_once_with_the_reason(house: House) -> None:
    both = await house.worker(role="secretary")
    assert both.actor.person is not None
    await house.deliver(house.taken(both.actor.person, "2024-03-01", role="director"), both.actor.person)
    short = await house.worker("2025-08-01")
    gone = new_id()
    taken = house.taken(gone, "2024-03-01")
    await house.deliver(taken, gone)
    await house.deliver(house.left(taken, "2025-11-01"), gone)
    await house.worker(community="sibling_community")
    results = await house.results((await house.opened())["id"])
    assert {person: (row["state"], row["reason"], row["months"]) for person, row in results.items()} == {
        str(both.actor.person): ("open", "in_post", 11),
        str(short.actor.person): ("out", "too_short", 4),
        str(gone): ("out", "left", 10),
    }
    assert results[str(gone)]["explained"]["zh"] == "2025-12-10 不在岗"


async def test_reading_needs_the_permission_and_the_scope(house: House) -> None:
    worker = await house.worker()
    for caller, status in ((house.finance, 403), (worker, 403), (None, 401)):
        assert (await house.tenant.get(caller, f"{PATH}/participants")).status_code == status
    assert (await house.get(house.sibling, "/participants"))["items"] == []

"""What only some regulations write: counters of grades within a window, and a floor of satisfaction."""

import pytest

from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller
from tests.integration.services.assessment.house import MARKS, House, altered

COUNTER = {
    "of": "grade",
    "article": "NM-37",
    "words": "有下列情形之一的",
    "label": {"zh": "三年内两次基本合格", "en": "Twice only basic within three years"},
    "values": ["basic"],
    "at_least": 2,
    "within_years": 3,
    "ground": "other",
}
FLOOR = {
    "kind": "int",
    "label": {"zh": "满意度合格线", "en": "Least satisfaction"},
    "article": "NM-28",
    "words": "居民满意度",
    "value": 6000,
}


def who(caller: Caller) -> str:
    return str(caller.actor.person)


async def test_a_full_counter_is_told_with_the_years_that_counted(assessment: ServiceUnderTest) -> None:
    house = await House.open(assessment, altered(counters={"assessment.basic_twice": COUNTER}))
    fair, good = await house.worker(), await house.worker()
    points = {who(fair): ("50", "50"), who(good): ("90", "90")}
    await house.assessed(2025, points, closes_on="2025-12-12", then="2025-12-13")
    assert not await house.tenant.events("grades_counted")
    await house.move_to("2026-12-10")
    results = await house.assessed(2026, points, closes_on="2026-12-12", then="2026-12-13")
    assert results[who(fair)]["grade"] == "basic"
    [told] = await house.tenant.events("grades_counted")
    assert (told.data["person_id"], told.data["ground"], told.data["years"], told.data["article"]) == (
        who(fair),
        "other",
        [2026, 2025],
        "NM-37",
    )


async def test_a_floor_of_satisfaction_fails_whatever_the_composite(
    assessment: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for question in MARKS:
        monkeypatch.setitem(MARKS, question, 1)
    house = await House.open(assessment, altered(parameters={"assessment.satisfaction_least_score": FLOOR}))
    worker = await house.worker()
    cycle = (await house.opened())["id"]
    await house.to_confirmation(cycle, {who(worker): ("95", "95")}, closes_on="2025-12-12", then="2025-12-13")
    [line] = (await house.get(house.county, f"/cycles/{cycle}/standing"))["items"]
    assert float(line["composite"]) > 60
    assert (line["grade"], line["eligible"]) == ("failed", ["failed"])

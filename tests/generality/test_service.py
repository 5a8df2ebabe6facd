"""Made-up regulations over the real service: sizes and their review, a ladder of the text's own, promotion, exit."""

from datetime import UTC, datetime
from typing import Any

import httpx

from contracts.assessment import GradesCounted
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from tests.generality.packs import pack
from tests.integration.services.roster.history import entered, intake, staff
from tests.integration.services.roster.house import PATH, House


def size(house: House, **changes: Any) -> dict[str, Any]:
    return {
        "unit_id": str(house.tenant.tree["community"].id),
        "households": 2_000,
        "counted_on": "2025-01-01",
        "source": "统计公报（演示）",
        "valid_from": "2025-03-10",
    } | changes


async def record(house: House, **changes: Any) -> httpx.Response:
    return await house.tenant.post(house.approver, f"{PATH}/community-sizes", size(house, **changes))


async def test_a_norm_by_population_with_a_floor_and_a_review(roster: ServiceUnderTest) -> None:
    house = await House.open(roster, pack("jiachuan").to_json())
    small = await record(house, population=4_999)
    assert small.status_code == 201, small.text
    assert (small.json()["allowed"], small.json()["review_on"]) == ([{"least": 9, "most": 9}], "2027-03-10")
    over = await record(house, population=5_555, posts=10, reason="服务半径大")
    assert (over.status_code, over.json()["article"]) == (409, "JC-1"), over.text
    missing = await record(house)
    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (422, "/population")


async def test_a_norm_by_households_without_a_review(roster: ServiceUnderTest) -> None:
    house = await House.open(roster, pack("bingshan").to_json())
    made = await record(house, households=1_799)
    assert made.status_code == 201, made.text
    assert (made.json()["allowed"], made.json()["review_on"]) == ([{"least": 5, "most": 5}], None)


async def test_a_regulation_without_a_norm_gives_nobody_the_right_to_record_one(roster: ServiceUnderTest) -> None:
    house = await House.open(roster, pack("yilin").to_json())
    refused = await record(house)
    assert refused.status_code == 403, refused.text


async def test_a_ladder_of_the_text_is_held_from_its_first_day_and_nobody_loads_another(
    roster: ServiceUnderTest,
) -> None:
    house = await House.open(roster, pack("jiachuan").to_json())
    region = await house.tenant.appoint("region", "society_work", "approver")
    other = {
        "id": "other",
        "title": {"zh": "另一序列", "en": "Another ladder"},
        "source": {"zh": "无依据", "en": "Without ground"},
        "sample": True,
        "valid_from": "2025-01-01",
        "grades": [
            {"grade": 1, "label": {"zh": "一级", "en": "Grade 1"}, "service_years": 0, "years_in_grade_below": 0}
            | {"outstanding": False}
        ],
    }
    refused = await house.tenant.post(region, f"{PATH}/ladders", other)
    assert (refused.status_code, refused.json()["article"]) == (409, "JC-3"), refused.text
    worker = await entered(house, staff(house, background={"education_code": "21"}))
    base = f"{PATH}/dossiers/{worker.dossier_id}"
    body = {"grade": 4, "valid_from": "2025-03-10", "reason": "首次定级"}
    high = await house.tenant.post(house.county, f"{base}/ranks", body)
    assert (high.status_code, high.json()["article"]) == (409, "JC-4"), high.text
    placed = await house.tenant.post(house.county, f"{base}/ranks", body | {"grade": 3})
    assert placed.status_code == 201, placed.text
    assert (placed.json()["sample"], placed.json()["label"]["zh"]) == (False, "3级")
    soon = await house.tenant.post(house.county, f"{base}/promotions", {"valid_from": "2025-03-11", "reason": "晋升"})
    assert soon.status_code == 422, soon.text
    await house.tenant.move_to(datetime(2028, 3, 10, 2, 0, tzinfo=UTC))
    for day, status in (("2028-03-09", 409), ("2028-03-10", 201)):
        answer = await house.tenant.post(
            house.county, f"{base}/promotions", {"valid_from": day, "reason": "满三年晋升"}
        )
        assert answer.status_code == status, answer.text
    assert answer.json()["grade"] == 4


async def test_a_principal_stands_in_another_range(roster: ServiceUnderTest) -> None:
    house = await House.open(roster, pack("jiachuan").to_json())
    posts = [{"role": "secretary", "valid_from": "2024-06-01"}]
    worker = await entered(house, intake(house, posts=posts, employments=[], certificates=[]))
    body = {"valid_from": "2025-03-10", "reason": "首次定级"}
    low = await house.tenant.post(house.county, f"{PATH}/dossiers/{worker.dossier_id}/ranks", body | {"grade": 6})
    assert (low.status_code, low.json()["article"]) == (409, "JC-3"), low.text
    first = await house.tenant.post(house.county, f"{PATH}/dossiers/{worker.dossier_id}/ranks", body | {"grade": 7})
    assert first.status_code == 201, first.text


async def test_a_full_counter_opens_its_ground_once(roster: ServiceUnderTest) -> None:
    house = await House.open(roster, pack("bingshan").to_json())
    worker = await entered(house, staff(house))
    told = GradesCounted(
        person_id=str(worker.person_id),
        dossier_id=worker.dossier_id,
        ground="failed_two_years",
        years=[2024, 2023],
        article="BS-4",
    )
    for _ in range(2):
        await house.deliver(told, new_id())
    found = await house.tenant.get(house.township, f"{PATH}/exits")
    assert found.status_code == 200, found.text
    assert [(each["ground"], each["facts"]) for each in found.json()["items"]] == [
        ("failed_two_years", {"years": [2024, 2023]})
    ]

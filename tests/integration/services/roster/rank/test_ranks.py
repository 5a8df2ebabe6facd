"""Ranks: nothing before a ladder is loaded, placement and promotion with findings, a sample shown as one (NM-23)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.assessment import GradeConfirmed
from kernel.events.inbox import Outcome
from kernel.ids import new_id
from kernel.testing.tree import Caller
from tests.integration.services.roster.history import entered, staff
from tests.integration.services.roster.house import PATH, House, Worker

SAMPLE = Path(__file__).parents[5] / "regulations" / "neimenggu" / "samples" / "ladder.yaml"


def ladder() -> dict[str, Any]:
    return dict(yaml.safe_load(SAMPLE.read_text(encoding="utf-8")))


async def loaded(house: House) -> Caller:
    region = await house.tenant.appoint("region", "society_work", "approver")
    made = await house.tenant.post(region, f"{PATH}/ladders", ladder())
    assert made.status_code == 201, made.text
    return region


async def graded(
    house: House, worker: Worker, year: int, *, outstanding: bool = False, failing: bool = False, version: int = 1
) -> Outcome:
    community = house.tenant.tree["community"]
    told = GradeConfirmed(
        person_id=str(worker.person_id),
        dossier_id=worker.dossier_id,
        year=year,
        grade="优秀" if outstanding else "不合格" if failing else "合格",
        failing=failing,
        outstanding=outstanding,
        community_unit_id=str(community.id),
        community_unit_no=community.unit_no,
        confirmed_on=f"{year + 1}-01-20",
    )
    return await house.deliver(told, new_id(), version)


@pytest.mark.article("NM-23")
async def test_without_a_ladder_nothing_is_computed_and_the_region_is_named(house: House) -> None:
    worker = await entered(house, staff(house))
    for what, body in (("ranks", {"grade": 1}), ("promotions", {})):
        refused = await house.tenant.post(
            house.county,
            f"{PATH}/dossiers/{worker.dossier_id}/{what}",
            body | {"valid_from": "2025-03-10", "reason": "首次定级"},
        )
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/parameter-not-set"), refused.text
        assert refused.json()["article"] == "NM-23"
        assert "region" in refused.json()["detail"]


@pytest.mark.article("NM-23", "NM-28")
async def test_placement_and_promotion_on_the_sample(house: House) -> None:
    await loaded(house)
    worker = await entered(house, staff(house))
    base = f"{PATH}/dossiers/{worker.dossier_id}"
    body = {"grade": 3, "valid_from": "2024-09-02", "reason": "首次定级"}
    short = await house.tenant.post(house.county, f"{base}/ranks", body)
    assert (short.status_code, short.json()["article"]) == (409, "NM-23"), short.text
    assert short.json()["findings"][0]["facts"] == {"rank_years_required": 4, "service_years": 3}
    placed = await house.tenant.post(house.county, f"{base}/ranks", body | {"grade": 2})
    assert placed.status_code == 201, placed.text
    assert (placed.json()["sample"], placed.json()["label"]["zh"]) == (True, "二级")
    assert "样例" in placed.json()["findings"][0]["remarks"][-1]["zh"]
    assert (await house.tenant.post(house.county, f"{base}/ranks", body | {"grade": 2})).status_code == 409
    await house.tenant.move_to(datetime(2026, 9, 1, 16, 0, tzinfo=UTC))
    raise_ = {"valid_from": "2026-09-02", "reason": "年限和考核符合"}
    ungraded = await house.tenant.post(house.county, f"{base}/promotions", raise_)
    assert (ungraded.status_code, ungraded.json()["article"]) == (409, "NM-28")
    await graded(house, worker, 2025)
    day_short = await house.tenant.post(house.county, f"{base}/promotions", raise_ | {"valid_from": "2026-09-01"})
    assert (day_short.status_code, day_short.json()["article"]) == (409, "NM-23")
    promoted = await house.tenant.post(house.county, f"{base}/promotions", raise_)
    assert promoted.status_code == 201, promoted.text
    assert (promoted.json()["grade"], promoted.json()["ground"]) == (3, "promoted")
    seen = (await house.tenant.get(house.township, f"{base}/ranks")).json()
    assert [(each["grade"], each["valid_before"]) for each in seen["items"]] == [(2, "2026-09-02"), (3, None)]
    assert seen["results"][0]["year"] == 2025
    assert (await house.tenant.get(worker.caller, f"{PATH}/own/ranks")).json() == seen


@pytest.mark.article("NM-28")
async def test_after_a_failed_year_nobody_is_promoted_and_a_corrected_result_replaces_it(house: House) -> None:
    await loaded(house)
    worker = await entered(house, staff(house))
    base = f"{PATH}/dossiers/{worker.dossier_id}"
    place = {"grade": 1, "valid_from": "2024-09-02", "reason": "首次定级"}
    assert (await house.tenant.post(house.county, f"{base}/ranks", place)).status_code == 201
    await house.tenant.move_to(datetime(2025, 9, 1, 16, 0, tzinfo=UTC))
    raise_ = {"valid_from": "2025-09-02", "reason": "年限和考核符合"}
    await graded(house, worker, 2024, failing=True)
    assert (await house.tenant.post(house.county, f"{base}/promotions", raise_)).status_code == 409
    await graded(house, worker, 2024)
    assert (await house.tenant.post(house.county, f"{base}/promotions", raise_)).status_code == 201


@pytest.mark.article("NM-23")
async def test_the_county_does_not_make_the_ladder_and_one_day_has_one(house: House) -> None:
    assert (await house.tenant.post(house.county, f"{PATH}/ladders", ladder())).status_code == 403
    region = await loaded(house)
    assert (await house.tenant.post(region, f"{PATH}/ladders", ladder())).status_code == 409
    broken = ladder()
    broken["grades"] = broken["grades"][1:]
    refused = await house.tenant.post(region, f"{PATH}/ladders", broken | {"valid_from": "2026-01-01"})
    assert refused.status_code == 422
    [known] = (await house.tenant.get(house.township, f"{PATH}/ladders")).json()["items"]
    assert known["sample"] is True


async def test_permission_and_scope(house: House) -> None:
    await loaded(house)
    worker = await entered(house, staff(house))
    base = f"{PATH}/dossiers/{worker.dossier_id}"
    place = {"grade": 1, "valid_from": "2025-03-10", "reason": "首次定级"}
    raise_ = {"valid_from": "2025-03-10", "reason": "年限和考核符合"}
    elsewhere = await house.tenant.appoint("sibling_county", "society_work")
    for path, body in ((f"{base}/ranks", place), (f"{base}/promotions", raise_)):
        for caller, status in ((house.township, 403), (worker.caller, 403), (elsewhere, 404), (None, 401)):
            assert (await house.tenant.post(caller, path, body)).status_code == status, path
    for caller, status in ((house.finance, 403), (worker.caller, 403), (elsewhere, 404), (None, 401)):
        assert (await house.tenant.get(caller, f"{base}/ranks")).status_code == status
    for caller, status in ((house.finance, 403), (worker.caller, 403), (None, 401)):
        assert (await house.tenant.get(caller, f"{PATH}/ladders")).status_code == status
    assert (await house.tenant.get(house.county, f"{PATH}/own/ranks")).status_code == 403


async def decide(house: House, who: Caller, case_id: str, action: str, **more: Any) -> int:
    step = None if action == "submit" else "making"
    answer = await house.tenant.post(
        who, f"{PATH}/approvals/{case_id}/decisions", {"action": action, "step": step} | more
    )
    return answer.status_code


@pytest.mark.article("NM-23")
async def test_a_ladder_holds_once_the_region_made_it_with_its_partners(house: House) -> None:
    appoint, path = house.tenant.appoint, f"{PATH}/ladders"
    handler = await appoint("region", "society_work")
    lead = await appoint("region", "society_work", "approver")
    partners = [await appoint("region", kind, "approver") for kind in ("organization", "human_resources")]
    body = ladder() | {"sample": False}
    made = (await house.tenant.post(handler, path, body)).json()
    assert made["state"] == "open"
    worker = await entered(house, staff(house))
    placement = {"grade": 1, "valid_from": "2025-03-10", "reason": "首次定级"}
    ranks = f"{PATH}/dossiers/{worker.dossier_id}/ranks"
    early = await house.tenant.post(house.county, ranks, placement)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/parameter-not-set")
    assert (await house.tenant.post(handler, path, body)).status_code == 409
    assert await decide(house, lead, made["case_id"], "approve") == 409
    assert await decide(house, lead, made["case_id"], "return", comment="请补充条件") == 200
    again = (await house.tenant.post(handler, path, body)).json()
    assert (again["id"], again["case_id"], again["state"]) == (made["id"], made["case_id"], "open")
    assert await decide(house, handler, made["case_id"], "submit") == 200
    for partner in partners:
        assert await decide(house, partner, made["case_id"], "sign") == 200
    assert await decide(house, lead, made["case_id"], "approve") == 200
    [shown] = (await house.tenant.get(house.county, path)).json()["items"]
    assert (shown["state"], shown["sample"]) == ("in_force", False)
    assert (await house.tenant.post(house.county, ranks, placement)).status_code == 201
    assert (await house.tenant.post(handler, path, body)).status_code == 409


@pytest.mark.article("NM-23")
async def test_a_ladder_that_was_rejected_makes_room_for_another(house: House) -> None:
    handler = await house.tenant.appoint("region", "society_work")
    lead = await house.tenant.appoint("region", "society_work", "approver")
    body = ladder() | {"sample": False}
    first = (await house.tenant.post(handler, f"{PATH}/ladders", body)).json()
    assert await decide(house, lead, first["case_id"], "reject", comment="依据不足") == 200
    second = (await house.tenant.post(handler, f"{PATH}/ladders", body)).json()
    assert (second["state"], second["id"]) == ("open", first["id"])
    assert second["case_id"] != first["case_id"]

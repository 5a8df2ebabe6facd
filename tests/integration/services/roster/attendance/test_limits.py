"""Absence against the limits of SH-25(2): nothing, a review, the ground; approved leave never counts."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.integration.services.roster.daily import LEAVES, decide
from tests.integration.services.roster.division import Division
from tests.integration.services.roster.house import PATH, Worker

ABSENCES = f"{PATH}/absences"
EXITS = f"{PATH}/exits"


@pytest.fixture
async def worker(division: Division) -> Worker:
    worker = await division.staff()
    await division.tenant.move_to(datetime(2025, 6, 20, 2, 0, tzinfo=UTC))
    return worker


async def determine(division: Division, worker: Worker, valid_from: str, valid_before: str) -> httpx.Response:
    body = {"dossier_id": worker.dossier_id, "valid_from": valid_from, "valid_before": valid_before}
    made = await division.tenant.post(division.township, ABSENCES, body | {"reason": "未到岗且未请假"})
    assert made.status_code == 201, made.text
    return made


async def counters(division: Division, worker: Worker, **query: str) -> httpx.Response:
    path = f"{PATH}/dossiers/{worker.dossier_id}/absence-counters"
    return await division.tenant.get(division.township, path, query=query)


async def exits(division: Division) -> list[dict[str, Any]]:
    return list((await division.tenant.get(division.township, EXITS)).json()["items"])


# 16 May to 30 May are fifteen days; 2 June is a national holiday, 6 to 10 June are the region's. Before 31 May lie
# eleven working days, before 12 June (with 3, 4, 5 and 11 June) fifteen, before 13 June sixteen.
@pytest.mark.article("SH-25")
@pytest.mark.parametrize(
    ("before", "calendar_days", "working_days", "standing"),
    [
        ("2025-05-31", 15, 11, "none"),
        ("2025-06-01", 16, 11, "review"),
        ("2025-06-12", 27, 15, "review"),
        ("2025-06-13", 28, 16, "ground"),
    ],
)
async def test_in_a_row_both_sides_of_fifteen(
    division: Division, worker: Worker, before: str, calendar_days: int, working_days: int, standing: str
) -> None:
    await determine(division, worker, "2025-05-16", before)
    shown = (await counters(division, worker)).json()
    assert (shown["longest_run"], shown["longest_working_run"]) == (calendar_days, working_days)
    assert (shown["standing"], shown["in_a_row_over"]["days"]) == (standing, 15)
    [row, _] = shown["findings"]
    assert (row["article"], row["value"]) == ("SH-25", standing)
    assert (row["outcome"] == "needs_judgement") is (standing == "review")
    opened = await exits(division)
    assert [each["ground"] for each in opened] == ["absence"] * (standing == "ground")


@pytest.mark.article("SH-25")
async def test_weeks_determined_apart_are_one_absence(division: Division, worker: Worker) -> None:
    for first, before in (("2025-05-12", "2025-05-17"), ("2025-05-19", "2025-05-24"), ("2025-05-26", "2025-05-31")):
        await determine(division, worker, first, before)
    shown = (await counters(division, worker)).json()
    assert (shown["longest_run"], shown["longest_working_run"], shown["longest_span"]) == (5, 15, 19)
    assert shown["standing"] == "review"


@pytest.mark.article("SH-25")
async def test_in_a_year_both_sides_of_thirty(division: Division, worker: Worker) -> None:
    # Two weeks of each month from January on: ten working days, fourteen with their weekends between.
    for first, before in (("2025-03-03", "2025-03-15"), ("2025-04-07", "2025-04-19"), ("2025-05-12", "2025-05-18")):
        await determine(division, worker, first, before)
    shown = (await counters(division, worker)).json()
    assert (shown["days_in_year"], shown["standing"]) == (30, "none")
    await determine(division, worker, "2025-05-20", "2025-05-21")
    shown = (await counters(division, worker)).json()
    assert (shown["days_in_year"], shown["working_days_in_year"], shown["standing"]) == (31, 26, "review")
    assert await exits(division) == []
    for day in (22, 26, 28, 30):
        await determine(division, worker, f"2025-05-{day}", f"2025-05-{day + 1}")
    assert (await counters(division, worker)).json()["working_days_in_year"] == 30
    assert await exits(division) == []
    await determine(division, worker, "2025-06-03", "2025-06-04")
    [opened] = await exits(division)
    assert (opened["ground"], opened["facts"]["year"]) == ("absence", 2025)


@pytest.mark.article("SH-25", "SH-17")
async def test_approved_leave_never_counts(division: Division, worker: Worker) -> None:
    body = {"kind": "home_spouse", "valid_from": "2025-05-21", "valid_before": "2025-05-23"}
    asked = await division.tenant.post(worker.caller, f"{PATH}/own/leaves", body)
    assert asked.status_code == 201, asked.text
    done = await decide(division, division.approver, asked.json()["case_id"], "township")
    assert done.status_code == 200, done.text
    over = {"dossier_id": worker.dossier_id, "valid_from": "2025-05-12", "valid_before": "2025-06-18"}
    refused = await division.tenant.post(division.township, ABSENCES, over | {"reason": "未到岗且未请假"})
    assert (refused.status_code, refused.json()["article"]) == (409, "SH-25")
    await determine(division, worker, "2025-05-12", "2025-05-21")
    await determine(division, worker, "2025-05-23", "2025-06-04")
    shown = (await counters(division, worker)).json()
    assert (shown["longest_working_run"], shown["longest_span"], shown["standing"]) == (7, 12, "none")


@pytest.mark.article("SH-25")
async def test_overstayed_leave_leads_to_the_ground_and_an_annulment_takes_it_away(
    division: Division, worker: Worker
) -> None:
    body = {
        "dossier_id": worker.dossier_id,
        "kind": "personal",
        "valid_from": "2025-05-12",
        "valid_before": "2025-05-16",
    }
    asked = await division.tenant.post(division.township, LEAVES, body)
    assert (await decide(division, division.approver, asked.json()["case_id"], "township")).status_code == 200
    path = f"{LEAVES}/{asked.json()['id']}"
    back = await division.tenant.post(division.township, f"{path}/return", {"returned_on": "2025-06-13"})
    assert (back.json()["overstayed_days"], back.json()["overstayed_working_days"]) == (28, 16)
    finding = {"without_reason": True, "reason": "逾期不归，无正当理由"}
    found = await division.tenant.post(division.township, f"{path}/overstay", finding)
    assert found.status_code == 200, found.text
    [opened] = await exits(division)
    assert (opened["ground"], opened["state"]) == ("absence", "opened")
    absence = found.json()["absence"]["id"]
    gone = await division.tenant.post(division.township, f"{ABSENCES}/{absence}/annul", {"reason": "补交了住院证明"})
    assert gone.status_code == 200, gone.text
    assert [each["state"] for each in await exits(division)] == ["not_pursued"]


@pytest.mark.article("SH-25")
async def test_a_review_is_a_named_officials_and_only_between_the_limits(division: Division, worker: Worker) -> None:
    path = f"{PATH}/dossiers/{worker.dossier_id}/absence-review"
    body = {"year": 2025, "ground": True, "reason": "连续二十七天未到岗，多次通知不归"}
    early = await division.tenant.post(division.township, path, body)
    assert (early.status_code, early.json()["article"]) == (409, "SH-25")
    await determine(division, worker, "2025-05-16", "2025-06-12")
    for caller, status in (
        (division.county, 403),
        (worker.caller, 403),
        (division.branch, 403),
        (division.sibling, 404),
    ):
        assert (await division.tenant.post(caller, path, body)).status_code == status
    kept = await division.tenant.post(division.township, path, body | {"ground": False})
    assert (kept.status_code, kept.json()["standing"], kept.json()["exit_id"]) == (200, "review", None)
    found = await division.tenant.post(division.township, path, body)
    one = found.json()["exit_id"]
    assert [each["id"] for each in await exits(division)] == [one]
    reasons = {"served_on": "2025-06-20", "served_to": "worker", "reasons": "连续旷工二十七天"}
    assert (await division.tenant.post(division.township, f"{EXITS}/{one}/reasons", reasons)).status_code == 200
    heard = {"heard_on": "2025-06-20", "waived": True}
    assert (await division.tenant.post(division.township, f"{EXITS}/{one}/answer", heard)).status_code == 200
    decision = {"outcome": "exit", "last_day": "2025-06-20", "reason": "经审查认定"}
    # What the counters left open needs the finding of whoever decides.
    unjudged = await division.tenant.post(division.approver, f"{EXITS}/{one}/decision", decision)
    assert (unjudged.status_code, unjudged.json()["article"]) == (409, "SH-25")
    finding = {"parts": {"absence": True}, "reason": "考勤和通知记录齐全"}
    assert (await division.tenant.post(division.approver, f"{EXITS}/{one}/finding", finding)).status_code == 200
    decided = await division.tenant.post(division.approver, f"{EXITS}/{one}/decision", decision)
    assert (decided.status_code, decided.json()["state"]) == (200, "decided"), decided.text


@pytest.mark.article("SH-17", "SH-25")
@pytest.mark.parametrize("year", ["2024", "2026"])
async def test_a_year_without_the_regions_holidays_is_not_counted_in_working_days(
    division: Division, worker: Worker, year: str
) -> None:
    refused = await counters(division, worker, year=year)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/calendar-missing")
    plain = await counters(division, worker, year=year, unit="calendar")
    assert (plain.status_code, plain.json()["days_in_year"], plain.json()["findings"]) == (200, 0, [])
    assert (await counters(division, worker, year="2025")).status_code == 200


@pytest.mark.article("SH-17")
async def test_leave_in_working_days_stops_where_the_calendar_does_and_in_calendar_days_goes_on(
    division: Division, worker: Worker
) -> None:
    body = {"kind": "annual", "valid_from": "2025-12-29", "valid_before": "2026-01-03"}
    refused = await division.tenant.post(worker.caller, f"{PATH}/own/leaves", body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/calendar-missing")
    body = {"kind": "maternity", "valid_from": "2025-12-01", "valid_before": "2026-05-08"}
    assert (await division.tenant.post(worker.caller, f"{PATH}/own/leaves", body)).json()["days"] == 158

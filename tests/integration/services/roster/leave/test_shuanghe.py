"""Leave of SH-17: the region's additions, and home leave, which NM does not name."""

import httpx
import pytest

from tests.integration.services.roster.division import Division
from tests.integration.services.roster.house import PATH, Worker


async def ask(division: Division, worker: Worker, kind: str, valid_from: str, valid_before: str) -> httpx.Response:
    body = {"kind": kind, "valid_from": valid_from, "valid_before": valid_before}
    return await division.tenant.post(worker.caller, f"{PATH}/own/leaves", body)


@pytest.mark.article("SH-17")
@pytest.mark.parametrize(
    ("kind", "days", "last", "over"),
    [
        ("marriage", 23, "2025-05-24", "2025-05-25"),
        ("maternity", 158, "2025-10-06", "2025-10-07"),
        ("paternity", 15, "2025-05-16", "2025-05-17"),
        ("home_spouse", 30, "2025-05-31", "2025-06-01"),
        ("home_parents_unmarried", 20, "2025-05-21", "2025-05-22"),
        ("home_parents_married", 20, "2025-05-21", "2025-05-22"),
    ],
)
async def test_the_most_days_of_a_kind_and_not_one_more(
    division: Division, kind: str, days: int, last: str, over: str
) -> None:
    worker = await division.staff()
    refused = await ask(division, worker, kind, "2025-05-01", over)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    granted = await ask(division, worker, kind, "2025-05-01", last)
    assert (granted.status_code, granted.json()["days"], granted.json()["unit"]) == (201, days, "calendar")


@pytest.mark.article("SH-17")
async def test_the_married_visit_parents_once_in_four_years(division: Division) -> None:
    worker = await division.staff()
    assert (await ask(division, worker, "home_parents_married", "2022-05-01", "2022-05-21")).status_code == 201
    within = await ask(division, worker, "home_parents_married", "2025-12-01", "2025-12-02")
    assert (within.status_code, within.json()["article"]) == (409, "SH-17")
    assert (await ask(division, worker, "home_parents_married", "2026-01-05", "2026-01-25")).status_code == 201


@pytest.mark.article("SH-17")
@pytest.mark.parametrize(("since", "status"), [("2024-04-14", 201), ("2024-04-15", 409)])
async def test_home_leave_needs_a_year_of_work(division: Division, since: str, status: int) -> None:
    worker = await division.staff(since=since)
    answer = await ask(division, worker, "home_spouse", "2025-04-14", "2025-04-24")
    assert answer.status_code == status, answer.text

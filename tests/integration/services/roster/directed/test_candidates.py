"""The lists of NM-31 and NM-32: who qualifies, who does not and why, and what only a human decides."""

from typing import Any

import pytest

from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller
from tests.integration.services.roster.history import entered, intake, staff
from tests.integration.services.roster.house import PACK, PATH, House, Worker
from tests.integration.services.roster.rank.test_ranks import graded

LIST = f"{PATH}/directed-candidates"
SECRETARY = "secretary_to_institution"


async def listed(
    house: House, kind: str = SECRETARY, caller: Caller | None = None, **query: str
) -> dict[str, dict[str, Any]]:
    answer = await house.tenant.get(caller or house.county, LIST, query={"kind": kind} | query)
    assert answer.status_code == 200, answer.text
    return {item["dossier_id"]: item for item in answer.json()["items"]}


def failed(item: dict[str, Any]) -> list[str]:
    return [each["rule"] for each in item["findings"] if each["outcome"] != "met"]


async def new_secretary(house: House) -> Worker:
    """Ten years in communities, secretary for three of them: no term is over."""
    posts = [
        {"role": "staff", "valid_from": "2012-01-01", "valid_before": "2022-01-01"},
        {"role": "secretary", "valid_from": "2022-01-01", "term_from": "2022-01-01", "term_before": "2027-01-01"},
    ]
    body = intake(house, number=1, community="other_community", posts=posts, employments=[])
    return await entered(house, body)


@pytest.mark.article("NM-32")
async def test_with_ten_years_a_full_term_and_outstanding_on_the_list_without_the_term_not(house: House) -> None:
    ready, new = await entered(house, intake(house)), await new_secretary(house)
    assert await listed(house) == {}
    await graded(house, ready, 2024, outstanding=True)
    await graded(house, new, 2024, outstanding=True)
    found = await listed(house)
    assert list(found) == [ready.dossier_id]
    assert {each["article"] for each in found[ready.dossier_id]["findings"]} == {"NM-32"}
    everybody = await listed(house, all="true")
    assert set(everybody) == {ready.dossier_id, new.dossier_id}
    assert everybody[new.dossier_id]["standing"] == "not_met"
    assert failed(everybody[new.dossier_id]) == ["directed.full_term"]
    [proof] = [each for each in everybody[new.dossier_id]["findings"] if each["rule"] == "directed.full_term"]
    assert proof["facts"] == {"full_secretary_terms": 0, "required_terms": 1}


@pytest.mark.article("NM-32")
async def test_the_day_decides(house: House) -> None:
    worker = await entered(house, intake(house, employments=[]))
    await graded(house, worker, 2024, outstanding=True)
    assert failed((await listed(house, all="true"))[worker.dossier_id]) == ["directed.continuous_years"]
    # Nine years and a day short of ten, then ten; the term is over and the grade known on both days.
    assert await listed(house, on="2025-12-31") == {}
    assert list(await listed(house, on="2026-01-01")) == [worker.dossier_id]
    # Before the grade was confirmed nobody was outstanding.
    early = (await listed(house, on="2025-01-19", all="true"))[worker.dossier_id]
    assert "directed.outstanding_secretary" in failed(early)


@pytest.mark.article("NM-32", "NM-23")
async def test_a_gap_waits_for_a_human_whose_determination_has_a_reason(house: House) -> None:
    gap = {
        "employer": "外地某社区（演示）",
        "evidence": "劳动合同复印件",
        "valid_from": "2010-03-10",
        "valid_before": "2015-12-31",
    }
    worker = await entered(house, intake(house, employments=[gap]))
    await graded(house, worker, 2024, outstanding=True)
    assert await listed(house) == {}
    item = (await listed(house, all="true"))[worker.dossier_id]
    assert (item["standing"], failed(item)) == ("needs_judgement", ["directed.continuous_years"])
    path = f"{PATH}/dossiers/{worker.dossier_id}/directed-determinations"
    body = {"rule": "directed.continuous_years", "outcome": "met", "reason": "间断一天系调动手续所致"}
    assert (await house.tenant.post(house.county, path, body | {"rule": "directed.full_term"})).status_code == 422
    assert (await house.tenant.post(house.county, path, body | {"reason": "无"})).status_code == 422
    made = await house.tenant.post(house.county, path, body)
    assert made.status_code == 201, made.text
    assert list(await listed(house)) == [worker.dossier_id]
    assert (await house.tenant.post(house.county, path, body | {"outcome": "not_met"})).status_code == 201
    assert await listed(house) == {}


@pytest.mark.article("NM-31")
async def test_outstanding_workers_need_no_years(house: House) -> None:
    young = await entered(house, staff(house, since="2025-01-10"))
    await graded(house, young, 2024)
    assert await listed(house, "outstanding") == {}
    await graded(house, young, 2024, outstanding=True)
    found = await listed(house, "outstanding")
    assert list(found) == [young.dossier_id]
    assert found[young.dossier_id]["findings"][0]["article"] == "NM-31"
    assert await listed(house, all="true") == {}


async def test_a_regulation_without_it_answers_that_it_is_not_regulated(roster: ServiceUnderTest) -> None:
    house = await House.open(roster, PACK.replace("directed_outstanding", "elsewhere_outstanding"))
    answer = await house.tenant.get(house.county, LIST, query={"kind": "outstanding"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-regulated")


async def test_permission_and_scope(house: House) -> None:
    worker = await entered(house, intake(house))
    await graded(house, worker, 2024, outstanding=True)
    query = {"kind": SECRETARY}
    for caller, status in ((house.township, 403), (worker.caller, 403), (house.finance, 403), (None, 401)):
        assert (await house.tenant.get(caller, LIST, query=query)).status_code == status
    elsewhere = await house.tenant.appoint("sibling_county", "society_work")
    assert await listed(house, caller=elsewhere) == {}
    assert list(await listed(house, caller=await house.tenant.appoint("league", "organization"))) == [worker.dossier_id]
    path = f"{PATH}/dossiers/{worker.dossier_id}/directed-determinations"
    body = {"rule": "directed.continuous_years", "outcome": "met", "reason": "间断一天系调动手续所致"}
    for caller, status in ((house.township, 403), (worker.caller, 403), (elsewhere, 404), (None, 401)):
        assert (await house.tenant.post(caller, path, body)).status_code == status


async def test_pages_follow_each_other_without_loss(house: House) -> None:
    one, two = await entered(house, intake(house)), await new_secretary(house)
    first = await house.tenant.get(house.county, LIST, query={"kind": SECRETARY, "all": "true", "limit": "1"})
    follow = {"kind": SECRETARY, "all": "true", "limit": "1", "cursor": first.json()["next"]}
    second = await house.tenant.get(house.county, LIST, query=follow)
    seen = [item["dossier_id"] for page in (first, second) for item in page.json()["items"]]
    assert (seen, second.json()["next"]) == ([one.dossier_id, two.dossier_id], None)

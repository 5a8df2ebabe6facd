"""Drafting a labour contract: contents, party, probation, penalty, periods (NM-12; LCL 19, 22, 25)."""

import asyncio
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.roster.house import PATH, SEVEN, House, silent

CONTRACTS = f"{PATH}/contracts"


async def refused(house: House, dossier_id: str, **changes: Any) -> dict[str, Any]:
    answer = await house.tenant.post(house.township, CONTRACTS, house.draft(dossier_id, **changes))
    assert answer.status_code in (409, 422), answer.text
    return dict(answer.json())


@pytest.mark.article("NM-12")
async def test_a_lawful_contract_is_drafted(house: House) -> None:
    worker = await house.hire()
    made = await house.tenant.post(house.township, CONTRACTS, house.draft(worker.dossier_id))
    assert made.status_code == 201
    view = made.json()
    assert made.headers["Location"] == f"{CONTRACTS}/{view['id']}"
    assert (view["state"], view["probation_before"]) == ("draft", "2025-09-10")
    read = await house.tenant.get(house.county, f"{CONTRACTS}/{view['id']}")
    assert read.json() == view
    assert read.headers["ETag"] == '"1"'


@pytest.mark.article("NM-12")
async def test_every_missing_content_is_named_with_the_article(house: House) -> None:
    worker = await house.hire()
    contents = dict.fromkeys(SEVEN[:5], "按约定执行")
    answer = await refused(house, worker.dossier_id, contents=contents)
    assert answer["status"] == 422
    assert {(error["pointer"], error["article"]) for error in answer["errors"]} == {
        ("/contents/termination", "NM-12"),
        ("/contents/breach", "NM-12"),
    }


@pytest.mark.article("NM-12")
async def test_the_contract_party_is_the_township_of_the_community(house: House) -> None:
    worker = await house.hire()
    for key in ("county", "other_township", "community"):
        employer = str(house.tenant.tree[key].id)
        answer = await refused(house, worker.dossier_id, employer_unit_id=employer)
        assert (answer["type"], answer["article"]) == ("/problems/rule-refused", "NM-12")


@pytest.mark.article("LCL-19")
async def test_a_probation_too_long_for_the_term_is_refused_with_both_figures(house: House) -> None:
    worker = await house.hire()
    short = {"kind": "fixed", "valid_from": "2025-03-10", "valid_before": "2026-03-10"}
    answer = await refused(house, worker.dossier_id, term=short, probation_months=3)
    assert (answer["type"], answer["article"]) == ("/problems/rule-refused", "LCL-19")
    assert "3 months" in answer["detail"]
    assert "at most 2" in answer["detail"]
    assert answer["findings"][0]["value"] == 2
    await house.drafted(worker, term=short, probation_months=2)


@pytest.mark.article("LCL-19")
async def test_an_open_ended_contract_allows_six_months_and_has_no_end(house: House) -> None:
    worker = await house.hire()
    term = {"kind": "open_ended", "valid_from": "2025-03-10"}
    assert (await refused(house, worker.dossier_id, term=term, probation_months=7))["article"] == "LCL-19"
    made = await house.drafted(worker, term=term)
    assert made["term"]["valid_before"] is None


@pytest.mark.article("LCL-19")
async def test_a_second_probation_with_the_same_employer_is_refused(house: House) -> None:
    worker = await house.hire()
    await house.signed(worker)
    following = {"kind": "fixed", "valid_from": "2028-03-10", "valid_before": "2031-03-10"}
    assert (await refused(house, worker.dossier_id, term=following, probation_months=1))["article"] == "LCL-19"
    await house.drafted(worker, term=following, probation_months=0)


@pytest.mark.article("LCL-25", "NM-12")
async def test_a_general_penalty_is_refused(house: House) -> None:
    worker = await house.hire()
    for penalty, article in (
        ({"ground": "other", "amount": "5000.00"}, "LCL-25"),
        ({"ground": "training_service", "amount": "5000.00", "training_cost": "4999.99"}, "LCL-22"),
    ):
        assert (await refused(house, worker.dossier_id, penalty=penalty))["article"] == article
    lawful = {"ground": "training_service", "amount": "5000.00", "training_cost": "5000.00"}
    assert (await house.drafted(worker, penalty=lawful))["penalty"] == lawful


async def test_contracts_of_one_worker_never_overlap(house: House) -> None:
    worker = await house.hire()
    await house.drafted(worker)
    last_day = {"kind": "fixed", "valid_from": "2028-03-09", "valid_before": "2029-03-09"}
    answer = await refused(house, worker.dossier_id, term=last_day, probation_months=0)
    assert answer["type"] == "/problems/conflict"
    day_after = {"kind": "fixed", "valid_from": "2028-03-10", "valid_before": "2029-03-10"}
    await house.drafted(worker, term=day_after, probation_months=0)


async def test_of_two_drafts_at_the_same_moment_one_stands(house: House) -> None:
    worker = await house.hire()
    body = house.draft(worker.dossier_id)
    answers = await asyncio.gather(*(house.tenant.post(house.township, CONTRACTS, body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


@pytest.mark.article("LCL-19")
async def test_of_two_probations_agreed_at_the_same_moment_one_stands(house: House) -> None:
    worker = await house.hire()
    terms = [
        {"kind": "fixed", "valid_from": f"{year}-03-10", "valid_before": f"{year + 1}-03-10"}
        for year in range(2025, 2030)
    ]
    bodies = [house.draft(worker.dossier_id, term=term, probation_months=1) for term in terms]
    answers = await asyncio.gather(*(house.tenant.post(house.township, CONTRACTS, body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert {answer.json()["article"] for answer in answers if answer.status_code == 409} == {"LCL-19"}


async def test_the_same_key_twice_makes_one_contract(house: House) -> None:
    worker = await house.hire()
    body, key = house.draft(worker.dossier_id), str(new_id())
    first = await house.tenant.post(house.township, CONTRACTS, body, key=key)
    second = await house.tenant.post(house.township, CONTRACTS, body, key=key)
    assert (first.status_code, first.json()) == (second.status_code, second.json())


@pytest.mark.article("NM-12")
async def test_members_of_the_two_committees_conclude_no_labour_contract(house: House) -> None:
    worker = await house.hire(category="committee_member")
    assert (await refused(house, worker.dossier_id))["article"] == "NM-3"


async def test_where_no_regulation_names_the_party_none_is_guessed(roster: ServiceUnderTest) -> None:
    house = await House.open(roster, silent("contract.party_level"))
    worker = await house.hire()
    assert (await refused(house, worker.dossier_id))["type"] == "/problems/not-regulated"


@pytest.mark.parametrize(
    "changes",
    [
        {"term": {"kind": "fixed", "valid_from": "2025-03-10"}},
        {"term": {"kind": "fixed", "valid_from": "2025-03-10", "valid_before": "2025-03-10"}},
        {"term": {"kind": "open_ended", "valid_from": "2025-03-10", "valid_before": "2026-03-10"}},
        {"term": {"kind": "fixed", "valid_from": "2025-03-10", "valid_before": "9999-12-31"}},
        {"probation_months": -1},
        {"penalty": {"ground": "other", "amount": "-1.00"}},
        {"state": "in_force"},
        {"tenant_id": str(new_id())},
    ],
)
async def test_a_body_that_makes_no_sense_is_refused(house: House, changes: dict[str, Any]) -> None:
    worker = await house.hire()
    assert (await refused(house, worker.dossier_id, **changes))["status"] == 422


async def test_drafting_needs_permission_and_a_dossier_in_the_scope(house: House) -> None:
    worker = await house.hire()
    body = house.draft(worker.dossier_id)
    for caller in (house.county, house.finance, worker.caller):
        assert (await house.tenant.post(caller, CONTRACTS, body)).status_code == 403
    foreign = await house.tenant.post(house.sibling, CONTRACTS, body)
    missing = await house.tenant.post(house.sibling, CONTRACTS, house.draft(str(new_id())))
    assert foreign.status_code == missing.status_code == 404
    assert {**foreign.json(), "instance": ""} == {**missing.json(), "instance": ""}

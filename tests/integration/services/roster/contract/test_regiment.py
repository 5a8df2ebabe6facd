"""Contract, service agreement and duty under the regulation of SH, over HTTP (SH-2, SH-8, SH-15)."""

from pathlib import Path
from typing import Any

import pytest

from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import THREE_LEVELS, Tree, numbered
from tests.integration.services.roster.history import entered, staff
from tests.integration.services.roster.house import NOW, PATH, House, Worker
from tests.integration.services.roster.printing.test_contract_form import form_of, text_of

SHUANGHE = load(Path(__file__).parents[5] / "regulations" / "shuanghe").to_json()
CONTRACTS = f"{PATH}/contracts"
DUTIES = f"{PATH}/duties"
AGREED = {"contents": {"duties": "承担社区群众服务工作"}}
RECORDED: dict[str, Any] = {
    "relation": "service_agreement",
    "relation_basis": "师市民政部门备案名册第3号",
    "probation_months": 0,
}


@pytest.fixture
async def employer(roster: ServiceUnderTest) -> House:
    """A regiment that employs, under SH; the desk named `county` is the division-city's civil affairs."""
    tenant = await roster.new_tenant(SHUANGHE, now=NOW, tree=Tree(numbered(THREE_LEVELS)))
    return House(
        roster,
        tenant,
        township=await tenant.appoint("township", "township_office"),
        approver=await tenant.appoint("township", "township_office", "approver"),
        county=await tenant.appoint("league", "civil_affairs"),
        finance=await tenant.appoint("league", "finance"),
        sibling=await tenant.appoint("sibling_township", "township_office", "approver"),
    )


async def refused(house: House, worker: Worker, **changes: Any) -> dict[str, Any]:
    answer = await house.tenant.post(house.township, CONTRACTS, house.draft(worker.dossier_id, **changes))
    assert answer.status_code in (409, 422), answer.text
    return dict(answer.json())


async def on_duty(house: House, worker: Worker, day: str = "2025-03-10") -> dict[str, Any]:
    body = {"dossier_id": worker.dossier_id, "starts_on": day}
    answer = await house.tenant.post(house.township, DUTIES, body)
    return dict(answer.json() | {"status_code": answer.status_code})


@pytest.mark.article("SH-8", "SH-13", "SH-15")
async def test_a_hire_opens_a_dossier_with_its_four_parties(employer: House) -> None:
    worker = await employer.hire(pack_id="shuanghe")
    dossier = (await employer.tenant.get(worker.caller, f"{PATH}/own/dossier")).json()
    parties = {"employer": "township", "payer": "league", "manager": "township", "user": "community"}
    assert {party: dossier["parties"][f"{party}_unit_id"] for party in parties} == {
        party: str(employer.tenant.tree[unit].id) for party, unit in parties.items()
    }


@pytest.mark.article("SH-8")
@pytest.mark.parametrize("contents", [{}, {"duties": "承担社区群众服务工作"}])
async def test_a_contract_needs_no_content_that_the_text_does_not_list(
    employer: House, contents: dict[str, str]
) -> None:
    worker = await employer.hire()
    signed = await employer.signed(worker, contents=contents)
    assert (signed["state"], signed["relation"], signed["pack_id"]) == ("in_force", "labour_contract", "shuanghe")
    text = text_of(await employer.tenant.get(employer.township, form_of(signed["id"])))
    for said in (
        "劳动合同",
        "《中华人民共和国劳动合同法》",
        "SH-8(5)",
        employer.tenant.tree["township"].title,
        *contents.values(),
    ):
        assert said in text


@pytest.mark.article("SH-8")
async def test_only_the_regiment_of_the_community_is_the_party(employer: House) -> None:
    worker = await employer.hire()
    for unit in ("league", "sibling_township", "community"):
        answer = await refused(employer, worker, **AGREED, employer_unit_id=str(employer.tenant.tree[unit].id))
        assert (answer["type"], answer["article"]) == ("/problems/rule-refused", "SH-8(5)")
    post = {"role": "committee_member", "valid_from": "2021-07-01"}
    member = staff(employer, category="committee_member", posts=[post], number=1)
    members = await refused(employer, await entered(employer, member, employer.township), **AGREED)
    assert (members["type"], members["article"]) == ("/problems/rule-refused", "SH-2")


@pytest.mark.article("LCL-19")
async def test_the_statute_limits_the_probation_here_too(employer: House) -> None:
    worker = await employer.hire()
    year = {"kind": "fixed", "valid_from": "2025-03-10", "valid_before": "2026-03-10"}
    answer = await refused(employer, worker, **AGREED, term=year, probation_months=3)
    assert answer["article"] == "LCL-19"
    drafted = await employer.drafted(worker, **AGREED, term=year, probation_months=2)
    assert drafted["probation_before"] == "2025-05-10"


@pytest.mark.article("SH-2")
async def test_a_service_agreement_stands_only_where_it_is_on_record(employer: House) -> None:
    worker = await employer.hire()
    unrecorded = {name: value for name, value in RECORDED.items() if name != "relation_basis"}
    silent = await refused(employer, worker, **AGREED, **unrecorded)
    assert [(error["pointer"], error["article"]) for error in silent["errors"]] == [("/relation_basis", "SH-2")]
    probation = await refused(employer, worker, **AGREED, **RECORDED | {"probation_months": 1})
    assert (probation["type"], probation["article"]) == ("/problems/rule-refused", "LCL-19")
    signed = await employer.signed(worker, **AGREED, **RECORDED)
    assert (signed["relation"], signed["relation_basis"]) == ("service_agreement", RECORDED["relation_basis"])
    text = text_of(await employer.tenant.get(employer.township, form_of(signed["id"])))
    assert "服务协议" in text
    assert "依据：SH-2" in text
    assert "劳动合同法" not in text
    [event] = await employer.tenant.events("contract_signed")
    assert event.data["relation"] == "service_agreement"
    assert (await on_duty(employer, worker))["status_code"] == 201
    [taken] = await employer.tenant.events("post_taken")
    assert taken.data["relation"] == "service_agreement"


@pytest.mark.article("NM-3", "NM-12")
async def test_where_the_text_knows_no_service_agreement_none_is_concluded(house: House) -> None:
    worker = await house.hire()
    answer = await refused(house, worker, **RECORDED)
    assert (answer["type"], answer["article"]) == ("/problems/rule-refused", "NM-3")


@pytest.mark.article("SH-8", "SH-27")
async def test_duty_begins_with_the_contract_and_without_hours(employer: House) -> None:
    worker = await employer.hire()
    unsigned = await on_duty(employer, worker)
    assert (unsigned["status_code"], unsigned["article"]) == (409, "SH-8(5)")
    await employer.signed(worker, **AGREED)
    early = await on_duty(employer, worker, "2025-03-09")
    assert (early["status_code"], early["article"]) == (409, "SH-8(5)")
    assert (await on_duty(employer, worker))["status_code"] == 201

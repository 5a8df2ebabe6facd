"""Admission under Shuanghe: barred and forbidden matters, means with the work, a bound approver (SH-12 to SH-14)."""

from typing import Any

import httpx
import pytest

from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller
from tests.integration.services.roster.centres import Centres
from tests.integration.services.roster.house import PATH

ADMISSIONS = f"{PATH}/admissions"
APPROVER = "admission.approver"
FUNDED = {
    "stationing": "short_term",
    "sends_funds": True,
    "ready_on": "2025-02-10",
    "facilities": True,
    "training": True,
}


@pytest.fixture
async def centres(roster: ServiceUnderTest) -> Centres:
    return await Centres.open(roster)


async def apply(centres: Centres, caller: Caller | None = None, **changes: Any) -> httpx.Response:
    body: dict[str, Any] = {
        "community_unit_id": centres.community(),
        "register_kind": "matter",
        "matter": "administrative_enforcement",
        "role": "help",
        "title": "协助财政补贴信息核对",
        "content": "协助通知居民核对信息",
        "valid_from": "2025-02-10",
        "valid_before": "2025-08-10",
        "means": FUNDED,
    }
    return await centres.tenant.post(caller or centres.finance, ADMISSIONS, body | changes)


async def bind(centres: Centres) -> Caller:
    office = [{"department": "party_committee", "level": "league"}]
    await centres.tenant.set_local(APPROVER, office, unit="league")
    return await centres.tenant.appoint("league", "party_committee", "approver")


@pytest.mark.article("SH-14")
async def test_nothing_is_admitted_while_nobody_says_who_admits(centres: Centres) -> None:
    refused = await apply(centres)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/parameter-not-set")
    assert refused.json()["article"] == "SH-14"
    assert "师市稳平安组〔2021〕5号" in refused.json()["detail"]
    assert (await centres.tenant.get(centres.finance, ADMISSIONS)).json()["items"] == []
    party = await bind(centres)
    made = await apply(centres)
    assert (made.status_code, made.json()["state"]) == (201, "applied")
    decision = {"action": "approve", "step": "approver"}
    path = f"{PATH}/approvals/{made.json()['case_id']}/decisions"
    assert (await centres.tenant.post(centres.civil_approver, path, decision)).status_code == 403
    decided = await centres.tenant.post(party, path, decision)
    assert decided.status_code == 200, decided.text
    seen = await centres.tenant.get(centres.branch, f"{ADMISSIONS}/{made.json()['id']}")
    assert (seen.json()["state"], seen.json()["means"]["ready_on"]) == ("admitted", "2025-02-10")


@pytest.mark.article("SH-12")
async def test_barred_as_responsible_body_and_open_to_a_human_for_the_rest(centres: Centres) -> None:
    await bind(centres)
    for matter in ("administrative_enforcement", "demolition", "city_management", "investment_promotion"):
        refused = await apply(centres, matter=matter, role="responsible_body")
        assert (refused.status_code, refused.json()["article"]) == (409, "SH-12"), matter
        assert (await apply(centres, matter=matter, title=f"协助{matter}")).status_code == 201
    waiting = await apply(centres, matter="other", role="responsible_body")
    assert (waiting.status_code, waiting.json()["state"]) == (201, "needs_determination")
    path = f"{ADMISSIONS}/{waiting.json()['id']}/determination"
    body = {"barred": True, "reason": "属于部门职责，不得转嫁"}
    assert (await centres.tenant.post(centres.civil, path, body)).status_code == 403
    found = await centres.tenant.post(centres.civil_approver, path, body)
    assert (found.json()["state"], found.json()["findings"][-1]["article"]) == ("refused", "SH-12")


@pytest.mark.article("SH-23")
@pytest.mark.parametrize("role", ["help", "responsible_body"])
async def test_an_own_assessment_of_community_work_is_refused_whatever_the_role(centres: Centres, role: str) -> None:
    await bind(centres)
    refused = await apply(centres, matter="own_assessment", role=role)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    assert refused.json()["article"] == "SH-23"
    assert refused.json()["findings"][0]["words"] == "各单位各部门不得对社区工作单独进行考核评比"


@pytest.mark.article("SH-13")
async def test_short_term_work_brings_staff_or_funds_no_later_than_it_begins(centres: Centres) -> None:
    await bind(centres)
    bare = {key: value for key, value in FUNDED.items() if key not in ("sends_funds", "ready_on")}
    none = await apply(centres, means=bare)
    assert (none.status_code, none.json()["article"]) == (409, "SH-13")
    assert [each["rule"] for each in none.json()["findings"]] == ["admission.short_term_means"]
    late = await apply(centres, means=FUNDED | {"ready_on": "2025-02-11"})
    assert [each["rule"] for each in late.json()["findings"]] == ["admission.short_term_in_time"]
    for means in (FUNDED, FUNDED | {"ready_on": "2025-02-09"}, bare | {"sends_staff": True, "ready_on": "2025-02-10"}):
        assert (await apply(centres, means=means)).status_code == 201


@pytest.mark.article("SH-13")
async def test_long_term_work_pays_staff_and_office_and_facilities_and_training_come_too(centres: Centres) -> None:
    await bind(centres)
    whole = {"stationing": "long_term", **dict.fromkeys(("pays_staff", "pays_office", "facilities", "training"), True)}
    organisation: dict[str, Any] = {"register_kind": "organisation", "matter": None, "role": None}
    for missing in ("pays_staff", "pays_office", "facilities", "training"):
        refused = await apply(centres, means=whole | {missing: False}, **organisation)
        assert (refused.status_code, len(refused.json()["findings"])) == (409, 1), missing
        assert refused.json()["findings"][0]["article"] == "SH-13"
    assert (await apply(centres, means=whole, **organisation)).status_code == 201


@pytest.mark.article("SH-13")
async def test_means_are_named_with_their_day(centres: Centres) -> None:
    unsaid = await apply(centres, means=None)
    assert (unsaid.status_code, unsaid.json()["errors"][0]["pointer"]) == (422, "/means")
    assert unsaid.json()["errors"][0]["article"] == "SH-13"
    assert (await apply(centres, means=FUNDED | {"ready_on": None})).status_code == 422


@pytest.mark.article("SH-12")
async def test_a_community_declines_what_was_not_admitted(centres: Centres) -> None:
    asked = {"asked_by": "某局", "register_kind": "matter", "title": "代收费用", "reason": "未经批准准入"}
    declined = await centres.tenant.post(centres.branch, f"{PATH}/declined-matters", asked)
    assert (declined.status_code, declined.json()["article"]) == (201, "SH-12")
    assert (await centres.tenant.post(centres.finance, f"{PATH}/declined-matters", asked)).status_code == 403

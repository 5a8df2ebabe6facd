"""Admission of matters: refused, judged, admitted, adjusted, removed, declined; the public register (NM-21, NM-22)."""

from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest

from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import PUBLIC, Caller
from tests.integration.services.roster.daily import decide
from tests.integration.services.roster.house import PACK, PATH, House

ADMISSIONS = f"{PATH}/admissions"
REGISTER = f"{PATH}/admitted-matters"
DECLINED = f"{PATH}/declined-matters"


@pytest.fixture
async def bureau(house: House) -> Caller:
    return await house.tenant.appoint("county", "civil_affairs")


@pytest.fixture
async def society(house: House) -> Caller:
    return await house.tenant.appoint("county", "society_work", "approver")


@pytest.fixture
async def community(house: House) -> Caller:
    return await house.tenant.appoint("community", "community_party")


async def apply(house: House, caller: Caller, **changes: Any) -> httpx.Response:
    body: dict[str, Any] = {
        "community_unit_id": str(house.tenant.tree["community"].id),
        "register_kind": "matter",
        "matter": "administrative_enforcement",
        "role": "help",
        "title": "协助集中整治",
        "content": "协助通知居民、指引现场",
        "valid_from": "2025-04-01",
        "valid_before": "2026-04-01",
    }
    return await house.tenant.post(caller, ADMISSIONS, body | changes)


async def admitted(house: House, caller: Caller, society: Caller, **changes: Any) -> dict[str, Any]:
    made = await apply(house, caller, **changes)
    assert made.status_code == 201, made.text
    decided = await decide(house, society, made.json()["case_id"], "society_work")
    assert decided.status_code == 200, decided.text
    return dict((await house.tenant.get(society, f"{ADMISSIONS}/{made.json()['id']}")).json())


@pytest.mark.article("NM-22")
async def test_enforcement_as_responsible_body_is_refused_and_help_is_not_refused_for_its_subject(
    house: House, bureau: Caller, society: Caller
) -> None:
    refused = await apply(house, bureau, role="responsible_body")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    assert refused.json()["article"] == "NM-22"
    [finding] = refused.json()["findings"]
    assert (finding["outcome"], finding["facts"]["role"]) == ("not_met", "responsible_body")
    assert "责任主体" in finding["words"]
    assert (await house.tenant.get(bureau, ADMISSIONS)).json()["items"] == []
    helping = await admitted(house, bureau, society)
    assert (helping["state"], helping["admitted_on"]) == ("admitted", "2025-03-10")
    assert helping["findings"][0]["outcome"] == "met"


@pytest.mark.article("NM-22")
async def test_a_matter_outside_the_open_list_waits_for_a_named_official(
    house: House, bureau: Caller, society: Caller
) -> None:
    for barred, state in ((True, "refused"), (False, "applied")):
        made = (await apply(house, bureau, matter="other", role="responsible_body")).json()
        assert (made["state"], made["case_id"]) == ("needs_determination", None)
        path = f"{ADMISSIONS}/{made['id']}/determination"
        body = {"barred": barred, "reason": "经研究认定"}
        found = await house.tenant.post(society, path, body)
        assert (found.status_code, found.json()["state"]) == (200, state)
        assert found.json()["findings"][-1]["article"] == "NM-22"
        assert (found.json()["case_id"] is None) == barred
        assert (await house.tenant.post(society, path, body)).json()["type"] == "/problems/wrong-state"


@pytest.mark.article("NM-21")
@pytest.mark.parametrize("kind", ["signboard", "certificate", "app", "public_account", "work_group"])
async def test_signboards_certificates_apps_accounts_and_groups_are_admitted_alike(
    house: House, bureau: Caller, society: Caller, kind: str
) -> None:
    made = await admitted(house, bureau, society, register_kind=kind, matter=None, role=None, title="样例")
    shown = await house.tenant.get(PUBLIC, REGISTER, query={"register_kind": kind})
    assert [line["id"] for line in shown.json()["items"]] == [made["id"]]


@pytest.mark.article("NM-21")
async def test_the_register_is_public_follows_adjustments_and_forgets_what_ended_or_was_removed(
    house: House, bureau: Caller, society: Caller
) -> None:
    assert (await apply(house, bureau, title="未决事项")).status_code == 201
    made = await admitted(house, bureau, society)
    other = await admitted(house, bureau, society, title="另一事项")
    path = f"{ADMISSIONS}/{made['id']}"
    body = {"content": "只协助通知居民", "valid_before": "2025-05-01", "reason": "减轻负担"}
    adjusted = await house.tenant.call(society, "PUT", path, body, version=made["version"])
    assert (adjusted.status_code, adjusted.json()["state"]) == (200, "adjusted")
    assert adjusted.json()["changes"][0]["content_before"] == "协助通知居民、指引现场"
    assert (await house.tenant.call(society, "PUT", path, body, version=made["version"])).status_code == 412
    lines = (await house.tenant.get(PUBLIC, REGISTER)).json()["items"]
    assert {line["id"]: line["content"] for line in lines}[made["id"]] == "只协助通知居民"
    gone = await house.tenant.post(society, f"{ADMISSIONS}/{other['id']}/remove", {"reason": "工作已结束"})
    assert gone.json()["state"] == "removed"
    assert [line["id"] for line in (await house.tenant.get(PUBLIC, REGISTER)).json()["items"]] == [made["id"]]
    await house.tenant.move_to(datetime(2025, 4, 30, 16, 0, tzinfo=UTC))
    assert (await house.tenant.get(PUBLIC, REGISTER)).json()["items"] == []


@pytest.mark.article("NM-21")
async def test_a_community_sees_what_was_admitted_and_declines_what_was_not(
    house: House, bureau: Caller, society: Caller, community: Caller
) -> None:
    made = await admitted(house, bureau, society)
    assert (await house.tenant.get(community, f"{ADMISSIONS}/{made['id']}")).status_code == 200
    asked = {"asked_by": "某局", "register_kind": "matter", "title": "上门收缴罚款", "reason": "未经准入"}
    declined = await house.tenant.post(community, DECLINED, asked)
    assert (declined.status_code, declined.json()["article"]) == (201, "NM-21")
    # Not in force yet: it may still be declined; from its first day on it may not.
    known = asked | {"title": made["title"], "admission_id": made["id"]}
    assert (await house.tenant.post(community, DECLINED, known)).status_code == 201
    await house.tenant.move_to(datetime(2025, 4, 1, 2, 0, tzinfo=UTC))
    for body in (known, asked | {"title": made["title"]}):
        refused = await house.tenant.post(community, DECLINED, body)
        assert refused.json()["type"] == "/problems/rule-refused"
    seen = await house.tenant.get(bureau, DECLINED)
    assert [line["title"] for line in seen.json()["items"]] == [made["title"], "上门收缴罚款"]


async def test_a_regulation_without_admission_opens_no_door(roster: ServiceUnderTest) -> None:
    data = orjson.loads(PACK)
    del data["document"]["workflows"]["admission"]
    house = await House.open(roster, orjson.dumps(data).decode())
    bureau = await house.tenant.appoint("county", "civil_affairs")
    assert (await apply(house, bureau)).json()["type"] == "/problems/not-regulated"


@pytest.mark.parametrize(
    "changes",
    [
        {"matter": None},
        {"role": None},
        {"register_kind": "app"},
        {"register_kind": "poster", "matter": None, "role": None},
        {"matter": "gardening"},
        {"valid_before": "2025-04-01"},
        {"state": "admitted"},
    ],
)
async def test_a_body_that_makes_no_sense_is_refused(house: House, bureau: Caller, changes: dict[str, Any]) -> None:
    assert (await apply(house, bureau, **changes)).status_code == 422


async def test_each_operation_needs_its_permission_and_the_scope(
    house: House, other_house: House, bureau: Caller, society: Caller, community: Caller
) -> None:
    sibling = await house.tenant.appoint("sibling_county", "society_work", "approver")
    made = await admitted(house, bureau, society)
    waiting = (await apply(house, bureau, matter="other", role="responsible_body")).json()
    assert (await apply(house, community)).status_code == 403
    foreign = await apply(house, sibling)
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (422, "/community_unit_id")
    county = await apply(house, bureau, community_unit_id=str(house.tenant.tree["county"].id))
    assert county.status_code == 422
    writes: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("POST", f"{ADMISSIONS}/{waiting['id']}/determination", {"barred": True, "reason": "经研究认定"}),
        ("POST", f"{ADMISSIONS}/{made['id']}/remove", {"reason": "工作已结束"}),
        ("PUT", f"{ADMISSIONS}/{made['id']}", {"content": "内容", "valid_before": "2025-05-01", "reason": "调整"}),
    )
    for method, path, body in writes:
        for caller, status in ((bureau, 403), (house.township, 403), (community, 403), (sibling, 404)):
            answer = await house.tenant.call(caller, method, path, body, version=2 if method == "PUT" else None)
            assert answer.status_code == status, path
    body = {"asked_by": "某局", "register_kind": "matter", "title": "收缴罚款", "reason": "未经准入"}
    for caller in (bureau, society, house.township):
        assert (await house.tenant.post(caller, DECLINED, body)).status_code == 403
    path = f"{ADMISSIONS}/{made['id']}"
    for reader, status in ((house.township, 200), (sibling, 404), (PUBLIC, 403), (None, 401)):
        assert (await house.tenant.get(reader, path)).status_code == status
    assert (await house.tenant.get(sibling, ADMISSIONS)).json()["items"] == []
    assert (await house.tenant.get(sibling, DECLINED)).json()["items"] == []
    assert (await other_house.tenant.get(PUBLIC, REGISTER)).json()["items"] == []

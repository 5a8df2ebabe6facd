"""Certificates: entered, verified by another, ended; the worker sees the own (SH-15, NM-19)."""

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.roster.house import PATH
from tests.integration.services.roster.payroll.treasury import Treasury

BODY = {"kind": "social_worker", "number": "SW20240001", "issued_on": "2024-10-01"}
SEEN = {"document": "全国登记平台查询结果"}


@pytest.mark.article("SH-15")
async def test_entered_verified_and_ended(roster: ServiceUnderTest) -> None:
    treasury = await Treasury.prepared(roster, local=False)
    worker = await treasury.hand("staff")
    path = f"/dossiers/{worker['id']}/certificates"
    entered = await treasury.made("handler", "POST", path, BODY)
    assert (entered["verified"], entered["valid_from"]) == (False, None)
    assert (await treasury.call("handler", "POST", path, BODY)).status_code == 409
    late = await treasury.call("handler", "POST", path, BODY | {"issued_on": "2025-07-02", "number": "SW20250002"})
    assert late.status_code == 422
    one = f"/certificates/{entered['id']}"
    ending = {"valid_before": "2025-06-01", "reason": "登记失效"}
    early = await treasury.call("approver", "POST", f"{one}/end", ending)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-state")
    before = await treasury.call("approver", "POST", f"{one}/verification", SEEN | {"valid_from": "2024-09-30"})
    assert before.status_code == 422
    verified = await treasury.made("approver", "POST", f"{one}/verification", SEEN)
    assert (verified["verified"], verified["valid_from"]) == (True, "2024-10-01")
    again = await treasury.call("approver", "POST", f"{one}/verification", SEEN)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")
    ended = await treasury.made("approver", "POST", f"{one}/end", ending)
    assert (ended["valid_before"], ended["ended_reason"]) == ("2025-06-01", "登记失效")
    [shown] = (await treasury.made("hr", "GET", path))["items"]
    assert shown == ended
    own = await treasury.tenant.get(treasury.people[worker["id"]], f"{PATH}/own/certificates")
    assert own.json()["items"] == [ended]


async def test_permission_and_scope(roster: ServiceUnderTest) -> None:
    treasury = await Treasury.prepared(roster, local=False)
    worker = await treasury.hand("staff")
    path = f"/dossiers/{worker['id']}/certificates"
    for who, status in (("approver", 403), ("sibling_handler", 404), (None, 401)):
        assert (await treasury.call(who, "POST", path, BODY)).status_code == status
    entered = await treasury.made("handler", "POST", path, BODY)
    one = f"/certificates/{entered['id']}"
    ending = {"valid_before": "2025-06-01", "reason": "登记失效"}
    for who, status in (("handler", 403), ("sibling", 404), (None, 401)):
        assert (await treasury.call(who, "POST", f"{one}/verification", SEEN)).status_code == status
        assert (await treasury.call(who, "POST", f"{one}/end", ending)).status_code == status
    for who, status in (("finance", 403), ("sibling", 404), (None, 401)):
        assert (await treasury.call(who, "GET", path)).status_code == status
    assert (await treasury.call("handler", "GET", "/own/certificates")).status_code == 403

"""What pay needs to know of a worker: kept, masked, and out of sight of others (SH-16)."""

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.roster.payroll.treasury import Treasury


@pytest.mark.article("SH-16")
async def test_recorded_shown_masked_and_corrected(roster: ServiceUnderTest) -> None:
    treasury = await Treasury.prepared(roster, local=False)
    worker = await treasury.hand("staff", account="6222000000000000001")
    path = f"/dossiers/{worker['id']}"
    again = {"year": 2025, "wage": "4800.50", "source": "2024年工资表（更正）"}
    await treasury.made("handler", "POST", f"{path}/pay-years", again)
    deduction = {"month": "2025-03-20", "amount": "2000", "source": "本人填报"}
    known = await treasury.made("handler", "POST", f"{path}/tax-deductions", deduction)
    assert [(each["year"], each["wage"]) for each in known["years"]] == [(2025, "4800.50")]
    assert known["tax_deductions"][0]["month"] == "2025-03-01"
    assert known["bank_account"] == {"bank": "某银行（演示）", "account": "****0001", "version": 1}
    assert await treasury.made("approver", "GET", f"{path}/payee") == known
    for wrong in ("1234567", "6222x000000000", "6" * 31):
        body = {"bank": "某银行", "account": wrong}
        refused = await treasury.call("handler", "POST", f"{path}/bank-account", body)
        assert refused.status_code == 422
        assert wrong not in refused.text


async def test_permission_and_scope(roster: ServiceUnderTest) -> None:
    treasury = await Treasury.prepared(roster, local=False)
    worker = await treasury.hand("staff")
    path = f"/dossiers/{worker['id']}"
    bodies = {
        "pay-years": {"year": 2025, "wage": "1", "source": "工资表"},
        "tax-deductions": {"month": "2025-01-01", "amount": "1", "source": "填报"},
        "bank-account": {"bank": "某银行", "account": "62220000"},
    }
    for what, body in bodies.items():
        for who, status in (("approver", 403), ("hr", 403), ("sibling_handler", 404), (None, 401)):
            assert (await treasury.call(who, "POST", f"{path}/{what}", body)).status_code == status
    for who, status in (("finance", 403), ("sibling_handler", 404), (None, 401)):
        assert (await treasury.call(who, "GET", f"{path}/payee")).status_code == status

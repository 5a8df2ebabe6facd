"""A month's payroll over HTTP: refused first, computed, repeated, approved, paid once, corrected (SH-15, SH-16)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.roster.history import entered, staff
from tests.integration.services.roster.house import PATH, House
from tests.integration.services.roster.payroll.treasury import JUNE, LOCAL, Treasury, amounts

AUGUST = datetime(2025, 8, 1, 2, 0, tzinfo=UTC)


@pytest.mark.article("SH-15", "SH-16")
async def test_refused_until_amounts_and_the_reference_post_are_set(roster: ServiceUnderTest) -> None:
    treasury = await Treasury.prepared(roster, local=False)
    await treasury.hand("staff")
    refused = await treasury.run()
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/parameter-not-set"), refused.text
    assert refused.json()["article"] == "SH-15"
    assert {each["rule"] for each in refused.json()["errors"]} == set(LOCAL)
    for path, value in LOCAL.items():
        if path != "pay.performance_reference":
            await treasury.tenant.set_local(path, value, unit="league")
    still = await treasury.run()
    assert [each["rule"] for each in still.json()["errors"]] == ["pay.performance_reference"]
    assert "33号" in still.json()["errors"][0]["message"] or "SH-15" in still.text
    await treasury.tenant.set_local("pay.performance_reference", "deputy_secretary", unit="league")
    assert (await treasury.run()).status_code == 201


@pytest.mark.article("SH-15", "SH-16")
async def test_every_line_with_its_article_and_sums_to_the_cent(treasury: Treasury) -> None:
    worker = await treasury.hand("staff", certificates=("assistant_social_worker", "social_worker"))
    secretary = await treasury.hand("secretary", wage="30000")
    run = await treasury.drafted()
    slips = await treasury.slips(run)
    assert amounts(slips[worker["id"]]) == {
        "base.share": "3000.01",
        "performance.share": "600.03",
        "certificate_allowance": "500.00",
        "pension.employer": "800.00",
        "pension.worker": "400.00",
        "unemployment.employer": "25.00",
        "unemployment.worker": "25.00",
        "medical.employer": "375.00",
        "medical.worker": "100.00",
        "maternity.employer": "25.00",
        "work_injury.employer": "10.00",
        "income_tax": "0.00",
    }
    assert (slips[worker["id"]]["net"], slips[secretary["id"]]["base"]) == ("3575.04", "21000.00")
    for slip in slips.values():
        signed = {"income": 1, "withheld": -1, "employer": 0}
        total = sum(Decimal(line["amount"]) * signed[line["side"]] for line in slip["lines"])
        assert total == Decimal(slip["net"])
        assert all(line["article"] and line["words"] and line["facts"] for line in slip["lines"])
    assert Decimal(run["net"]) == sum(Decimal(slip["net"]) for slip in slips.values())
    share = next(line for line in slips[worker["id"]]["lines"] if line["code"] == "base.share")
    assert (share["article"], share["facts"]) == ("SH-15", {"of": "5000.01", "percent": "60"})
    assert "60%" in share["words"]
    standard = next(line for line in slips[secretary["id"]]["lines"] if line["code"] == "base.standard")
    assert standard["source"] == "测试文件〔2025〕1号"


@pytest.mark.article("SH-15")
async def test_part_time_members_and_police_are_not_paid_here(treasury: Treasury) -> None:
    await treasury.hand("staff")
    await treasury.entered("police_officer", category="community_police")
    await treasury.entered("public_welfare", category="public_welfare")
    await treasury.entered("branch_member", part_time=True, category="part_time_member")
    run = await treasury.drafted()
    assert run["people"] == 1
    assert run["excluded"] == {"community_police": 1, "part_time_member": 1, "public_welfare": 1}


@pytest.mark.article("SH-15")
async def test_run_again_it_is_equal_and_nobody_is_paid_twice(treasury: Treasury) -> None:
    worker = await treasury.hand("staff")
    run = await treasury.drafted()
    again = await treasury.made("handler", "POST", f"/pay-runs/{run['id']}/recomputation")
    assert (again["digest"], again["net"], again["version"]) == (run["digest"], run["net"], run["version"] + 1)
    assert (await treasury.run()).status_code == 409
    await treasury.certify(worker, "social_worker")
    changed = await treasury.made("handler", "POST", f"/pay-runs/{run['id']}/recomputation")
    assert changed["digest"] != run["digest"]
    stale = await treasury.call("handler", "POST", f"/pay-runs/{run['id']}/submission", {"digest": run["digest"]})
    assert (stale.status_code, stale.json()["type"]) == (409, "/problems/wrong-state")
    held = await treasury.approved(changed)
    assert (held["state"], held["approved_on"]) == ("approved", "2025-07-01")
    for what in ("recomputation", "discard"):
        late = await treasury.call("handler", "POST", f"/pay-runs/{run['id']}/{what}")
        assert (late.status_code, late.json()["type"]) == (409, "/problems/wrong-state")


@pytest.mark.article("SH-15")
async def test_a_worker_sees_the_own_approved_slip_and_no_other(treasury: Treasury) -> None:
    worker, other = await treasury.hand("staff"), await treasury.hand("staff")
    run = await treasury.drafted()
    caller = treasury.people[worker["id"]]
    assert (await treasury.tenant.get(caller, f"{PATH}/own/pay-slips")).json()["items"] == []
    await treasury.approved(run)
    [slip] = (await treasury.tenant.get(caller, f"{PATH}/own/pay-slips")).json()["items"]
    assert slip == (await treasury.slips(run))[worker["id"]]
    assert slip["dossier_id"] != other["id"]
    assert all(line["words"] for line in slip["lines"])
    assert (await treasury.call("handler", "GET", "/own/pay-slips")).status_code == 403


@pytest.mark.article("SH-16")
async def test_without_a_wage_base_the_run_waits_and_names_the_slip(treasury: Treasury) -> None:
    worker = await treasury.hand("staff", wage=None)
    run = await treasury.drafted()
    assert run["problems"] == 1
    assert list(await treasury.slips(run, problems="true")) == [worker["id"]]
    path = f"/pay-runs/{run['id']}"
    refused = await treasury.call("handler", "POST", f"{path}/submission", {"digest": run["digest"]})
    assert refused.status_code == 409
    body = {"year": 2025, "wage": "4200", "source": "2024年工资表"}
    await treasury.made("handler", "POST", f"/dossiers/{worker['id']}/pay-years", body)
    mended = await treasury.made("handler", "POST", f"{path}/recomputation")
    assert mended["problems"] == 0


@pytest.mark.article("IIT-3", "SH-16")
async def test_income_tax_goes_on_from_what_was_paid_in_the_year(treasury: Treasury) -> None:
    worker = await treasury.hand("secretary", wage=None)
    opening = {"months": 5, "income": "100000", "deducted": "10000", "special": "5000", "withheld": "1500"}
    body = {"year": 2025, "wage": "7000", "source": "2024年工资表", "opening": opening}
    await treasury.made("handler", "POST", f"/dossiers/{worker['id']}/pay-years", body)
    deduction = {"month": "2025-06-15", "amount": "1000", "source": "本人填报"}
    await treasury.made("handler", "POST", f"/dossiers/{worker['id']}/tax-deductions", deduction)
    first = await treasury.drafted()
    slip = (await treasury.slips(first))[worker["id"]]
    tax = next(line for line in slip["lines"] if line["code"] == "income_tax")
    # 106500.01 − 30000 − (10000 + 735) − 6000 = 59765.01 → 10 % − 2520 = 3456.50, less 1500.
    assert (tax["facts"]["taxable"], tax["amount"]) == ("59765.01", "1956.50")
    await treasury.approved(first)
    await treasury.tenant.move_to(AUGUST)
    second = await treasury.drafted(month="2025-07-01", pays_on="2025-08-10")
    later = (await treasury.slips(second))[worker["id"]]
    facts = next(line for line in later["lines"] if line["code"] == "income_tax")["facts"]
    assert (facts["months"], facts["withheld_before"]) == ("7", "3456.50")


@pytest.mark.article("SH-15")
async def test_months_in_order_and_only_by_the_regiment(treasury: Treasury) -> None:
    await treasury.hand("staff")
    for changes, status in (
        ({"month": "2025-08-01", "pays_on": "2025-08-10"}, 422),
        ({"pays_on": "2025-05-31"}, 422),
        ({"unit": "community"}, 409),
    ):
        assert (await treasury.run(**changes)).status_code == status, changes
    wrong = await treasury.drafted(month="2025-05-01")
    gone = await treasury.made("handler", "POST", f"/pay-runs/{wrong['id']}/discard")
    assert gone["digest"] == wrong["digest"]
    assert (await treasury.call("handler", "GET", f"/pay-runs/{wrong['id']}")).status_code == 404
    run = await treasury.drafted()
    july = await treasury.run(month="2025-07-01", pays_on="2025-07-20")
    assert (july.status_code, july.json()["type"]) == (409, "/problems/wrong-state")
    await treasury.approved(run)
    assert (await treasury.run(month="2025-07-01", pays_on="2025-07-20")).status_code == 201


@pytest.mark.article("SH-15")
async def test_a_rejected_run_is_a_draft_again_and_nobody_approves_the_own(treasury: Treasury) -> None:
    await treasury.hand("staff")
    run = await treasury.drafted()
    path = f"/pay-runs/{run['id']}"
    sent = await treasury.made("handler", "POST", f"{path}/submission", {"digest": run["digest"]})
    decisions = f"/approvals/{sent['case_id']}/decisions"
    approve = {"action": "approve", "step": "township", "comment": "同意"}
    assert (await treasury.call("handler", "POST", decisions, approve)).status_code == 403
    await treasury.made("approver", "POST", decisions, approve | {"action": "reject", "comment": "基数有误"})
    back = await treasury.made("handler", "GET", path)
    assert (back["state"], back["case_id"]) == ("draft", None)
    assert (await treasury.approved(back))["state"] == "approved"


@pytest.mark.article("SH-15")
async def test_a_correction_pays_differences_and_costs_add_up(treasury: Treasury) -> None:
    worker = await treasury.hand("staff")
    await treasury.hand("staff")
    body = {"unit_id": treasury.id_of("township"), "reason": "补登证书"} | JUNE
    early = await treasury.call("handler", "POST", "/pay-corrections", body)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-state")
    run = await treasury.approved(await treasury.drafted())
    nothing = await treasury.call("handler", "POST", "/pay-corrections", body)
    assert nothing.status_code == 409
    await treasury.certify(worker, "assistant_social_worker")
    more = await treasury.made("handler", "POST", "/pay-corrections", body)
    slips = await treasury.slips(more)
    assert (more["number"], more["people"], more["net"]) == (1, 1, "300.00")
    assert amounts(slips[worker["id"]]) == {"certificate_allowance": "300.00", "income_tax": "0.00"}
    await treasury.approved(more)
    assert (await treasury.call("handler", "POST", "/pay-corrections", body)).status_code == 409
    [cost] = (await treasury.made("finance", "GET", "/pay-costs", query={"year": "2025"}))["items"]
    assert Decimal(cost["income"]) == Decimal(run["income"]) + 300
    assert cost["borne_by"] == ["league"]
    assert (cost["paid_by"], cost["months"]) == ("township", 1)
    assert Decimal(cost["next_year"]) == (Decimal(run["income"]) + Decimal(run["employer"])) * 12


@pytest.mark.article("SH-15")
async def test_the_bank_file_pays_each_slip_once_and_names_who_has_no_account(treasury: Treasury) -> None:
    account = "6222000000000000001"
    paid, missing = await treasury.hand("staff", account=account), await treasury.hand("staff")
    run = await treasury.drafted()
    files = f"/pay-runs/{run['id']}/bank-files"
    assert (await treasury.call("handler", "POST", files)).status_code == 409
    await treasury.approved(run)
    made = await treasury.made("handler", "POST", files)
    assert (made["number"], made["people"]) == (1, 1)
    assert [each["dossier_id"] for each in made["missing"]] == [missing["id"]]
    nobody = await treasury.made("handler", "POST", files)
    assert (nobody["people"], nobody["number"]) == (0, 1)
    opened = await treasury.call("handler", "POST", f"{files}/1/content", {"reason": "报送银行代发"})
    assert opened.headers["content-type"].startswith("text/csv")
    text = opened.content.decode("utf-8-sig")
    slip = (await treasury.slips(run))[paid["id"]]
    assert account in text
    assert slip["net"] in text
    assert len(text.strip().splitlines()) == 2
    assert (await treasury.call("handler", "POST", f"{files}/2/content", {"reason": "报送银行"})).status_code == 404
    body = {"bank": "某银行（演示）", "account": "6222 0000 0000 0000 002"}
    known = await treasury.made("handler", "POST", f"/dossiers/{missing['id']}/bank-account", body)
    assert known["bank_account"]["account"] == "****0002"
    second = await treasury.made("handler", "POST", files)
    assert (second["number"], second["people"], second["missing"]) == (2, 1, [])
    assert (await treasury.call("handler", "POST", files)).status_code == 409
    for event in await treasury.tenant.events():
        assert account not in str(event.model_dump())


async def test_permission_and_scope(treasury: Treasury) -> None:
    worker = await treasury.hand("staff")
    run = await treasury.drafted()
    path = f"/pay-runs/{run['id']}"
    for who, status in (("approver", 403), ("finance", 403), ("sibling_handler", 404)):
        assert (await treasury.run(who)).status_code == status
        body = {"unit_id": treasury.id_of("township"), "reason": "更正"} | JUNE
        assert (await treasury.call(who, "POST", "/pay-corrections", body)).status_code == status
        for what in ("recomputation", "discard"):
            assert (await treasury.call(who, "POST", f"{path}/{what}")).status_code == status
        digest = {"digest": run["digest"]}
        assert (await treasury.call(who, "POST", f"{path}/submission", digest)).status_code == status
        assert (await treasury.call(who, "POST", f"{path}/bank-files")).status_code == status
        opened = await treasury.call(who, "POST", f"{path}/bank-files/1/content", {"reason": "报送"})
        assert opened.status_code == status
    for reader, expected in (("civil", 403), ("sibling_handler", 404), (None, 401), ("finance", 200)):
        assert (await treasury.call(reader, "GET", path)).status_code == expected
        assert (await treasury.call(reader, "GET", f"{path}/slips")).status_code == expected
    assert (await treasury.call("civil", "GET", "/pay-costs", query={"year": "2025"})).status_code == 403
    assert (await treasury.made("sibling_handler", "GET", "/pay-runs"))["items"] == []
    assert (await treasury.tenant.get(treasury.people[worker["id"]], f"{PATH}{path}")).status_code == 403


@pytest.mark.article("NM-16", "NM-17")
async def test_where_the_league_has_not_spoken_nothing_is_computed(house: House) -> None:
    await entered(house, staff(house))
    body = {"unit_id": str(house.tenant.tree["township"].id), "month": "2025-02-01", "pays_on": "2025-03-10"}
    refused = await house.tenant.post(house.township, f"{PATH}/pay-runs", body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/parameter-not-set"), refused.text
    assert refused.json()["article"] == "NM-16"
    assert {"pay.schemes", "pay.standard", "pay.fund_percent"} <= {each["rule"] for each in refused.json()["errors"]}

"""The certificate that a labour contract has ended: given at the end of every one, and of nothing else (LCL-50)."""

import pytest

from tests.integration.services.roster.house import IDENTITY, PATH, House, Worker
from tests.integration.services.roster.leavers import move, on_duty, resign
from tests.integration.services.roster.printing.test_contract_form import text_of


async def contract_of(house: House, worker: Worker) -> str:
    [found] = (await house.tenant.get(worker.caller, f"{PATH}/own/contracts")).json()["items"]
    return str(found["id"])


def certificate(contract: str, *, own: bool = False) -> str:
    return f"{PATH}/{'own/' if own else ''}contracts/{contract}/end-certificate"


@pytest.mark.article("LCL-50")
async def test_who_resigned_has_it_with_the_agreed_term_the_day_the_post_and_the_years(house: House) -> None:
    worker = await on_duty(house, probation_months=0)
    contract = await contract_of(house, worker)
    assert (await resign(house, worker)).status_code == 201
    await move(house, "2025-04-09")
    early = await house.tenant.get(house.township, certificate(contract))
    assert (early.status_code, early.json()["type"], early.json()["article"]) == (
        409,
        "/problems/wrong-state",
        "LCL-50",
    )
    await move(house, "2025-04-10")
    await house.service.run_timers()
    for caller, path in ((house.township, certificate(contract)), (worker.caller, certificate(contract, own=True))):
        answer = await house.tenant.get(caller, path)
        text = text_of(answer)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="end-of-contract-{contract}.docx"'
        for said in (
            "解除劳动合同证明书",
            house.tenant.tree["township"].title,
            IDENTITY["full_name"],
            "社区专职工作人员",
            "固定期限，自2025年3月10日起至2028年3月9日止",
            "解除劳动合同的日期：2025年4月9日",
            "自2025年3月10日起至2025年4月9日止，共1个月",
            "15日内办理档案和社会保险关系转移手续",
            "LCL-50",
        ):
            assert said in text


@pytest.mark.article("LCL-50")
async def test_a_term_that_ran_out_is_ended_and_one_that_was_renewed_is_not(house: House) -> None:
    worker = await on_duty(house)
    contract = await contract_of(house, worker)
    await move(house, "2028-03-01")
    following = {"kind": "fixed", "valid_from": "2028-03-10", "valid_before": "2031-03-10"}
    drafted = await house.drafted(worker, term=following, probation_months=0)
    await move(house, "2028-03-10")
    text = text_of(await house.tenant.get(house.township, certificate(contract)))
    assert "终止劳动合同的日期：2028年3月9日" in text
    assert "共3年" in text
    for caller, path in ((house.township, "contracts"), (worker.caller, "own/contracts")):
        assert (await house.tenant.post(caller, f"{PATH}/{path}/{drafted['id']}/sign")).status_code == 200
    renewed = await house.tenant.get(house.township, certificate(contract))
    assert (renewed.status_code, renewed.json()["type"]) == (409, "/problems/wrong-state")


async def test_it_needs_the_permission_and_the_scope(house: House, other_house: House) -> None:
    worker = await on_duty(house)
    contract = await contract_of(house, worker)
    for caller, status in ((house.finance, 403), (worker.caller, 403), (house.sibling, 404), (None, 401)):
        assert (await house.tenant.get(caller, certificate(contract))).status_code == status
    assert (await other_house.tenant.get(other_house.township, certificate(contract))).status_code == 404
    stranger = await house.hire(identity=IDENTITY | {"id_number": "990101199001010027"})
    assert (await house.tenant.get(stranger.caller, certificate(contract, own=True))).status_code == 404
    assert (await house.tenant.get(house.township, certificate(contract, own=True))).status_code == 403

"""A township under the regulation of Inner Mongolia whose pay can be computed: local figures, wage bases, payrolls."""

from typing import Any

from tests.integration.services.roster.daily import decide
from tests.integration.services.roster.house import PATH, House, Worker

OF_LEAGUE: dict[str, Any] = {
    "pay.schemes": [
        {"category": "community_staff", "scheme": "standard"},
        {"category": "committee_member", "scheme": "standard"},
    ],
    "pay.standard": [
        {"role": "secretary", "base": "5000", "performance": "1500"},
        {"role": "staff", "base": "4000", "performance": "1000"},
    ],
    "pay.certificate_allowances": [{"certificate": "social_worker", "amount": "300"}],
}
OF_COUNTY: dict[str, Any] = {
    "insurance.average_monthly_wage": "7000",
    "insurance.medical_employer_percent": "7.5",
    "insurance.maternity_employer_percent": "0.5",
    "pay.fund_percent": "8",
}


async def figures(house: House) -> None:
    """The league and the county have set what the articles leave to them."""
    for path, value in OF_LEAGUE.items():
        await house.tenant.set_local(path, value, unit="league")
    for path, value in OF_COUNTY.items():
        await house.tenant.set_local(path, value, unit="county")


async def wage(house: House, worker: Worker, amount: str = "5000") -> None:
    """The wage base of this year."""
    body = {"year": 2025, "wage": amount, "source": "2024年工资表"}
    made = await house.tenant.post(house.township, f"{PATH}/dossiers/{worker.dossier_id}/pay-years", body)
    assert made.status_code == 201 or made.status_code == 200, made.text


async def drafted(house: House, month: str = "2025-02-01", **correction: str) -> dict[str, Any]:
    """The payroll of the month, or with a `reason` its correction."""
    path = "pay-corrections" if correction else "pay-runs"
    body = {"unit_id": str(house.tenant.tree["township"].id), "month": month, "pays_on": "2025-03-10"} | correction
    made = await house.tenant.post(house.township, f"{PATH}/{path}", body)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def approved(house: House, run: dict[str, Any]) -> None:
    """Submit the payroll and let another person approve it."""
    path = f"{PATH}/pay-runs/{run['id']}/submission"
    sent = await house.tenant.post(house.township, path, {"digest": run["digest"]})
    assert sent.status_code == 200, sent.text
    assert (await decide(house, house.approver, sent.json()["case_id"], "township")).status_code == 200


async def slip(house: House, run: dict[str, Any], worker: Worker) -> dict[str, Any]:
    """The worker's slip."""
    query = {"dossier_id": worker.dossier_id}
    found = await house.tenant.get(house.township, f"{PATH}/pay-runs/{run['id']}/slips", query=query)
    [one] = found.json()["items"]
    return dict(one)

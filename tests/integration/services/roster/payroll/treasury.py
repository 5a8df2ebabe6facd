"""A regiment in July 2025 with its local figures set, and the desks at which pay is made."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import Caller, person
from tests.integration.services.roster.regiment import Regiment

JULY = datetime(2025, 7, 1, 2, 0, tzinfo=UTC)
STANDARD = [
    {"role": "secretary", "base": "5000.01", "performance": "1500", "principal": True},
    {"role": "deputy_secretary", "base": "4000", "performance": "1200.05"},
]
LOCAL: dict[str, Any] = {
    "pay.standard": STANDARD,
    "pay.performance_reference": "deputy_secretary",
    "insurance.average_monthly_wage": "7000",
    "insurance.medical_employer_percent": "7.5",
    "insurance.maternity_employer_percent": "0.5",
}
JUNE = {"month": "2025-06-01", "pays_on": "2025-07-10"}


class Treasury(Regiment):
    """The regiment, its payrolls and the workers on them."""

    def __init__(self, tenant: TestTenant, posts: dict[str, Caller]) -> None:
        super().__init__(tenant, posts)
        self.people: dict[str, Caller] = {}

    @classmethod
    async def prepared(cls, service: ServiceUnderTest, *, local: bool = True) -> "Treasury":
        opened = await cls.open(service)
        made = cls(opened.tenant, opened.posts)
        made.posts["finance"] = await made.tenant.appoint("league", "finance")
        made.posts["hr"] = await made.tenant.appoint("league", "human_resources")
        made.posts["sibling_handler"] = await made.tenant.appoint("sibling_township", "township_office")
        await made.tenant.move_to(JULY)
        for path, value in LOCAL.items() if local else ():
            await made.tenant.set_local(path, value, unit="league")
        return made

    async def hand(
        self,
        *posts: str,
        wage: str | None = "5000",
        certificates: tuple[str, ...] = (),
        account: str | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """A worker on the roster with a wage base, verified certificates and an account of their own."""
        somebody = new_id()
        category = "community_staff" if posts == ("staff",) else "committee_member"
        given = {"category": category} | more | {"person_id": str(somebody)}
        dossier = await self.entered(*posts, **given)
        self.people[dossier["id"]] = person(UUID(dossier["person_id"]))
        if wage is not None:
            body = {"year": 2025, "wage": wage, "source": "2024年工资表"}
            await self.made("handler", "POST", f"/dossiers/{dossier['id']}/pay-years", body)
        for kind in certificates:
            await self.certify(dossier, kind)
        if account is not None:
            body = {"bank": "某银行（演示）", "account": account}
            await self.made("handler", "POST", f"/dossiers/{dossier['id']}/bank-account", body)
        return dossier

    async def certify(self, dossier: dict[str, Any], kind: str, **more: Any) -> dict[str, Any]:
        body = {"kind": kind, "number": f"SW2024{kind[:3].upper()}", "issued_on": "2024-10-01"}
        entered = await self.made("handler", "POST", f"/dossiers/{dossier['id']}/certificates", body)
        path = f"/certificates/{entered['id']}/verification"
        return await self.made("approver", "POST", path, {"document": "全国登记平台查询结果"} | more)

    async def run(self, who: str = "handler", unit: str = "township", **changes: Any) -> httpx.Response:
        return await self.call(who, "POST", "/pay-runs", {"unit_id": self.id_of(unit)} | JUNE | changes)

    async def drafted(self, **changes: Any) -> dict[str, Any]:
        answer = await self.run(**changes)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def slips(self, run: dict[str, Any], **query: str) -> dict[str, dict[str, Any]]:
        found = await self.made("handler", "GET", f"/pay-runs/{run['id']}/slips", query=query or None)
        return {each["dossier_id"]: each for each in found["items"]}

    async def approved(self, run: dict[str, Any]) -> dict[str, Any]:
        """Submit the run and have another person approve it."""
        path = f"/pay-runs/{run['id']}"
        sent = await self.made("handler", "POST", f"{path}/submission", {"digest": run["digest"]})
        decision = {"action": "approve", "step": "township", "comment": "同意"}
        await self.made("approver", "POST", f"/approvals/{sent['case_id']}/decisions", decision)
        return await self.made("handler", "GET", path)


def amounts(slip: dict[str, Any]) -> dict[str, str]:
    """The amounts of a slip by line."""
    return {line["code"]: line["amount"] for line in slip["lines"]}

"""The desks of `House` under the regulation of Shuanghe, with its workers and the Party branches of communities."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import THREE_LEVELS, Caller, Tree, numbered
from tests.integration.services.roster.history import entered, staff
from tests.integration.services.roster.house import PATH, House, Worker
from tests.integration.services.roster.regiment import PACK

NOW = datetime(2025, 4, 14, 2, 0, tzinfo=UTC)


@dataclass(slots=True)
class Division(House):
    """The tenant. Of the desks of `House`, `county` is the division-city's civil affairs."""

    branch: Caller = field(kw_only=True)
    other_branch: Caller = field(kw_only=True)

    @classmethod
    async def open(cls, service: ServiceUnderTest, pack: str = PACK, tree: Tree | None = None) -> "Division":
        tenant = await service.new_tenant(pack, now=NOW, tree=tree or Tree(numbered(THREE_LEVELS)))
        return cls(
            service,
            tenant,
            township=await tenant.appoint("township", "township_office"),
            approver=await tenant.appoint("township", "township_office", "approver"),
            county=await tenant.appoint("league", "civil_affairs"),
            finance=await tenant.appoint("league", "finance"),
            sibling=await tenant.appoint("sibling_township", "township_office", "approver"),
            branch=await tenant.appoint("community", "community_party"),
            other_branch=await tenant.appoint("other_community", "community_party"),
        )

    async def staff(self, **changes: Any) -> Worker:
        """A staff member since 2021, with a contract of earlier days."""
        return await entered(self, staff(self, **changes), self.township)

    async def agreed(self) -> Worker:
        """Somebody on duty since today under a service agreement that is on record."""
        worker = await self.hire(pack_id="shuanghe")
        term = {"kind": "fixed", "valid_from": "2025-04-14", "valid_before": "2028-04-14"}
        record = {"relation": "service_agreement", "relation_basis": "师市民政部门备案名册第3号"}
        await self.signed(worker, term=term, probation_months=0, contents={"duties": "群众服务"}, **record)
        body = {"dossier_id": worker.dossier_id, "starts_on": "2025-04-14"}
        started = await self.tenant.post(self.township, f"{PATH}/duties", body)
        assert started.status_code == 201, started.text
        return worker

    async def member(self) -> Worker:
        """A member of the residents' committee since 2021."""
        posts = [{"role": "committee_member", "valid_from": "2021-07-01"}]
        return await entered(self, staff(self, category="committee_member", posts=posts, number=1), self.township)

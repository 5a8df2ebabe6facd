"""A community under the regulation of Shuanghe with the desks around it, and its people by their posts (SH-4)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from kernel.ids import new_id
from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import THREE_LEVELS, Caller, Tree, numbered, person
from tests.integration.services.roster.history import NUMBERS
from tests.integration.services.roster.house import PATH, Worker

NOW = datetime(2025, 2, 3, 2, 0, tzinfo=UTC)
TODAY = "2025-02-03"
PACK = load(Path(__file__).parents[4] / "regulations" / "shuanghe").to_json()
CATEGORIES = {"police_officer": "community_police", "staff": "community_staff", "public_welfare": "public_welfare"}
ASSIGNMENTS = f"{PATH}/structure-assignments"
PAGES = f"{PATH}/duty-pages"


@dataclass(slots=True)
class Centres:
    """The tenant with an official at each desk; `branch` is the community's own."""

    tenant: TestTenant
    office: Caller
    branch: Caller
    civil: Caller
    civil_approver: Caller
    finance: Caller
    sibling: Caller

    @classmethod
    async def open(cls, service: ServiceUnderTest) -> "Centres":
        tenant = await service.new_tenant(PACK, now=NOW, tree=Tree(numbered(THREE_LEVELS)))
        return cls(
            tenant,
            office=await tenant.appoint("township", "township_office"),
            branch=await tenant.appoint("community", "community_party"),
            civil=await tenant.appoint("league", "civil_affairs"),
            civil_approver=await tenant.appoint("league", "civil_affairs", "approver"),
            finance=await tenant.appoint("league", "finance"),
            sibling=await tenant.appoint("sibling_township", "township_office"),
        )

    def community(self, unit: str = "community") -> str:
        """The id of a community."""
        return str(self.tenant.tree[unit].id)

    async def person(self, role: str, number: int, name: str, since: str = "2024-01-01") -> Worker:
        """Somebody who holds that post in the community since then."""
        somebody: UUID = new_id()
        body = {
            "full_name": name,
            "id_number": NUMBERS[number],
            "phone": "13900000001",
            "category": CATEGORIES.get(role, "committee_member"),
            "community_unit_id": self.community(),
            "person_id": str(somebody),
            "posts": [{"role": role, "valid_from": since}],
        }
        made = await self.tenant.post(self.office, f"{PATH}/dossiers/imports", body)
        assert made.status_code == 201, made.text
        return Worker(somebody, made.json()["id"], person(somebody))

    async def assign(
        self, worker: Worker, place: str, since: str = TODAY, *, caller: Caller | None = None, **more: Any
    ) -> httpx.Response:
        """Assign somebody to a place."""
        body = {"dossier_id": worker.dossier_id, "place": place, "valid_from": since} | more
        return await self.tenant.post(caller or self.office, ASSIGNMENTS, body)

    async def structure(self, caller: Caller | None = None) -> dict[str, Any]:
        """The community as it is organised today."""
        query = {"community_unit_id": self.community()}
        answer = await self.tenant.get(caller or self.office, f"{PATH}/structure", query=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

"""A worker on duty, and the decisions of the day about them: leave, absence, secondment."""

from dataclasses import dataclass
from typing import Any

import httpx

from kernel.testing.tree import Caller
from tests.integration.services.roster.house import IDENTITY, PATH, House, Worker

LEAVES = f"{PATH}/leaves"
OWN_LEAVES = f"{PATH}/own/leaves"


async def on_duty(house: House, *, id_number: str = IDENTITY["id_number"], day: str = "2025-03-10") -> Worker:
    """Somebody hired, under contract, trained and on duty since that day."""
    worker = await house.hire(identity=IDENTITY | {"id_number": id_number})
    await house.signed(worker)
    await house.train(worker.person_id, "24.00", "2025-03-07")
    body = {"dossier_id": worker.dossier_id, "starts_on": day}
    started = await house.tenant.post(house.township, f"{PATH}/duties", body)
    assert started.status_code == 201, started.text
    return worker


@dataclass(frozen=True, slots=True)
class Desk:
    """Asking and deciding with the bodies that the interface takes."""

    house: House
    worker: Worker

    async def ask(self, kind: str, valid_from: str, valid_before: str, **more: Any) -> httpx.Response:
        """The worker asks for leave."""
        body = {"kind": kind, "valid_from": valid_from, "valid_before": valid_before} | more
        return await self.house.tenant.post(self.worker.caller, OWN_LEAVES, body)

    async def granted(self, kind: str, valid_from: str, valid_before: str, **more: Any) -> dict[str, Any]:
        """The worker asks and the township approves."""
        asked = await self.ask(kind, valid_from, valid_before, **more)
        assert asked.status_code == 201, asked.text
        decided = await decide(self.house, self.house.approver, asked.json()["case_id"], "township")
        assert decided.status_code == 200, decided.text
        return dict((await self.house.tenant.get(self.house.township, f"{LEAVES}/{asked.json()['id']}")).json())

    async def returned(self, leave_id: str, on: str) -> httpx.Response:
        """The township registers the return."""
        return await self.house.tenant.post(self.house.township, f"{LEAVES}/{leave_id}/return", {"returned_on": on})


async def decide(
    house: House, caller: Caller, case_id: str, step: str, action: str = "approve", comment: str | None = None
) -> httpx.Response:
    """Decide on a case."""
    body = {"action": action, "step": step} | ({"comment": comment} if comment else {})
    return await house.tenant.post(caller, f"{PATH}/approvals/{case_id}/decisions", body)

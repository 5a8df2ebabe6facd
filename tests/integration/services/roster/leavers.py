"""Workers on duty, members in office and the news that ends them, for the tests of endings."""

from datetime import UTC, datetime, time
from typing import Any

import httpx

from contracts.roster import ResignationGiven
from kernel.ids import new_id
from kernel.privacy.id_number import parse
from tests.integration.services.roster.house import IDENTITY, PATH, House, Worker

NINE = time(1)
"""Nine in the morning in Shanghai, in UTC."""


def id_number(birth: str) -> str:
    """A made-up number of region 99 for somebody born on that day (YYYYMMDD)."""
    for check in "0123456789X":
        try:
            return parse(f"990101{birth}001{check}").value
        except ValueError:
            continue
    raise AssertionError(birth)


async def on_duty(house: House, birth: str = "19850101", **contract: Any) -> Worker:
    """A contract worker on duty since 2025-03-10."""
    worker = await house.hire(identity=IDENTITY | {"id_number": id_number(birth)})
    await house.signed(worker, **contract)
    await house.train(worker.person_id, "24.00", "2025-03-07")
    body = {"dossier_id": worker.dossier_id, "starts_on": "2025-03-10"}
    started = await house.tenant.post(house.township, f"{PATH}/duties", body)
    assert started.status_code == 201, started.text
    return worker


async def in_office(house: House, birth: str = "19850101") -> Worker:
    """A member elected on 2025-03-01, without contract."""
    worker = await house.hire(identity=IDENTITY | {"id_number": id_number(birth)}, category="committee_member")
    body = {"role": "member", "term_from": "2025-03-01", "term_before": "2030-03-01", "instrument": "选举结果报告"}
    elected = await house.tenant.post(house.township, f"{PATH}/dossiers/{worker.dossier_id}/elections", body)
    assert elected.status_code == 201, elected.text
    return worker


async def move(house: House, day: str) -> None:
    """Let the tenant live in the morning of that day."""
    await house.tenant.move_to(datetime.combine(datetime.fromisoformat(day).date(), NINE, UTC))


async def posts(house: House, worker: Worker) -> list[dict[str, Any]]:
    """The worker's posts."""
    found = await house.tenant.get(house.township, f"{PATH}/dossiers/{worker.dossier_id}/posts")
    return list(found.json()["items"])


async def state(house: House, worker: Worker) -> tuple[str, str | None]:
    """The dossier's state and since when the worker left."""
    seen = (await house.tenant.get(house.township, f"{PATH}/dossiers/{worker.dossier_id}")).json()
    return seen["state"], seen["left_on"]


async def resign(house: House, worker: Worker, **changes: Any) -> httpx.Response:
    """Resign, and let roster hear its own news of it."""
    body = {"notice": "本人因个人原因申请辞职"} | changes
    made = await house.tenant.post(worker.caller, f"{PATH}/own/resignations", body)
    if made.status_code == 201:
        given = made.json()
        told = ResignationGiven(
            resignation_id=given["id"],
            dossier_id=given["dossier_id"],
            person_id=given["person_id"],
            relation=given["relation"],
            given_on=given["given_on"],
            last_day=given["last_day"],
            community_unit_no=house.tenant.tree["community"].unit_no,
        )
        [*_, row] = await house.tenant.events("given")
        await house.deliver(told, row.aggregate_id, event_id=new_id())
    return made

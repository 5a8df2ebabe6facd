"""Approvals go on while the broker is away: a decision is answered, has its effect, and is told of once it is back."""

import asyncio

from deploy.cli.demo.client import wait_for
from deploy.cli.stack.testing import RunningStack
from tests.faults.conftest import Registrar

POPULATION = {"year": 2023, "population": 16_665, "source": "故障测试", "valid_from": "2024-10-14"}


async def test_a_decision_without_the_broker_stands_and_is_told_of_afterwards(
    fragile: RunningStack, registrar: Registrar
) -> None:
    handler = registrar.signed_in("hohhot.society.handler")
    approver = registrar.signed_in("hohhot.society.approver")
    try:
        wait_for(lambda: handler.get("/roster/populations").status_code == 200, "the tenant in roster")
        made = handler.post("/roster/populations", POPULATION)
        assert made.status_code == 201, made.text
        case = made.json()["case_id"]

        def waits() -> bool:
            items = approver.get("/worklist/items", limit="200").json()["items"]
            return case in {each["case_id"] for each in items}

        wait_for(waits, "the case on the approver's worklist")
        hold = fragile.folder.hold_file("nats")
        hold.touch()
        try:
            old = fragile.kill("nats")
            decided = approver.post(
                f"/roster/approvals/{case}/decisions", {"action": "approve", "step": "approval", "comment": "同意"}
            )
            assert decided.status_code == 200, decided.text
            shown = handler.get(f"/roster/populations/{made.json()['id']}").json()
            assert shown["state"] == "in_force"
            again = approver.post(f"/roster/approvals/{case}/decisions", {"action": "approve", "step": "approval"})
            assert again.status_code == 409, again.text
            # Nobody has heard of it yet, and nothing that was there is lost.
            wait_for(lambda: not fragile.folder.pid_file("nats").exists(), "the supervisor's notice of its end")
            assert waits()
        finally:
            hold.unlink()
        await asyncio.to_thread(fragile.wait_for_restart, "nats", old)
        wait_for(lambda: not waits(), "the decision on the worklist")
    finally:
        handler.close()
        approver.close()

"""The live worklist through the edge, on the whole platform: who hears what, and what ends it (T13).

Beside the tests of faults, since it ends the gateway: a stream must hold neither that back nor lose anything by it.
"""

import contextlib
import json
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from deploy.cli.demo.cast import Tenant
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.stack.testing import RunningStack
from deploy.cli.supervisor.applications import GRACE_SECONDS
from tests.tenants import add_tenant

STREAM = "/api/v1/worklist/stream"
SECONDS = 20.0
LEAGUE, NEIGHBOUR = "hohhot.society", "baotou.society.approver"
Told = tuple[str, str, dict[str, Any]]


class Listener:
    """An open stream of one official."""

    def __init__(self, answer: httpx.Response) -> None:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream")
        self._lines = answer.iter_lines()

    def event(self) -> Told:
        """The next event."""
        found = self.next()
        assert found is not None, "the stream has ended"
        return found

    def next(self) -> Told | None:
        """The next event; None where the stream came to its end."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if line.startswith(":"):
                continue
            if not line and "event" in fields:
                return fields["event"], fields["id"], json.loads(fields["data"])
            name, _, value = line.partition(": ")
            fields[name] = value
        return None


@contextlib.contextmanager
def listening(session: Session, last: str = "") -> Iterator[Listener]:
    """A stream as the user of that session."""
    session.renew()
    headers = {"Authorization": f"Bearer {session.tokens['access_token']}"} | ({"Last-Event-ID": last} if last else {})
    with (
        httpx.Client(base_url=session.base_url, timeout=SECONDS, trust_env=False) as http,
        http.stream("GET", STREAM, headers=headers) as answer,
    ):
        yield Listener(answer)


@pytest.fixture(scope="module")
def tenant(fragile: RunningStack) -> Iterator[Tenant]:
    made = Tenant(fragile.base_url, add_tenant(fragile, "live", datetime(2024, 9, 2, 1, tzinfo=UTC)))
    handler = made[f"{LEAGUE}.handler"]
    wait_for(lambda: handler.get("/roster/headcounts").status_code == 200, "the tenant in roster")
    wait_for(lambda: handler.get("/worklist/counts").status_code == 200, "the tenant in the worklist")
    yield made
    made.close()


def put_forward(tenant: Tenant, year: int) -> str:
    """A population is registered, and waits for the league's approver; its case."""
    handler = tenant[f"{LEAGUE}.handler"]
    units = {unit["code"]: unit["id"] for unit in handler.get("/directory/units", limit="200").json()["items"]}
    parts = [{"unit_id": units["150102"], "population": 20_000}]
    body = {"year": year, "population": 20_000, "source": "演示数据", "valid_from": "2024-09-02", "parts": parts}
    made = handler.post("/roster/populations", body)
    assert made.status_code == 201, made.text
    return str(made.json()["case_id"])


def decide(tenant: Tenant, case: str) -> None:
    decision = {"action": "approve", "step": "approval", "comment": "同意"}
    answer = tenant[f"{LEAGUE}.approver"].post(f"/roster/approvals/{case}/decisions", decision)
    assert answer.status_code == 200, answer.text


def test_an_office_hears_within_a_second_and_its_neighbour_nothing(tenant: Tenant) -> None:
    with listening(tenant[f"{LEAGUE}.approver"]) as own, listening(tenant[NEIGHBOUR]) as other:
        for each in (own, other):
            name, neighbours_position, _ = each.event()
            assert name == "counts"
        case = put_forward(tenant, 2023)
        opened = own.event()
        assert (opened[0], opened[2]["item"]["case_id"], opened[2]["gone"]) == ("changed", case, False)
        began = time.monotonic()
        decide(tenant, case)
        gone = own.event()
        assert gone[2] == {"item": None, "item_id": opened[2]["item_id"], "gone": True}
        # The decision itself is in this time, and this machine is shared.
        assert time.monotonic() - began < 5
    # A neighbour's position is none of theirs, and what it stood for has no news for the neighbour.
    with listening(tenant[f"{LEAGUE}.approver"], neighbours_position) as own:
        reset = own.event()
        assert (reset[0], reset[2]) == ("reset", {})


def test_a_stream_holds_back_no_end_of_the_gateway_and_loses_nothing_by_it(
    fragile: RunningStack, tenant: Tenant
) -> None:
    approver = tenant[f"{LEAGUE}.approver"]
    with listening(approver) as stream:
        begun = stream.event()
        began = time.monotonic()
        old = fragile.kill("gateway", signal.SIGTERM)
        assert stream.next() is None
        assert time.monotonic() - began < GRACE_SECONDS
        fragile.wait_for_restart("gateway", old)
    wait_for(lambda: approver.get("/worklist/counts").status_code == 200, "the gateway")
    case = put_forward(tenant, 2022)

    def waits() -> bool:
        items = approver.get("/worklist/items").json()["items"]
        return any(item["case_id"] == case for item in items)

    wait_for(waits, "the item")
    with listening(approver, begun[1]) as stream:
        missed = stream.event()
        assert (missed[0], missed[2]["item"]["case_id"]) == ("changed", case)


def test_who_signs_out_hears_no_more(tenant: Tenant) -> None:
    leaving = tenant["hohhot.organization.handler"]
    with listening(leaving) as stream:
        assert stream.event()[0] == "counts"
        leaving.revoke()
        assert stream.next() is None

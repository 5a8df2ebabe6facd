"""A webhook whose sender dies right after sending arrives again, under its one id, and is then known as delivered."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from deploy.cli.demo.cast import Tenant
from deploy.cli.demo.client import wait_for
from deploy.cli.stack.testing import RunningStack
from deploy.cli.stack.waiting import wait_until
from gateway.webhooks.actions import LEASE
from tests.faults.test_live_worklist import LEAGUE, put_forward
from tests.integration.gateway.webhooks.receiver import verified
from tests.tenants import add_tenant

PATH = "/webhooks/endpoints"
Came = list[tuple[dict[str, str], bytes]]


@pytest.fixture
def receiver() -> Iterator[tuple[str, Came]]:
    """Where an app listens, and what came."""
    came: Came = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hooks", came
        server.shutdown()


def test_a_delivery_survives_its_sender(fragile: RunningStack, receiver: tuple[str, Came]) -> None:
    url, came = receiver
    tenant = Tenant(fragile.base_url, add_tenant(fragile, "hooks", datetime(2024, 9, 2, 1, tzinfo=UTC)))
    system = tenant["admin.system"]
    wait_for(lambda: system.get(PATH).status_code == 200, "the tenant")
    wait_for(lambda: tenant[f"{LEAGUE}.handler"].get("/roster/headcounts").status_code == 200, "the tenant in roster")
    made = system.post(PATH, {"client_id": tenant.client_id, "url": url, "events": ["worklist.item.opened"]})
    assert made.status_code == 201, made.text
    endpoint = made.json()
    old = fragile.pid("gateway")
    (fragile.folder.run / "gateway.crash_at").write_text("webhook.after_send")
    put_forward(tenant, 2023)
    fragile.wait_for_restart("gateway", old)
    assert len(came) == 1

    def delivered() -> bool:
        page = system.get(f"{PATH}/{endpoint['id']}/deliveries")
        return page.status_code == 200 and [each["state"] for each in page.json()["items"]] == ["delivered"]

    assert wait_until(delivered, seconds=LEASE.total_seconds() + 30)
    first, again = came
    assert first[0]["webhook-id"] == again[0]["webhook-id"]
    assert first[1] == again[1]
    assert verified(endpoint["secret"], *first)
    assert verified(endpoint["secret"], *again)
    tenant.close()

"""One process of a service and one edge, beside two of each: reads and creates through the edge, as applications ask.

Two stacks run side by side and are loaded in turns. Database, broker, gateway and the load itself want the same
processors, so on two cores this tells what a second process costs where there is none left for it, and little of what
it brings where there is.
"""

import contextlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from bench.edge.servers import absent
from bench.platform import Run
from bench.platform.hot import TITLE
from bench.platform.pressure import CLIENTS, wrk
from bench.platform.settling import settle
from bench.table import Outcome, Spread
from deploy.cli.configuration import running_configuration
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.demo.tales import NEIGHBOUR
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.testing import RunningStack
from deploy.cli.tenant import Wanted, add_tenant

TENANTS = 3
"""Each with an application: how much one may ask for in a second is limited, and reads of a second pass that."""
HANDLER, COUNTY = "xincheng.organization.handler", "150102"
SESSIONS = "/api/v1/training/sessions"
TWO = ("--workers", "training=2", "--workers", "edge=2")
_COLUMNS = ("a second, one", "a second, two of each", "two to one")


@dataclass(frozen=True, slots=True)
class Member:
    """A tenant of a stack with somebody signed in."""

    stack: RunningStack
    tenant: UUID
    bearer: str
    unit: str
    classes: list[str]

    def database_url(self, process: str) -> str:
        """A superuser's, for looking on."""
        url = str(json.loads(self.stack.folder.urls.read_text())["database"])
        return f"{url.rpartition('/')[0]}/shegong_{process}"


def run(asked: Run) -> Outcome:
    """Measure both, turn about."""
    if missing := absent():
        return Outcome("workers", missing=missing)
    one, two = list[tuple[float, float]](), list[tuple[float, float]]()
    with contextlib.ExitStack() as opened:
        room = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="bench-workers-")))
        tenants = TENANTS if asked.seconds >= 1 else 1
        sides = [
            (one, opened.enter_context(_side(tenants))),
            (two, opened.enter_context(_side(tenants, *TWO))),
        ]
        for number in range(-1, asked.rounds):
            for found, members in sides if number % 2 else sides[::-1]:
                measured = _read(room, members, asked.seconds), _create(room, members, asked.seconds)
                if number >= 0:  # the round before the first warms up
                    found.append(measured)
    outcome = Outcome("workers", _COLUMNS, facts={"clients": CLIENTS})
    for place, what in enumerate(("read by id, through the edge", "create with outbox, through the edge")):
        ratio = Spread.of([after[place] / before[place] for before, after in zip(one, two, strict=True)])
        spreads = [Spread.of([each[place] for each in found]) for found in (one, two)]
        outcome.rows.append((what, [*spreads, ratio]))
    return outcome


def _read(room: Path, members: list[Member], seconds: float) -> float:
    asked = [(f"{SESSIONS}/{made}", each.bearer) for each in members for made in each.classes]
    return wrk(room, members[0].stack.base_url, asked, seconds, by="Authorization")


def _create(room: Path, members: list[Member], seconds: float) -> float:
    maker, key = members[0], uuid4().hex
    asked, body = [(SESSIONS, maker.bearer)], _class(maker.unit)
    rate = wrk(room, maker.stack.base_url, asked, seconds, body=body, key=key, by="Authorization")
    settle(maker, "training")  # so that the news of these rows are not worked off in the next measurement
    return rate


def _class(unit: str) -> dict[str, str]:
    held = {"starts_at": "2025-05-12T01:00:00Z", "ends_at": "2025-05-12T09:00:00Z", "class_hours": "4"}
    return {"title": TITLE, "form": "off_job", "organiser_unit_id": unit, **held}


@contextlib.contextmanager
def _side(tenants: int, *options: str) -> Iterator[list[Member]]:
    with tempfile.TemporaryDirectory(prefix="bench-workers-stack-") as room:
        stack = RunningStack(Path(room))
        try:
            stack.start("--no-demonstrations", *options)
            yield [_member(stack) for _ in range(tenants)]
        finally:
            stack.stop()


def _member(stack: RunningStack) -> Member:
    begins, slug = datetime(2024, 10, 14, 1, tzinfo=UTC), f"bench-{uuid4().hex[:8]}"
    made = add_tenant(
        running_configuration(DataFolder(stack.data_dir), "gateway"),
        Wanted(NEIGHBOUR, slug, begins, NEIGHBOUR.parent),
    )
    [password] = [each["password"] for each in made["sign_ins"] if each["user_name"] == HANDLER]
    session = Session(stack.base_url, made["clients"]["demo"]["client_id"]).sign_in(HANDLER, password)
    try:
        wait_for(lambda: session.get("/training/sessions").status_code == 200, "the tenant in training")
        units = session.get("/directory/units", limit="200").json()["items"]
        unit = next(str(each["id"]) for each in units if each["code"] == COUNTY)
        classes = [str(session.post("/training/sessions", _class(unit)).json()["id"]) for _ in range(20)]
    finally:
        session.close()
    return Member(stack, UUID(made["tenant_id"]), f"Bearer {session.tokens['access_token']}", unit, classes)

"""Case 15: five hundred slow requests of one tenant, and another that notices nothing."""

import asyncio
import contextlib
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
import httpx
import pytest

from deploy.cli.configuration import running_configuration
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.stack.testing import RunningStack
from tests.faults.conftest import Registrar
from tests.tenants import add_tenant

SLOW_SECONDS = 2
REQUESTS = 500
READS = 200
PAUSE_SECONDS = 1.0
NOISE_SECONDS = 0.1
"""What a machine that runs tests may add to one of two hundred reads; without fairness a read waits five seconds."""
SESSIONS = "/api/v1/training/sessions"


@pytest.fixture
def neighbour(fragile: RunningStack) -> Iterator[Session]:
    """Somebody who reads classes in a tenant of their own."""
    made = add_tenant(fragile, "calm", datetime(2024, 10, 14, 1, tzinfo=UTC))
    passwords = {each["user_name"]: each["password"] for each in made["sign_ins"]}
    name = "xincheng.organization.handler"
    session = Session(fragile.base_url, made["clients"]["demo"]["client_id"]).sign_in(name, passwords[name])
    wait_for(lambda: session.get("/training/sessions").status_code == 200, "the tenant in training")
    try:
        yield session
    finally:
        session.close()


@asynccontextmanager
async def slow_for(stack: RunningStack, unit_id: str) -> AsyncIterator[None]:
    """Every class registered for that unit takes seconds, in the database."""
    dsn = running_configuration(stack.folder, "training").migrator_dsn.get_secret_value()
    connection = await asyncpg.connect(dsn)
    await connection.execute("set role shegong_training_owner")
    await connection.execute(
        "create function slowly() returns trigger language plpgsql set search_path = '' as"
        f" $$ begin if new.organiser_unit_id = '{unit_id}' then perform pg_catalog.pg_sleep({SLOW_SECONDS}); end if;"
        " return new; end $$"
    )
    await connection.execute(
        "create trigger slowly before insert on training_session for each row execute function slowly()"
    )
    try:
        yield
    finally:
        await connection.execute("drop trigger slowly on training_session")
        await connection.execute("drop function slowly()")
        await connection.close()


async def reads(http: httpx.AsyncClient) -> float:
    """The 99th percentile of reads one after another, in seconds; each is answered."""
    taken = []
    for _ in range(READS):
        began = time.monotonic()
        answer = await http.get(SESSIONS)
        taken.append(time.monotonic() - began)
        assert answer.status_code == 200, answer.text
    return statistics.quantiles(taken, n=100)[-1]


async def test_one_tenants_slow_requests_do_not_reach_another(
    fragile: RunningStack, registrar: Registrar, neighbour: Session
) -> None:
    limits = httpx.Limits(max_connections=REQUESTS, max_keepalive_connections=REQUESTS)
    token = f"Bearer {neighbour.tokens['access_token']}"
    async with (
        httpx.AsyncClient(base_url=fragile.base_url, headers={"authorization": token}, trust_env=False) as calm,
        httpx.AsyncClient(base_url=fragile.base_url, limits=limits, timeout=60, trust_env=False) as crowd,
        slow_for(fragile, registrar.unit_id),
    ):
        await reads(calm)
        normal = await reads(calm)
        enough, answers = asyncio.Event(), Counter[int]()
        busy = [asyncio.create_task(insist(crowd, registrar, n, answers, enough)) for n in range(REQUESTS)]
        under = await reads(calm)
        enough.set()
        await asyncio.gather(*busy)
    assert under < 2 * normal + NOISE_SECONDS
    assert answers.keys() <= {201, 429, 503}
    assert answers[201] >= 1
    assert answers[429] + answers[503] >= REQUESTS // 2
    # Nothing stuck: the tenant itself is served again at once.
    async with httpx.AsyncClient(base_url=fragile.base_url, timeout=10, trust_env=False) as again:
        assert await register(again, registrar, -1) == 201


async def insist(
    http: httpx.AsyncClient, registrar: Registrar, number: int, answers: Counter[int], enough: asyncio.Event
) -> None:
    """Ask for a class of one's own, and when refused ask again, until it is enough."""
    while not enough.is_set():
        status = await register(http, registrar, number)
        answers[status] += 1
        if status == 201:
            number += REQUESTS
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(enough.wait(), PAUSE_SECONDS)


async def register(http: httpx.AsyncClient, registrar: Registrar, number: int) -> int:
    body = {
        "title": f"slow {number}",
        "form": "off_job",
        "starts_at": "2024-10-09T01:00:00+00:00",
        "ends_at": "2024-10-11T10:00:00+00:00",
        "class_hours": "8",
        "organiser_unit_id": registrar.unit_id,
    }
    headers = {"authorization": f"Bearer {registrar.token}", "idempotency-key": f"slow-{number}"}
    return (await http.post(SESSIONS, json=body, headers=headers)).status_code

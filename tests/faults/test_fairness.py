"""Case 15: five hundred slow requests of one tenant, and another that notices nothing."""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from deploy.cli.configuration import running_configuration
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.stack.testing import RunningStack
from tests.faults.conftest import Registrar
from tests.tenants import add_tenant

SLOW_SECONDS = 2
CLIENTS = 500
READS = 200
NOISE_SECONDS = 0.1
"""What a machine that runs tests may add to one of two hundred reads; without fairness a read waits five seconds."""
HANGING = (
    "select count(*) from pg_locks where relation = 'training_session'::regclass"
    " and mode = 'RowExclusiveLock' and granted"
)
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
    token = f"Bearer {neighbour.tokens['access_token']}"
    address = urlsplit(fragile.base_url)
    async with (
        httpx.AsyncClient(base_url=fragile.base_url, headers={"authorization": token}, trust_env=False) as calm,
        slow_for(fragile, registrar.unit_id),
    ):
        await reads(calm)
        normal = await reads(calm)
        crowd = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.crowd", str(address.hostname), str(address.port), str(CLIENTS)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert crowd.stdin is not None
        crowd.stdin.write(
            json.dumps({"token": registrar.token, "body": json.dumps(a_class(registrar))}).encode() + b"\n"
        )
        await busy_with_it(fragile)
        under = await reads(calm)
        crowd.stdin.close()
        told, _ = await crowd.communicate()
        answers = {int(status): times for status, times in json.loads(told).items()}
    assert under < 2 * normal + NOISE_SECONDS
    assert answers.keys() <= {201, 429, 503}
    assert answers[201] >= 1
    assert answers.get(429, 0) + answers.get(503, 0) >= CLIENTS // 2
    # Nothing stuck: the tenant itself is served again at once.
    headers = {"authorization": f"Bearer {registrar.token}", "idempotency-key": "after the crowd"}
    async with httpx.AsyncClient(base_url=fragile.base_url, timeout=10, trust_env=False) as again:
        assert (await again.post(SESSIONS, json=a_class(registrar), headers=headers)).status_code == 201


async def busy_with_it(stack: RunningStack) -> None:
    """Wait until the tenant holds all connections that it may."""
    dsn = running_configuration(stack.folder, "training").migrator_dsn.get_secret_value()
    connection = await asyncpg.connect(dsn)
    await connection.execute("set role shegong_training_owner")
    try:
        end = time.monotonic() + 30
        while await connection.fetchval(HANGING) < 5:
            assert time.monotonic() < end, "the crowd does not hang"
            await connection.fetchval("select pg_sleep(0.05)")
    finally:
        await connection.close()


def a_class(registrar: Registrar) -> dict[str, str]:
    return {
        "title": "slow",
        "form": "off_job",
        "starts_at": "2024-10-09T01:00:00+00:00",
        "ends_at": "2024-10-11T10:00:00+00:00",
        "class_hours": "8",
        "organiser_unit_id": registrar.unit_id,
    }

"""Database, broker and services end under load: what was answered stands, what was not is refused properly."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Callable

import asyncpg
import pytest

from deploy.cli.configuration import running_configuration
from deploy.cli.stack.testing import RunningStack
from tests.faults.conftest import Registrar
from tests.faults.ledger import DRAIN_SECONDS, Ledger, assert_drained, everything, until

HEAL_SECONDS = 10
"""Within which writes are made again after the database is back (case 5)."""
EXIT_SECONDS = 15
"""Within which a process ends that was asked to (case 12)."""


async def test_a_killed_database_loses_no_answered_write(fragile: RunningStack, registrar: Registrar) -> None:
    """Case 5."""
    async with load(fragile, registrar) as ledger:
        await ledger.more(40, 20)
        await killed_database(fragile, ledger)
    ledger.assert_refused_properly()
    assert ledger.refusals
    await ledger.assert_every_write_is_there_once(fragile.base_url, registrar.token)


async def test_the_database_syncs_every_commit(fragile: RunningStack) -> None:
    """SIGKILL leaves the page cache, so the settings that a power cut tests are asserted beside it."""
    dsn = running_configuration(fragile.folder, "training").app_dsn.get_secret_value()
    connection = await asyncpg.connect(dsn)
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert await connection.fetchval(f"show {setting}") == "on", setting
    finally:
        await connection.close()


async def test_the_api_stays_up_without_the_broker_and_the_backlog_drains(
    fragile: RunningStack, registrar: Registrar
) -> None:
    """Case 2, short form: every write of the outage is audited once after the broker is back."""
    async with load(fragile, registrar) as ledger:
        await ledger.more(20, 20)
        hold = fragile.folder.hold_file("nats")
        hold.touch()
        try:
            old = fragile.kill("nats")
            await ledger.more(60, 20)
            assert not fragile.folder.pid_file("nats").exists()
        finally:
            hold.unlink()
        await asyncio.to_thread(fragile.wait_for_restart, "nats", old)
        await ledger.more(20, 20)
    assert not ledger.refusals
    ledger.assert_refused_properly()
    await assert_drained(fragile, ("training",))
    await ledger.assert_every_write_is_there_once(fragile.base_url, registrar.token)
    await assert_each_is_audited_once(fragile, registrar, ledger)


@pytest.mark.parametrize("part", ["training", "gateway", "edge"])
async def test_a_process_that_is_asked_to_end_under_load_loses_nothing(
    fragile: RunningStack, registrar: Registrar, part: str
) -> None:
    """Case 12: at most a connection has to be made again."""
    async with load(fragile, registrar) as ledger:
        await ledger.more(20, 20)
        began = time.monotonic()
        old = fragile.kill(part, signal.SIGTERM)
        await asyncio.to_thread(fragile.wait_for_restart, part, old, EXIT_SECONDS)
        assert time.monotonic() - began < EXIT_SECONDS
        await ledger.more(40, 20)
    assert not ledger.strange
    assert not ledger.refusals
    assert part == "edge" or not ledger.broken
    await ledger.assert_every_write_is_there_once(fragile.base_url, registrar.token)


@pytest.mark.soak
async def test_databases_killed_again_and_again_lose_nothing(
    fragile: RunningStack, registrar: Registrar, soak_seconds: float
) -> None:
    """Case 5, long form."""
    end = time.monotonic() + soak_seconds
    async with load(fragile, registrar) as ledger:
        while time.monotonic() < end:
            await ledger.more(40, 20)
            await killed_database(fragile, ledger)
    ledger.assert_refused_properly()
    await ledger.assert_every_write_is_there_once(fragile.base_url, registrar.token)


@pytest.mark.soak
async def test_brokers_killed_again_and_again_lose_nothing(
    fragile: RunningStack, registrar: Registrar, soak_seconds: float
) -> None:
    """Case 2, long form: pull requests parked at the moment of the kill are many, and none goes silent."""
    end = time.monotonic() + soak_seconds
    while time.monotonic() < end:
        async with load(fragile, registrar) as ledger:
            await ledger.more(20, 20)
            old = fragile.kill("nats")
            await asyncio.to_thread(fragile.wait_for_restart, "nats", old)
            await ledger.more(20, 20)
        ledger.assert_refused_properly()
        await assert_drained(fragile, ("training",))
        await assert_each_is_audited_once(fragile, registrar, ledger)


def load(stack: RunningStack, registrar: Registrar) -> Ledger:
    if registrar.organizer.refresh().status_code != 200:
        raise AssertionError("the organizer's token was not renewed")
    return Ledger(stack.base_url, registrar.token, registrar.unit_id)


async def killed_database(stack: RunningStack, ledger: Ledger) -> None:
    """SIGKILL of the postmaster in the midst of writes, and writes again after it is back."""
    old = stack.kill("postgres")
    await asyncio.to_thread(stack.wait_for_restart, "postgres", old)
    await until(stack_serves(stack), "the database", 30)
    await ledger.more(40, HEAL_SECONDS)


def stack_serves(stack: RunningStack) -> Callable[[], bool]:
    status = stack.folder.postgres / "data" / "postmaster.pid"

    def serves() -> bool:
        lines = status.read_text().splitlines() if status.exists() else []
        return len(lines) >= 8 and lines[7].strip() == "ready"

    return serves


async def assert_each_is_audited_once(stack: RunningStack, registrar: Registrar, ledger: Ledger) -> None:
    """The audit is a consumer of every service: each write must have reached it, once, in an unbroken chain."""
    wanted = set(ledger.made.values())
    end = time.monotonic() + DRAIN_SECONDS
    while True:
        registrar.auditor.refresh()
        token = registrar.auditor.tokens["access_token"]
        entries = await everything(stack.base_url, token, "/api/v1/audit/entries", action="training.session.write")
        seen = Counter(entry["entry"]["subject_id"] for entry in entries)
        if wanted <= seen.keys():
            break
        assert time.monotonic() < end, f"{len(wanted - seen.keys())} writes are not audited"
        await asyncio.sleep(0.2)
    assert max(seen.values()) == 1
    verdict = await asyncio.to_thread(registrar.auditor.get, "/audit/verification")
    assert verdict.json()["whole"], verdict.text

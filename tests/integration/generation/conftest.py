"""Two tenants of the same size and seed, filled as the command fills them; their units are known, nothing else is."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg
import pytest

from deploy.cli.generation.founding import REGULATIONS
from deploy.cli.generation.ground import Ground, read
from deploy.cli.generation.run import Configs, Wanted, fill
from deploy.cli.generation.workers import Setting
from deploy.cli.stack.testing import TestStack
from kernel.config import SERVICES
from kernel.db.policy import roles
from kernel.http.listed import Listing
from kernel.ids import new_id
from kernel.testing.tree import FIVE_LEVELS, TestUnit, numbered
from tests.conftest import open_folder

LAST_YEAR = 2025
WORKERS = 120
_KNOWN = (
    "insert into k_org_unit (tenant_id, id, unit_no, last_no, level, code, title, parent_id, valid_from)"
    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
)


@dataclass(frozen=True)
class Filled:
    """What was filled, and how far the command said it had come."""

    configs: Configs
    ground: Ground
    first: UUID
    second: UUID
    stored: Counter[str]
    told: Sequence[tuple[int, int]]


async def know(configs: Configs, tenant: UUID, units: Sequence[TestUnit]) -> None:
    """Let every service know the units of a tenant, as it would from directory's events."""
    rows = [
        (
            tenant,
            unit.id,
            unit.unit_no,
            unit.last_no,
            unit.level,
            unit.code,
            unit.title,
            unit.parent_id,
            date(2000, 1, 1),
        )
        for unit in units
    ]
    for service in SERVICES:
        connection = await asyncpg.connect(configs[service].migrator_dsn.get_secret_value())
        try:
            await connection.execute(f"set role {roles(service)[0]}")
            await connection.executemany(_KNOWN, rows)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def infrastructure() -> Iterator[TestStack]:
    """Servers of their own: how a list is read is the planner's choice, and hangs on what else is in the tables."""
    with open_folder("generation") as folder:
        stack = TestStack(folder).start()
        try:
            yield stack
        finally:
            stack.stop()


@pytest.fixture(scope="session")
def filled(infrastructure: TestStack) -> Filled:
    configs: Configs = {service: infrastructure.config(service) for service in SERVICES}
    ground = read(REGULATIONS / "neimenggu", date(LAST_YEAR, 12, 31))
    tenants = [new_id(), new_id()]
    for tenant in tenants:
        asyncio.run(know(configs, tenant, list(numbered(FIVE_LEVELS).values())))
    told: list[tuple[int, int]] = []
    wanted = [Wanted(Setting(str(tenant), "7|1", LAST_YEAR, ground), WORKERS) for tenant in tenants]
    stored = fill(configs, wanted, lambda done, total, _: told.append((done, total)), processes=1)
    return Filled(configs, ground, *tenants, stored, told)


@pytest.fixture
def many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every scope counts as one of many rows; few are sorted instead, as `test_lists_of_many` proves."""

    async def few(*_: object) -> bool:
        return False

    monkeypatch.setattr(Listing, "_has_few", few)

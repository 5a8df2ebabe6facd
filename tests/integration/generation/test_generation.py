"""Generated workers are whole, the same in every service, secret where they must be, and repeatable (X2, P6)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from deploy.cli.generation.filling import COLUMNS, enter, visible
from deploy.cli.generation.run import Wanted, fill
from deploy.cli.generation.workers import Setting
from kernel.clock import utcnow
from kernel.context import Context, TenantId
from kernel.db.transaction import Database
from kernel.http.paging import Paging
from kernel.ids import new_id
from kernel.privacy import id_number, kms
from kernel.privacy.fields import reveal
from services.assessment.method import Method
from services.roster.dossier import queries as dossiers
from tests.integration.generation.conftest import LAST_YEAR, WORKERS, Filled


@asynccontextmanager
async def reading(filled: Filled, service: str, tenant: UUID) -> AsyncIterator[asyncpg.Connection]:
    """The service's own role under the tenant's walls."""
    connection = await asyncpg.connect(filled.configs[service].app_dsn.get_secret_value())  # type: ignore[index]
    try:
        async with connection.transaction():
            await enter(connection, tenant)
            yield connection
    finally:
        await connection.close()


async def rows(filled: Filled, service: str, sql: str, tenant: UUID | None = None) -> list[tuple[Any, ...]]:
    async with reading(filled, service, tenant or filled.first) as connection:
        return [tuple(row) for row in await connection.fetch(sql)]


async def test_every_table_is_filled_and_progress_is_told(filled: Filled) -> None:
    assert set(filled.stored) == {f"{service}.{table}" for service, tables in COLUMNS.items() for table in tables}
    assert filled.stored["roster.roster_dossier"] == 2 * WORKERS
    assert filled.told[-1] == (2 * WORKERS, 2 * WORKERS)
    assert all(before[0] < after[0] for before, after in pairwise(filled.told))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ("roster", "select person_id, role, lower(period), upper(period) from roster_post order by 1"),
            ("training", "select person_id, role, valid_from, valid_before from training_post order by 1"),
        ),
        (
            ("roster", "select person_id, role, lower(period), upper(period) from roster_post order by 1"),
            ("assessment", "select person_id, role, valid_from, valid_before from assessment_post order by 1"),
        ),
        (
            ("roster", "select person_id, year, grade, failing, outstanding from roster_result order by 1, 2"),
            (
                "assessment",
                "select person_id, year, grade, failing, outstanding from assessment_result where state = 'sealed'"
                " order by 1, 2",
            ),
        ),
        (
            (
                "roster",
                "select id, person_id, kind, cycle, required_hours, credited_hours, met_on from roster_training_need"
                " order by 1",
            ),
            (
                "training",
                "select id, person_id, kind, cycle, required_hours, credited_hours, met_on from training_need"
                " order by 1",
            ),
        ),
        (
            (
                "roster",
                "select application_id, person_id, id_number_index from roster_dossier"
                " where application_id is not null order by 1",
            ),
            (
                "recruitment",
                "select id, person_id, id_number_index from recruitment_application where state = 'hired' order by 1",
            ),
        ),
        (
            ("roster", "select id, person_id, probation_before - 1 from roster_contract where probation_months > 0"
                       " order by 1"),
            ("assessment", "select id, person_id, last_day from assessment_probation order by 1"),
        ),
    ],
    ids=["posts in training", "posts in assessment", "grades", "needs", "hires", "probations"],
)  # fmt: skip
async def test_two_services_tell_the_same(filled: Filled, one: tuple[str, str], other: tuple[str, str]) -> None:
    told = await rows(filled, *one)
    assert told
    assert told == await rows(filled, *other)


async def test_hours_credited_are_the_sum_of_the_ledger(filled: Filled) -> None:
    told = await rows(
        filled,
        "training",
        "select n.person_id, sum(n.credited_hours) = (select coalesce(sum(h.hours), 0) from training_hours h"
        " where h.person_id = n.person_id) from training_need n group by 1",
    )
    assert len(told) == WORKERS
    assert all(equal for _, equal in told)


async def test_posts_asked_for_were_filled_by_those_hired(filled: Filled) -> None:
    told = await rows(
        filled,
        "recruitment",
        "select i.filled, (select count(*) from recruitment_hire h where h.item_id = i.id and h.state = 'approved')"
        " from recruitment_notice_item i",
    )
    assert told
    assert all(filled_ == hired > 0 for filled_, hired in told)


async def test_taken_posts_are_counted_at_every_level(filled: Filled) -> None:
    told = dict(await rows(filled, "roster", "select level, sum(occupied)::int from roster_headcount group by 1"))
    [(working,)] = await rows(filled, "roster", "select count(*) from roster_dossier where left_on is null")
    assert told == dict.fromkeys(("region", "league", "county", "township", "community"), working)
    assert working < WORKERS, "some have left"


async def test_identities_are_secret_valid_and_open_for_the_services(filled: Filled) -> None:
    config = filled.configs["roster"]
    kms.install(kms.FileKms(Path(config.kms_file)))
    database = Database.open(config)
    try:
        async with database.transaction(Context.system(TenantId(filled.first), utcnow())) as tx:
            items, _ = await dossiers.walk(tx, Paging(50, None, b"key", b""))
            assert len(items) == 50
            seen = set()
            for item in items:
                row = await dossiers.get(tx, item.id)
                number = await reveal(
                    tx, row.person_id, column="roster_dossier.id_number", row_id=row.id, stored=row.id_number
                )
                assert id_number.parse(number).region.startswith("99")
                assert number.encode() not in row.id_number
                seen.add(number)
            assert len(seen) == len(items)
    finally:
        await database.close()


async def test_the_seed_alone_decides_who_they_are(filled: Filled) -> None:
    people = "select full_name, post_title, enrolled_on, on_duty_from, left_on from roster_dossier order by id"
    grades = "select dossier_id, year, grade, composite from assessment_result order by 1, 2"
    for service, sql in (("roster", people), ("assessment", grades)):
        assert await rows(filled, service, sql) == await rows(filled, service, sql, filled.second)
    numbers = "select id_number_index, id_number from roster_dossier order by id"
    assert not set(await rows(filled, "roster", numbers)) & set(await rows(filled, "roster", numbers, filled.second))


async def test_another_tenant_sees_nobody(filled: Filled) -> None:
    for service, tables in COLUMNS.items():
        for table in tables:
            assert await rows(filled, service, f"select * from {table} limit 1", new_id()) == []  # noqa: S608 - ours


async def test_the_services_read_the_method(filled: Filled) -> None:
    for (method,) in await rows(filled, "assessment", "select method::text from assessment_cycle"):
        assert Method.model_validate_json(method).grade("competent") is not None


def test_the_tables_own_checks_judge_every_row(filled: Filled) -> None:
    """The same people once more are refused, and nothing is left of them."""
    again = Wanted(Setting(str(filled.first), "7|1", LAST_YEAR, filled.ground), WORKERS)
    with pytest.raises(asyncpg.UniqueViolationError):
        fill(filled.configs, [again], lambda *_: None, processes=1)
    seen = asyncio.run(visible(filled.configs, filled.first))
    assert {table: 2 * count for table, count in seen.items()} == filled.stored

"""What a tenant holds in all five databases, row by row: to see that whoever was refused changed nothing."""

import asyncio
import hashlib
import json
import time
from collections import Counter
from collections.abc import Mapping

import asyncpg

from deploy.cli.stack.testing import RunningStack
from kernel.config import DATABASES

AUDIT = ("audit_", "k_outbox", "k_audit_number", "k_inbox")
"""What a refusal may write: the audit, and its way there."""
TABLES = """
select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
"""
SETTLE_SECONDS = 30.0
Holding = dict[str, Counter[str]]
"""Hashes of rows by database and table."""


def holding(stack: RunningStack, tenant_id: str) -> Holding:
    """The tenant's rows once news has settled: twice the same."""
    before, deadline = _read(stack, tenant_id), time.monotonic() + SETTLE_SECONDS
    while True:
        after = _read(stack, tenant_id)
        if after == before:
            return after
        assert time.monotonic() < deadline, f"{tenant_id} does not come to rest: {differences(before, after)}"
        before = after


def differences(before: Holding, after: Holding) -> list[str]:
    """Tables in which rows are gone, changed or new."""
    return [
        f"{table}: {(before[table] - after[table]).total()} rows gone, {(after[table] - before[table]).total()} new"
        for table in sorted(before)
        if before[table] != after[table]
    ]


def losses(before: Holding, after: Holding, aside: str) -> list[str]:
    """Tables in which a row that stood there is gone or changed, but for those of that room."""
    return [
        f"{table}: {count} rows gone"
        for table in sorted(before)
        if aside not in table and (count := (before[table] - after[table]).total())
    ]


def _read(stack: RunningStack, tenant_id: str) -> Holding:
    urls: Mapping[str, str] = json.loads(stack.folder.urls.read_text())
    return asyncio.run(_all(urls["database"], tenant_id))


async def _all(server: str, tenant_id: str) -> Holding:
    held: Holding = {}
    for process in DATABASES:
        # The server's superuser: row-level security does not hold it, so it sees what is there.
        connection = await asyncpg.connect(f"{server.rpartition('/')[0]}/shegong_{process}")
        try:
            for (table,) in await connection.fetch(TABLES):
                if not table.startswith(AUDIT):
                    rows = await connection.fetch(
                        f"select t::text as row from {table} t where tenant_id = $1::text::uuid",  # noqa: S608 - catalogue
                        tenant_id,
                    )
                    held[f"{process}.{table}"] = Counter(hashlib.md5(row["row"].encode()).hexdigest() for row in rows)  # noqa: S324 - compared, not protected
        finally:
            await connection.close()
    return held

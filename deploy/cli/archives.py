"""Archives of what was told: ending their old months, publishing of them again, and how large they are."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
from sqlalchemy import text

from deploy.cli.failures import Refusal
from deploy.cli.read_models import MODELS
from kernel.clock import local_date, utcnow
from kernel.config import Process, ProcessConfig
from kernel.db.owner import owner
from kernel.db.transaction import Database
from kernel.events import replay as replaying
from kernel.events import trimming
from kernel.events.models import told_for_models
from kernel.events.nats import Nats, stream_of
from kernel.privacy import kms

_UNHEARD = text(
    "select count(*) from unnest(cast(:tenants as uuid[]), cast(:numbers as bigint[])) as told (tenant_id, number)"
    " left join k_inbox i on i.tenant_id = told.tenant_id and i.source = :source and i.aggregate_type = 'audit'"
    " and i.aggregate_id = told.tenant_id where coalesce(i.last_version, 0) < told.number"
)

_SIZES = text(
    "select (select count(*) from k_outbox) as waiting,"
    " (select sum(pg_total_relation_size(inhrelid))::bigint from pg_inherits"
    " where inhparent = 'k_outbox_archive'::regclass) as archive"
)
MANY = 10_000
"""Events not published yet: so many are hours of a service, or its relay does not work."""


async def looked_at(config: ProcessConfig) -> tuple[bool, str]:
    """Whether what a process tells goes out, and how much is kept of it, in words."""
    database = Database.open(config)
    try:
        async with database.relay.connect() as connection:
            row = (await connection.execute(_SIZES)).one()
    finally:
        await database.close()
    async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
        told = (await client.get(f"{config.nats_monitor_url}/jsz?streams=true")).json()
    streams = {each["name"]: each["state"] for account in told["account_details"] for each in account["stream_detail"]}
    state = streams.get(stream_of(config.process), {"messages": 0, "bytes": 0})
    words = f"{row.waiting:,} to be published, archive {row.archive >> 20:,} MiB, stream {state['bytes'] >> 20:,} MiB"
    return row.waiting < MANY, f"{words} ({state['messages']:,} of the last {config.stream_days} days)"


async def trim(configs: Mapping[Process, ProcessConfig], process: Process) -> list[trimming.Ended]:
    """End the months of one process that are older than its setting. Raises `Refusal`."""
    config = configs[process]
    gateway = Database.open(configs["gateway"])

    async def heard(told: Mapping[UUID, int]) -> bool:
        values = {"source": process, "tenants": list(told), "numbers": list(told.values())}
        async with gateway.relay.connect() as connection:
            return not (await connection.execute(_UNHEARD, values)).scalar_one()

    before = local_date(utcnow()) - timedelta(days=config.archive_days)
    keep = told_for_models(MODELS).get(process, set())
    try:
        async with owner(process, config.migrator_dsn.get_secret_value()) as connection:
            return await trimming.trim(connection, process, keep, before, heard)
    except asyncpg.LockNotAvailableError as error:
        raise Refusal(f"{process}: the archive is busy; the month stays", "repeat it later") from error
    except trimming.NotHeard as error:
        raise Refusal(
            f"{process}: audit entries of {error} are not in the gateway's chain; the month stays",
            f"let the gateway catch up, or `shegong events replay {process} --since {error}-01 --aggregate audit`",
        ) from error
    finally:
        await gateway.close()


async def replay(config: ProcessConfig, wanted: replaying.Range) -> int:
    """Publish a range again as that process; how many events."""
    kms.install(kms.FileKms(config.kms_file))
    database = Database.open(config)
    nats = Nats.open(config, fatal=lambda: None)
    try:
        return await replaying.replay(database, nats, config, wanted)
    finally:
        await nats.close()
        await database.close()

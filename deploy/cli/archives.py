"""Archives of what was told: their months, their sizes, publishing of them again; and who has missed something."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

import asyncpg
import httpx
from nats.errors import Error as NatsError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from deploy.cli.failures import Refusal
from deploy.cli.read_models import MODELS
from kernel.clock import local_date, utcnow
from kernel.config import DATABASES, Process, ProcessConfig
from kernel.db.driver import driver_connection
from kernel.db.migrate import make_months
from kernel.db.owner import owner
from kernel.db.transaction import Database
from kernel.events import missed, trimming
from kernel.events import replay as replaying
from kernel.events.models import told_for_models
from kernel.events.nats import Nats, stream_of
from kernel.events.upkeep import Busy
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
NIGHTS = timedelta(days=3)
"""A month that is over stays for a night or two where something was in the way; for longer, nobody ends months."""
AHEAD = timedelta(days=60)
"""For fewer days no month is missing ahead while somebody makes them every night."""
BROKER_SECONDS = 10


async def looked_at(config: ProcessConfig) -> tuple[bool, str]:
    """Whether what a process tells goes out, and how much is kept of it, in words."""
    database = Database.open(config)
    try:
        async with database.relay.connect() as connection:
            row = (await connection.execute(_SIZES)).one()
            months = await trimming.months_of(await driver_connection(connection))
    finally:
        await database.close()
    async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
        told = (await client.get(f"{config.nats_monitor_url}/jsz?streams=true")).json()
    streams = {each["name"]: each["state"] for account in told["account_details"] for each in account["stream_detail"]}
    state = streams.get(stream_of(config.process), {"messages": 0, "bytes": 0})
    words = f"{row.waiting:,} to be published, archive {row.archive >> 20:,} MiB, stream {state['bytes'] >> 20:,} MiB"
    words += f" ({state['messages']:,} of the last {config.stream_days} days)"
    forgotten = untended(months, local_date(utcnow()), config.archive_days)
    return row.waiting < MANY and not forgotten, words + forgotten


def untended(months: Sequence[trimming.Month], today: date, archive_days: int) -> str:
    """What is to be done about months of an archive of which nobody takes care; empty where somebody does."""
    over = today - timedelta(days=archive_days) - NIGHTS
    if any(month.end <= over and not month.ended for month in months) or months[-1].end < today + AHEAD:
        return "; its months are not tended: `shegong events trim` once a day (docs/events.md)"
    return ""


async def missed_by(configs: Mapping[Process, ProcessConfig], process: Process) -> tuple[bool, str]:
    """Whether a process that runs has all news that it listens to, and what to do where it has not, in words."""
    database = Database.open(configs[process])
    nats = Nats.open(configs[process], fatal=lambda: None)
    try:
        async with asyncio.timeout(BROKER_SECONDS):
            feeds = await missed.attended(nats, process, DATABASES)
            found = await missed.missed(database, nats, feeds)
    except NatsError as error:
        return False, f"cannot be looked at ({type(error).__name__})"
    finally:
        await nats.close()
        await database.close()
    if not feeds:
        return False, "it does not listen just now"
    words = [
        f"missed {events:,} of {name} ({aggregate}):"
        f" `shegong events replay {name} --since {await _oldest(configs[name])} --aggregate {aggregate}`"
        for name in DATABASES
        for (source, aggregate), events in found.items()
        if source == name
    ]
    return not found, "; ".join(words) or "nothing missed"


async def _oldest(config: ProcessConfig) -> date:
    database = Database.open(config)
    try:
        async with database.relay.connect() as connection:
            return (await trimming.months_of(await driver_connection(connection)))[0].first
    finally:
        await database.close()


def tend(configs: Mapping[Process, ProcessConfig], process: Process) -> list[trimming.Ended]:
    """Make the coming months of an archive and end those that are over, in event loops of its own. Raises `Refusal`."""
    try:
        make_months(process, configs[process].migrator_dsn.get_secret_value(), local_date(utcnow()))
    except DBAPIError as error:
        raise Refusal(f"{process}: the archive is busy; no month was made", "repeat it later") from error
    return asyncio.run(trim(configs, process))


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
    except Busy:
        raise Refusal(f"{process}: months are being ended already", "wait until that has ended") from None
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

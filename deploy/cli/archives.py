"""Archives of what was told: ending their old months, publishing of them again, and how large they are."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

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
from kernel.events.nats import Nats

_UNHEARD = text(
    "select count(*) from unnest(cast(:tenants as uuid[]), cast(:numbers as bigint[])) as told (tenant_id, number)"
    " left join k_inbox i on i.tenant_id = told.tenant_id and i.source = :source and i.aggregate_type = 'audit'"
    " and i.aggregate_id = told.tenant_id where coalesce(i.last_version, 0) < told.number"
)


async def trim(configs: Mapping[str, ProcessConfig], process: Process) -> list[trimming.Ended]:
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
    except trimming.NotHeard as error:
        raise Refusal(
            f"{process}: audit entries of {error} are not in the gateway's chain; the month stays",
            f"let the gateway catch up, or `shegong events replay {process} --since {error}-01 --aggregate audit`",
        ) from error
    finally:
        await gateway.close()


async def replay(config: ProcessConfig, wanted: replaying.Range) -> int:
    """Publish a range again as that process; how many events."""
    database = Database.open(config)
    nats = Nats.open(config, fatal=lambda: None)
    try:
        return await replaying.replay(database, nats, config, wanted)
    finally:
        await nats.close()
        await database.close()

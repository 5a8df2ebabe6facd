"""The read models of every process, and building those of one process anew, tenant by tenant."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from deploy.cli.failures import Refusal
from kernel.config import DATABASES, Process, ProcessConfig
from kernel.context import TenantId
from kernel.db.owner import owner
from kernel.db.transaction import Database
from kernel.errors import Conflict
from kernel.events.models import ReadModel, table_of, together
from kernel.events.rebuilding import Incomplete, NoModel, Progress, Rebuild, Rebuilt, WouldEmpty, prepare
from kernel.events.upkeep import Busy, Health, health, shadows_allowed, vacuum
from kernel.org.consumers import MODEL as ORG
from services.assessment.learning.consumers import subscriptions as learning
from services.assessment.learning.tables import LearningNeed
from services.assessment.participant.consumers import subscriptions as participants
from services.assessment.participant.tables import PostHeld
from services.recruitment.headcount.consumers import subscriptions as headcount
from services.recruitment.headcount.tables import KnownHeadcount
from services.roster.duty.consumers import subscriptions as duty
from services.roster.duty.tables import TrainingNeed

MODELS: Mapping[Process, Sequence[ReadModel]] = {
    "gateway": (ORG,),
    "recruitment": (ORG, ReadModel("headcount", (KnownHeadcount,), headcount)),
    "roster": (ORG, ReadModel("training", (TrainingNeed,), duty)),
    "assessment": (
        ORG,
        ReadModel("posts", (PostHeld,), participants),
        ReadModel("learning", (LearningNeed,), learning),
    ),
    "training": (ORG,),
}

Tell = Callable[[str, Progress], None]
End = Callable[[str, Rebuilt], None]


async def rebuild(
    configs: Mapping[Process, ProcessConfig],
    process: Process,
    tenants: Mapping[str, TenantId],
    *,
    keep: bool,
    emptying: bool,
    tell: Tell,
    end: End,
) -> list[tuple[Health, Health]]:
    """Build the models of a process for these tenants; how vacuum found the tables before, and after it had them.

    Raises `Refusal` where a model cannot be built; the tenants before that one are done, it and those behind it as
    they were.
    """
    model = together(MODELS[process])
    tables = [table_of(kind).name for kind in model.tables]
    async with AsyncExitStack() as stack:
        upkeep = await stack.enter_async_context(owner(process, configs[process].migrator_dsn.get_secret_value()))
        told = [name for name in DATABASES if name in model.sources()]
        sources = {name: await stack.enter_async_context(_opened(configs[name])) for name in told}
        # The shadows are one connection's.
        db = await stack.enter_async_context(_opened(configs[process].model_copy(update={"pool_size": 1})))
        try:
            async with shadows_allowed(upkeep, process):
                await prepare(db, model)
        except Busy:
            raise Refusal(f"The models of {process} are being built already", "wait until that has ended") from None
        before = await health(upkeep, tables)
        for slug, tenant in tenants.items():
            work = Rebuild(db, sources, model, tenant, partial(tell, slug))
            end(slug, await _run(work, slug, keep=keep, emptying=emptying))
        if keep:
            await vacuum(upkeep, tables)
        return list(zip(before, await health(upkeep, tables), strict=True))


async def _run(work: Rebuild, slug: str, *, keep: bool, emptying: bool) -> Rebuilt:
    try:
        return await work.run(keep=keep, emptying=emptying)
    except Incomplete as error:
        raise Refusal(
            f"{slug}: the archives lack events that were applied: {error}; nothing was changed",
            "repeat it; if it stays so, restore the publisher's archive from the backup",
        ) from error
    except WouldEmpty as error:
        raise Refusal(
            f"{slug}: more than half of the rows would go from {error}; nothing was changed",
            "look at it with --compare; where nobody told of those rows, say --emptying",
        ) from error
    except Conflict as error:
        raise Refusal(
            f"{slug}: the consumers did not let go of their inbox ({error}); nothing was changed", "repeat it"
        ) from error
    except NoModel as error:
        raise Refusal(f"{error} is sealed: no read model is made of it", "report this as a fault") from error


@asynccontextmanager
async def _opened(config: ProcessConfig) -> AsyncIterator[Database]:
    database = Database.open(config)
    try:
        yield database
    finally:
        await database.close()

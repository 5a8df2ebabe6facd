"""News that a process has missed: nothing brings it by itself any more (decision 0031).

A process was away for longer than a stream keeps news, began to listen after its first news had left the stream, or
lost with its database what it had acknowledged. Versions of an aggregate have no gaps, so last versions summed up are
numbers of events. Every publisher notes with its stream how many events of each type have been in it; what its
consumer neither applied, nor set aside, nor has still before it, it missed. The numbers are read in the order in which
news moves on, so what is under way is never taken for missed.
"""

import asyncio
from collections.abc import Collection, Mapping

import structlog
from nats.js import JetStreamContext, api
from nats.js.errors import NotFoundError
from sqlalchemy import text

from kernel.db.transaction import Database
from kernel.events.ending import go_on
from kernel.events.nats import Nats, generation_of, stream_of
from kernel.events.pull import durable_name, feed_of
from kernel.events.subscriptions import Feed, Subscriptions

FIRST_SECONDS = 60.0
"""By then a relay that starts has made good what the stream lost."""
EVERY_SECONDS = 6 * 3600.0
"""A look sums up over every aggregate told and heard of: 2 million of each take 0.8 s."""
_NOTED = "shegong.told."
# What waits in the outbox was perhaps not in the stream; a lost stream holds nothing before all of it was sent again.
_TOLD = text("""
select aggregate_type, sum(n)::bigint as told from (
  select aggregate_type, last_version as n from k_event_version
  union all select 'audit', last_number from k_audit_number
  union all select aggregate_type, -1 from k_outbox where aggregate_version is not null
) e where not exists (select from k_outbox_archive where stream_generation < :generation) group by 1
""")
_HAD = text("""
select source, aggregate_type, sum(n)::bigint as had from (
  select source, aggregate_type, last_version as n from k_inbox
  union all select source, aggregate_type, 1 from k_dead_letter where replayed_at is null
) e group by 1, 2
""")

log = structlog.get_logger(__name__)


async def run_watch(db: Database, nats: Nats, subscriptions: Subscriptions) -> None:
    """Note what was told and look whether any news was missed, now and then, until cancelled.

    Any process may; twice does no harm, and an outage only postpones it.
    """
    feeds = list(subscriptions.feeds())
    pause = FIRST_SECONDS
    while True:
        go_on()
        await asyncio.sleep(pause)
        pause = FIRST_SECONDS
        try:
            await note(db, nats)
            found = await missed(db, nats, feeds)
            pause = EVERY_SECONDS
        except Exception as error:
            # The loop must not end the process, which works all the same.
            log.warning("looking for missed news waits", kind=type(error).__name__)
            continue
        for (source, aggregate), events in found.items():
            log.error("news was missed; `shegong doctor` says the mend", source=source, type=aggregate, events=events)


async def note(db: Database, nats: Nats) -> None:
    """Write into the description of the process' own stream how many events of each type have been in it."""
    js = await nats.connected()
    try:
        info = await js.stream_info(stream_of(db.process))
    except NotFoundError:
        return
    async with db.relay.connect() as connection:
        rows = (await connection.execute(_TOLD, {"generation": generation_of(info)})).all()
    told = {f"{_NOTED}{row.aggregate_type}": str(row.told) for row in rows}
    before = info.config.metadata or {}
    if before | told != before:
        await js.update_stream(info.config.evolve(metadata=before | told))


async def missed(db: Database, nats: Nats, feeds: Collection[Feed]) -> Mapping[Feed, int]:
    """How many events of which of these feeds the process has missed; without a feed of which it has missed none."""
    js = await nats.connected()
    told = {source: await _told(js, source) for source in {source for source, _ in feeds}}
    ahead = {feed: await _ahead(js, db.process, feed) for feed in feeds}
    async with db.relay.connect() as connection:
        had = {(row.source, row.aggregate_type): row.had for row in await connection.execute(_HAD)}
    lacking = {
        feed: told[feed[0]].get(feed[1], 0) - before - had.get(feed, 0)
        for feed, before in ahead.items()
        if before is not None
    }
    return {feed: events for feed, events in lacking.items() if events > 0}


async def attended(nats: Nats, process: str, sources: Collection[str]) -> list[Feed]:
    """The feeds at whose consumers the process waits for news just now."""
    js = await nats.connected()
    found: list[api.ConsumerInfo] = []
    for source in sources:
        try:
            found += await js.consumers_info(stream_of(source))
        except NotFoundError:
            continue
    named = ((feed_of(process, each.name), each) for each in found)
    return [feed for feed, each in named if feed is not None and each.num_waiting]


async def _told(js: JetStreamContext, source: str) -> Mapping[str, int]:
    try:
        info = await js.stream_info(stream_of(source))
    except NotFoundError:
        return {}
    notes = (info.config.metadata or {}).items()
    return {key.removeprefix(_NOTED): int(number) for key, number in notes if key.startswith(_NOTED)}


async def _ahead(js: JetStreamContext, process: str, feed: Feed) -> int | None:
    """How many events the consumer of a feed was not given or has not acknowledged; None while there is no consumer."""
    try:
        info = await js.consumer_info(stream_of(feed[0]), durable_name(process, feed))
    except NotFoundError:
        return None
    return (info.num_pending or 0) + (info.num_ack_pending or 0)

"""How many tenants of which size, and the communities of a tenant as its read model has them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from deploy.cli.generation.filling import enter
from deploy.cli.generation.workers import Community, Unit
from deploy.cli.territory import PER_PARENT, lowest
from kernel.config import ProcessConfig

LARGEST = 0.4
"""Share of the largest of several tenants; the nation's is 680,000 of 1.7 million."""
PER_COMMUNITY, PER_TOWNSHIP = 15, 10
"""Workers in a community, communities in a township, about."""


def sizes(workers: int, tenants: int) -> list[int]:
    """Workers of each tenant, the largest first; the others between them share the rest, falling evenly."""
    if tenants == 1:
        return [workers]
    largest = round(workers * LARGEST)
    weights = [2 * tenants - place for place in range(1, tenants)]
    rest = workers - largest
    # Summed up before it is rounded, so that nobody is lost.
    ends = [rest * sum(weights[: place + 1]) // sum(weights) for place in range(len(weights))]
    return [largest, *(end - before for end, before in zip(ends, [0, *ends], strict=False))]


def units_for(workers: int, divisions: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many townships and communities so many workers need below these divisions."""
    communities = max(1, workers // PER_COMMUNITY)
    room = len(lowest(divisions)) * PER_PARENT
    return {"townships": min(-(-communities // PER_TOWNSHIP), room), "communities": communities}


async def communities(config: ProcessConfig, tenant: UUID, workers: int) -> list[Community]:
    """The communities of a tenant by roster's read model, the workers spread evenly over them."""
    connection = await asyncpg.connect(config.app_dsn.get_secret_value())
    try:
        async with connection.transaction():
            await enter(connection, tenant)
            units = await connection.fetch("select id, unit_no, level, code, title, parent_id from k_org_unit")
            posts = await connection.fetch("select distinct on (unit_id) unit_id, user_id, id from k_org_post")
    finally:
        await connection.close()
    return spread(units, posts, workers)


async def known_units(config: ProcessConfig, tenant: UUID) -> int:
    """How many units of the tenant a service knows so far."""
    connection = await asyncpg.connect(config.app_dsn.get_secret_value())
    try:
        async with connection.transaction():
            await enter(connection, tenant)
            return int(await connection.fetchval("select count(*) from k_org_unit"))
    finally:
        await connection.close()


def spread(
    units: Sequence[Mapping[str, object]], posts: Sequence[Mapping[str, object]], workers: int
) -> list[Community]:
    """The communities among the units in the order of the tree, with so many workers in all."""
    officials = {post["unit_id"]: (str(post["user_id"]), str(post["id"])) for post in posts}
    known = {unit["id"]: unit for unit in units}
    made = {
        unit["id"]: Unit(str(unit["id"]), int(str(unit["unit_no"])), str(unit["title"]), officials.get(unit["id"]))
        for unit in units
    }
    lowest = sorted((unit for unit in units if unit["level"] == "community"), key=lambda unit: str(unit["code"]))
    found, first = [], 0
    for place, unit in enumerate(lowest, 1):
        above, at = {}, unit
        while True:
            above[str(at["level"])] = made[at["id"]]
            if at["parent_id"] is None:
                break
            at = known[at["parent_id"]]
        until = workers * place // len(lowest)
        found.append(Community(str(unit["code"]), made[unit["id"]], above, first, until - first))
        first = until
    return found

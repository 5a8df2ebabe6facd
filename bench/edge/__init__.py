"""The edge against nginx proxying plainly, and against nginx with `auth_request` (performance.md, gateway).

In one run the variants take turns, beginning with another one each round, so that what else the machine does falls
on all of them; each round gives one ratio, and the median of the rounds is the figure.
"""

import asyncio
import os
import tempfile
from functools import partial
from pathlib import Path

from bench.edge import facts
from bench.edge.load import Load, measure
from bench.edge.servers import absent, cores, on_one_core, platform
from bench.table import Outcome, Spread, Target

CONNECTIONS = 32
TO_PLAIN, TO_ASKING, ADDED_P50 = 0.25, 0.75, 60.0
"""Targets of performance.md: ratios of requests a second, and µs at one connection."""
DIRECT, PLAIN, ASKING, GUARDED, EDGE = (
    "upstream, asked directly",
    "nginx, plain proxy",
    "nginx, auth_request to Python",
    "nginx, auth_request, all checks",
    "edge, all checks",
)
_COLUMNS = (
    *("req/s", "to plain", "to auth_request", "CPU µs/request"),
    *("p50 µs at one", "added p50 µs", "p50 µs on one core", "added p50 µs on one core"),
)


def run(seconds: float, rounds: int) -> Outcome:
    """Measure. `seconds` of load for each variant in each round, and twice as long again at one connection: on both
    cores, and with all on one."""
    if missing := absent():
        return Outcome("edge", missing=missing)
    with tempfile.TemporaryDirectory(prefix="bench-edge-") as folder:
        return asyncio.run(_run(Path(folder), seconds, rounds))


Loads = dict[str, list[Load]]


async def _run(folder: Path, seconds: float, rounds: int) -> Outcome:
    crowd: Loads = {name: [] for name in (DIRECT, PLAIN, ASKING, GUARDED, EDGE)}
    alone: Loads = {name: [] for name in crowd}
    serial: Loads = {name: [] for name in crowd}
    load_before = os.getloadavg()[0]
    async with platform(folder) as variants:
        load = partial(measure, folder=folder, seconds=seconds, token=facts.token())
        for number in range(-1, rounds):
            names = list(crowd)
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                variant = variants[name]
                many = await load(variant, core=cores()[1], connections=CONNECTIONS)
                one = await load(variant, core=cores()[1], connections=1)
                with on_one_core(variant, variants[DIRECT]) as core:
                    in_turn = await load(variant, core=core, connections=1)
                if number >= 0:  # the round before the first warms up
                    crowd[name].append(many)
                    alone[name].append(one)
                    serial[name].append(in_turn)
    return _outcome(crowd, alone, serial, {"seconds": seconds, "rounds": rounds, "load_at_the_start": load_before})


def _outcome(crowd: Loads, alone: Loads, serial: Loads, about: dict[str, float]) -> Outcome:
    def ratio(name: str, to: str) -> Spread:
        return Spread.of([a.per_second / b.per_second for a, b in zip(crowd[name], crowd[to], strict=True)])

    def work(name: str, to: str) -> Spread:
        return Spread.of([b.cpu / a.cpu for a, b in zip(crowd[name], crowd[to], strict=True)])

    def added(loads: Loads, name: str) -> Spread:
        return Spread.of([a.p50 - b.p50 for a, b in zip(loads[name], loads[DIRECT], strict=True)])

    outcome = Outcome("edge", _COLUMNS, facts={**about, "cores": os.cpu_count(), "connections": CONNECTIONS})
    for name, loads in crowd.items():
        direct = name == DIRECT
        values = [
            Spread.of([load.per_second for load in loads]),
            None if direct else ratio(name, PLAIN),
            None if direct else ratio(name, ASKING),
            Spread.of([load.cpu for load in loads]),
        ]
        for one in (alone, serial):
            values += [Spread.of([load.p50 for load in one[name]]), None if direct else added(one, name)]
        outcome.rows.append((name, values))
    outcome.targets = [
        Target("requests a second to nginx plain proxy", ratio(EDGE, PLAIN), TO_PLAIN),
        Target("requests per CPU second to nginx plain proxy", work(EDGE, PLAIN), TO_PLAIN),
        Target("requests a second to nginx auth_request", ratio(EDGE, ASKING), TO_ASKING),
        Target("requests per CPU second to nginx auth_request", work(EDGE, ASKING), TO_ASKING),
        Target("requests a second to auth_request with the same checks", ratio(EDGE, GUARDED), TO_ASKING),
        Target("requests per CPU second to auth_request with the same checks", work(EDGE, GUARDED), TO_ASKING),
        Target("added p50 at one connection, all on one core, µs", added(serial, EDGE), ADDED_P50, at_most=True),
    ]
    return outcome

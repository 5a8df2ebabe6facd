"""`python -m bench [name …]`: run measurements, print their tables, write JSON beside them (`make bench`)."""

import argparse
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from bench import edge, regulation
from bench.platform import Run, events, hot, hour, latency, lists, pages, relay, start, workers
from bench.table import Outcome, printed, summary

BENCHES: dict[str, Callable[[Run], Outcome]] = {
    "edge": lambda run: edge.run(run.seconds, run.rounds),
    "hot": hot.run,
    "lists": lists.run,
    "relay": relay.run,
    "latency": latency.run,
    "events": events.run,
    "hour": hour.run,
    "pages": pages.run,
    "regulation": lambda run: regulation.run(run.seconds, run.rounds),
    "start": start.run,
    "workers": workers.run,
}
NATION = (1_700_000, 20)
"""Workers and tenants at the size of the nation."""


def main() -> int:
    """Run what is named, or all. 0 when every target was met, 1 when not, 2 when something could not be run."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], help="which; default: all")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one measurement")
    parser.add_argument("--rounds", type=int, default=7, help="how often each variant has its turn")
    parser.add_argument("--workers", type=int, default=30_000, help="made-up workers in the platform measured")
    parser.add_argument("--nation", action="store_true", help=f"{NATION[0]:,} workers in {NATION[1]} tenants")
    parser.add_argument(
        "--big", action="store_true", help="lists: some of them in a tenant of the nation's largest size"
    )
    parser.add_argument("--data-dir", type=Path, help="a running stack to measure; default: one of its own")
    parser.add_argument("--slug", default="", help="what `data generate` made there under this name, of that size")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="folder of the JSON files")
    options = parser.parse_args()
    workers, tenants = NATION if options.nation else (options.workers, 1)
    run = Run(options.seconds, options.rounds, workers, tenants, options.data_dir, options.slug, options.big)
    outcomes: list[Outcome] = []
    try:
        for name in options.names or BENCHES:
            outcomes.append(BENCHES[name](run))
            sys.stdout.write(printed(outcomes[-1]) + "\n\n")
            sys.stdout.flush()
            options.out.mkdir(parents=True, exist_ok=True)
            kept = json.dumps(outcomes[-1].as_json(), indent=2, ensure_ascii=False)
            (options.out / f"{name}.json").write_text(kept + "\n")
    finally:
        run.close()
    sys.stdout.write(summary(outcomes) + "\n")
    return max(outcome.code for outcome in outcomes)


if __name__ == "__main__":
    # What was started is stopped then too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    sys.exit(main())

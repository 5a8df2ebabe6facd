"""`python -m bench [name …]`: run measurements, print their tables, write JSON beside them (`make bench`)."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from bench import edge, regulation
from bench.table import Outcome, printed

BENCHES: dict[str, Callable[[float, int], Outcome]] = {"edge": edge.run, "regulation": regulation.run}
"""By name: `run(seconds of one measurement, rounds)`."""


def main() -> int:
    """Run what is named, or all. 0 when every target was met, 1 when not, 2 when something could not be run."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], help="which; default: all")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one measurement")
    parser.add_argument("--rounds", type=int, default=7, help="how often each variant has its turn")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="folder of the JSON files")
    options = parser.parse_args()
    code = 0
    for name in options.names or BENCHES:
        outcome = BENCHES[name](options.seconds, options.rounds)
        sys.stdout.write(printed(outcome) + "\n")
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / f"{name}.json").write_text(json.dumps(outcome.as_json(), indent=2, ensure_ascii=False) + "\n")
        code = max(code, outcome.code)
    return code


if __name__ == "__main__":
    sys.exit(main())

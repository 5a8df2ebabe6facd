"""`python -m deploy.cli.demo`: the demonstration in an interpreter that knows nothing of the inside."""

import argparse
from pathlib import Path

from deploy.cli.demo.runner import run_demo

parser = argparse.ArgumentParser(prog="shegong demo")
parser.add_argument("--json", type=Path, dest="json_file")
parser.add_argument("--base-url")
parser.add_argument("--data-dir", type=Path, default=Path(".shegong"))
parser.add_argument("--only")
chosen = parser.parse_args()
raise SystemExit(run_demo(chosen.json_file, chosen.base_url, chosen.data_dir, chosen.only))

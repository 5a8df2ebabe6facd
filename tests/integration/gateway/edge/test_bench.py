"""`bench/edge` runs, in a form so short that it says nothing of speed."""

import json
import sys
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.edge import ASKING, DIRECT, EDGE, GUARDED, PLAIN
from bench.edge.servers import absent
from bench.table import Outcome, Spread, Target, printed


def test_the_edge_is_measured_beside_nginx_and_the_table_is_kept_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "edge", "--seconds", "1", "--rounds", "1", "--out", str(tmp_path)])
    code = bench.main()
    told, kept = capsys.readouterr().out, json.loads((tmp_path / "edge.json").read_text())
    if absent():
        assert (code, "NOT RUN" in told, "make system" in kept["missing"]) == (2, True, True)
        return
    assert code in (0, 1)
    assert [row["variant"] for row in kept["rows"]] == [DIRECT, PLAIN, ASKING, GUARDED, EDGE]
    assert all(row["req/s"]["median"] > 0 for row in kept["rows"])
    assert len(kept["targets"]) == 7
    assert EDGE in told


def test_a_table_says_what_was_met_and_what_was_not() -> None:
    outcome = Outcome("edge", ("req/s",), [("one", [Spread(1234.0, 1.0, 2000.0)])])
    outcome.targets = [
        Target("ratio", Spread.of([0.2, 0.3, 0.4]), 0.25),
        Target("added", Spread.of([61.0]), 60.0, at_most=True),
    ]
    assert (outcome.code, printed(outcome).splitlines()[1:]) == (
        1,
        [
            "one   1,234 (1.00–2,000)",
            "met     ratio: 0.30 (0.20–0.40), target ≥ 0.25",
            "NOT MET added: 61.0 (61.0–61.0), target ≤ 60.0",
        ],
    )

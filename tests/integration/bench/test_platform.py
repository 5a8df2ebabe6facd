"""The benches of the platform run, in a form so short that it says nothing of speed."""

import json
import sys
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.edge.servers import absent
from bench.table import HEAD
from deploy.cli.stack.testing import RunningStack

# Of a stack that runs already `start` tells the memory alone: starting one twice would take longest of all.
TARGETS = {"hot": 2, "lists": 2, "latency": 6, "pages": 1, "relay": 2, "start": 1, "workers": 0, "events": 3, "hour": 1}
BY_WRK = ("hot", "workers")
"""What cannot be run where it is not installed."""


def measured(names: list[str], out: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    arguments = [*names, "--seconds", "0.1", "--rounds", "1", "--out", str(out), *options]
    monkeypatch.setattr(sys, "argv", ["bench", *arguments])
    return bench.main()


def check(names: list[str], out: Path, told: str) -> None:
    """Each bench has kept its figures, and all targets stand in one table at the end."""
    for name in names:
        kept = json.loads((out / f"{name}.json").read_text())
        if name in BY_WRK and absent():
            assert "make system" in kept["missing"]
            continue
        assert len(kept["targets"]) == TARGETS[name], name
        assert all(each["measured"]["median"] > 0 for each in kept["targets"]), name
        assert kept["rows"], name
    last = told.strip().rpartition("\n\n")[2].splitlines()
    assert last[0].split() == list(HEAD)
    assert len(last) == 1 + sum(1 if name in BY_WRK and absent() else TARGETS[name] for name in names)


def test_services_are_measured_on_a_stack_with_made_up_workers(
    stack: RunningStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["hot", "lists", "latency", "hour", "pages", "start"]
    code = measured(names, tmp_path, monkeypatch, "--workers", "60", "--data-dir", str(stack.data_dir))
    assert code in (0, 1, 2 if absent() else 1)
    check(names, tmp_path, capsys.readouterr().out)


def test_the_relay_is_measured_on_servers_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measured(["relay"], tmp_path, monkeypatch) in (0, 1)
    check(["relay"], tmp_path, capsys.readouterr().out)


def test_one_process_and_two_are_measured_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measured(["workers"], tmp_path, monkeypatch) == (2 if absent() else 0)
    check(["workers"], tmp_path, capsys.readouterr().out)


def test_growth_is_measured_on_servers_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measured(["events"], tmp_path, monkeypatch) in (0, 1)
    check(["events"], tmp_path, capsys.readouterr().out)

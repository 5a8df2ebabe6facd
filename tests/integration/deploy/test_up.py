"""`shegong up`: what it says when something is in the way, and that nothing stays behind."""

import os
import resource
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.cli.doctor import Finding, examine
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.ports import read_ports
from deploy.cli.stack.testing import COMMAND, RunningStack
from deploy.cli.stack.waiting import wait_until
from deploy.cli.supervisor.health import readiness
from kernel.config import DATABASES
from tests.conftest import open_folder

PARTS = ("edge", "gateway", "recruitment", "roster", "assessment", "training", "nats", "postgres")
SMALL_FILE_BYTES = 1_000_000


def refused(*arguments: str, prepare: Callable[[], None] | None = None, **environment: str) -> str:
    """Run `shegong` where it must refuse, and answer what it said: one line, no traceback."""
    ended = subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        preexec_fn=prepare,
        env={**os.environ, **environment},
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1, ended
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    return ended.stderr


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        told = refused("up", "--data-dir", str(tmp_path / "data"), "--port", port)
    assert f"Port {port} for the edge is taken" in told
    assert "--port" in told


def test_a_stack_that_runs_already_is_told_with_its_pid(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.open()
    try:
        told = refused("up", "--data-dir", str(folder.path), "--port", "0")
    finally:
        folder.close()
    assert f"An old process ({os.getpid()}) still runs" in told


def test_a_wrong_setting_is_told_by_its_name_and_not_repeated(tmp_path: Path) -> None:
    for command in (("up", "--data-dir", str(tmp_path / "data"), "--port", "0"), ("serve", "roster")):
        told = refused(*command, SHEGONG_FILES_URL="s3://key:hush@files")
        assert "SHEGONG_FILES_URL has to be s3://<bucket>" in told
        assert "hush" not in told


def test_a_lock_left_by_a_process_that_is_gone_is_taken_over(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.open()
    folder.close()
    (folder.run / "lock").write_text("999999")
    folder.pid_file("edge").write_text("999999")
    folder.open()
    assert not folder.pid_file("edge").exists()
    assert (folder.run / "lock").read_text() == str(os.getpid())
    folder.close()


def test_a_full_disk_is_told() -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_FILE_BYTES, SMALL_FILE_BYTES))

    with open_folder("full") as folder:
        told = refused("up", "--data-dir", str(folder / "data"), "--port", "0", prepare=small_files)
    assert "is full" in told
    assert "--data-dir" in told


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    told = refused("up", "--data-dir", str(tmp_path / "data"), "--port", "0")
    assert "is no folder" in told


def test_lost_secrets_are_told_instead_of_made_anew(tmp_path: Path) -> None:
    (tmp_path / "data" / "postgres" / "data").mkdir(parents=True)
    told = refused("up", "--data-dir", str(tmp_path / "data"), "--port", "0")
    assert "secrets" in told
    assert "backup" in told


def test_the_production_profile_does_not_use_up(tmp_path: Path) -> None:
    told = refused("up", "--data-dir", str(tmp_path / "data"), SHEGONG_PROFILE="production")
    assert "shegong serve" in told


def test_a_command_beside_the_stack_says_that_none_runs(tmp_path: Path) -> None:
    told = refused("audit", "verify", "platform", "--data-dir", str(tmp_path / "data"))
    assert "No stack runs" in told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupting_stops_every_part_and_a_second_start_finds_its_data(number: signal.Signals) -> None:
    with open_folder("up") as folder:
        running = RunningStack(folder).start("--no-demonstrations")
        try:
            secrets = running.folder.secrets.read_text()
            pids = {part: running.pid(part) for part in PARTS}
            daily = running.folder.run / "daily.json"
            assert wait_until(daily.exists, seconds=60), "the archives were not tended"
            assert running.interrupt(number) == 0
            assert [part for part, pid in pids.items() if Path(f"/proc/{pid}").exists()] == []
            assert list(running.folder.run.glob("*.pid")) == []
            address = running.base_url
            today = daily.read_text()
            daily.write_text('"2026-01-31"')
            assert running.start("--no-demonstrations").base_url == address
            assert running.folder.secrets.read_text() == secrets
            assert wait_until(lambda: daily.read_text() >= today, seconds=60), (
                running.folder.log / "daily.log"
            ).read_text()
        finally:
            running.stop()


def test_every_part_that_is_killed_is_started_again_and_the_stack_is_ready_again() -> None:
    with open_folder("up") as folder:
        running = RunningStack(folder).start("--no-demonstrations")
        try:
            for part in PARTS:
                running.wait_for_restart(part, running.kill(part))
            edge = read_ports(running.folder)["edge"]
            assert wait_until(lambda: readiness(edge)[0] == 200, seconds=15)
            assert wait_until(lambda: all(each.good for each in _news(running)), seconds=15), list(_news(running))
        finally:
            running.stop()


def _news(running: RunningStack) -> list[Finding]:
    """What doctor finds about the news that every process tells and hears."""
    found = [each for each in examine(running.folder, 0) if each.subject.startswith("news")]
    assert len(found) == 2 * len(DATABASES)
    return found


@pytest.mark.parametrize("told", ["gateway=2", "roster=0", "roster=4", "roster", "nobody=2"])
def test_workers_that_cannot_be_are_told(tmp_path: Path, told: str) -> None:
    assert "name " in refused("up", "--data-dir", str(tmp_path / "data"), "--workers", told)


def test_several_processes_serve_one_address_and_one_is_enough() -> None:
    with open_folder("up") as folder:
        running = RunningStack(folder).start("--no-demonstrations", "--workers", "roster=2", "--workers", "edge=2")
        try:
            ports = read_ports(running.folder)
            for part in ("roster", "edge"):
                assert running.pid(part) != running.pid(f"{part}-2")
                running.folder.hold_file(part).touch()
                running.kill(part)
                gone = running.folder.pid_file(part)
                assert wait_until(lambda gone=gone: not gone.exists(), seconds=15)  # type: ignore[misc]  # bound now
                assert readiness(ports[part])[0] == 200
            assert running.interrupt() == 0
            assert list(running.folder.run.glob("*.pid")) == []
        finally:
            running.stop()


def test_no_part_outlives_a_killed_supervisor() -> None:
    with open_folder("up") as folder:
        running = RunningStack(folder).start("--no-demonstrations")
        pids = [running.pid(part) for part in PARTS]
        running.interrupt(signal.SIGKILL)
        assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), seconds=15)

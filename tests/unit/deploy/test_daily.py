"""The work of the day is done once a day, at night in Asia/Shanghai, and one that fails stops nothing."""

import os
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from deploy.cli import archives
from deploy.cli.events import trim_all
from deploy.cli.failures import Refusal
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.waiting import wait_until
from deploy.cli.supervisor import daily
from deploy.cli.supervisor.daily import Daily
from kernel.clock import SHANGHAI
from kernel.events.trimming import Ended


class Stack:
    """A data folder under a clock; `start` is another start of the stack on it."""

    def __init__(self, path: Path) -> None:
        self.folder = DataFolder(path / "data")
        self.folder.open()
        self.said: list[str] = []
        self.done = path / "done"
        self.at("2026-01-30 12:00")
        self.start(self.work)

    def at(self, local: str) -> None:
        self.now = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI)

    def start(self, work: Callable[[], None]) -> None:
        self.daily = Daily(self.folder, work, self.said.append, lambda: self.now)

    def work(self) -> None:
        with self.done.open("a") as done:
            done.write("done\n")

    def days(self) -> int:
        """On how many days it was done, after looking until nothing is due."""
        self.daily.look()

        def ended() -> bool:
            self.daily.look()
            return self.daily._pid is None

        assert wait_until(ended, seconds=10)
        return self.done.read_text().count("done") if self.done.exists() else 0


def fork(_name: str, run: Callable[[], None], **_: object) -> int:
    """As the supervisor's, which bears no other thread; here tests have some."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            run()
            code = 0
        finally:
            os._exit(code)
    return child


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.setattr(daily, "fork", fork)
    return Stack(tmp_path)


def test_it_is_done_once_a_day_across_the_end_of_a_month(stack: Stack) -> None:
    found = []
    for now in ("30 23:59", "31 02:59", "31 03:00", "31 23:59"):
        stack.at(f"2026-01-{now}")
        found.append(stack.days())
    for now in ("01 02:59", "01 03:00", "01 03:01"):
        stack.at(f"2026-02-{now}")
        found.append(stack.days())
    assert found == [0, 0, 1, 1, 1, 2, 2]
    assert stack.said == []


def test_a_stack_that_starts_again_does_what_it_missed_and_repeats_nothing(stack: Stack) -> None:
    stack.at("2026-02-20 09:00")
    stack.start(stack.work)
    assert stack.days() == 1
    stack.start(stack.work)
    assert stack.days() == 1


def test_a_failure_is_told_and_tried_again_the_next_day_and_at_the_next_start(stack: Stack) -> None:
    def fail() -> None:
        stack.work()
        stack.daily.log.write_text("the archive is busy")
        raise Refusal("the archive is busy", "repeat it later")

    stack.start(fail)
    stack.at("2026-01-31 04:00")
    assert (stack.days(), stack.days()) == (1, 1)
    assert len(stack.said) == 1
    assert "the archive is busy" in stack.said[0]
    stack.at("2026-02-01 04:00")
    assert stack.days() == 2
    stack.start(stack.work)
    assert stack.days() == 3
    assert len(stack.said) == 2


def test_work_under_way_is_not_begun_twice_and_ends_with_the_stack(stack: Stack) -> None:
    def last() -> None:
        stack.work()
        signal.pause()

    stack.start(last)
    stack.at("2026-01-31 04:00")
    stack.daily.look()
    # Not only made, but written: the other process may be in between.
    assert wait_until(lambda: stack.done.exists() and stack.done.read_text() == "done\n", seconds=10)
    stack.at("2026-02-01 04:00")
    stack.daily.look()
    stack.daily.stop()
    assert stack.done.read_text().count("done") == 1
    assert stack.said == []


def test_a_process_in_whose_way_something_is_keeps_no_other_from_its_turn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def tend(_: object, process: str) -> list[Ended]:
        if process != "training":
            raise Refusal(f"{process}: the archive is busy", "repeat it later")
        return [Ended("2025-01", 3, 1)]

    monkeypatch.setattr(archives, "tend", tend)
    with pytest.raises(Refusal) as refused:
        trim_all({}, ["gateway", "roster", "training"])
    assert str(refused.value) == "gateway: the archive is busy; roster: the archive is busy: repeat it later"
    assert capsys.readouterr().out == "training: 2025-01 ended, 3 events, 1 of them kept\n"

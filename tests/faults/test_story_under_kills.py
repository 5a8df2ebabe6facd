"""Services are killed at named points of relay and consumer while the story runs; it still ends right (cases 1, 6)."""

import itertools
import os
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from deploy.cli.demo.tales import TALES
from deploy.cli.stack.testing import RunningStack
from deploy.cli.stack.waiting import wait_until
from tests.faults.ledger import assert_drained
from tests.story.telling import TELLER, Teller

RELAY = ("relay.before_publish", "relay.after_ack", "relay.before_mark", "relay.after_mark")
CONSUMER = ("consumer.before_commit", "consumer.after_commit")
TITLES = {step.name: step.title for step in TALES[0].steps}
TAKEN_SECONDS = 30
"""An event in the hands of a killed consumer comes back after 10 s; the second point waits for that one."""


class Killer:
    """Leaves orders to crash for processes of a stack, and sees each one taken: order gone, another pid."""

    def __init__(self, stack: RunningStack) -> None:
        self._stack = stack
        self._left: dict[str, tuple[str, int]] = {}
        self.taken: list[tuple[str, str]] = []

    def order(self, process: str, point: str) -> None:
        """From now on `process` ends when it next comes to `point`; once."""
        assert process not in self._left, f"{process} still has {self._left[process]}"
        self._left[process] = (point, self._stack.pid(process))
        # Whole or not at all: the process must not read half a name.
        half = self._file(process).with_suffix(".half")
        half.write_text(point)
        half.rename(self._file(process))

    def is_taken(self, process: str) -> bool:
        """Whether the order of a process was taken; then waits for its new pid."""
        if process not in self._left:
            return True
        if self._file(process).exists():
            return False
        point, old = self._left.pop(process)
        assert self._stack.wait_for_restart(process, old) != old
        self.taken.append((process, point))
        return True

    def withdraw(self) -> None:
        """Take back the orders that nobody came to."""
        for process in list(self._left):
            self._file(process).unlink(missing_ok=True)

    def _file(self, process: str) -> Path:
        return self._stack.folder.run / f"{process}.crash_at"


class Plan:
    """Which points wait for which process, from which step of the story on."""

    def __init__(self, killer: Killer, points: Mapping[tuple[str, str], Sequence[str]]) -> None:
        self._killer = killer
        self._starts = {(process, TITLES[step]): list(names) for (process, step), names in points.items()}
        self._waiting: dict[str, list[str]] = {}
        self.all = [(process, point) for (process, _), names in points.items() for point in names]

    def reached(self, line: str) -> None:
        """A step was told: what starts with it is ordered, and what follows on a point that was taken."""
        for (process, title), names in self._starts.items():
            if line.startswith(title):
                self._waiting.setdefault(process, []).extend(names)
        self.go_on()

    def go_on(self) -> bool:
        """Give each process whose last order was taken its next one; whether none is left."""
        for process, names in self._waiting.items():
            if self._killer.is_taken(process) and names:
                self._killer.order(process, names.pop(0))
        return not any(self._waiting.values()) and all(self._killer.is_taken(each) for each in self._waiting)


async def test_the_story_ends_right_though_services_die_at_every_point(fragile: RunningStack, tmp_path: Path) -> None:
    """All four points of the relay that tells, both points of the two consumers that act on a hire."""
    killer = Killer(fragile)
    plan = Plan(
        killer,
        {
            # From the plan to the publicity recruitment commits an event with nearly every step.
            ("recruitment", "refresh"): RELAY,
            # What comes next is the hire: dossier and training need are made of it.
            ("roster", "publicity-ended"): CONSUMER,
            ("training", "publicity-ended"): CONSUMER,
        },
    )
    # One story alone: which event a process dies at must not depend on how two of them interleave.
    teller = Teller(fragile, tmp_path, (*TELLER, "--only", TALES[0].name))
    for line in teller:
        plan.reached(line)
        if line.startswith(TITLES["hired"]):
            # The story waits for the dossier now; the second orders are left as soon as the first were taken.
            assert wait_until(plan.go_on, seconds=TAKEN_SECONDS)
    told = teller.end()
    assert told.exit_code == 0, told.output
    assert sorted(killer.taken) == sorted(plan.all)
    await assert_drained(fragile, ("gateway", "recruitment", "roster", "training"))


@pytest.mark.soak
async def test_stories_end_right_though_services_die_again_and_again(
    fragile: RunningStack, tmp_path: Path, soak_seconds: float
) -> None:
    """The long form: other processes, points and moments in every story; the seed is printed on failure."""
    seed = int(os.environ.get("SHEGONG_SOAK_SEED", "20240820"))
    chance = random.Random(seed)  # noqa: S311 - moments to kill at, no secret
    end = time.monotonic() + soak_seconds
    told = 0
    while time.monotonic() < end:
        killer = Killer(fragile)
        folder = tmp_path / str(told)
        folder.mkdir()
        teller = Teller(fragile, folder)
        processes = itertools.cycle(chance.sample(("recruitment", "roster", "training"), 3))
        for _ in teller:
            process = next(processes)
            if chance.random() < 0.4 and killer.is_taken(process):
                killer.order(process, chance.choice(RELAY + CONSUMER))
        killer.withdraw()
        ended = teller.end()
        assert ended.exit_code == 0, f"seed {seed}, story {told}: {killer.taken}\n{ended.output}"
        told += 1
    await assert_drained(fragile, ("gateway", "recruitment", "roster", "training"))
    assert told

"""Keeps the parts of a stack running and stops them in order.

A part that ends is started again at once, then after growing pauses while it keeps ending. Database and
broker are parts too: after a kill of either nobody has to come.
"""

import select
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

from deploy.cli.failures import Refusal
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.waiting import wait_until
from deploy.cli.supervisor.part import Part

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0
STEADY_SECONDS = 20.0
"""A part that ran this long is taken as sound: its next end counts as the first."""
LOOK_SECONDS = 0.1
STOP_SECONDS = {"edge": 3.5, "nats": 2.0, "postgres": 3.0}
"""With the services' time below 15 s in all; whoever takes longer is killed."""
SERVICE_STOP_SECONDS = 5.0


class Interrupted(BaseException):
    """The operator (SIGINT), the terminal (SIGHUP) or the machine (SIGTERM) ends the stack."""


@dataclass(slots=True)
class _Slot:
    part: Part
    started: float
    failures: int = 0
    again_at: float | None = None


class Supervisor:
    """Holds what was started; `say` tells the operator about ends and restarts."""

    def __init__(self, folder: DataFolder, say: Callable[[str], None]) -> None:
        self.folder, self.say = folder, say
        self._slots: list[_Slot] = []

    def add(self, part: Part) -> None:
        """Keep a part that was started just now."""
        self._slots.append(_Slot(part, time.monotonic()))

    def failures(self, name: str) -> int:
        """How often in a row the part has ended early."""
        return next(slot.failures for slot in self._slots if slot.part.name == name)

    def look(self) -> None:
        """Start again whatever has ended and whose pause is over."""
        for slot in self._slots:
            now = time.monotonic()
            if slot.part.is_running():
                if slot.failures and now - slot.started > STEADY_SECONDS:
                    slot.failures = 0
            elif slot.again_at is None:
                pause = min(FIRST_PAUSE_SECONDS * 2**slot.failures, LONGEST_PAUSE_SECONDS)
                slot.failures += 1
                slot.again_at = now + pause
                self.folder.pid_file(slot.part.name).unlink(missing_ok=True)
                self.say(f"{slot.part.name} has ended; it is started again")
            elif now >= slot.again_at and not self.folder.hold_file(slot.part.name).exists():
                self._start_again(slot)

    def keep(self, look_after: Callable[[], None]) -> NoReturn:
        """Watch until interrupted; `look_after` is called as often, for what is no part."""
        while True:
            self.look()
            look_after()
            # A signal raises `Interrupted` here; a pause is enough for the rest, nothing is urgent below it.
            select.select((), (), (), LOOK_SECONDS)

    def stop(self) -> None:
        """Stop all: the edge, so that nobody comes in, then the services, then broker and database."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        parts = [slot.part for slot in self._slots]
        last = [part for part in parts if part.name in ("nats", "postgres")]
        first = [part for part in parts if part.name.partition("-")[0] == "edge"]
        services = [part for part in parts if part not in first and part not in last]
        _stop(first, STOP_SECONDS["edge"])
        _stop(services, SERVICE_STOP_SECONDS)
        for part in reversed(last):
            _stop([part], STOP_SECONDS[part.name])
        for part in parts:
            self.folder.pid_file(part.name).unlink(missing_ok=True)
        self._slots.clear()

    def _start_again(self, slot: _Slot) -> None:
        slot.again_at = None
        slot.started = time.monotonic()
        try:
            slot.part.start()
        except Refusal as refusal:
            self.say(str(refusal))


def _stop(parts: Sequence[Part], seconds: float) -> None:
    for part in parts:
        part.ask_to_stop()
    if not wait_until(lambda: not _living(parts), seconds=seconds):
        for part in _living(parts):
            part.kill()
        wait_until(lambda: not _living(parts), seconds=1)


def _living(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.is_running()]


def interrupt_on_signals() -> None:
    """From now on the signals that end a stack raise `Interrupted` wherever the supervisor is."""

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        raise Interrupted

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)

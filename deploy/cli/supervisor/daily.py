"""What a stack does by itself once a day, at night: the work of `shegong events trim`, in a child of its own.

The day on which it was done stands in the data folder: a stack that did not run at night does it when it is up, and
one that is started again does not repeat it. What failed is told, and tried the next night or at the next start.
"""

import json
import os
import signal
from collections.abc import Callable
from datetime import date, datetime, timedelta

from deploy.cli.failures import Refusal
from deploy.cli.stack.folder import DataFolder
from deploy.cli.supervisor.forking import fork
from deploy.cli.supervisor.tasks import last_words
from kernel.clock import local_date, utcnow

BEGINS = timedelta(hours=3)
"""After midnight in Asia/Shanghai."""


class Daily:
    """`work` once a day. A stack that is new has nothing to do on its first day."""

    def __init__(
        self,
        folder: DataFolder,
        work: Callable[[], None],
        say: Callable[[str], None],
        now: Callable[[], datetime] = utcnow,
    ) -> None:
        self.log = folder.log / "daily.log"
        self._folder, self._work, self._say, self._now = folder, work, say, now
        self._mark = folder.run / "daily.json"
        self._pid: int | None = None
        if not self._mark.exists():
            self._mark_done(self._day())
        self._begun = date.fromisoformat(json.loads(self._mark.read_text()))

    def look(self) -> None:
        """Begin the work when it is due; when it has ended, keep that or say why it failed."""
        try:
            if self._pid is not None:
                done, status = os.waitpid(self._pid, os.WNOHANG)
                if done:
                    self._pid = None
                    self._ended(os.waitstatus_to_exitcode(status))
            elif self._day() != self._begun:
                self._begun = self._day()
                self._pid = fork("daily", self._work, folder=self._folder, log=self.log)
        except (Refusal, OSError) as error:
            self._say(f"the work of the day: {error}")

    def stop(self) -> None:
        """End the work if it is under way: what it has not finished it has not done."""
        if self._pid is not None:
            os.kill(self._pid, signal.SIGTERM)
            os.waitpid(self._pid, 0)
            self._pid = None

    def _ended(self, code: int) -> None:
        if code == 0:
            self._mark_done(self._begun)
        else:
            self._say(f"the work of the day failed ({last_words(self.log)}); tried again tomorrow; see {self.log}")

    def _mark_done(self, day: date) -> None:
        self._folder.write_json(self._mark, day.isoformat())

    def _day(self) -> date:
        return local_date(self._now() - BEGINS)

"""A circuit before each service: after a row of failures callers are answered at once instead of waiting
(T8)."""

FAILURES = 5
"""One restart of a worker breaks a few connections at most; five in a row with no answer between is an
outage."""
OPEN_SECONDS = 1.0
"""A service that restarts is back within seconds; one probe a second costs nothing."""


class Circuit:
    """Closed, open, or half open with one probe under way. Times are seconds of a monotonic clock."""

    def __init__(self, failures: int = FAILURES, open_seconds: float = OPEN_SECONDS) -> None:
        self._limit = failures
        self._open_seconds = open_seconds
        self._failures = 0
        self._open_until = 0.0
        self._probe_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the last row of failures is not yet followed by an answer."""
        return self._failures >= self._limit

    def admits(self, now: float, probe_seconds: float) -> bool:
        """Whether a request may try. When half open the first one may, as the probe; a probe that never
        reports (its client went away) blocks the next for no longer than `probe_seconds`."""
        if self._failures < self._limit:
            return True
        if now < self._open_until or now < self._probe_until:
            return False
        self._probe_until = now + probe_seconds
        return True

    def succeeded(self) -> None:
        """The service answered, whatever it answered."""
        self._failures = 0
        self._probe_until = 0.0

    def failed(self, now: float) -> None:
        """No connection, or a connection that broke or stayed silent before an answer began."""
        self._failures += 1
        if self._failures >= self._limit:
            self._open_until = now + self._open_seconds
            self._probe_until = 0.0

"""Real time and the local calendar day.

Business time (the instant a tenant lives in) is not here: it travels in the `Context` of a request, an event
or a timer. Real time is for tokens, leases, `recorded_at` and the audit chain.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def utcnow() -> datetime:
    """The real instant, aware, in UTC."""
    return datetime.now(UTC)


def midnight(day: date) -> datetime:
    """The instant at which the day begins in Asia/Shanghai, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def local_date(instant: datetime) -> date:
    """The calendar day in Asia/Shanghai on which `instant` falls. All days of the rules are counted there."""
    return instant.astimezone(SHANGHAI).date()

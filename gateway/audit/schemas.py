"""What goes out of the audit over HTTP."""

from datetime import datetime
from typing import Any

from pydantic import Field

from kernel.http.schema import View


class AuditEntryView(View):
    """One entry: who, in which post, when, from where, what, why. Holds ids, no personal data."""

    seq: int
    service: str
    number: int
    action: str
    occurred_at: datetime
    entry: dict[str, Any]


class VerificationView(View):
    """The verdict on the tenant's chain."""

    whole: bool
    checked: int = Field(description="links found whole")
    broken_at: int | None = None
    reason: str | None = None

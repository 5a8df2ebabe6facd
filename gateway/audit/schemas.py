"""What goes in and out of the audit over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import AwareDatetime, BeforeValidator, Field, field_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.schema import Body, View

Hash = Annotated[
    str,
    BeforeValidator(lambda value: value.hex() if isinstance(value, bytes) else value),
    Field(pattern=r"^[0-9a-f]{64}$", description="SM3, as hexadecimal digits"),
]
_NO_ENTRY = Text("不是审计记录的内容", "not the content of an audit entry")
COPY_LINKS = 500
"""Entries of a copy verified in one request: some hundreds of kilobytes."""


class AuditEntryView(View):
    """One entry: who, in which post, when, from where, what, why. Holds ids, no personal data."""

    seq: int
    event_id: UUID
    service: str
    number: int
    action: str
    occurred_at: datetime
    entry: dict[str, Any]
    previous_hash: Hash
    hash: Hash


class VerificationView(View):
    """The verdict on the tenant's chain."""

    whole: bool
    checked: int = Field(description="links found whole")
    broken_at: int | None = None
    reason: str | None = None


class LinkCopy(Body):
    """An entry as it was read or exported."""

    seq: int = Field(ge=1)
    event_id: UUID
    service: str = Field(max_length=40)
    number: int = Field(ge=1)
    action: str = Field(max_length=100)
    occurred_at: AwareDatetime
    entry: dict[str, Any]
    previous_hash: Hash
    hash: Hash

    @field_validator("entry")
    @classmethod
    def is_an_entry(cls, entry: dict[str, Any]) -> dict[str, Any]:
        """It names its act and instant, and can be written as canonical JSON."""
        try:
            str.encode(entry["action"])
            datetime.fromisoformat(entry["occurred_at"])
            orjson.dumps(entry)
        except (KeyError, TypeError, ValueError):
            raise PydanticCustomError("entry", "{text}", {"text": _NO_ENTRY}) from None
        return entry


class ChainCopy(Body):
    """A piece of the chain without gaps, in any order: what an organ kept, an export, a page of entries."""

    entries: list[LinkCopy] = Field(min_length=1, max_length=COPY_LINKS)

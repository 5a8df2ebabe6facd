"""ETags from row versions (RFC 9110): a change names the version it was made on, the later writer is told."""

from typing import Annotated

from fastapi import Depends, Header

from kernel.errors import BadRequest, PreconditionFailed, PreconditionRequired, Text


def etag(version: int) -> str:
    """The strong ETag of a version."""
    return f'"{version}"'


def _if_match(if_match: Annotated[str | None, Header()] = None) -> int:
    if if_match is None:
        raise PreconditionRequired
    value = if_match.strip()
    if not (value.startswith('"') and value.endswith('"') and value[1:-1].isdecimal() and len(value) < 20):
        raise BadRequest(Text("If-Match 无效", "If-Match is not an ETag of this API."))
    return int(value[1:-1])


IfMatch = Annotated[int, Depends(_if_match)]
"""The version that the caller read; 428 where it is missing."""


def check_version(current: int, expected: int) -> None:
    """Raise `PreconditionFailed` (412) unless the caller read the current version."""
    if current != expected:
        raise PreconditionFailed(headers={"ETag": etag(current)})

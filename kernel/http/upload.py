"""Files in and out over HTTP: the raw body is the file, its Content-Type the media type (RFC 9110).

The body is streamed into the object store before the transaction opens (a slow sender must not hold one); its name,
where the sender gives one, stands in `Content-Disposition` (RFC 6266), never in the address.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import Depends, Request
from starlette.responses import StreamingResponse

from kernel.errors import BadRequest, Text, TooLarge
from kernel.files.receiving import Received, receive, remove
from kernel.files.store import ObjectStore

UPLOAD_DEADLINE_SECONDS = 60
"""Ten megabytes over a village's line of 2 Mbit/s take 40 s."""


def _store(request: Request) -> ObjectStore:
    store: ObjectStore = request.app.state.files
    return store


def _uploaded(request: Request) -> Received:
    received: Received = request.state.upload
    return received


Store = Annotated[ObjectStore, Depends(_store)]
"""Route parameter: the object store of this service."""
Upload = Annotated[Received, Depends(_uploaded)]
"""Route parameter: the file that came as the body; its contents are in the store already."""


async def take_in(request: Request, accepted: Sequence[str], limit: int) -> Received:
    """Stream the body into the store. Raises `UnsupportedMedia`, `TooLarge`, `InvalidInput`, `BadRequest`."""
    announced = request.headers.get("content-length")
    if announced is not None and announced.isdecimal() and int(announced) > limit:
        raise TooLarge(Text(f"文件不得超过{limit // 1024}KB", f"A file has at most {limit // 1024} KB."))
    return await receive(
        _store(request),
        request.state.context.tenant,
        request.stream(),
        declared=request.headers.get("content-type", "").partition(";")[0].strip().lower(),
        accepted=accepted,
        limit=limit,
        name=_name(request.headers.get("content-disposition")),
    )


async def discard(request: Request, received: Received) -> None:
    """Remove contents that were refused or sent twice; what a crash leaves behind is swept."""
    await remove(_store(request), request.state.context.tenant, received.id)


def request_body(accepted: Sequence[str]) -> dict[str, Any]:
    """How the body stands in the API document."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"requestBody": {"required": True, "content": dict.fromkeys(accepted, binary)}}


def answer_file(parts: AsyncGenerator[bytes], *, media_type: str, size: int, name: str | None) -> StreamingResponse:
    """The file as an attachment: nothing in it is ever run or shown as a page of ours."""
    headers = {
        "Content-Length": str(size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}" if name else "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return StreamingResponse(parts, media_type=media_type, headers=headers)


def _name(disposition: str | None) -> str | None:
    """The `filename*` (RFC 8187, UTF-8) or plain `filename` of the header."""
    found: dict[str, str] = {}
    for part in (disposition or "").split(";")[1:]:
        key, _, value = part.strip().partition("=")
        found[key.strip().lower()] = value.strip()
    extended = found.get("filename*")
    if extended is not None:
        charset, _, coded = extended.partition("'")
        if charset.lower() != "utf-8":
            raise BadRequest(Text("文件名须以 UTF-8 编码", "The file name has to be in UTF-8 (RFC 8187)."))
        return unquote(coded.partition("'")[2])
    plain = found.get("filename")
    return plain.strip('"') if plain else None

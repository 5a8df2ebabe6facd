"""Answers without an end, in a test: an ASGI application asked in this process, its answer read as it comes.

`httpx.ASGITransport` hands over an answer once it is complete, which a stream of events never is.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx

from kernel.http.stream import MEDIA_TYPE


class LiveTransport(httpx.AsyncBaseTransport):
    """Asks the application; whoever closes the answer has left, as a client that hangs up."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer once it begins."""
        call = _Call(self._app, request, await request.aread())
        status, headers = await call.begun()
        return httpx.Response(status, headers=headers, stream=call, request=request)


class _Call(httpx.AsyncByteStream):
    def __init__(self, app: Any, request: httpx.Request, body: bytes) -> None:
        self._told: asyncio.Queue[dict[str, Any] | BaseException] = asyncio.Queue(1)
        self._body: bytes | None = body
        self._left = asyncio.Event()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "scheme": request.url.scheme,
            "path": request.url.path,
            "raw_path": request.url.raw_path.split(b"?")[0],
            "query_string": request.url.query,
            "server": (request.url.host, request.url.port),
            "client": ("127.0.0.1", 1),
            "root_path": "",
        }
        self._task = asyncio.create_task(self._run(app, scope))

    async def _run(self, app: Any, scope: dict[str, Any]) -> None:
        try:
            await app(scope, self._receive, self._told.put)
        except Exception as error:
            await self._told.put(error)
        else:
            await self._told.put({"type": "end"})

    async def _receive(self) -> dict[str, Any]:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _next(self) -> dict[str, Any]:
        told = await self._told.get()
        if isinstance(told, BaseException):
            raise told
        return told

    async def begun(self) -> tuple[int, Any]:
        """Status and header fields."""
        start = await self._next()
        return start["status"], start["headers"]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (told := await self._next())["type"] == "http.response.body":
            if told.get("body"):
                yield told["body"]
            if not told.get("more_body"):
                return

    async def aclose(self) -> None:
        """Leave, and wait until the application has seen it."""
        self._left.set()
        while not self._task.done():
            waiting = asyncio.create_task(self._told.get())
            await asyncio.wait([waiting, self._task], return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()


async def glimpsed(http: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    """The whole answer, but of a stream of events the first."""
    answer = await http.send(request, stream=True)
    seen = b""
    async for part in answer.aiter_bytes():
        seen += part
        if answer.headers.get("content-type") == MEDIA_TYPE and b"\n\n" in seen:
            break
    await answer.aclose()
    return httpx.Response(answer.status_code, headers=answer.headers, content=seen, request=request)

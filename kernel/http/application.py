"""The application of a process: FastAPI's, and before it the hot ways of its most frequent operations."""

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from kernel.http.hot import Crowded, HotReading, HotReadings
from kernel.http.hot_creating import HotCreating, HotCreatings


class Application(FastAPI):
    """Whatever a hot way leaves alone, or fails at, goes to the routes as it came."""

    _readings: HotReadings | None = None
    _creatings: HotCreatings | None = None

    def put_before(self, hot: Sequence[HotReading | HotCreating]) -> None:
        """Have these answered before the routes are looked through."""
        self._readings = HotReadings(self.state, [each for each in hot if isinstance(each, HotReading)])
        self._creatings = HotCreatings(self.state, [each for each in hot if isinstance(each, HotCreating)])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            try:
                if scope["method"] == "GET" and self._readings and await self._readings.answer(scope, send):
                    return
                if scope["method"] == "POST" and self._creatings:
                    left = await self._creatings.answer(scope, receive, send)
                    if left is None:
                        return
                    receive = left
            except Crowded as crowded:
                await crowded.response()(scope, receive, send)
                return
        await super().__call__(scope, receive, send)

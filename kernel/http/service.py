"""One service process: its API, relay, consumers and timers, started and stopped together.

A process is ready only when its database role owns nothing, every table of it is forced under row-level security,
its object store has kept and removed a trial, and NATS has proved that it syncs every write. With NATS down the API
still serves; readiness tells.
"""

import asyncio
import contextlib
import functools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse

from kernel.config import ProcessConfig
from kernel.db.startup import check_walls
from kernel.db.transaction import Database
from kernel.errors import Text, places
from kernel.events import tables as event_tables
from kernel.events.consumer import run_consumers
from kernel.events.missed import run_watch
from kernel.events.nats import Nats
from kernel.events.relay import run_relay
from kernel.events.subscriptions import Subscriptions
from kernel.files import tables as file_tables
from kernel.files.opening import not_ready, open_store
from kernel.files.sweeping import run_sweep
from kernel.http import idempotency as idempotency_tables
from kernel.http import labels, problems
from kernel.http.application import Application
from kernel.http.hot import HotReading
from kernel.http.hot_creating import HotCreating
from kernel.http.housekeeping import run_housekeeping, run_stragglers
from kernel.http.router import Router
from kernel.http.schema import ProblemDocument
from kernel.ids import new_id
from kernel.org import standing
from kernel.org import tables as org_tables
from kernel.org.consumers import subscriptions as org_subscriptions
from kernel.org.grants import GrantsCache
from kernel.org.numbering import NumberingCache
from kernel.privacy import kms
from kernel.privacy import tables as privacy_tables
from kernel.schedule import tables as schedule_tables
from kernel.schedule.runner import Timers, run_timers

log = structlog.get_logger("service")

KERNEL_TABLES = (event_tables, file_tables, idempotency_tables, org_tables, privacy_tables, schedule_tables)
"""Every process has these tables of the kernel, whether its own modules name them or not."""

OPERATIONS_PATH = "/operations.json"
"""Where a process publishes its operations, without the cost of its whole API document."""
GUARDED_BY = {
    "permission": "x-permission",
    "audience": "x-audience",
    "body_limit": "x-body-limit",
    "deadline": "x-deadline",
}

Lifespan = Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Service:
    """What one process is made of."""

    name: str
    title: Text
    routers: Sequence[Router]
    subscriptions: Sequence[Subscriptions] = ()
    timers: Sequence[Timers] = ()
    labels: tuple[str, ...] = ()
    """Prefixes of the labels it publishes."""
    hot: Sequence[HotReading | HotCreating] = ()
    """Operations that are answered before the routes are looked through."""
    extend: Callable[[FastAPI], None] | None = None
    """Adds what is no operation (the gateway's sign-in pages)."""
    lifespans: Sequence[Lifespan] = field(default_factory=tuple)
    document_url: str | None = "/openapi.json"
    """Where its own API document is read; None where another one stands there."""


def build(service: Service, config: ProcessConfig) -> FastAPI:
    """The ASGI application of a service under its configuration."""
    app = Application(
        title=service.title.en,
        version="1",
        lifespan=functools.partial(_lifespan, service=service, config=config),
        openapi_url=service.document_url,
        docs_url=None,
        redoc_url=None,
    )
    state = app.state
    state.config = config
    state.service_name = service.name
    state.principal_key = bytes.fromhex(config.principal_key.get_secret_value())
    state.cursor_key = config.cursor_key.get_secret_value().encode()
    state.database = Database.open(config)
    state.files = open_store(config)
    state.grants = GrantsCache(state.database).of
    state.numbering = NumberingCache(state.database)
    state.failing = {}
    state.at_end = list[Callable[[], None]]()
    """Called when the process is told to end, before open answers are waited for: those without an end must end."""
    kms.install(kms.FileKms(config.kms_file))
    problems.install(app)
    standing.install()
    for router in service.routers:
        mount(app, router.api)
    app.put_before(service.hot)
    app.add_api_route(OPERATIONS_PATH, _operations, include_in_schema=False)
    app.add_api_route("/health/live", _live, include_in_schema=False)
    app.add_api_route("/health/ready", _ready, include_in_schema=False)
    if service.extend is not None:
        service.extend(app)
    app.openapi = functools.partial(_document, app, service)  # type: ignore[method-assign]  # FastAPI's own hook
    return app


def mount(app: FastAPI, router: APIRouter) -> None:
    """Serve the routes of a router as they are.

    `include_router` would build each of them a second time, and look through all of them twice for every request.
    """
    app.router.routes.extend(router.routes)


def operations(app: FastAPI) -> list[dict[str, Any]]:
    """What the edge guards each operation of the API document by; None where the operation does not declare it."""
    return [
        {"method": method, "path": route.path_format}
        | {name: (route.openapi_extra or {}).get(member) for name, member in GUARDED_BY.items()}
        for route in app.routes
        if isinstance(route, APIRoute) and route.include_in_schema
        for method in sorted(route.methods or ())
    ]


_STARTED_AS = uuid4().hex
"""The same in all forks of one start, which publish the same: who read one of them need not read another."""


async def _operations(request: Request) -> JSONResponse:
    app: FastAPI = request.app
    return JSONResponse({"started_as": _STARTED_AS, "operations": operations(app)})


async def _live() -> JSONResponse:
    return JSONResponse({"status": "live"})


async def _ready(request: Request) -> JSONResponse:
    failing: dict[str, str] = request.app.state.failing
    return JSONResponse(
        {"status": "failing" if failing else "ready", "failing": failing}, status_code=503 if failing else 200
    )


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI, *, service: Service, config: ProcessConfig) -> AsyncIterator[None]:
    database: Database = app.state.database
    failing: dict[str, str] = app.state.failing
    failing["start"] = "not started"
    nats = Nats.open(config)
    subscriptions = Subscriptions().include(org_subscriptions)
    for more in service.subscriptions:
        subscriptions.include(more)
    stop = asyncio.Event()
    async with contextlib.AsyncExitStack() as stack:
        for enter in service.lifespans:
            await stack.enter_async_context(enter(app))
        work: dict[str, Coroutine[Any, Any, None]] = {
            "walls": _until_right(failing, "walls", lambda: check_walls(database, service.name)),
            "nats": _until_right(failing, "nats", nats.not_ready),
            "object store": _until_right(
                failing, "object store", functools.partial(not_ready, app.state.files, new_id())
            ),
            "housekeeping": run_housekeeping(database),
            "stragglers": run_stragglers(database),
            "relay": run_relay(database, nats, config),
            "consumers": run_consumers(database, nats, config, subscriptions),
            "missed news": run_watch(database, nats, subscriptions),
            "files": run_sweep(database, app.state.files, stop),
            "timers": run_timers(database, config, Timers.merge(service.timers), stop),
        }
        tasks = [asyncio.create_task(_fatal(name, task), name=name) for name, task in work.items()]
        failing.pop("start")
        try:
            yield
        finally:
            # What is in hand may finish: timers look at `stop`, consumers and relay wind up when cancelled.
            stop.set()
            for task in tasks:
                if task.get_name() not in ("timers", "files"):
                    task.cancel()
            _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await nats.close()
    await database.close()


STOP_SECONDS = 10
"""Within the supervisor's 15 seconds, so that work in hand can end by itself."""
RECHECK_SECONDS = 1.0


async def _fatal(name: str, task: Coroutine[Any, Any, None]) -> None:
    """Background work that ends by an error ends the process: the supervisor starts it anew, nothing is silent."""
    try:
        await task
    except Exception as error:
        log.critical("background work failed", work=name, error=type(error).__name__, places=places(error))
        os._exit(70)


async def _until_right(failing: dict[str, str], name: str, check: Callable[[], Awaitable[str | None]]) -> None:
    """Ask until `check` finds nothing wrong; what it finds stands in readiness until then."""
    failing[name] = "not checked yet"
    while (wrong := await check()) is not None:
        if failing.get(name) != wrong:
            log.warning("not ready", check=name, reason=wrong)
        failing[name] = wrong
        await asyncio.sleep(RECHECK_SECONDS)
    failing.pop(name)


def _document(app: FastAPI, service: Service) -> dict[str, Any]:
    """The service's OpenAPI document, with the problem schema and its labels."""
    if app.openapi_schema is None:
        made = get_openapi(title=service.title.en, version="1", routes=app.routes)
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        problem = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs", {}))
        schemas["ProblemDocument"] = problem
        for replaced in ("HTTPValidationError", "ValidationError"):
            schemas.pop(replaced, None)
        made["x-labels"] = labels.all_labels(service.labels)
        app.openapi_schema = made
    return app.openapi_schema

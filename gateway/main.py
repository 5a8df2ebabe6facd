"""The gateway process: identity, directory, regulation, audit, pages, and the feed of the edges."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI

from gateway.audit.consumers import subscriptions as audit_subscriptions
from gateway.audit.refusals import RefusalBook
from gateway.audit.routes import router as audit_router
from gateway.directory.department.routes import router as department_router
from gateway.directory.imports.routes import router as import_router
from gateway.directory.reorganisation.consumers import timers as reorganisation_timers
from gateway.directory.reorganisation.routes import router as reorganisation_router
from gateway.directory.routes import development as directory_development
from gateway.directory.routes import router as directory_router
from gateway.directory.substitution.routes import router as substitution_router
from gateway.edgefeed.server import EdgeFeed
from gateway.facts import Facts, telling
from gateway.identity.consumers import subscriptions as identity_subscriptions
from gateway.identity.desk import Desk
from gateway.identity.housekeeping import run_identity_housekeeping
from gateway.identity.operations import router as password_router
from gateway.identity.routes import router as identity_router
from gateway.pages.document import Documents
from gateway.pages.routes import router as pages_router
from gateway.regulation.consumers import subscriptions as regulation_subscriptions
from gateway.regulation.explanation.routes import router as explanation_router
from gateway.regulation.interpretation.routes import router as interpretation_router
from gateway.regulation.promulgation.consumers import timers as promulgation_timers
from gateway.regulation.promulgation.routes import router as promulgation_router
from gateway.regulation.routes import router as regulation_router
from gateway.regulation.simulation.consumers import subscriptions as simulation_subscriptions
from gateway.regulation.simulation.routes import router as simulation_router
from gateway.worklist.consumers import subscriptions as worklist_subscriptions
from gateway.worklist.routes import router as worklist_router
from gateway.worklist.waking import Wakeups, listening
from kernel.config import ProcessConfig
from kernel.errors import Text
from kernel.http.service import Service, build, mount
from kernel.http.stream import Places
from kernel.messages.consumers import delivering
from kernel.messages.sender import sender_of


def create_app(config: ProcessConfig) -> FastAPI:
    """The application of the gateway process."""
    feed = EdgeFeed(bytes.fromhex(config.edge_key.get_secret_value()))
    routers = [
        directory_router,
        reorganisation_router,
        department_router,
        substitution_router,
        import_router,
        password_router,
        regulation_router,
        promulgation_router,
        interpretation_router,
        explanation_router,
        simulation_router,
        audit_router,
        worklist_router,
    ]
    if config.profile == "development":
        routers.append(directory_development)
    service = Service(
        name="gateway",
        title=Text("网关", "Gateway"),
        routers=routers,
        subscriptions=[
            regulation_subscriptions,
            telling(feed),
            audit_subscriptions,
            identity_subscriptions(config.issuer),
            delivering(sender_of(config)),
            simulation_subscriptions,
            worklist_subscriptions,
        ],
        timers=[reorganisation_timers, promulgation_timers],
        extend=_extend,
        lifespans=[_identity, _edges, listening],
        document_url=None,
    )
    app = build(service, config)
    app.state.edge_feed = feed
    app.state.wakeups = Wakeups(app.state.database)
    app.state.at_end.append(app.state.wakeups.end)
    app.state.streams = Places()
    app.state.facts = Facts(app.state.database)
    app.state.identity = Desk(app.state.database, config, feed)
    app.state.documents = Documents(app, config, app.state.facts, feed)
    return app


def _extend(app: FastAPI) -> None:
    mount(app, pages_router)
    mount(app, identity_router)


@contextlib.asynccontextmanager
async def _identity(app: FastAPI) -> AsyncIterator[None]:
    """Have a signing key before the first sign-in; learn of new keys, and sweep, while the process lives."""
    await app.state.identity.start()
    keeping = asyncio.create_task(run_identity_housekeeping(app.state.identity), name="identity")
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


@contextlib.asynccontextmanager
async def _edges(app: FastAPI) -> AsyncIterator[None]:
    """Serve the edges while the process lives."""
    state = app.state
    feed: EdgeFeed = state.edge_feed
    config: ProcessConfig = state.config
    feed.set_snapshot_source(state.facts.snapshot)
    feed.on_refusal(RefusalBook(state.database).record)
    following = asyncio.create_task(state.documents.follow(), name="documents")
    await feed.start(config.edge_host, config.edge_port)
    try:
        yield
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await feed.stop()

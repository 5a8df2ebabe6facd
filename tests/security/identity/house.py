"""An identity server for tests: the real routes over real HTTP on the test stack's PostgreSQL, with its own
tenant.

Each `House` makes its own tenant, so tests run in any order and in parallel on one database.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import uvicorn
from fastapi import FastAPI

from gateway.directory import actions as directory
from gateway.edgefeed.changes import Change
from gateway.identity import actions, passwords, queries
from gateway.identity.desk import Desk
from gateway.identity.routes import router
from gateway.identity.schemas import RegisteredClient
from kernel.clock import utcnow
from kernel.config import ProcessConfig
from kernel.context import Context, TenantId
from kernel.db.transaction import Database
from kernel.http import problems
from kernel.ids import new_id
from kernel.privacy import kms

PASSWORD = "Bayan-nuur 2026"  # noqa: S105 -- of users made for one test
CALLBACK = "http://localhost:9/callback"
AT_ONCE = 50
each_round = pytest.mark.parametrize("rounds", [2, pytest.param(200, marks=pytest.mark.soak)])
"""Races are run a few times in the short form, and often in the long one (reliability.md cases 20 and 21)."""


@dataclass
class Feed:
    """Stands for the edges: keeps what they are told, in order."""

    told: list[Change] = field(default_factory=list)

    def announce(self, *changes: Change) -> int:
        """Nobody waits."""
        self.told.extend(changes)
        return len(self.told)

    async def publish(self, *changes: Change) -> None:
        """Confirmed at once."""
        self.told.extend(changes)


@dataclass
class House:
    """A tenant with one official in two posts, one official in one post, one applicant, and three clients."""

    issuer: str
    database: Database
    feed: Feed
    desk: Desk
    tenant: TenantId
    browser: RegisteredClient
    web: RegisteredClient
    service: RegisteredClient
    users: dict[str, UUID]
    posts: dict[str, UUID]
    persons: dict[str, UUID]

    def context(self) -> Context:
        """The platform at work for this tenant."""
        return Context.system(self.tenant, utcnow())


@contextlib.asynccontextmanager
async def serve(config: ProcessConfig) -> AsyncIterator[tuple[Desk, Feed]]:
    """The identity server on a free port; the issuer is its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    issuer = f"http://localhost:{listener.getsockname()[1]}"
    config = config.model_copy(update={"issuer": issuer})
    kms.install(kms.FileKms(config.kms_file))
    database, feed, app = Database.open(config), Feed(), FastAPI()
    app.state.identity = desk = Desk(database, config, feed)
    problems.install(app)
    app.include_router(router)
    # Connections are kept longer than a client keeps them: with equal times both may end one at once, under a request.
    quiet: dict[str, Any] = {"log_config": None, "access_log": False, "ws": "none", "lifespan": "off"}
    server = uvicorn.Server(uvicorn.Config(app, timeout_keep_alive=60, **quiet))
    await desk.start()
    running = asyncio.create_task(server.serve([listener]))
    try:
        yield desk, feed
    finally:
        server.should_exit = True
        await running
        await database.close()


_hashes: list[str] = []


async def password_hash() -> str:
    """The hash of `PASSWORD`, made once: it is slow on purpose."""
    if not _hashes:
        _hashes.append(await passwords.hash_password(PASSWORD))
    return _hashes[0]


async def make_house(desk: Desk, feed: Feed, *, consent: bool = False) -> House:
    """A new tenant on a running server. `consent`: its clients are not trusted, so users are asked."""
    tenant = TenantId(new_id())
    users: dict[str, UUID] = {}
    posts: dict[str, UUID] = {}
    persons = {"applicant": new_id()}
    async with desk.database.transaction(Context.system(tenant, utcnow())) as tx:
        await directory.make_tenant(tx, slug=f"t{tenant.hex}", title="测试旗", business_time=None)
        unit = (
            await directory.make_units(tx, [directory.NewUnit("990100", "测试旗", "county", None)], date(2026, 1, 1))
        )["990100"]
        department = await directory.make_department(tx, unit, "society_work", "社会工作部")
        for name, duties in {"official": ("handler",), "deputy": ("handler", "approver"), "applicant": ()}.items():
            user = await directory.make_user(
                tx, user_name=name, display_name=f"显示名{name}", person_id=persons.get(name)
            )
            await tx.session.run_sync(queries.write_password, tenant, user.id, await password_hash(), utcnow())
            users[name] = user.id
            for duty in duties:
                post = await directory.add_post(
                    tx, user=user, department=department, unit=unit, duty=duty, valid_from=date(2026, 1, 1)
                )
                posts[f"{name}.{duty}"] = post.id
        trusted = not consent
        return House(
            issuer=desk.issuer,
            database=desk.database,
            feed=feed,
            desk=desk,
            tenant=tenant,
            browser=await actions.register_client(
                tx,
                "portal",
                [CALLBACK, "http://127.0.0.1:8/cb"],
                "browser",
                trusted,
                ["http://localhost:9"],
                sign_out_uris=["http://localhost:9/bye"],
            ),
            web=await actions.register_client(tx, "office", [CALLBACK], "web", trusted),
            service=await actions.register_client(tx, "importer", [], "service", permissions=["recruitment.plan.read"]),
            users=users,
            posts=posts,
            persons=persons,
        )

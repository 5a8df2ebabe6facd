"""One service in a test: its real application in this process, PostgreSQL behind it, signed principals before it.

    async with running(SERVICE, config) as service:
        tenant = await service.new_tenant(pack_json, now=datetime(2025, 3, 3, tzinfo=UTC))
        handler = await tenant.appoint("county", "society_work")
        made = await tenant.post(handler, "/api/v1/recruitment/plans", {...})

Relay, consumers and timers do not run by themselves: a test runs the due timers with `service.run_timers()` and
reads the outbox with `tenant.events()`.
"""

import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlmodel import col, select
from starlette.routing import Match

from kernel.access import principal
from kernel.clock import utcnow
from kernel.config import ProcessConfig
from kernel.context import Context, TenantId
from kernel.db.transaction import Database
from kernel.events.tables import Outbox
from kernel.http.service import Service, build
from kernel.ids import new_id
from kernel.org.tables import OrgPack, OrgParameter, OrgPost, OrgTenant, OrgUnit
from kernel.regulation.pack import Pack
from kernel.schedule.runner import Timers, run_due
from kernel.testing.tree import FOUNDED, Caller, Tree, official

BASE = "http://service.test"


class ServiceUnderTest:
    """A built service; `new_tenant` gives each test a jurisdiction of its own."""

    def __init__(self, service: Service, app: FastAPI, config: ProcessConfig, http: httpx.AsyncClient) -> None:
        self.service, self.app, self.config, self.http = service, app, config, http

    @property
    def database(self) -> Database:
        """The service's own pool, as its app role."""
        database: Database = self.app.state.database
        return database

    async def new_tenant(self, pack: str, *, now: datetime, tree: Tree | None = None) -> "TestTenant":
        """Seed a tenant under that pack (JSON, in force since long ago) whose business instant is `now`."""
        tenant = TestTenant(self, TenantId(new_id()), tree or Tree(), now)
        await tenant.seed(pack)
        return tenant

    async def run_timers(self) -> int:
        """Run what is due once, as the service's worker would; returns how many rows were found."""
        return await run_due(self.database, self.config, Timers.merge(self.service.timers))

    def permission_of(self, method: str, path: str) -> str:
        """The permission that the edge would find in the operation's document; empty where there is none."""
        scope = {"type": "http", "method": method, "path": path, "headers": []}
        for router in self.service.routers:
            for route in router.api.routes:
                if isinstance(route, APIRoute) and route.matches(scope)[0] is Match.FULL:
                    return str((route.openapi_extra or {}).get("x-permission", ""))
        return ""


class TestTenant:
    """A made-up jurisdiction in the service's read model, and requests on behalf of its people."""

    __test__ = False

    def __init__(self, service: ServiceUnderTest, tenant_id: TenantId, tree: Tree, now: datetime) -> None:
        self.service, self.id, self.tree, self.now = service, tenant_id, tree, now
        self.slug = f"t{tenant_id.hex}"

    def context(self) -> Context:
        """The platform at work in this tenant, for looking at rows past the API."""
        return Context.system(self.id, self.now)

    async def seed(self, pack: str) -> None:
        """Fill the read model as the events of directory and regulation would."""
        async with self.service.database.transaction(self.context()) as tx:
            tx.session.add(
                OrgTenant(
                    tenant_id=self.id,
                    slug=self.slug,
                    title="测试辖区",
                    status="active",
                    business_offset_seconds=(self.now - utcnow()).total_seconds(),
                )
            )
            for unit in self.tree.units.values():
                tx.session.add(
                    OrgUnit(
                        tenant_id=self.id,
                        id=unit.id,
                        unit_no=unit.unit_no,
                        last_no=unit.last_no,
                        level=unit.level,
                        code=unit.code,
                        title=unit.title,
                        parent_id=unit.parent_id,
                        valid_from=FOUNDED,
                    )
                )
            await tx.session.flush()
        await self.publish_pack(pack)

    async def publish_pack(self, pack: str) -> None:
        """Bring a version of a pack (JSON) into force from `FOUNDED` on."""
        head = Pack.from_json(pack)
        async with self.service.database.transaction(self.context()) as tx:
            tx.session.add(
                OrgPack(
                    tenant_id=self.id,
                    id=new_id(),
                    pack_id=head.id,
                    pack_version=head.version,
                    valid_from=FOUNDED,
                    content=pack,
                )
            )

    async def set_local(
        self, path: str, value: Any, *, unit: str, since: date = FOUNDED, before: date | None = None
    ) -> None:
        """Set a figure locally for that unit and those below it, as the event of the regulation room would."""
        async with self.service.database.transaction(self.context()) as tx:
            tx.session.add(
                OrgParameter(
                    tenant_id=self.id,
                    id=new_id(),
                    path=path,
                    unit_id=self.tree[unit].id,
                    value=value,
                    source="测试文件〔2025〕1号",
                    valid_from=since,
                    valid_before=before,
                )
            )

    async def move_to(self, now: datetime) -> None:
        """Let the tenant live in another business instant."""
        self.now = now
        async with self.service.database.transaction(self.context()) as tx:
            row = (await tx.session.execute(select(OrgTenant))).scalar_one()
            row.business_offset_seconds = (now - utcnow()).total_seconds()

    async def appoint(self, unit: str, department: str, duty: str = "handler") -> Caller:
        """Give somebody new a post in that unit and act in it."""
        place = self.tree[unit]
        caller = official(place, department, duty)
        assert caller.actor.post is not None  # noqa: S101 - `official` always gives one
        assert caller.actor.user is not None  # noqa: S101 - the same
        async with self.service.database.transaction(self.context()) as tx:
            tx.session.add(
                OrgPost(
                    tenant_id=self.id,
                    id=caller.actor.post,
                    user_id=caller.actor.user,
                    unit_id=place.id,
                    unit_no=place.unit_no,
                    department_kind=department,
                    level=place.level,
                    duty=duty,
                    valid_from=FOUNDED,
                )
            )
        return caller

    async def call(
        self,
        caller: Caller | None,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        version: int | None = None,
        language: str = "en",
        query: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send one request as `caller` (None: past the gateway, without a principal); `content` is a raw body."""
        headers = {"Accept-Language": language, **(headers or {})}
        if method == "POST":
            headers["Idempotency-Key"] = key or str(new_id())
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if caller is not None:
            headers[principal.HEADER] = self._principal(caller, method, path, language)
        return await self.service.http.request(
            method, path, json=body, content=content, headers=headers, params=dict(query) if query else None
        )

    async def get(self, caller: Caller | None, path: str, **options: Any) -> httpx.Response:
        """GET as `caller`; options as of `call`."""
        return await self.call(caller, "GET", path, **options)

    async def post(self, caller: Caller | None, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """POST as `caller`; options as of `call`."""
        return await self.call(caller, "POST", path, body, **options)

    async def events(self, name: str | None = None) -> list[Outbox]:
        """What waits in the outbox for the relay, in order of making; only events of that name where one is given."""
        statement = select(Outbox).order_by(col(Outbox.seq))
        if name is not None:
            statement = statement.where(col(Outbox.event) == name)
        async with self.service.database.transaction(self.context()) as tx:
            return list((await tx.session.execute(statement)).scalars())

    def _principal(self, caller: Caller, method: str, path: str, language: str) -> str:
        actor = caller.actor
        made = principal.Principal(
            service=self.service.service.name,
            method=method,
            path=path,
            issued_at=time.time(),
            tenant=self.id.bytes,
            lo=caller.scope.lo,
            hi=caller.scope.hi,
            kind=actor.kind,
            business_time=self.now.timestamp(),
            permission=self.service.permission_of(method, path),
            request_id=str(new_id()),
            user=_bytes(actor.user),
            post=_bytes(actor.post),
            person=_bytes(actor.person),
            unit_no=actor.unit_no,
            department_kind=actor.department_kind,
            level=actor.level,
            duty=actor.duty,
            client_id=actor.client_id,
            client_grants=caller.client_grants,
            language="en" if language == "en" else "zh",
        )
        return principal.sign(made, self.service.app.state.principal_key)


@contextlib.asynccontextmanager
async def running(service: Service, config: ProcessConfig) -> AsyncIterator[ServiceUnderTest]:
    """Build the service on a database that has its schema; close its pools at the end."""
    app = build(service, config)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        try:
            yield ServiceUnderTest(service, app, config, http)
        finally:
            await app.state.database.close()


def _bytes(value: UUID | None) -> bytes | None:
    return value.bytes if value is not None else None

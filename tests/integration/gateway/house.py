"""The gateway's application with its relay and consumers on real servers, and a tenant made as operators make one."""

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import yaml
from sqlalchemy import text
from sqlmodel import select

from deploy.cli.stack.testing import TestStack
from gateway.audit.consumers import subscriptions as audit_subscriptions
from gateway.audit.routes import router as audit_router
from gateway.directory.department.routes import router as department_router
from gateway.directory.imports.routes import router as import_router
from gateway.directory.leave.routes import router as leave_router
from gateway.directory.reorganisation.consumers import timers as reorganisation_timers
from gateway.directory.reorganisation.routes import router as reorganisation_router
from gateway.directory.routes import development, router
from gateway.directory.substitution.routes import router as substitution_router
from gateway.directory.tables import Unit
from gateway.main import create_app
from gateway.onboarding import Onboarded, add_tenant
from gateway.regulation.consumers import subscriptions as regulation_subscriptions
from gateway.regulation.explanation.routes import router as explanation_router
from gateway.regulation.interpretation.routes import router as interpretation_router
from gateway.regulation.promulgation.consumers import timers as promulgation_timers
from gateway.regulation.promulgation.routes import router as promulgation_router
from gateway.regulation.routes import router as regulation_router
from gateway.regulation.simulation.consumers import subscriptions as simulation_subscriptions
from gateway.regulation.simulation.routes import router as simulation_router
from gateway.webhooks.routes import router as webhook_router
from gateway.worklist.routes import router as worklist_router
from kernel.config import ProcessConfig
from kernel.context import Actor, Scope, TenantId
from kernel.errors import Text
from kernel.events.consumer import run_consumers
from kernel.events.nats import Nats
from kernel.events.relay import run_relay
from kernel.events.subscriptions import Subscriptions
from kernel.http.service import Service
from kernel.ids import new_id
from kernel.org.consumers import subscriptions as org_subscriptions
from kernel.testing.service_client import BASE, ServiceUnderTest, TestTenant
from kernel.testing.tree import Caller, Tree

FILE = Path(__file__).parents[3] / "regulations" / "neimenggu" / "demonstration.yaml"
PEOPLE = 3
"""Passwords are slow to hash on purpose; the tests need the tree and few people."""
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DEADLINE_SECONDS = 30
ROUTERS = [
    router,
    department_router,
    substitution_router,
    leave_router,
    import_router,
    reorganisation_router,
    development,
    audit_router,
    regulation_router,
    worklist_router,
    webhook_router,
    promulgation_router,
    interpretation_router,
    explanation_router,
    simulation_router,
]


async def until(ask: Callable[[], Awaitable[Any]], what: str) -> Any:
    """Ask again until the answer is true; fails with `what` after the deadline."""
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end:
        if found := await ask():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"not within {DEADLINE_SECONDS} s: {what}")


def write_plan(folder: Path) -> Path:
    """The regulation and its demonstration with few people, in a folder of its own; the demonstration's file."""
    for layer in ("national", FILE.parent.name):
        shutil.copytree(FILE.parent.parent / layer, folder / layer)
    plan = yaml.safe_load(FILE.read_text())
    plan["users"], plan["applicants"] = plan["users"][:PEOPLE], plan["applicants"][:1]
    made = folder / FILE.parent.name / FILE.name
    made.write_text(yaml.safe_dump(plan, allow_unicode=True))
    return made


@contextlib.asynccontextmanager
async def serving(config: ProcessConfig) -> AsyncIterator[ServiceUnderTest]:
    """The application without its background work."""
    app = create_app(config)
    timers = [reorganisation_timers, promulgation_timers]
    service = Service(name="gateway", title=Text("网关", "Gateway"), routers=ROUTERS, timers=timers)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        try:
            yield ServiceUnderTest(service, app, config, http)
        finally:
            await app.state.database.close()


@contextlib.asynccontextmanager
async def working(stack: TestStack) -> AsyncIterator[ServiceUnderTest]:
    """The application, its relay, and the consumers of its read model and audit chain."""
    config = stack.config("gateway")
    async with serving(config) as gateway:
        nats = Nats.open(config, fatal=lambda: None)
        subscriptions = Subscriptions()
        for each in (org_subscriptions, regulation_subscriptions, audit_subscriptions, simulation_subscriptions):
            subscriptions.include(each)
        work = [
            asyncio.create_task(run_relay(gateway.database, nats, config)),
            asyncio.create_task(run_consumers(gateway.database, nats, config, subscriptions)),
        ]
        try:
            yield gateway
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            await nats.close()


@dataclass(slots=True)
class Town:
    """A tenant with the demonstration's tree, and its three administrators."""

    tenant: TestTenant
    made: Onboarded
    units: dict[str, Unit]

    @classmethod
    async def found(cls, gateway: ServiceUnderTest, plan: Path) -> "Town":
        """Onboard a tenant and wait until its regulation is in the read model."""
        slug = f"t{new_id().hex}"
        made = await asyncio.to_thread(add_tenant, gateway.config, plan, slug, NOW)
        tenant = TestTenant(gateway, TenantId(UUID(made.tenant_id)), Tree({}), NOW)
        async with gateway.database.transaction(tenant.context()) as tx:
            units = {unit.code: unit for unit in (await tx.session.execute(select(Unit))).scalars()}
        town = cls(tenant, made, units)

        async def granted() -> bool:
            return (await tenant.get(town.auditor, "/api/v1/audit/entries")).status_code == 200

        await until(granted, "the regulation in the read model")
        return town

    def official(self, department: str, code: str = "150000", duty: str = "handler") -> Caller:
        """Somebody in a post of that unit, as the edge would say."""
        unit = self.units[code]
        actor = Actor(
            "official",
            user=new_id(),
            post=new_id(),
            unit_no=unit.unit_no,
            department_kind=department,
            level=unit.level,
            duty=duty,
        )
        return Caller(actor, Scope(unit.unit_no, unit.last_no))

    @property
    def system(self) -> Caller:
        """The system administrator of the whole region."""
        return self.official("system_admin")

    @property
    def security(self) -> Caller:
        """The security administrator of the whole region."""
        return self.official("security_admin")

    @property
    def auditor(self) -> Caller:
        """The audit administrator of the whole region."""
        return self.official("audit_admin")

    async def user(self, name: str) -> str:
        """A new official without a post; its id."""
        made = await self.tenant.post(
            self.security, "/api/v1/directory/users", {"user_name": name, "display_name": "测试"}
        )
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def department(self, kind: str, code: str = "150000") -> str:
        """The id of a department of the demonstration."""
        path = f"/api/v1/directory/units/{self.units[code].id}/departments"
        found = await self.tenant.get(self.security, path)
        return next(str(one["id"]) for one in found.json() if one["kind"] == kind)

    async def give(self, user: str, kind: str, code: str = "150000", valid_from: str = "2026-03-01") -> httpx.Response:
        """Give that user a post as a handler."""
        body: dict[str, Any] = {
            "user_id": user,
            "department_id": await self.department(kind, code),
            "duty": "handler",
            "valid_from": valid_from,
        }
        return await self.tenant.post(self.security, "/api/v1/directory/posts", body)

    async def told(self, aggregate: str) -> list[dict[str, Any]]:
        """What was told of aggregates of that type, published or not, in the order in which it was told."""
        rows = "select {} from k_outbox{} where aggregate_type = :aggregate"
        async with self.tenant.service.database.transaction(self.tenant.context()) as tx:
            found = await tx.session.execute(
                text(f"{rows.format('id, data', '')} union {rows.format('id, data', '_archive')} order by id"),
                {"aggregate": aggregate},
            )
            return [row.data for row in found]

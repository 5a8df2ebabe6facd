"""Edge, service, row-level security: with one of them off, requests for what is another's are still refused.

What docs/isolation.md says of each wall alone is shown here.
"""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import msgspec
import pytest
from fastapi.routing import APIRoute
from pydantic import SecretStr

from deploy.cli.stack.testing import TestStack
from kernel.access import principal
from kernel.config import Process
from kernel.context import EVERYTHING
from kernel.db.startup import check_walls
from kernel.http import router
from kernel.http.service import Service, build
from kernel.ids import new_id
from kernel.testing.service_client import BASE, ServiceUnderTest, running
from kernel.testing.tree import Caller
from services.assessment.service import SERVICE as ASSESSMENT
from services.recruitment.service import SERVICE as RECRUITMENT
from services.roster.service import SERVICE as ROSTER
from services.training.service import SERVICE as TRAINING
from tests.integration.services.training.house import PATH, House
from tests.isolation.conftest import Isolated

SERVICES: Mapping[Process, Service] = {
    "assessment": ASSESSMENT,
    "recruitment": RECRUITMENT,
    "roster": ROSTER,
    "training": TRAINING,
}
PROGRAMMES, SESSIONS = f"{PATH}/programmes", f"{PATH}/sessions"
PROGRAMME = {"title": "2025年社区工作者轮训", "year": 2025, "roles": ["member", "staff"]}


@pytest.fixture(scope="session")
async def training(servers: TestStack, isolated: Mapping[str, Isolated]) -> AsyncIterator[ServiceUnderTest]:
    """The training service on a database whose walls may be taken down."""
    house = isolated["training"]
    dsns = {f"{role}_dsn": SecretStr(house.dsn(role)) for role in ("app", "relay", "migrator")}
    async with running(TRAINING, servers.config("training").model_copy(update=dsns)) as service:
        yield service


@pytest.fixture
async def house(training: ServiceUnderTest) -> House:
    return await House.open(training)


@pytest.fixture
async def other(training: ServiceUnderTest) -> House:
    """Another tenant under the same regulation."""
    return await House.open(training)


class Refused:
    """Requests for a programme and a class of one house, by whoever asks."""

    def __init__(self, programme: str, session: str) -> None:
        self.programme, self.session = programme, session

    @classmethod
    async def of(cls, house: House) -> "Refused":
        """Make both."""
        programme = (await house.tenant.post(house.county, PROGRAMMES, PROGRAMME)).json()["id"]
        made = await house.tenant.post(house.county, SESSIONS, house.session(programme_id=programme))
        return cls(programme, made.json()["id"])

    async def answers(self, house: House, caller: Caller | None) -> list[httpx.Response]:
        """What is answered in that house's tenant, reading and writing."""
        hours = {"person_id": str(new_id()), "hours": "4.00"}
        return [
            await house.tenant.get(caller, f"{PROGRAMMES}/{self.programme}"),
            await house.tenant.get(caller, f"{SESSIONS}/{self.session}"),
            await house.tenant.post(caller, SESSIONS, house.session(programme_id=self.programme)),
            await house.tenant.post(caller, f"{SESSIONS}/{self.session}/hours", hours),
        ]

    def nothing(self) -> "Refused":
        """The same of what does not exist."""
        return Refused(str(uuid4()), str(uuid4()))


def told(answers: list[httpx.Response]) -> list[tuple[int, object]]:
    """Status and problem without what names the request itself."""
    return [(each.status_code, {**each.json(), "instance": None, "request_id": None}) for each in answers]


@pytest.mark.parametrize("process", SERVICES)
async def test_without_the_edge_no_operation_of_a_service_answers(servers: TestStack, process: Process) -> None:
    """The first wall off: whoever reaches the service itself has no principal, or one of another's making."""
    service = SERVICES[process]
    app = build(service, servers.config(process))
    forged = principal.sign(_principal(process, "GET", "/", "any"), b"x" * 32)
    faults = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE) as http:
        for route in (each for one in service.routers for each in one.api.routes if isinstance(each, APIRoute)):
            method = min(route.methods or ())
            path = httpx.URL(route.path_format.replace("{", "").replace("}", "")).path
            permission = str((route.openapi_extra or {})["x-permission"])
            wrong = _principal(process, method, path, "another.permission")
            right = _principal(process, method, path, permission)
            key = app.state.principal_key
            for words, header, status in (
                ("no principal", None, 401),
                ("forged", forged, 401),
                ("another key", principal.sign(right, b"x" * 32), 401),
                (
                    "made for another path",
                    principal.sign(msgspec.structs.replace(right, path=f"{path}/other"), key),
                    401,
                ),
                ("made for another permission", principal.sign(wrong, key), 403),
            ):
                headers = {} if header is None else {principal.HEADER: header}
                answer = await http.request(method, path, headers=headers, json={})
                if answer.status_code != status:
                    faults.append(f"{method} {path}: {words}: {answer.status_code}, expected {status}")
    await app.state.database.close()
    assert faults == []


async def test_without_the_edge_a_foreign_scope_or_tenant_sees_nothing(house: House, other: House) -> None:
    """The first wall off: a principal with a scope, a tenant or a right that is not the asker's own."""
    theirs = await Refused.of(house)
    assert [each.status_code for each in await theirs.answers(house, house.county)] == [200, 200, 201, 404]
    for asking, caller in ((house, house.sibling), (other, other.county)):
        answers = await theirs.answers(asking, caller)
        assert told(answers) == told(await theirs.nothing().answers(asking, caller))
        assert {each.status_code for each in answers} == {404}
    assert {each.status_code for each in await theirs.answers(house, house.finance)} == {403}


async def test_without_the_services_check_rows_outside_the_scope_stay_hidden(
    house: House, other: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second wall off: the service lets everybody in. It alone keeps the departments of one unit apart."""
    theirs = await Refused.of(house)
    monkeypatch.setattr(router, "permitted", lambda *_: True)
    strangers = await other.tenant.appoint("county", "finance")
    neighbours = await house.tenant.appoint("sibling_county", "finance")
    for asking, caller in ((house, neighbours), (other, strangers), (other, other.county), (house, house.township)):
        answers = await theirs.answers(asking, caller)
        assert told(answers) == told(await theirs.nothing().answers(asking, caller))
        assert {each.status_code for each in answers} == {404}
    assert (await house.tenant.get(house.finance, f"{PROGRAMMES}/{theirs.programme}")).status_code == 200


async def test_without_row_level_security_the_queries_own_bounds_still_refuse(
    house: House, other: House, isolated: Mapping[str, Isolated], training: ServiceUnderTest
) -> None:
    """The third wall off for one table: permission refuses, queries repeat tenant and scope, readiness notices."""
    theirs = await Refused.of(house)
    async with _down(isolated["training"], "training_programme"):
        assert {each.status_code for each in await theirs.answers(house, house.finance)} == {403}
        assert {each.status_code for each in await theirs.answers(house, None)} == {401}
        for asking, caller in ((other, other.county), (house, house.sibling)):
            answers = await theirs.answers(asking, caller)
            assert told(answers) == told(await theirs.nothing().answers(asking, caller))
            assert {each.status_code for each in answers} == {404}
        # Nobody should rest on that: no process gets ready on such a database.
        assert "training_programme" in str(await check_walls(training.database, "training"))
    assert await check_walls(training.database, "training") is None


@asynccontextmanager
async def _down(database: Isolated, table: str) -> AsyncIterator[None]:
    """As the owner might by mistake."""
    async with database.connected("superuser") as connection:
        await connection.execute(f"alter table {table} disable row level security")
        try:
            yield
        finally:
            await connection.execute(f"alter table {table} enable row level security")


def _principal(service: str, method: str, path: str, permission: str) -> principal.Principal:
    return principal.Principal(
        service=service,
        method=method,
        path=path,
        issued_at=time.time(),
        tenant=new_id().bytes,
        lo=EVERYTHING.lo,
        hi=EVERYTHING.hi,
        kind="client",
        business_time=time.time(),
        permission=permission,
        request_id=str(new_id()),
        client_id="made-up",
    )

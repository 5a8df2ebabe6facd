"""Every operation of every service refuses by itself whoever lacks its permission, past the edge (T5, T9).

The operations are walked from the routers, the posts are those of a regulation: for each permission whoever differs
from a holder in department, level or duty alone, the administrators, a person, an application, nobody.
"""

import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from deploy.cli.operations import Operation, every_operation
from deploy.cli.regulation import REGULATIONS
from deploy.cli.stack.testing import TestStack
from deploy.cli.supervisor.applications import factory
from gateway.directory.rules import ADMINISTRATORS
from kernel.access import principal
from kernel.access.permission import Grant, declared
from kernel.config import DATABASES, SERVICES, Process
from kernel.context import EVERYTHING, ActorKind, TenantId
from kernel.errors import Text
from kernel.http.service import Service
from kernel.ids import new_id
from kernel.org.grants import grants_of
from kernel.regulation.loading import load
from kernel.regulation.pack import Pack
from kernel.regulation.schema.organisation import LEVEL_CODES
from kernel.testing.live import LiveTransport, glimpsed
from kernel.testing.service_client import BASE, ServiceUnderTest, TestTenant
from kernel.testing.tree import Tree

NOW = datetime(2025, 3, 3, 1, tzinfo=UTC)
DUTIES = ("handler", "approver", "viewer")
Seat = tuple[str, str, str]


@dataclass(frozen=True)
class Asker:
    """Who asks, as the edge would say; `named`: the permission the edge says it checked, where not the right one."""

    kind: ActorKind
    seat: Seat | None = None
    client_grants: tuple[str, ...] = ()
    named: str | None = None


@dataclass(frozen=True)
class Wall:
    """One process with a tenant in it, its operations, and its regulation."""

    process: Process
    app: Any
    http: httpx.AsyncClient
    tenant: TenantId
    pack: Pack
    grants: Mapping[str, tuple[Grant, ...]]
    operations: tuple[Operation, ...]

    async def ask(self, operation: Operation, asker: Asker | None, **otherwise: Any) -> httpx.Response:
        """The operation without a body, on a record that is not there; `otherwise` replaces what is signed."""
        path = re.sub(r"\{[^}]+\}", str(new_id()), operation.path)
        headers = {"Idempotency-Key": str(new_id()), "If-Match": '"1"'}
        if asker is not None:
            signed = self.principal(operation.method, path, operation.permission, asker)
            headers[principal.HEADER] = principal.sign(replace_of(signed, otherwise), self.app.state.principal_key)
        return await glimpsed(self.http, self.http.build_request(operation.method, path, headers=headers))

    def principal(self, method: str, path: str, permission: str, asker: Asker) -> principal.Principal:
        """What the edge would sign of that asker."""
        department, level, duty = asker.seat or (None, None, None)
        official, person = asker.kind == "official", asker.kind == "person"
        return principal.Principal(
            service=self.process,
            method=method,
            path=path,
            issued_at=time.time(),
            tenant=self.tenant.bytes,
            lo=EVERYTHING.lo,
            hi=EVERYTHING.hi,
            kind=asker.kind,
            business_time=NOW.timestamp(),
            permission=asker.named or permission,
            request_id=str(new_id()),
            user=new_id().bytes if official or person else None,
            post=new_id().bytes if official else None,
            person=new_id().bytes if person else None,
            unit_no=1000 if official else None,
            department_kind=department,
            level=level,
            duty=duty,
            client_id="app" if asker.kind == "client" else None,
            client_grants=asker.client_grants,
        )


def replace_of(signed: principal.Principal, changes: Mapping[str, Any]) -> principal.Principal:
    """The principal with other members."""
    return principal.Principal(**{name: changes.get(name, getattr(signed, name)) for name in signed.__struct_fields__})


@pytest.fixture(scope="module", params=DATABASES)
async def wall(request: pytest.FixtureRequest, infrastructure: TestStack) -> AsyncIterator[Wall]:
    process: Process = request.param
    config = infrastructure.config(process)
    app = factory(process)(config)
    pack = load(REGULATIONS / "neimenggu")
    transport = LiveTransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        service = ServiceUnderTest(Service(process, Text("", ""), ()), app, config, http)
        tenant = TestTenant(service, TenantId(new_id()), Tree(), NOW)
        await tenant.seed(pack.to_json())
        mine = tuple(
            each
            for each in every_operation()
            if each.service == process or (process == "gateway" and each.service not in SERVICES)
        )
        try:
            yield Wall(process, app, http, tenant.id, pack, grants_of(pack), mine)
        finally:
            await app.state.database.close()


def all_seats(pack: Pack) -> Iterator[Seat]:
    """Every post that the regulation knows."""
    for kind, department in pack.document.departments.items():
        for level in LEVEL_CODES:
            if level in department.levels:
                yield from ((kind, level, duty) for duty in DUTIES)


def strangers(wall: Wall, operation: Operation) -> Iterator[Asker]:
    """Whoever must not: near misses of each holder, administrators, and those who are no officials."""
    permission = declared()[operation.permission]
    other = next(name for name in declared() if name != permission.name)
    grants = wall.grants.get(permission.name, ())
    seats = list(all_seats(wall.pack))
    held = [seat for seat in seats if any(grant.covers(*seat) for grant in grants)]
    not_held = [seat for seat in seats if seat not in held]
    if permission.audience == "public":
        yield Asker("public", named=other)
        return
    yield Asker("public")
    yield Asker("system")
    if permission.audience == "signed-in":
        yield Asker("person", named=other)
        return
    yield Asker("client", client_grants=(other,))
    if permission.audience == "person":
        yield Asker("official", seats[0])
        yield Asker("client", client_grants=(permission.name,))
        yield Asker("person", named=other)
        return
    yield Asker("person")
    if permission.audience == "client":
        yield Asker("official", seats[0])
        return
    near = {seat for seat in not_held if any(sum(a != b for a, b in zip(seat, one, strict=True)) == 1 for one in held)}
    by_dimension = (
        {tuple(a == b for a, b in zip(seat, held[0], strict=True)): seat for seat in sorted(near)} if held else {}
    )
    yield from (Asker("official", seat) for seat in by_dimension.values())
    yield from (
        Asker("official", seat) for seat in not_held if seat[0] in ADMINISTRATORS and seat[1:] == ("region", "handler")
    )
    yield from (Asker("official", seat, named=other) for seat in held[:1])


def holder(wall: Wall, operation: Operation) -> Asker | None:
    """Somebody who may; None where nobody may under this regulation."""
    permission = declared()[operation.permission]
    match permission.audience:
        case "official":
            grants = wall.grants.get(permission.name, ())
            held = (seat for seat in all_seats(wall.pack) if any(grant.covers(*seat) for grant in grants))
            seat = next(held, None)
            return Asker("official", seat) if seat else None
        case "client":
            return Asker("client", client_grants=(permission.name,))
        case "public":
            return Asker("public")
        case _:
            return Asker("person")


async def test_the_document_shows_the_permission_of_every_operation(wall: Wall) -> None:
    shown = {
        (method.upper(), path): (operation.get("x-permission"), operation.get("x-audience"))
        for path, item in wall.app.openapi()["paths"].items()
        for method, operation in item.items()
    }
    expected = {
        (each.method, each.path): (each.permission, declared()[each.permission].audience) for each in wall.operations
    }
    assert shown == expected


async def test_every_operation_refuses_whoever_lacks_its_permission(wall: Wall) -> None:
    wrong = []
    for operation in wall.operations:
        askers = list(strangers(wall, operation))
        assert askers
        for asker in askers:
            answer = await wall.ask(operation, asker)
            if (answer.status_code, answer.json().get("type")) != (403, "/problems/forbidden"):
                wrong.append(f"{operation.method} {operation.path} as {asker}: {answer.status_code}")
    assert wrong == []


async def test_whoever_holds_it_gets_past_that_wall(wall: Wall) -> None:
    """Else the refusals would prove nothing."""
    wrong = []
    for operation in wall.operations:
        asker = holder(wall, operation)
        if asker is not None:
            answer = await wall.ask(operation, asker)
            if answer.status_code in (401, 403) or answer.status_code >= 500:
                wrong.append(f"{operation.method} {operation.path} as {asker}: {answer.status_code} {answer.text}")
    assert wrong == []


@pytest.mark.parametrize(
    "otherwise",
    [
        {"service": "elsewhere"},
        {"method": "TRACE"},
        {"path": "/api/v1/elsewhere"},
        {"issued_at": 1.0},
    ],
    ids=lambda changes: next(iter(changes)),
)
async def test_what_was_signed_for_another_request_is_worth_nothing(wall: Wall, otherwise: dict[str, Any]) -> None:
    for operation in wall.operations:
        answer = await wall.ask(operation, holder(wall, operation) or Asker("person"), **otherwise)
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated"), operation


async def test_nobody_is_served_without_the_edge_word(wall: Wall) -> None:
    for operation in wall.operations:
        assert (await wall.ask(operation, None)).status_code == 401, operation

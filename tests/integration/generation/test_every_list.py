"""Every list of the API is read in the order of an index, also one that no bench measures and the next one somebody
writes: whoever declares a list finds it here."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date
from inspect import Parameter, signature, unwrap
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest

import gateway.main
from bench.platform.lists import PAGE, asked, nodes, official, plans, unordered
from deploy.cli.generation.founding import REGULATIONS
from deploy.cli.stack.testing import TestStack
from kernel.clock import utcnow
from kernel.config import SERVICES, Process
from kernel.context import EVERYTHING, Context, TenantId
from kernel.db.transaction import Database, Transaction
from kernel.errors import Problem
from kernel.http.paging import PageOf, Paging
from kernel.http.router import Router
from kernel.ids import new_id
from kernel.org.tables import OrgPack
from kernel.privacy import kms
from kernel.regulation.loading import load
from services.assessment.service import SERVICE as ASSESSMENT
from services.recruitment.service import SERVICE as RECRUITMENT
from services.roster.service import SERVICE as ROSTER
from services.training.service import SERVICE as TRAINING
from tests.integration.generation.conftest import Filled
from tests.integration.generation.test_lists import ORDERED

ROUTERS = {
    "gateway": [each for each in vars(gateway.main).values() if isinstance(each, Router)],
    "assessment": ASSESSMENT.routers,
    "recruitment": RECRUITMENT.routers,
    "roster": ROSTER.routers,
    "training": TRAINING.routers,
}
UNIT_BY_UNIT = {
    "/api/v1/directory/departments",
    "/api/v1/directory/posts",
    "/api/v1/roster/directed-candidates",
    "/api/v1/roster/headcount-reservations",
    "/api/v1/roster/pay-runs",
}
"""Those that an index gives in the order of units, and that are sorted within each unit."""
SUMS = {"/api/v1/roster/headcounts"}
"""Those whose rows are units, each with sums that are sorted for themselves."""
REFUSED = {"/api/v1/assessment/training-results"}
"""Those that the regulation of these tenants does not know."""


def lists() -> dict[str, tuple[Process, Any]]:
    """Every operation that answers with a page of the scope, by its path; what is below one record ends with it."""
    return {
        route.path: (process, unwrap(route.endpoint))
        for process, routers in ROUTERS.items()
        for router in routers
        for route in router.api.routes
        if "{" not in route.path and any(each.annotation is PageOf for each in parameters(route.endpoint).values())
    }


def parameters(endpoint: Any) -> dict[str, Parameter]:
    """What an operation takes, by name."""
    return dict(signature(unwrap(endpoint)).parameters)


def argument(parameter: Parameter, tx: Transaction) -> Any:
    """What it is given: nothing beyond what it must have."""
    annotation = parameter.annotation
    if annotation is PageOf:
        return Paging(PAGE, None, b"key", b"")
    if parameter.default is not Parameter.empty:
        return parameter.default
    kind = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    if kind is Transaction:
        return tx
    return get_args(kind)[0] if get_origin(kind) is Literal else SimpleNamespace()


@pytest.fixture(scope="module")
async def databases(filled: Filled, infrastructure: TestStack) -> AsyncIterator[dict[str, Database]]:
    kms.install(kms.FileKms(Path(filled.configs["recruitment"].kms_file)))
    processes: tuple[Process, ...] = ("gateway", *SERVICES)
    opened: dict[str, Database] = {process: Database.open(infrastructure.config(process)) for process in processes}
    regulation = load(REGULATIONS / filled.ground.pack_id)
    for service in SERVICES:
        async with opened[service].transaction(Context.system(TenantId(filled.first), utcnow())) as tx:
            version = {"pack_id": regulation.id, "pack_version": regulation.version, "content": regulation.to_json()}
            tx.session.add(OrgPack(tenant_id=tx.tenant, id=new_id(), valid_from=date(2000, 1, 1), **version))
    yield opened
    for database in opened.values():
        await database.close()


def test_they_are_all_found() -> None:
    assert len(lists()) > 50
    assert set(lists()) >= UNIT_BY_UNIT | SUMS | REFUSED


@pytest.mark.usefixtures("many_rows")
@pytest.mark.parametrize("path", lists())
async def test_it_is_read_in_the_order_of_an_index(filled: Filled, databases: dict[str, Database], path: str) -> None:
    found = await read(filled, databases, path)
    assert found or path in REFUSED, "no page was read"
    for plan in found:
        allowed = {"Incremental Sort"} if path in UNIT_BY_UNIT else {"Sort"} if path in SUMS else set()
        assert set(unordered(plan)) <= allowed, plan


@pytest.mark.parametrize(("whose", "index"), [("mine", "desk"), ("escalated", "escalated"), ("unstaffed", "unstaffed")])
async def test_what_waits_is_read_from_its_own_index(
    filled: Filled, databases: dict[str, Database], whose: str, index: str
) -> None:
    [plan] = await read(filled, databases, "/api/v1/worklist/items", whose=whose)
    assert unordered(plan) == []
    assert f"worklist_item_{index}_ix" in {node.get("Index Name") for node in nodes(plan)}


async def read(filled: Filled, databases: dict[str, Database], path: str, **asked_for: str) -> list[Any]:
    """The plans of the statements that read the first page."""
    process, endpoint = lists()[path]
    context = official(filled.first, EVERYTHING)
    with asked(databases[process]) as noted:
        async with databases[process].transaction(context) as tx:
            given = {name: argument(each, tx) for name, each in parameters(endpoint).items()}
            with suppress(Problem if path in REFUSED else ()):
                await endpoint(**given | asked_for)
    pages = [one for one in noted if PAGE + 1 in one.values and "ORDER BY" in one.text]
    return await plans(databases[process], context, pages, before=ORDERED)

"""The long lists are read in the order of an index at every width of scope: no whole table, no bitmap, no sort. Their
bytes are those of their views."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from bench.platform.lists import LISTS, PAGE, Sent, nodes, official, plans, statements, unordered
from kernel.approvals.embed.schemas import CaseLine
from kernel.context import EVERYTHING, Context, Scope
from kernel.db.transaction import Database, Transaction
from kernel.http.listed import Listed
from kernel.http.paging import Paging
from kernel.http.schema import Page, View
from kernel.org.tables import OrgUnit
from kernel.privacy import kms
from services.assessment.cycle.schemas import ResultView
from services.assessment.participant.schemas import PostView as PostAssessed
from services.assessment.probation.schemas import ProbationView
from services.recruitment.application.schemas import ApplicationSummary
from services.recruitment.hire.schemas import HireView
from services.roster.appointment.schemas import PostView
from services.roster.contract.schemas import ContractView
from services.roster.dossier import queries as dossiers
from services.roster.dossier.schemas import DossierSummary
from services.roster.dossier.tables import Dossier
from services.roster.leave.schemas import LeaveView
from services.training.hours.schemas import EntryView
from services.training.need.schemas import NeedView
from tests.integration.generation.conftest import Filled

VIEWS: dict[str, type[View]] = {
    "dossiers": DossierSummary,
    "posts": PostView,
    "contracts": ContractView,
    "leave": LeaveView,
    "results": ResultView,
    "posts assessed": PostAssessed,
    "hours": EntryView,
    "needs": NeedView,
    "probations, by day": ProbationView,
    "cases, newest first": CaseLine,
    "applications, newest first": ApplicationSummary,
    "hires, newest first": HireView,
}
ORDERED = "set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off"
"""The tables are small here: without this the planner would read and sort them whole. It still does where no index
gives the order, whatever is forbidden."""


@pytest.fixture(scope="module")
async def databases(filled: Filled) -> AsyncIterator[dict[str, Database]]:
    kms.install(kms.FileKms(Path(filled.configs["recruitment"].kms_file)))
    opened: dict[str, Database] = {process: Database.open(filled.configs[process]) for process, _ in LISTS.values()}
    yield opened
    for database in opened.values():
        await database.close()


async def widths(database: Database, tenant: UUID) -> dict[str, Context]:
    """A context of each level that has workers below it."""
    async with database.transaction(official(tenant, EVERYTHING)) as tx:
        units = (await tx.session.execute(select(OrgUnit).order_by(col(OrgUnit.unit_no).desc()))).scalars()
        return {unit.level: official(tenant, Scope(unit.unit_no, unit.last_no)) for unit in units}


def of_the_page(sent: Sequence[Sent]) -> list[Sent]:
    """The statement that reads the page itself; others read what belongs to its rows."""
    return [one for one in sent if PAGE + 1 in one.values]


@pytest.mark.usefixtures("many_rows")
@pytest.mark.parametrize("name", LISTS)
async def test_a_list_reads_its_page_and_no_more(filled: Filled, databases: dict[str, Database], name: str) -> None:
    process, reading = LISTS[name]
    for level, context in (await widths(databases[process], filled.first)).items():
        pages = await statements(databases[process], context, reading)
        assert len(pages) == 2 or level != "region", "there is a page after the first"
        for page in pages:
            assert len(page) <= 2, "what belongs to the rows is read for all of them at once"
            [plan] = await plans(databases[process], context, of_the_page(page), before=ORDERED)
            assert "Limit" in {node["Node Type"] for node in nodes(plan)}
            assert unordered(plan) == [], (level, plan)
            conditions = [node["Index Cond"] for node in nodes(plan) if "Index Cond" in node]
            assert any("tenant_id" in each for each in conditions), (level, plan)
            # In an index of another order too the unit stands, at its end: whose a row is, is known without reading it.
            assert level != "community" or any("unit_no" in each for each in conditions), plan


async def test_a_list_in_the_order_of_no_index_is_told_from_them(
    filled: Filled, databases: dict[str, Database]
) -> None:
    """What this file looks for is there when a list is wrong."""

    async def by_name(tx: Transaction, paging: Paging) -> Listed[DossierSummary]:
        statement = dossiers.LINES.select().order_by(col(Dossier.full_name)).limit(paging.limit + 1)
        rows = await tx.session.execute(statement, {"day": date.max})
        return dossiers.LINES.page(paging, rows.all()[:PAGE], lambda row: (row.id,))

    context = official(filled.first, EVERYTHING)
    [page] = await statements(databases["roster"], context, by_name)
    [plan] = await plans(databases["roster"], context, of_the_page(page), before=ORDERED)
    assert "Sort" in unordered(plan)


@pytest.mark.parametrize("name", LISTS)
async def test_the_bytes_of_a_list_are_those_of_its_views(
    filled: Filled, databases: dict[str, Database], name: str
) -> None:
    process, reading = LISTS[name]
    async with databases[process].transaction(official(filled.first, EVERYTHING)) as tx:
        answer = bytes((await reading(tx, Paging(PAGE, None, b"key", b""))).body)
    page = Page[VIEWS[name]].model_validate_json(answer)  # type: ignore[misc]  # chosen by name
    assert len(page.items) == PAGE
    assert page.model_dump_json().encode() == answer


async def test_a_dossier_is_in_the_list_as_it_is_by_itself(filled: Filled, databases: dict[str, Database]) -> None:
    states = set[str]()
    async with databases["roster"].transaction(official(filled.first, EVERYTHING)) as tx:

        async def listed(on: date | None, state: Any) -> list[dict[str, Any]]:
            answer = await dossiers.page(tx, Paging(200, None, b"key", b""), on=on, category=None, state=state)
            items: list[dict[str, Any]] = json.loads(bytes(answer.body))["items"]
            return items

        trained = col(Dossier.on_duty_from) > col(Dossier.enrolled_on)
        days = select(func.max(col(Dossier.left_on)), func.max(col(Dossier.enrolled_on)).filter(trained))
        for on in (None, *(await tx.session.execute(days)).one()):
            items = await listed(on, None)
            for item in items:
                alone = (await dossiers.read(tx, UUID(item["id"]), on)).model_dump(mode="json")
                assert item == {member: alone[member] for member in item}
            states |= (here := {item["state"] for item in items})
            for state in here:
                assert await listed(on, state) == [item for item in items if item["state"] == state]
    assert states == {"enrolled", "on_duty", "left"}

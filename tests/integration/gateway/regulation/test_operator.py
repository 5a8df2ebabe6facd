"""A tenant made by an earlier release is moved to a newer version on the decision of the issuing organ (P5, P6)."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.regulation.promulgation import operator
from gateway.regulation.promulgation.actions import checked
from kernel.clock import utcnow
from kernel.context import PLATFORM_TENANT, Context
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound
from kernel.regulation.pack import Pack
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import person
from tests.integration.gateway.house import Town, until, write_plan
from tests.integration.gateway.regulation.versions import files, swap

PATH = "/api/v1/regulation/figures/recruitment.age_limit"
DOCUMENT = "内党发〔2026〕1号"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The regulation as an earlier release had it: it leaves the age limit open, and grants nothing but reading."""
    made = write_plan(tmp_path_factory.mktemp("earlier"))
    figures = made.parent / "parameters.yaml"
    known = figures.read_text(encoding="utf-8")
    assert "    value: 40\n" in known
    figures.write_text(known.replace("    value: 40\n", "    deferred: league\n", 1), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
async def newer() -> Pack:
    return await asyncio.to_thread(checked, files("2"))


async def move(
    gateway: ServiceUnderTest, town: Town, pack: Pack, official: str, valid_from: date | None = None
) -> date:
    return await operator.publish(
        gateway.database, town.made.tenant, pack, official=official, document=DOCUMENT, valid_from=valid_from
    )


async def official(town: Town, name: str, kind: str, code: str = "150000") -> str:
    """A new official with a post in that department; the sign-in name."""
    given = await town.give(await town.user(name), kind, code)
    assert given.status_code == 201, given.text
    return name


async def test_the_tenant_moves_and_what_was_open_then_works(
    gateway: ServiceUnderTest, town: Town, newer: Pack
) -> None:
    before = (await town.tenant.get(person(), PATH)).json()
    assert (before["state"], before["value"], before["waits_for"]) == ("deferred", None, "league")
    name = await official(town, "issuer.approver", "party_committee")
    first = await move(gateway, town, newer, name)

    async def known() -> bool:
        answer = await town.tenant.get(person(), PATH)
        assert answer.status_code == 200, answer.text
        return bool(answer.json()["value"] == 45)

    await until(known, "the newer version in the read model")
    day_before = (await town.tenant.get(person(), PATH, query={"on": "2026-03-01"})).json()
    assert (day_before["state"], first) == ("deferred", date(2026, 3, 2))
    async with gateway.database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as tx:
        said = await tx.session.execute(
            text(
                "select count(*) from (select data from k_outbox union all select data from k_outbox_archive) o"
                " where data->>'action' = 'platform.regulation.published'"
            )
        )
        assert said.scalar_one() == 1
    with pytest.raises(Conflict):
        await move(gateway, town, newer, name)


async def test_nobody_else_decides(gateway: ServiceUnderTest, other_town: Town, newer: Pack) -> None:
    stranger = await official(other_town, "other.office", "society_work")
    below = await official(other_town, "county.party", "party_committee", "150102")
    for name in (stranger, below):
        with pytest.raises(Forbidden):
            await move(gateway, other_town, newer, name)
    with pytest.raises(NotFound):
        await move(gateway, other_town, newer, "nobody")
    name = await official(other_town, "issuer.approver", "party_committee")
    with pytest.raises(InvalidInput):
        await move(gateway, other_town, newer, name, date(2026, 3, 1))
    foreign = files("2")
    swap(foreign, "pack.yaml", "  id: neimenggu", "  id: elsewhere")
    with pytest.raises(InvalidInput):
        await move(gateway, other_town, await asyncio.to_thread(checked, foreign), name)
    assert (await other_town.tenant.get(person(), PATH)).json()["state"] == "deferred"

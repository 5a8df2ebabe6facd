"""Published versions of a tenant's regulation, its articles with their text, and the what-if door (P4, P5)."""

import asyncio

import pytest
from sqlalchemy import text

from gateway.regulation.promulgation import actions
from kernel.errors import Conflict
from kernel.regulation.loading import load
from kernel.regulation.pack import Pack
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import PUBLIC, person
from tests.integration.gateway.house import FILE, Town

PATH = "/api/v1/regulation"


@pytest.fixture(scope="module")
async def pack() -> Pack:
    return await asyncio.to_thread(load, FILE.parent)


async def test_everybody_signed_in_reads_the_published_versions(town: Town, pack: Pack) -> None:
    for caller in (town.system, person()):
        found = await town.tenant.get(caller, f"{PATH}/packs")
        assert found.status_code == 200, found.text
        assert [(one["pack_id"], one["pack_version"], one["digest"]) for one in found.json()] == [
            (pack.id, pack.version, pack.digest)
        ]
    assert (await town.tenant.get(PUBLIC, f"{PATH}/packs")).status_code == 403


async def test_an_article_is_shown_with_its_text_and_what_became_of_it(town: Town, pack: Pack) -> None:
    number = next(iter(pack.document.articles))
    found = (await town.tenant.get(person(), f"{PATH}/articles/{number}")).json()
    assert found["number"] == number
    assert found["status"] == pack.article(number).status


async def test_what_the_regulation_calls_levels_departments_and_steps_is_read(town: Town, pack: Pack) -> None:
    found = (await town.tenant.get(person(), f"{PATH}/terms")).json()
    assert found["levels"]["league"] == pack.document.levels["league"].name.model_dump()
    assert found["departments"]["society_work"]["zh"] == pack.department_name("society_work")
    for name, workflow in pack.document.workflows.items():
        assert found["workflows"][name]["label"] == workflow.label.model_dump()
        assert found["workflows"][name]["steps"] == {step.id: step.label.model_dump() for step in workflow.steps}
    assert (await town.tenant.get(PUBLIC, f"{PATH}/terms")).status_code == 403


async def test_an_unknown_article_answers_404(town: Town) -> None:
    assert (await town.tenant.get(person(), f"{PATH}/articles/NM-9999")).status_code == 404
    assert (await town.tenant.get(person(), f"{PATH}/articles/{'9' * 41}")).status_code == 422


async def test_a_rule_that_the_regulation_does_not_have_is_pointed_at(town: Town) -> None:
    answer = await town.tenant.post(
        town.official("society_work", "150102"), f"{PATH}/evaluations", {"rule": "no_such_rule", "facts": {}}
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/rule"


async def test_on_a_day_before_the_regulation_nothing_is_in_force(town: Town) -> None:
    body = {"rule": "no_such_rule", "facts": {}, "on": "2020-01-01"}
    answer = await town.tenant.post(town.official("society_work", "150102"), f"{PATH}/evaluations", body)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/parameter-not-set")


async def test_two_versions_in_force_at_once_are_refused_and_leave_nothing(
    gateway: ServiceUnderTest, town: Town, pack: Pack
) -> None:
    changed = pack.to_json().replace(f'"version":"{pack.version}"', '"version":"77.7"')
    with pytest.raises(Conflict):
        async with gateway.database.transaction(town.tenant.context()) as tx:
            await actions.publish(tx, Pack.from_json(changed))
    async with gateway.database.transaction(town.tenant.context()) as tx:
        assert (await tx.session.execute(text("select count(*) from regulation_pack_version"))).scalar_one() == 1

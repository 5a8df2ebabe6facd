"""What a unit's office set when the unit is merged or split (P7, T2; decision 0014)."""

from pathlib import Path

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.gateway.directory.test_reorganisation import act
from tests.integration.gateway.house import Town, until, write_plan
from tests.integration.gateway.regulation.test_local_parameters import FIGURES, PATH, figure, in_force, propose

FIRST, SECOND = "150102", "150103"
TODAY, YESTERDAY = "2026-03-02", "2026-03-01"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with two figures that the finance departments of counties set."""
    made = write_plan(tmp_path_factory.mktemp("figures"))
    figures = FIGURES.replace("deferred: league", "deferred: county").replace(
        "finance, level: league", "finance, level: county"
    )
    (made.parent / "figures-under-test.yaml").write_text(figures, encoding="utf-8")
    return made


@pytest.fixture
async def town(gateway: ServiceUnderTest, plan: Path) -> Town:
    """A town for each test: each changes its tree."""
    return await Town.found(gateway, plan)


async def rates(town: Town, *codes: str, on: str | None = None) -> list[str | None]:
    """The figure in the units with those codes."""
    return [(await figure(town, "test.amount", code, on))["value"] for code in codes]


async def set_by(town: Town, code: str, value: str) -> str:
    """The county's own finance department sets the figure, long ago; the decision's id."""
    handler, approver = town.official("finance", code), town.official("finance", code, "approver")
    unit = str(town.units[code].id)
    made = await in_force(town, handler, approver, unit_id=unit, value=value, valid_from="2026-01-01")
    return str(made["id"])


async def test_a_merged_countys_figures_end_and_its_townships_live_under_the_successors(town: Town) -> None:
    kept = await set_by(town, FIRST, "2000.00")
    await set_by(town, SECOND, "3000.00")
    handler = town.official("finance", FIRST)
    waiting = await propose(town, handler, unit_id=str(town.units[FIRST].id), value="2500.00")
    township = "150102091000"

    async def known() -> bool:
        return await rates(town, township, SECOND) == ["2000.00", "3000.00"]

    await until(known, "both figures in the read model")
    merged = await act(town, FIRST, "merges", into_id=str(town.units[SECOND].id))
    assert merged.status_code == 201, merged.text

    async def ended() -> bool:
        found = await town.tenant.get(town.official("finance"), f"{PATH}/local-parameters/{kept}")
        return bool(found.json()["valid_before"] == TODAY)

    await until(ended, "the end of the closed county's figure")
    asked = f"{PATH}/local-parameters/{waiting.json()['id']}"
    proposal = (await town.tenant.get(town.official("finance"), asked)).json()
    assert (proposal["state"], proposal["comment"]) == ("rejected", "机构已撤销")

    async def carried() -> bool:
        return await rates(town, township, SECOND) == ["3000.00", "3000.00"]

    await until(carried, "the successor's figure below it")
    # The closed county itself answers for its own days.
    assert await rates(town, FIRST, on=YESTERDAY) == ["2000.00"]


async def test_what_is_split_off_keeps_what_held_there(town: Town) -> None:
    await set_by(town, FIRST, "2000.00")
    part = {"code": "150111", "title": "新区（演示）", "children": [str(town.units["150102091000"].id)]}
    split = await act(town, FIRST, "splits", parts=[part])
    assert split.status_code == 201, split.text
    made = split.json()["details"]["parts"][0]["id"]

    async def told() -> bool:
        found = await town.tenant.get(
            town.official("finance"), f"{PATH}/local-parameters", query={"unit_id": made, "state": "in_force"}
        )
        items = found.json()["items"]
        return [(each["value"], each["valid_from"], each["source"]) for each in items] == [
            ("2000.00", TODAY, "测试盟〔2026〕1号")
        ]

    await until(told, "the figure of the part")

    async def held() -> bool:
        return await rates(town, "150102091000", FIRST, "150102092000") == ["2000.00", "2000.00", "2000.00"]

    await until(held, "the figure in both counties")

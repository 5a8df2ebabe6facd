"""`org.pack(unit_no=…)`: what the offices above a unit set locally, laid over the pack on a day (P7)."""

from datetime import date, timedelta

import orjson
import pytest

from kernel.errors import ParameterNotSet
from kernel.ids import new_id
from kernel.org import packs, queries
from kernel.org.packs import Recent
from kernel.org.published import LocalParameterSet
from kernel.regulation.figures import Figure
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from tests.integration.kernel.http.notes import NOW
from tests.integration.kernel.org.test_consumers import deliver

PATH = "test.amount"
SINCE = date(2026, 1, 1)
DAY = timedelta(days=1)


@pytest.fixture(scope="session")
def regulation(regulation: str) -> str:
    """The regulation of the notes with one figure that leagues set."""
    made = orjson.loads(regulation)
    made["document"]["parameters"][PATH] = {
        "kind": "int",
        "label": {"zh": "标准", "en": "Rate"},
        "absent": True,
        "ours": {"zh": "测试", "en": "made up for a test"},
        "maximum": 100,
        "set_by": {"department": "finance", "level": "league"},
    }
    return orjson.dumps(made).decode()


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Caches of the test's own."""
    for name in ("_texts", "_packs", "overlays"):
        monkeypatch.setattr(packs, name, Recent(4))


async def amount(tenant: TestTenant, unit: str, on: date | None = None) -> Figure:
    async with tenant.service.database.transaction(tenant.context()) as tx:
        return (await queries.pack(tx, on, unit_no=tenant.tree[unit].unit_no)).parameter(PATH)


async def test_a_figure_holds_in_the_unit_and_below_and_nowhere_else(tenant: TestTenant) -> None:
    await tenant.set_local(PATH, 7, unit="league", since=SINCE)
    for unit in ("league", "county", "sibling_community"):
        figure = await amount(tenant, unit)
        assert (figure.state, figure.integer(), figure.source) == ("set", 7, "测试文件〔2025〕1号")
    for unit in ("region", "other_league"):
        with pytest.raises(ParameterNotSet):
            (await amount(tenant, unit)).integer()
    async with tenant.service.database.transaction(tenant.context()) as tx:
        assert (await queries.pack(tx)).parameter(PATH).state == "not_regulated", "without a unit: as published"


async def test_the_nearest_unit_counts(tenant: TestTenant) -> None:
    await tenant.set_local(PATH, 7, unit="league", since=SINCE)
    await tenant.set_local(PATH, 6, unit="county", since=SINCE - DAY)
    assert [(await amount(tenant, unit)).integer() for unit in ("league", "community", "sibling_county")] == [7, 6, 7]


async def test_a_figure_holds_from_its_first_day_to_the_day_before_its_end(tenant: TestTenant) -> None:
    await tenant.set_local(PATH, 7, unit="league", since=SINCE, before=SINCE + 2 * DAY)
    days = [SINCE - DAY, SINCE, SINCE + DAY, SINCE + 2 * DAY]
    assert [(await amount(tenant, "county", on)).state == "set" for on in days] == [False, True, True, False]


async def test_a_value_that_the_pack_does_not_allow_is_not_laid_over(tenant: TestTenant) -> None:
    await tenant.set_local(PATH, 101, unit="league", since=SINCE)
    assert (await amount(tenant, "county")).state == "not_regulated"


async def test_another_tenants_figure_is_nobodys(
    service: ServiceUnderTest, tenant: TestTenant, regulation: str
) -> None:
    other = await service.new_tenant(regulation, now=NOW)
    await other.set_local(PATH, 7, unit="league", since=SINCE)
    assert (await amount(tenant, "county")).state == "not_regulated"
    assert (await amount(other, "county")).integer() == 7


async def test_the_event_sets_a_figure_and_its_end(tenant: TestTenant) -> None:
    told = LocalParameterSet(
        path=PATH,
        unit_id=str(tenant.tree["league"].id),
        value="9",
        document="盟发〔2026〕1号",
        valid_from=SINCE.isoformat(),
        valid_before=None,
    )
    decision = new_id()
    await deliver(tenant, told, decision, 1)
    figure = await amount(tenant, "township")
    assert (figure.integer(), figure.source) == (9, "盟发〔2026〕1号")
    ended = LocalParameterSet(
        **{name: getattr(told, name) for name in ("path", "unit_id", "value", "document", "valid_from")},
        valid_before=(SINCE + DAY).isoformat(),
    )
    await deliver(tenant, ended, decision, 2)
    assert (await amount(tenant, "township")).state == "not_regulated"
    assert (await amount(tenant, "township", SINCE)).integer() == 9


@pytest.mark.parametrize("newer_first", [True, False])
@pytest.mark.parametrize("gap", [0, 1])
async def test_no_day_is_without_a_figure_whichever_news_of_a_change_comes_first(
    tenant: TestTenant, newer_first: bool, gap: int
) -> None:
    """Decisions are aggregates of their own, applied side by side. On one day the one decided last holds, whenever it
    was proposed: for that one there is a moment without."""
    change, end = SINCE + gap * DAY, SINCE + 3 * DAY
    newer, older = new_id(), new_id()

    def decided(value: int, since: date, before: date | None, *, followed: bool = False) -> LocalParameterSet:
        return LocalParameterSet(
            path=PATH,
            unit_id=str(tenant.tree["league"].id),
            value=str(value),
            document="盟发〔2026〕1号",
            valid_from=since.isoformat(),
            valid_before=before.isoformat() if before else None,
            followed=followed,
        )

    await deliver(tenant, decided(7, SINCE, None), older, 1)
    news = [(decided(9, change, end), newer, 1), (decided(7, SINCE, change, followed=True), older, 2)]
    for told in news if newer_first else reversed(news):
        await deliver(tenant, *told)
        assert gap == 0 or (await amount(tenant, "township", change)).integer() in (7, 9)
    assert gap == 0 or (await amount(tenant, "township", SINCE)).integer() == 7
    assert (await amount(tenant, "township", change)).integer() == 9
    assert (await amount(tenant, "township", end)).state == "not_regulated"


async def test_tenants_under_one_text_share_one_parsed_pack_and_caches_stay_small(
    service: ServiceUnderTest, tenant: TestTenant, regulation: str
) -> None:
    async def written(of: TestTenant) -> object:
        async with service.database.transaction(of.context()) as tx:
            return await queries.pack(tx)

    others = [await service.new_tenant(regulation, now=NOW) for _ in range(6)]
    assert {id(await written(one)) for one in (tenant, *others)} == {id(await written(tenant))}
    assert (len(packs._texts), len(packs._packs)) == (4, 1)
    for one in others:
        await one.set_local(PATH, 7, unit="league", since=SINCE)
        assert (await amount(one, "county")).integer() == 7
    assert len(packs.overlays) == 4
    assert (await amount(others[0], "county")).integer() == 7, "what made room is read again"

"""What the other side can see, by looking; who may do what; which tenants can be addressed (NM-23, PIPL-23)."""

import orjson
import pytest
from sqlalchemy import text
from sqlmodel import select

from kernel.context import PLATFORM_TENANT, Context
from kernel.db.table import tables_of
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller, person
from services.roster.crossing.tables import KnownTenant
from services.roster.incoming.tables import Incoming
from tests.integration.services.roster.crossing.two import PERSONAL, Two
from tests.integration.services.roster.house import PATH


@pytest.fixture
async def two(roster: ServiceUnderTest) -> Two:
    return await Two.open(roster)


def denied(*pairs: tuple[Caller | None, int]) -> tuple[tuple[Caller | None, int], ...]:
    """Who is refused, and how."""
    return pairs


async def rows_of(two: Two) -> dict[str, str]:
    """Every row that the receiving tenant has in any table of roster, as text."""
    found: dict[str, str] = {}
    async with two.service.database.transaction(two.receiver.context()) as tx:
        for table in tables_of("roster"):
            if table.startswith("k_org_"):
                continue
            statement = text("select to_jsonb(t)::text from " + table + " t")  # noqa: S608 - names of our tables
            rows = (await tx.session.execute(statement)).scalars().all()
            found |= {f"{table} {number}": row for number, row in enumerate(rows)}
    return found


@pytest.mark.article("NM-23")
async def test_before_consent_the_receiving_side_has_nothing_and_answers_as_if_it_did_not_exist(two: Two) -> None:
    before = await rows_of(two)
    crossing = await two.released()
    await two.deliver()
    path = f"{PATH}/incoming-crossings"
    unknown = await two.receiver.get(two.receiving, f"{path}/00000000-0000-7000-8000-00000000abcd")
    asked = await two.incoming(crossing)
    assert (asked.status_code, asked.json()["type"]) == (404, unknown.json()["type"])
    assert (await two.receiver.get(two.receiving, path)).json()["items"] == []
    assert (await two.accept(crossing)).status_code == 404
    refusal = await two.receiver.post(two.receiving, f"{path}/{crossing}/refusal", {"reason": "不接收"})
    assert refusal.status_code == 404
    for read in (f"dossiers/{two.dossier_id}", f"dossiers/{two.dossier_id}/identity", f"crossings/{crossing}"):
        assert (await two.receiver.get(two.receiving, f"{PATH}/{read}")).status_code == 404
    fresh = {place: row for place, row in (await rows_of(two)).items() if place not in before}
    # Keys of idempotency are the only rows that refused attempts may leave.
    assert {place.split()[0] for place in fresh} <= {"k_idempotency"}


@pytest.mark.article("NM-23")
async def test_nothing_personal_stands_in_clear_on_its_way_or_there_before_it_is_a_dossier(two: Two) -> None:
    crossing = await two.offered()
    row = "\n".join((await rows_of(two)).values())
    assert crossing in row
    assert not [word for word in PERSONAL if word in row]
    for tenant in (two.giver, two.receiver):
        for event in await two.news(tenant):
            told = orjson.dumps([event.data, event.sealed]).decode()
            assert not [word for word in PERSONAL if word in told]
    # The list names nobody; whoever decides sees the identity de-identified.
    listed = await two.receiver.get(two.receiving, f"{PATH}/incoming-crossings")
    assert not [word for word in PERSONAL if word in listed.text]


async def test_another_tenant_has_nothing_of_it(two: Two, roster: ServiceUnderTest) -> None:
    third = await Two.open(roster)
    crossing = await two.offered()
    official = await third.receiver.appoint("county", "society_work")
    for read in (f"incoming-crossings/{crossing}", f"crossings/{crossing}"):
        assert (await third.receiver.get(official, f"{PATH}/{read}")).status_code == 404
    async with roster.database.transaction(third.receiver.context()) as tx:
        assert (await tx.session.execute(select(Incoming))).first() is None


async def test_an_unknown_tenant_and_an_unknown_unit_answer_alike(two: Two) -> None:
    nowhere = await two.release(receiving_tenant="nowhere")
    no_unit = await two.release(receiving_unit_code="000000000000")
    missing = await two.giver.get(two.releasing, f"{PATH}/crossings/00000000-0000-7000-8000-00000000abcd")
    told = {
        (each.status_code, each.json()["type"], each.json()["title"], each.json().get("detail"))
        for each in (nowhere, no_unit, missing)
    }
    assert len(told) == 1
    assert nowhere.status_code == 404
    assert (await two.release(receiving_tenant=two.giver.slug)).status_code == 422


async def test_a_tenant_is_known_by_its_present_name_while_it_is_active(two: Two) -> None:
    old = two.receiver.slug
    await two.named(two.receiver, slug=f"{old}-new", version=2)
    assert (await two.release()).status_code == 404
    assert (await two.release(receiving_tenant=f"{old}-new")).status_code == 201
    await two.named(two.receiver, slug=f"{old}-new", status="closed", version=3)
    other = await Two.open(two.service)
    assert (await other.release(receiving_tenant=f"{old}-new")).status_code == 404


async def test_the_names_of_tenants_are_readable_for_the_platform_alone(two: Two) -> None:
    async with two.service.database.transaction(two.giver.context()) as tx:
        assert (await tx.session.execute(select(KnownTenant))).first() is None
    platform = Context.system(PLATFORM_TENANT, two.giver.now)
    async with two.service.database.transaction(platform) as tx:
        known = {row.named_tenant_id for row in (await tx.session.execute(select(KnownTenant))).scalars()}
    assert {two.giver.id, two.receiver.id} <= known


async def test_permission_and_scope_of_the_giving_side(two: Two) -> None:
    office = await two.giver.appoint("township", "township_office")
    sibling = await two.giver.appoint("sibling_township", "civil_affairs")
    for caller, status in denied((office, 403), (two.worker, 403), (sibling, 404)):
        assert (await two.release(caller)).status_code == status
    crossing = await two.released()
    board = await two.giver.appoint("township", "assessment_board")
    for path in (f"{PATH}/crossings", f"{PATH}/crossings/{crossing}"):
        assert (await two.giver.get(office, path)).status_code == 200
        for caller, status in denied((board, 403), (two.worker, 403), (None, 401)):
            assert (await two.giver.get(caller, path)).status_code == status
    assert (await two.giver.get(sibling, f"{PATH}/crossings/{crossing}")).status_code == 404
    assert (await two.giver.get(sibling, f"{PATH}/crossings")).json()["items"] == []
    withdrawal = f"{PATH}/crossings/{crossing}/withdrawal"
    for caller, status in denied((office, 403), (sibling, 404), (None, 401)):
        assert (await two.giver.post(caller, withdrawal, {"reason": "情况变化"})).status_code == status
    own = f"{PATH}/own/crossings"
    for caller, status in denied((two.releasing, 403), (person(), 404), (None, 401)):
        assert (await two.giver.post(caller, f"{own}/{crossing}/consent", {"agree": True})).status_code == status
    assert (await two.giver.get(person(), own)).json()["items"] == []
    assert (await two.giver.get(two.releasing, own)).status_code == 403


async def test_permission_and_scope_of_the_receiving_side(two: Two) -> None:
    crossing = await two.offered()
    office = await two.receiver.appoint("township", "township_office")
    finance = await two.receiver.appoint("county", "finance")
    sibling = await two.receiver.appoint("sibling_county", "society_work")
    path = f"{PATH}/incoming-crossings"
    assert (await two.receiver.get(office, path)).status_code == 200
    for caller, status in denied((finance, 403), (two.worker, 403), (None, 401)):
        assert (await two.receiver.get(caller, path)).status_code == status
    assert (await two.receiver.get(sibling, path)).json()["items"] == []
    for caller, status in denied((office, 403), (finance, 403), (sibling, 404), (None, 401)):
        assert (await two.receiver.get(caller, f"{path}/{crossing}")).status_code == status
        refused = await two.receiver.post(caller, f"{path}/{crossing}/refusal", {"reason": "不接收"})
        assert refused.status_code == status
    for caller, status in denied((office, 403), (finance, 403), (sibling, 404)):
        assert (await two.accept(crossing, caller)).status_code == status
    elsewhere = str(two.receiver.tree["sibling_community"].id)
    assert (await two.accept(crossing, community_unit_id=elsewhere)).status_code == 404

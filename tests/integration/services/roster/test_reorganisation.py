"""What is under way follows a reorganisation: workers, cases, posts, timers, and news that comes late (T2, A6)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select

from kernel.approvals.embed.tables import ApprovalRecord
from kernel.db.table import number_columns, tables_of
from kernel.errors import WrongState
from kernel.http.housekeeping import carry_stragglers
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.schedule.actions import at
from kernel.schedule.tables import Schedule
from kernel.testing.tree import Caller
from services.roster.dossier.tables import Dossier
from services.roster.duty.tables import TrainingNeed
from services.roster.headcount.tables import FixedPosts
from tests.integration.services.roster.daily import decide
from tests.integration.services.roster.house import IDENTITY, PATH, House
from tests.integration.services.roster.reorganised import DOCUMENT, Reorganiser
from tests.integration.services.roster.staffing.desk import DAY, Desk

SECOND = IDENTITY | {"id_number": "990101199001010019"}


@pytest.fixture
async def desk(house: House) -> Desk:
    return await Desk.open(house)


async def applied(house: House) -> str:
    """The township asks for a matter of the community to be admitted: the case waits at the county."""
    made = await apply(house)
    assert made.status_code == 201, made.text
    return str(made.json()["case_id"])


async def apply(house: House) -> httpx.Response:
    """The township asks for a matter of the community to be admitted."""
    return await house.tenant.post(
        house.township,
        f"{PATH}/admissions",
        {
            "community_unit_id": str(house.tenant.tree["community"].id),
            "register_kind": "matter",
            "matter": "administrative_enforcement",
            "role": "help",
            "title": "协助集中整治",
            "content": "协助通知居民、指引现场",
            "valid_from": "2025-04-01",
            "valid_before": "2026-04-01",
        },
    )


async def rows_under(house: House, numbers: set[int]) -> dict[str, int]:
    """How many rows of each table of the process bear one of the numbers."""
    found = {}
    async with house.service.database.transaction(house.tenant.context()) as tx:
        for name, kind in tables_of("roster").items():
            table = vars(kind)["__table__"]
            for column in number_columns(kind):
                rows = await tx.session.execute(select(table.c.tenant_id).where(table.c[column].in_(numbers)))
                if count := len(rows.all()):
                    found[f"{name}.{column}"] = count
    return found


async def fetch(house: House, caller: Caller, path: str, **query: str) -> httpx.Response:
    return await house.tenant.get(caller, f"{PATH}{path}", query=query or None)


@pytest.mark.article("NM-5", "NM-12")
async def test_a_moved_township_is_found_under_the_new_county_with_all_that_is_under_way(desk: Desk) -> None:
    house, tenant = desk.house, desk.tenant
    await desk.staffed(community=2)
    worker = await house.hire()
    await desk.take("community", worker.person_id)
    case = await applied(house)
    old = await tenant.appoint("county", "society_work", "approver")
    new = await tenant.appoint("sibling_county", "society_work", "approver")
    dossier = f"/dossiers/{worker.dossier_id}"
    assert (await fetch(house, old, dossier)).status_code == 200
    assert (await fetch(house, new, dossier)).status_code == 404
    before = {tenant.tree[unit].unit_no for unit in ("township", "community", "other_community")}
    assert await rows_under(house, before)

    tree = Reorganiser(tenant)
    await tree.move("township", "sibling_county")

    assert await rows_under(house, before) == {}
    # The worker, whose wages another county pays now.
    assert (await fetch(house, old, dossier)).status_code == 404
    read = (await fetch(house, new, dossier)).json()
    assert read["parties"]["payer_unit_id"] == desk.id_of("sibling_county")
    assert read["parties"]["employer_unit_id"] == desk.id_of("township")
    # The case, at the desk of the new county.
    assert (await decide(house, old, case, "society_work")).status_code == 404
    desks = (await fetch(house, new, "/approvals", mine="true")).json()["items"]
    assert [each["id"] for each in desks] == [case]
    assert (await decide(house, new, case, "society_work")).status_code == 200
    lines = (await fetch(house, new, f"/approvals/{case}/timeline")).json()["items"]
    assert [line["action"] for line in lines] == ["submit", "approve"]
    told = [each for each in await tenant.events("step_opened") if str(each.aggregate_id) == case]
    assert [each.data["acting_unit_id"] for each in told] == [desk.id_of("county"), desk.id_of("sibling_county")]
    # The posts: fixed, taken and summed where they are now.
    found = await desk.headcount("community")
    assert (found["fixed"], found["occupied"]) == (2, 1)
    sums = {unit: (await desk.headcount(unit))["occupied"] for unit in ("county", "sibling_county")}
    assert sums == {"county": 0, "sibling_county": 1}
    published = [each.data for each in await tenant.events("changed") if each.data["unit_id"] == desk.id_of("county")]
    assert published[-1]["occupied"] == 0


async def test_a_scope_older_or_newer_than_the_rows_shows_fewer_of_them(house: House) -> None:
    worker = await house.hire()
    path = f"/dossiers/{worker.dossier_id}"
    tenant = house.tenant
    old_county, new_county = house.county, await tenant.appoint("sibling_county", "society_work")
    tree = Reorganiser(tenant)
    await tree.move("township", "sibling_county")
    # The township's post as an edge knows it that has not heard yet: nothing, and nobody else's.
    assert (await fetch(house, house.township, path)).status_code == 404
    assert (await fetch(house, house.township, "/dossiers")).json()["items"] == []
    assert (await fetch(house, tree.now(house.township), path)).status_code == 200
    assert (await fetch(house, old_county, path)).status_code == 404
    assert (await fetch(house, new_county, path)).status_code == 200
    # Back again: the first numbers are not given a second time.
    first = house.township.scope
    await tree.move("township", "county")
    assert tenant.tree["township"].unit_no not in range(first.lo, first.hi + 1)
    assert (await fetch(house, old_county, path)).status_code == 200
    assert (await fetch(house, new_county, path)).status_code == 404


async def test_news_told_before_the_move_and_applied_after_it_lands_at_the_new_place(house: House) -> None:
    worker = await house.hire()
    was = house.tenant.tree
    await Reorganiser(house.tenant).move("township", "sibling_county")
    now, house.tenant.tree = house.tenant.tree, was
    need = await house.train(worker.person_id, "24.00", "2025-03-07")
    late = await house.hire(identity=SECOND)
    async with house.service.database.transaction(house.tenant.context()) as tx:
        row = (await tx.session.execute(select(TrainingNeed).where(col(TrainingNeed.id) == need))).scalar_one()
        dossier = (
            await tx.session.execute(select(Dossier).where(col(Dossier.id) == UUID(late.dossier_id)))
        ).scalar_one()
    assert row.unit_no == dossier.unit_no == now["community"].unit_no
    assert dossier.payer_unit_id == now["sibling_county"].id


async def test_what_a_late_request_wrote_under_an_old_number_is_carried_after(house: House) -> None:
    worker = await house.hire()
    old = house.tenant.tree["community"].unit_no
    await Reorganiser(house.tenant).move("township", "sibling_county")
    async with house.service.database.transaction(house.tenant.context()) as tx:
        row = (await tx.session.execute(select(Dossier).where(col(Dossier.id) == UUID(worker.dossier_id)))).scalar_one()
        row.unit_no = old
        timer = await at(tx, "test.late", tx.now, unit_no=old, payload={"unit_no": old, "id": "x"})
    await carry_stragglers(house.service.database)
    assert await rows_under(house, {old}) == {}
    async with house.service.database.transaction(house.tenant.context()) as tx:
        kept = (await tx.session.execute(select(Schedule).where(col(Schedule.id) == timer))).scalar_one()
        assert kept.payload == {"unit_no": house.tenant.tree["community"].unit_no, "id": "x"}
        kept.state = "done"


@pytest.mark.article("NM-5")
async def test_a_merged_community_hands_over_its_workers_cases_and_posts(desk: Desk) -> None:
    house, tenant = desk.house, desk.tenant
    await desk.staffed(community=2, other_community=3)
    worker = await house.hire()
    await desk.take("community", worker.person_id)
    await desk.take("other_community", new_id())
    case = await applied(house)
    merged = tenant.tree["community"].unit_no
    await Reorganiser(tenant).merge("community", "other_community")
    successor = tenant.tree["other_community"]
    # Only the number of posts that ends the closed community's own was written under it.
    left = await rows_under(house, {merged, tenant.tree["community"].unit_no})
    assert left == {"roster_headcount_figure.unit_no": 1}
    assert successor.unit_no < tenant.tree["community"].unit_no <= successor.last_no
    community = await tenant.appoint("other_community", "community_party")
    read: dict[str, Any] = (await fetch(house, house.township, f"/dossiers/{worker.dossier_id}")).json()
    assert read["parties"]["user_unit_id"] == str(successor.id)
    assert community.scope.holds(read["unit_no"])
    found = await desk.headcount("other_community")
    assert (found["fixed"], found["occupied"]) == (5, 2)
    # The total of the county stays: nothing was granted.
    assert (await desk.headcount("county"))["occupied"] == 2
    async with house.service.database.transaction(tenant.context()) as tx:
        figures = (await tx.session.execute(select(FixedPosts).order_by(col(FixedPosts.id)))).scalars().all()
        lines = (await tx.session.execute(select(ApprovalRecord))).scalars().all()
    carried = {(each.unit_id, each.posts): each.document for each in figures[-2:]}
    assert carried == {(tenant.tree["community"].id, 0): DOCUMENT, (successor.id, 5): DOCUMENT}
    assert str(figures[-1].valid_from) == DAY
    assert {line.unit_no for line in lines if str(line.case_id) == case} == {successor.unit_no}
    approver = await tenant.appoint("county", "society_work", "approver")
    assert (await decide(house, approver, case, "society_work")).status_code == 200
    # A seat taken before the merger and told after it is the successor's as well.
    await desk.take("community", new_id())
    assert (await desk.headcount("other_community"))["occupied"] == 3


async def test_nothing_new_is_done_for_a_unit_from_the_day_on_which_it_is_closed(house: House) -> None:
    tenant = house.tenant
    worker = await house.hire()
    community = tenant.tree["community"]
    async with house.service.database.transaction(tenant.context()) as tx:
        closed = await org.unit(tx, community.id)
        closed.valid_before = tenant.now.date() + timedelta(days=1)
    assert (await apply(house)).status_code == 201
    await tenant.move_to(tenant.now + timedelta(days=1))
    refused = await apply(house)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/wrong-state")
    assert all(words in refused.json()["detail"] for words in (community.title, str(closed.valid_before)))
    # Whoever is there still is looked after: what belongs to a matter under way is written.
    assert (await fetch(house, house.township, f"/dossiers/{worker.dossier_id}")).status_code == 200
    async with house.service.database.transaction(replace(tenant.context(), actor=house.township.actor)) as tx:
        row = (await tx.session.execute(select(Dossier).where(col(Dossier.id) == UUID(worker.dossier_id)))).scalar_one()
        row.version += 1
        await tx.session.flush()
        row.community_unit_id = tenant.tree["other_community"].id
        await tx.session.flush()
        row.community_unit_id = community.id
        with pytest.raises(WrongState, match=str(closed.valid_before)):
            await tx.session.flush()
        row.community_unit_id = tenant.tree["other_community"].id

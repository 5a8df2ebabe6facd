"""News that only brings rows is applied in one statement (decision 0032), to the effect of its ordinary way."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from contracts.roster import WorkerEnrolled
from contracts.training import HoursCredited, NeedChanged, NeedOpened
from kernel.context import Context
from kernel.db.transaction import Database
from kernel.errors import InvalidInput
from kernel.events import at_once
from kernel.events.event import Event
from kernel.events.inbox import Outcome
from kernel.ids import new_id
from tests.integration.services.assessment.house import House

NEED = (
    "select unit_no, kind, cycle, required_hours, credited_hours, met_on from assessment_learning_need where id = :id"
)
POST = (
    "select unit_no, community_unit_id, category, role, post_title, source, valid_from, valid_before"
    " from assessment_post where dossier_id = :id order by valid_from"
)
INBOX = "select last_version, blocked, failures, duplicates from k_inbox where aggregate_id = :id"


async def rows(house: House, statement: str, **values: object) -> list[tuple[Any, ...]]:
    async with house.service.database.transaction(Context.system(house.tenant.id, house.tenant.now)) as tx:
        found = await tx.session.execute(text(statement), values)
        return [tuple(row) for row in found] if found.returns_rows else []


def owed(house: House, hours: str = "20.00", unit_no: int | None = None) -> NeedOpened:
    number = house.tenant.tree["community"].unit_no if unit_no is None else unit_no
    common: dict[str, Any] = {"person_id": str(new_id()), "kind": "yearly", "cycle": "2025", "forms": []}
    return NeedOpened(**common, required_hours=hours, community_unit_no=number)


def done(opened: NeedOpened) -> HoursCredited:
    common = {name: getattr(opened, name) for name in ("person_id", "kind", "cycle", "required_hours")}
    entry: dict[str, Any] = {"entry_id": str(new_id()), "session_id": str(new_id()), "form": "off_job"}
    entry |= {"hours": "8.00", "counts": True, "credited_hours": "8.00", "met_on": "2025-09-26"}
    return HoursCredited(**common, **entry, community_unit_no=opened.community_unit_no)


def less(opened: NeedOpened) -> NeedChanged:
    common = {name: getattr(opened, name) for name in ("person_id", "kind", "cycle", "community_unit_no")}
    return NeedChanged(**common, required_hours="10.00", credited_hours="8.00", met_on="2025-09-26", article="SH-27")


@pytest.fixture
def only_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ordinary way is closed, once the tenant is there."""

    def closed(*_: object) -> None:
        raise AssertionError("a transaction was opened")

    monkeypatch.setattr(Database, "transaction", closed)


@pytest.fixture
def in_earnest(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Closes the short way."""

    async def never(*_: object) -> None:
        return None

    return lambda: monkeypatch.setattr(at_once, "noted", never)


async def test_both_ways_leave_the_same_rows(house: House, in_earnest: Callable[[], None]) -> None:
    opened, left = owed(house), []
    for _ in range(2):
        need, dossier = new_id(), new_id()
        for event in (opened, done(opened), less(opened)):
            assert await house.deliver(event, need) is Outcome.APPLIED
        assert await house.deliver(house.taken(dossier, "2025-02-03", role="member"), dossier) is Outcome.APPLIED
        found = [await rows(house, NEED, id=need), await rows(house, POST, id=dossier)]
        found += [await rows(house, INBOX, id=each) for each in (need, dossier)]
        left.append(found)
        in_earnest()
    assert left[0] == left[1]
    assert left[0][2] == [(3, False, 0, 0)]


@pytest.mark.usefixtures("only_at_once")
async def test_the_plain_good_case_opens_no_transaction(house: House) -> None:
    opened, need, dossier = owed(house), new_id(), new_id()
    for event in (opened, done(opened), less(opened)):
        assert await house.deliver(event, need) is Outcome.APPLIED
    assert await house.deliver(house.taken(dossier, "2025-02-03"), dossier) is Outcome.APPLIED
    with pytest.raises(AssertionError, match="a transaction was opened"):
        await house.deliver(house.left(house.taken(dossier, "2025-02-03"), "2025-06-01"), dossier)


def enrolled(house: House) -> WorkerEnrolled:
    """Nobody in assessment handles it, but it hears others of a dossier."""
    community = house.tenant.tree["community"]
    place: dict[str, Any] = {"community_unit_id": str(community.id), "community_unit_no": community.unit_no}
    common: dict[str, Any] = {"person_id": str(new_id()), "application_id": None, "enrolled_on": "2025-02-01"}
    return WorkerEnrolled(category="community_staff", post_title="社区工作者", **common, **place)


@pytest.mark.usefixtures("only_at_once")
async def test_what_nobody_handles_only_counts_and_opens_no_transaction(house: House) -> None:
    dossier = new_id()
    assert await house.deliver(enrolled(house), dossier) is Outcome.APPLIED
    assert await house.deliver(house.taken(dossier, "2025-02-03"), dossier) is Outcome.APPLIED


async def test_what_nobody_handles_waits_its_turn_as_any_other(house: House) -> None:
    dossier = new_id()
    assert await again(house, enrolled(house), dossier, 2) is Outcome.GAP
    assert await again(house, house.taken(dossier, "2025-02-03"), dossier, 1) is Outcome.APPLIED
    for outcome in (Outcome.APPLIED, Outcome.DUPLICATE):
        assert await again(house, enrolled(house), dossier, 2) is outcome
    assert await rows(house, INBOX, id=dossier) == [(2, False, 0, 1)]


async def again(house: House, event: Event, aggregate: UUID, version: int) -> Outcome:
    house.versions[aggregate] = version - 1
    return await house.deliver(event, aggregate)


async def test_what_is_not_the_next_event_is_judged_as_ever(house: House) -> None:
    opened, need = owed(house), new_id()
    assert await again(house, done(opened), need, 2) is Outcome.GAP
    assert await rows(house, NEED, id=need) == []
    assert await again(house, opened, need, 1) is Outcome.APPLIED
    assert await again(house, opened, need, 1) is Outcome.DUPLICATE
    assert await again(house, less(opened), need, 3) is Outcome.GAP
    assert await rows(house, INBOX, id=need) == [(1, False, 0, 1)]
    assert [row[4] for row in await rows(house, NEED, id=need)] == [0]
    assert await again(house, done(opened), need, 2) is Outcome.APPLIED
    assert await again(house, less(opened), need, 3) is Outcome.APPLIED


async def test_two_processes_with_one_event_apply_it_once(house: House) -> None:
    opened, need = owed(house), new_id()
    outcomes = await asyncio.gather(*(again(house, opened, need, 1) for _ in range(6)))
    assert sorted(each.value for each in outcomes) == ["applied"] + ["duplicate"] * 5
    assert await rows(house, INBOX, id=need) == [(1, False, 0, 5)]


async def test_dead_letters_before_it_are_settled_by_the_ordinary_way(house: House) -> None:
    opened, need = owed(house), new_id()
    await house.deliver(opened, need)
    await rows(house, "update k_inbox set blocked = true where aggregate_id = :id", id=need)
    assert await house.deliver(done(opened), need) is Outcome.APPLIED
    assert await rows(house, INBOX, id=need) == [(2, False, 0, 0)]


async def test_units_renumbered_meanwhile_are_brought_up_to_date(house: House) -> None:
    now_no = house.tenant.tree["community"].unit_no
    await rows(
        house,
        "insert into k_org_number (tenant_id, old_no, unit_id, unit_no, last_no)"
        " values (:tenant, 987654, :unit, :now, :now)",
        tenant=house.tenant.id,
        unit=house.tenant.tree["community"].id,
        now=now_no,
    )
    need = new_id()
    assert await house.deliver(owed(house, unit_no=987654), need) is Outcome.APPLIED
    assert [row[0] for row in await rows(house, NEED, id=need)] == [now_no]


async def test_what_only_duty_told_gives_way(house: House) -> None:
    dossier = new_id()
    await house.deliver(house.on_duty(dossier, "2025-02-03"), dossier)
    assert await house.deliver(house.taken(dossier, "2025-02-03", role="member"), dossier) is Outcome.APPLIED
    assert [(row[3], row[5]) for row in await rows(house, POST, id=dossier)] == [("member", "post")]


@pytest.mark.parametrize(("hours", "refused"), [("twenty", ValidationError), ("100000000.00", InvalidInput)])
async def test_what_cannot_be_kept_is_told_and_leaves_nothing(
    house: House, hours: str, refused: type[Exception]
) -> None:
    """Refused by the handler, and by the database."""
    need = new_id()
    with pytest.raises(refused):
        await house.deliver(owed(house, hours), need)
    assert await rows(house, INBOX, id=need) == await rows(house, NEED, id=need) == []


async def test_another_tenants_rows_are_out_of_reach(house: House, other_house: House) -> None:
    """A row with the same key in another tenant is another row."""
    need, dossier = new_id(), new_id()
    for each, hours in ((house, "20.00"), (other_house, "30.00")):
        assert await each.deliver(owed(each, hours), need) is Outcome.APPLIED
        assert await each.deliver(each.taken(dossier, "2025-02-03"), dossier) is Outcome.APPLIED
    assert [row[3] for row in await rows(house, NEED, id=need)] == [20]
    assert [row[3] for row in await rows(other_house, NEED, id=need)] == [30]
    for each in (house, other_house):
        assert [row[0] for row in await rows(each, POST, id=dossier)] == [each.tenant.tree["community"].unit_no]

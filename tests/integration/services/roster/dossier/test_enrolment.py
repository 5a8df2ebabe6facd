"""A hire becomes one dossier, whatever is delivered twice (R11, O2)."""

from uuid import UUID

import pytest
from sqlmodel import col, select

from kernel.events.event import Seal
from kernel.events.inbox import Outcome
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import person
from services.roster.dossier.tables import Dossier
from tests.integration.services.roster.house import IDENTITY, PATH, House, silent


async def rows_of(house: House) -> list[Dossier]:
    async with house.service.database.transaction(house.tenant.context()) as tx:
        return list((await tx.session.execute(select(Dossier).order_by(col(Dossier.id)))).scalars())


@pytest.mark.article("NM-12", "NM-17", "NM-24")
async def test_a_hire_becomes_a_dossier_and_roster_tells_of_it(house: House) -> None:
    worker = await house.hire()
    read = await house.tenant.get(house.county, f"{PATH}/dossiers/{worker.dossier_id}")
    assert read.status_code == 200
    view = read.json()
    assert view["state"] == "enrolled"
    assert view["on_duty_from"] is None
    assert view["enrolled_on"] == "2025-03-03"
    tree = house.tenant.tree
    assert view["parties"] == {
        "employer_unit_id": str(tree["township"].id),
        "payer_unit_id": str(tree["county"].id),
        "manager_unit_id": str(tree["township"].id),
        "user_unit_id": str(tree["community"].id),
    }
    [told] = await house.tenant.events("worker_enrolled")
    assert str(told.aggregate_id) == worker.dossier_id
    assert told.unit_no == house.tenant.tree["community"].unit_no


async def test_the_same_hire_delivered_twice_changes_nothing(house: House) -> None:
    somebody, event_id = new_id(), new_id()
    event = house.hired(somebody)
    sealed = Seal("roster", somebody, IDENTITY)
    application = UUID(event.application_id)
    assert await house.deliver(event, application, sealed=sealed, event_id=event_id) is Outcome.APPLIED
    before = [row.model_dump() for row in await rows_of(house)]
    assert await house.deliver(event, application, sealed=sealed, event_id=event_id) is Outcome.DUPLICATE
    assert [row.model_dump() for row in await rows_of(house)] == before
    assert len(await house.tenant.events("worker_enrolled")) == 1


async def test_a_second_hire_of_the_person_makes_no_second_dossier_and_is_on_record(house: House) -> None:
    worker = await house.hire()
    await house.hire(worker.person_id)
    assert len(await rows_of(house)) == 1
    assert len(await house.tenant.events("worker_enrolled")) == 1
    actions = [entry.data["action"] for entry in await house.tenant.events("recorded")]
    assert actions.count("roster.dossier.hired_again") == 1


async def test_the_same_hire_told_anew_is_no_second_hire(house: House) -> None:
    somebody = new_id()
    event, sealed = house.hired(somebody), Seal("roster", somebody, IDENTITY)
    for version in (1, 2):
        assert await house.deliver(event, UUID(event.application_id), version, sealed=sealed) is Outcome.APPLIED
    actions = [entry.data["action"] for entry in await house.tenant.events("recorded")]
    assert actions == ["roster.dossier.enrol"]


async def test_a_hire_into_a_community_not_known_yet_is_left_to_be_tried_again(house: House) -> None:
    somebody = new_id()
    event = house.hired(somebody, community_unit_id=str(new_id()))
    sealed = Seal("roster", somebody, IDENTITY)
    with pytest.raises(Exception, match="No such record"):
        await house.deliver(event, UUID(event.application_id), sealed=sealed)
    assert await rows_of(house) == []


async def test_a_hire_of_a_person_erased_meanwhile_opens_no_dossier(house: House) -> None:
    somebody = new_id()
    event = house.hired(somebody)
    assert await house.deliver(event, UUID(event.application_id)) is Outcome.APPLIED
    assert await rows_of(house) == []
    actions = [entry.data["action"] for entry in await house.tenant.events("recorded")]
    assert actions == ["roster.dossier.person_erased"]


async def test_id_number_and_phone_are_stored_unreadable(house: House) -> None:
    await house.hire()
    [row] = await rows_of(house)
    for stored in (row.id_number, row.phone, row.id_number_index):
        assert IDENTITY["id_number"].encode() not in stored
        assert IDENTITY["phone"].encode() not in stored


async def test_one_identity_has_one_dossier_even_under_two_accounts(house: House) -> None:
    await house.hire()
    other = new_id()
    event = house.hired(other)
    with pytest.raises(Exception, match="23505"):
        await house.deliver(event, UUID(event.application_id), sealed=Seal("roster", other, IDENTITY))
    assert len(await rows_of(house)) == 1


async def test_a_party_that_the_regulation_does_not_name_stays_open(roster: ServiceUnderTest) -> None:
    house = await House.open(roster, silent("contract.party_level"))
    worker = await house.hire()
    read = await house.tenant.get(house.county, f"{PATH}/dossiers/{worker.dossier_id}")
    assert read.json()["parties"]["employer_unit_id"] is None


async def test_the_person_reads_the_own_dossier_and_no_other(house: House) -> None:
    worker = await house.hire()
    own = await house.tenant.get(worker.caller, f"{PATH}/own/dossier")
    assert own.json()["id"] == worker.dossier_id
    assert (await house.tenant.get(person(), f"{PATH}/own/dossier")).status_code == 404

"""A draft asked of live data: every service is told, reports are gathered, ids stay within the scope (P6)."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from contracts.simulations import PROBES
from gateway.regulation.simulation.consumers import subscriptions
from kernel.events.envelope import Envelope, body
from kernel.events.inbox import Outcome, receive
from kernel.ids import new_id
from kernel.simulation.published import SimulationReported
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import PUBLIC, Caller, person
from tests.integration.gateway.house import Town
from tests.integration.gateway.regulation.test_promulgation import hand_in, handler
from tests.integration.gateway.regulation.versions import files

PATH = "/api/v1/regulation"


@pytest.fixture(scope="module")
async def draft(town: Town) -> str:
    return str((await hand_in(town, handler(town), files("2"))).json()["id"])


async def begin(town: Town, caller: Caller, draft: str) -> Any:
    return await town.tenant.post(caller, f"{PATH}/simulations", {"draft_id": draft, "on": "2026-03-02"})


async def report(
    gateway: ServiceUnderTest, town: Town, simulation: str, source: str, probe: str, **found: Any
) -> Outcome:
    told: dict[str, Any] = {
        "examined": 3, "done": True, "ids": [], "unit_nos": [], "before": [], "after": [], "articles": []
    }  # fmt: skip
    event = SimulationReported(simulation_id=simulation, probe=probe, **told | found)
    envelope = Envelope(
        id=new_id(),
        source=source,
        tenant=town.tenant.id,
        aggregate_type=event.aggregate,
        aggregate_id=new_id(),
        version=1,
        event=event.name,
        event_version=event.v,
        business_time=town.tenant.now,
        recorded_at=town.tenant.now,
        body=body(msgspec.json.encode(event).decode(), None),
    )
    outcome, _ = await receive(gateway.database, gateway.config, subscriptions, envelope)
    return outcome


async def test_every_service_is_asked_and_ids_are_seen_within_the_scope(
    gateway: ServiceUnderTest, town: Town, draft: str
) -> None:
    made = await begin(town, handler(town), draft)
    assert made.status_code == 201, made.text
    simulation = made.json()
    assert (simulation["state"], simulation["pack_version"]) == ("running", "2")
    assert {(part["service"], part["probe"]) for part in simulation["parts"]} == {
        (service, probe) for service, probes in PROBES.items() for probe in probes
    }
    [asked] = await town.tenant.events("requested")
    assert asked.aggregate_id == UUID(simulation["id"])
    assert '"version":"2"' in asked.data["content"]

    county, other = town.units["150102"].unit_no, town.units["150200"].unit_no
    subjects = [str(new_id()), str(new_id())]
    two = {"ids": subjects, "unit_nos": [county, other], "before": ["qualified"] * 2, "after": ["awaiting"] * 2}
    outcome = await report(
        gateway, town, simulation["id"], "recruitment", "applications", **two, articles=["NM-9(2)", ""], done=False
    )
    assert outcome is Outcome.APPLIED
    seen = (await town.tenant.get(handler(town), f"{PATH}/simulations/{simulation['id']}")).json()
    [part] = [each for each in seen["parts"] if each["probe"] == "applications"]
    assert (part["examined"], part["changed"], part["done"], seen["state"]) == (3, 2, False, "running")
    changes = f"{PATH}/simulations/{simulation['id']}/changes"
    listed = (await town.tenant.get(handler(town), changes, query={"probe": "applications"})).json()["items"]
    assert [(each["subject_id"], each["article"]) for each in listed] == [(subjects[0], "NM-9(2)"), (subjects[1], None)]
    narrow = handler(town)
    narrowed = Caller(narrow.actor, town.official("party_committee", "150102").scope)
    within = (await town.tenant.get(narrowed, changes)).json()["items"]
    assert [each["subject_id"] for each in within] == [subjects[0]], "nobody sees another unit's"

    await report(gateway, town, simulation["id"], "recruitment", "applications")
    await report(gateway, town, simulation["id"], "training", "yearly_hours", refused="parameter-not-set", examined=0)
    await report(gateway, town, simulation["id"], "roster", "community_posts")
    await report(gateway, town, simulation["id"], "roster", "nobody_asked")
    done = (await town.tenant.get(handler(town), f"{PATH}/simulations/{simulation['id']}")).json()
    assert done["state"] == "done"
    assert [each["refused"] for each in done["parts"]] == [None, None, "parameter-not-set"]
    assert done["parts"][0]["examined"] == 6


async def test_another_office_asks_nothing_and_reads_nothing(town: Town, other_town: Town, draft: str) -> None:
    made = (await begin(town, handler(town), draft)).json()["id"]
    for caller in (town.official("society_work"), town.official("party_committee", "150102"), person(), PUBLIC):
        assert (await begin(town, caller, draft)).status_code == 403
        assert (await town.tenant.get(caller, f"{PATH}/simulations/{made}")).status_code == 403
        assert (await town.tenant.get(caller, f"{PATH}/simulations/{made}/changes")).status_code == 403
    viewer = town.official("party_committee", duty="viewer")
    assert (await begin(town, viewer, draft)).status_code == 403
    assert (await town.tenant.get(viewer, f"{PATH}/simulations/{made}")).status_code == 200
    assert (await begin(town, handler(town), str(new_id()))).status_code == 404
    assert (await other_town.tenant.get(handler(other_town), f"{PATH}/simulations/{made}")).status_code == 404

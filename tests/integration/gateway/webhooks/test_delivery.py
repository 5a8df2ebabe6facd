"""From an event to a receiver that verifies it: once enqueued, at least once delivered, never by two, never inwards."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import text

from contracts.recruitment import NoticePublished
from gateway.webhooks import actions, rules
from gateway.webhooks.consumers import subscriptions
from gateway.webhooks.sending import Poster
from gateway.webhooks.worker import Worker
from kernel.config import Process
from kernel.events.envelope import Envelope
from kernel.events.event import Event
from kernel.events.inbox import Outcome, receive
from kernel.ids import new_id
from kernel.org.published import PackPublished
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.gateway.house import Town
from tests.integration.gateway.webhooks.receiver import Receiver, verified
from tests.integration.gateway.webhooks.test_endpoints import PATH

NOTICE = "recruitment.notice.published"


class Desk:
    """One endpoint of a town, and what can be done with it."""

    def __init__(self, gateway: ServiceUnderTest, town: Town, worker: Worker, made: dict[str, Any]) -> None:
        self.gateway, self.town, self.worker, self.made = gateway, town, worker, made
        self.path = f"{PATH}/{made['id']}"

    @classmethod
    async def of(
        cls, gateway: ServiceUnderTest, town: Town, worker: Worker, client_id: str, url: str, *events: str
    ) -> "Desk":
        body = {"client_id": client_id, "url": url, "events": list(events or [NOTICE])}
        made = await town.tenant.post(town.system, PATH, body)
        assert made.status_code == 201, made.text
        return cls(gateway, town, worker, made.json())

    async def publish(self, times: int = 1) -> UUID:
        """A notice is out; its event is delivered that often, and applied once."""
        event = NoticePublished(notice_id=str(new_id()), plan_id=str(new_id()), revision=1, closes_at="2026-04-01")
        return await self.hear(event, "recruitment", new_id(), times=times)

    async def hear(
        self, event: Event, source: Process, aggregate_id: UUID, version: int = 1, *, times: int = 1
    ) -> UUID:
        """That news of an aggregate is delivered that often, and applied once."""
        envelope = Envelope(
            id=new_id(),
            source=source,
            tenant=self.town.tenant.id,
            aggregate_type=event.aggregate,
            aggregate_id=aggregate_id,
            version=version,
            event=event.name,
            event_version=event.v,
            business_time=self.town.tenant.now,
            recorded_at=datetime.now(UTC),
            body=msgspec.json.encode(event),
        )
        for each in range(times):
            outcome, _ = await receive(self.gateway.database, self.gateway.config, subscriptions, envelope)
            assert outcome == (Outcome.DUPLICATE if each else Outcome.APPLIED)
        return envelope.id

    async def send(self, *workers: Worker) -> None:
        """One round of each worker, side by side."""
        at_work = workers or (self.worker,)
        await asyncio.gather(*(each.begin_due() for each in at_work))
        await asyncio.gather(*(each.finish() for each in at_work))

    async def deliveries(self, **query: str) -> list[dict[str, Any]]:
        listed = await self.town.tenant.get(self.town.security, f"{self.path}/deliveries", query=query)
        assert listed.status_code == 200, listed.text
        return list(listed.json()["items"])

    async def now(self) -> None:
        """Let the time of the next try, or the end of a lease, have come."""
        async with self.gateway.database.transaction(self.town.tenant.context()) as tx:
            await tx.session.execute(
                text("update webhook_delivery set due_at = clock_timestamp() where endpoint_id = :id"),
                {"id": self.made["id"]},
            )

    async def change(self, **change: object) -> dict[str, Any]:
        version = (await self.town.tenant.get(self.town.system, self.path)).json()["version"]
        changed = await self.town.tenant.call(self.town.system, "PATCH", self.path, change, version=version)
        assert changed.status_code == 200, changed.text
        return dict(changed.json())

    async def close(self) -> None:
        version = (await self.town.tenant.get(self.town.system, self.path)).json()["version"]
        await self.town.tenant.call(self.town.system, "DELETE", self.path, version=version)


@pytest.fixture
async def desk(gateway: ServiceUnderTest, town: Town, worker: Worker, client_id: str, receiver: Receiver) -> Any:
    made = await Desk.of(gateway, town, worker, client_id, receiver.url)
    yield made
    await made.close()


async def test_an_event_arrives_once_signed_and_without_anything_personal(desk: Desk, receiver: Receiver) -> None:
    event_id = await desk.publish(times=2)
    await desk.send()
    await desk.send()
    [(headers, body)] = receiver.came
    assert headers[""] == "POST /hooks HTTP/1.1"
    assert verified(desk.made["secret"], headers, body)
    assert not verified("whsec_" + "A" * 44, headers, body)
    assert not verified(desk.made["secret"], headers, body + b" ")
    assert (headers["webhook-id"], headers["content-type"]) == (str(event_id), "application/json")
    [said] = receiver.said()
    assert said["type"] == NOTICE
    assert set(said["data"]) == {"notice_id", "revision", "closes_at", "path"}
    assert said["data"]["path"] == f"/api/v1/recruitment/notices/{said['data']['notice_id']}"
    [delivery] = await desk.deliveries()
    assert (delivery["state"], delivery["last_status"], delivery["attempts"]) == ("delivered", 200, 1)


async def test_a_version_of_the_regulation_is_told_when_it_is_published_and_not_when_it_ends(
    gateway: ServiceUnderTest, town: Town, worker: Worker, client_id: str, receiver: Receiver
) -> None:
    desk = await Desk.of(gateway, town, worker, client_id, receiver.url, "regulation.version.published")
    version = new_id()
    for number, last in enumerate((None, "2027-01-01"), start=1):
        told = PackPublished(
            pack_id="made-up", pack_version="9", valid_from="2026-08-01", valid_before=last, content="{}"
        )
        await desk.hear(told, "gateway", version, number)
    assert [each["event"] for each in await desk.deliveries()] == ["regulation.version.published"]
    await desk.close()


async def test_only_what_was_asked_for_is_kept(
    gateway: ServiceUnderTest, town: Town, worker: Worker, client_id: str, desk: Desk, receiver: Receiver
) -> None:
    second = await Desk.of(gateway, town, worker, client_id, receiver.url)
    other = await Desk.of(gateway, town, worker, client_id, receiver.url, "worklist.item.opened")
    event_id = await desk.publish()
    await desk.send()
    assert [each["event_id"] for each in await second.deliveries()] == [str(event_id)]
    assert await other.deliveries() == []
    # Each address has the event once, under one id, and its own secret.
    assert {headers["webhook-id"] for headers, _ in receiver.came} == {str(event_id)}
    for made in (desk, second):
        assert [verified(made.made["secret"], *each) for each in receiver.came].count(True) == 1
    await second.close()
    await other.close()


async def test_both_secrets_are_valid_for_a_day_after_a_rotation(desk: Desk, receiver: Receiver) -> None:
    rotated = (await desk.town.tenant.post(desk.town.system, f"{desk.path}/secret")).json()
    await desk.publish()
    await desk.send()
    assert verified(desk.made["secret"], *receiver.came[0])
    assert verified(rotated["secret"], *receiver.came[0])
    async with desk.gateway.database.transaction(desk.town.tenant.context()) as tx:
        await tx.session.execute(
            text("update webhook_endpoint set previous_until = clock_timestamp() where id = :id"),
            {"id": desk.made["id"]},
        )
    await desk.publish()
    await desk.send()
    assert not verified(desk.made["secret"], *receiver.came[1])
    assert verified(rotated["secret"], *receiver.came[1])


async def test_a_failure_is_tried_again_later_and_then_the_endpoint_is_disabled(desk: Desk, receiver: Receiver) -> None:
    receiver.status = 500
    event_id = await desk.publish()
    for tried in range(1, rules.ATTEMPTS + 1):
        before = datetime.now(UTC)
        await desk.send()
        [delivery] = await desk.deliveries()
        assert (delivery["attempts"], delivery["last_status"], delivery["last_cause"]) == (tried, 500, "status 500")
        if tried < rules.ATTEMPTS:
            assert delivery["state"] == "waiting"
            assert datetime.fromisoformat(delivery["due_at"]) >= before + rules.pause(tried, 0.0)
            await desk.send()  # before its time: nothing
            await desk.now()
    assert {headers["webhook-id"] for headers, _ in receiver.came} == {str(event_id)}
    assert len(receiver.came) == rules.ATTEMPTS
    shown = (await desk.town.tenant.get(desk.town.security, desk.path)).json()
    assert (delivery["state"], shown["state"], shown["disabled_because"]) == ("abandoned", "disabled", "status 500")
    # What comes meanwhile waits, and goes out once somebody has looked.
    later = await desk.publish()
    await desk.send()
    assert len(receiver.came) == rules.ATTEMPTS
    receiver.status = 204
    assert (await desk.change(action="resume"))["disabled_because"] is None
    await desk.send()
    assert receiver.came[-1][0]["webhook-id"] == str(later)
    replayed = await desk.town.tenant.post(desk.town.system, f"{desk.path}/replays", {"delivery_id": delivery["id"]})
    assert replayed.json() == {"again": 1}
    await desk.send()
    assert receiver.came[-1][0]["webhook-id"] == str(event_id)
    assert {each["state"] for each in await desk.deliveries()} == {"delivered"}


async def test_a_receiver_that_is_gone_is_not_asked_twice(desk: Desk, receiver: Receiver) -> None:
    receiver.status = 410
    await desk.publish()
    await desk.send()
    assert (await desk.town.tenant.get(desk.town.system, desk.path)).json()["state"] == "disabled"


async def test_what_was_recorded_since_an_instant_is_sent_again(desk: Desk, receiver: Receiver) -> None:
    first = await desk.publish()
    since = datetime.now(UTC).isoformat()
    second = await desk.publish()
    await desk.send()
    replays = f"{desk.path}/replays"
    again = await desk.town.tenant.post(desk.town.system, replays, {"since": since})
    assert again.json() == {"again": 1}
    await desk.send()
    ids = [headers["webhook-id"] for headers, _ in receiver.came]
    assert (ids.count(str(first)), ids.count(str(second))) == (1, 2)
    for wrong in ({}, {"since": since, "delivery_id": str(new_id())}):
        assert (await desk.town.tenant.post(desk.town.system, replays, wrong)).status_code == 422
    missing = await desk.town.tenant.post(desk.town.system, replays, {"delivery_id": str(new_id())})
    assert missing.status_code == 404


async def test_a_paused_endpoint_keeps_its_news(desk: Desk, receiver: Receiver) -> None:
    await desk.change(action="pause")
    await desk.publish()
    await desk.send()
    assert receiver.came == []
    await desk.change(action="resume")
    await desk.send()
    assert len(receiver.came) == 1


async def test_several_processes_send_a_delivery_once(desk: Desk, receiver: Receiver) -> None:
    for _ in range(6):
        await desk.publish()
    others = [Worker(desk.gateway.database, desk.gateway.config, Poster(development=True)) for _ in range(3)]
    for _ in range(4):
        await desk.send(desk.worker, *others)
    ids = [headers["webhook-id"] for headers, _ in receiver.came]
    assert len(ids) == len(set(ids)) == 6


async def test_no_transaction_is_open_while_a_receiver_thinks(desk: Desk, receiver: Receiver) -> None:
    receiver.hold = asyncio.Event()
    await desk.publish()
    await desk.worker.begin_due()
    await asyncio.wait_for(receiver.taken.wait(), 10)
    async with desk.gateway.database.relay.connect() as connection:
        found = await connection.execute(
            text(
                "select count(*) from pg_locks l join pg_class c on c.oid = l.relation"
                " where c.relname = 'webhook_delivery' and l.mode = 'RowExclusiveLock'"
            )
        )
        assert found.scalar_one() == 0
    # Another process leaves it alone, and it can be read and removed meanwhile.
    other = Worker(desk.gateway.database, desk.gateway.config, Poster(development=True))
    assert await other.begin_due() == 0
    assert [each["state"] for each in await desk.deliveries()] == ["waiting"]
    receiver.hold.set()
    await desk.worker.finish()
    assert [each["state"] for each in await desk.deliveries()] == ["delivered"]


async def test_what_a_killed_process_had_in_hand_is_sent_when_its_lease_is_over(desk: Desk, receiver: Receiver) -> None:
    event_id = await desk.publish()
    [delivery] = await desk.deliveries()
    async with desk.gateway.database.transaction(desk.town.tenant.context()) as tx:
        lost = await actions.take(tx, UUID(delivery["id"]))
    assert lost is not None
    assert "whsec" not in repr(lost)
    await desk.send()
    assert receiver.came == []
    await desk.now()
    await desk.send()
    assert [headers["webhook-id"] for headers, _ in receiver.came] == [str(event_id)]
    # The one that was thought dead writes nothing any more.
    async with desk.gateway.database.transaction(desk.town.tenant.context()) as tx:
        await actions.settle(tx, lost, status=None, cause="timeout", chance=0.0)
    assert [each["state"] for each in await desk.deliveries()] == ["delivered"]


async def test_old_deliveries_are_forgotten(desk: Desk) -> None:
    await desk.publish()
    async with desk.gateway.database.transaction(desk.town.tenant.context()) as tx:
        await tx.session.execute(
            text("update webhook_delivery set recorded_at = recorded_at - interval '31 days' where endpoint_id = :id"),
            {"id": desk.made["id"]},
        )
    await desk.worker.sweep()
    assert await desk.deliveries() == []

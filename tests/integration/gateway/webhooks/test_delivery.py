"""From an event to a receiver that verifies it: once enqueued, at least once delivered, never by two, never inwards."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import text

from contracts.recruitment import NoticePublished
from gateway.webhooks import actions, rules, sending
from gateway.webhooks.actions import Outgoing
from gateway.webhooks.consumers import subscriptions
from gateway.webhooks.sending import Came, Poster
from gateway.webhooks.worker import Worker
from kernel.events.envelope import Envelope
from kernel.events.inbox import Outcome, receive
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.gateway.house import Town
from tests.integration.gateway.webhooks.receiver import Receiver, receiving, verified
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
        envelope = Envelope(
            id=new_id(),
            source="recruitment",
            tenant=self.town.tenant.id,
            aggregate_type=event.aggregate,
            aggregate_id=new_id(),
            version=1,
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
async def receiver() -> Any:
    async with receiving() as made:
        yield made


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
    assert (await desk.change(state="active"))["disabled_because"] is None
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
    await desk.change(state="paused")
    await desk.publish()
    await desk.send()
    assert receiver.came == []
    await desk.change(state="active")
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


def outgoing(url: str) -> Outgoing:
    return Outgoing(new_id(), new_id(), new_id(), url, "{}", 1, (b"s" * 32,))


def leading_to(*addresses: str) -> tuple[list[str], Any]:
    """Names that lead there, and who asked."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return addresses

    return asked, resolve


@pytest.mark.parametrize(
    "addresses",
    [
        (),
        ("127.0.0.1",),
        ("10.0.0.1",),
        ("169.254.169.254",),
        ("100.64.0.1",),
        ("::1",),
        ("::ffff:127.0.0.1",),
        ("fe80::1",),
        ("224.0.0.1",),
        ("8.8.8.8", "192.168.0.1"),
    ],
)
async def test_a_name_that_leads_inwards_is_not_followed(addresses: tuple[str, ...]) -> None:
    _, resolve = leading_to(*addresses)
    for development in (False, True):
        poster = Poster(resolve=resolve, development=development)
        assert await poster.post(outgoing("https://hooks.example/")) == Came(None, "address not allowed")


@pytest.mark.parametrize("url", ["http://hooks.example/", "http://127.0.0.1/", "https://x:y@hooks.example/"])
async def test_an_address_that_was_never_right_is_not_asked_for(url: str) -> None:
    asked, resolve = leading_to("8.8.8.8")
    assert await Poster(resolve=resolve).post(outgoing(url)) == Came(None, "address not allowed")
    assert asked == []


async def test_in_production_not_even_this_machine(receiver: Receiver) -> None:
    for host in ("127.0.0.1", "2130706433", "0x7f.1", "localhost"):
        came = await Poster().post(outgoing(f"https://{host}:8443/"))
        assert came == Came(None, "address not allowed"), host


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """TLS of a server named hooks.example, and of a client that trusts it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = serialization.PrivateFormat.PKCS8
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = Path(folder, "both.pem")
    file.write_bytes(key.private_bytes(pem, private, plain) + made.public_bytes(pem))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=made.public_bytes(pem).decode())


async def test_the_connection_goes_to_the_address_that_was_judged_under_the_name_that_was_asked(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server, client = certificate
    asked, resolve = leading_to("127.0.0.1")
    poster = Poster(resolve=resolve, tls=client, allowed=[ipaddress.ip_network("127.0.0.0/8")], development=True)
    async with receiving(server) as receiver:
        assert await poster.post(outgoing(f"https://hooks.example:{receiver.port}/in?a=1")) == Came(200, None)
        [(headers, _)] = receiver.came
        assert (headers[""], headers["host"]) == ("POST /in?a=1 HTTP/1.1", f"hooks.example:{receiver.port}")
        # Once: between judging and connecting there is no second look at the name.
        assert asked == ["hooks.example"]
        other = await poster.post(outgoing(f"https://other.example:{receiver.port}/"))
        assert (other.status, other.cause) == (None, "ConnectError")
        assert len(receiver.came) == 1


async def test_redirects_are_not_followed(receiver: Receiver) -> None:
    receiver.status = 307
    receiver.answer = b"location: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n"
    assert await Poster(development=True).post(outgoing(receiver.url)) == Came(307, "status 307")
    assert len(receiver.came) == 1


async def test_an_answer_without_an_end_is_not_read(receiver: Receiver) -> None:
    receiver.answer = b"content-length: 99999999\r\n\r\n" + b"x" * (sending.READ_BYTES * 4)
    async with asyncio.timeout(5):
        assert await Poster(development=True).post(outgoing(receiver.url)) == Came(200, None)


async def test_a_receiver_that_hangs_is_given_up(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.2)
    receiver.hold = asyncio.Event()
    assert await Poster(development=True).post(outgoing(receiver.url)) == Came(None, "timeout")
    receiver.hold.set()


async def test_nobody_listening_is_a_failure_like_any_other() -> None:
    async with receiving() as gone:
        pass
    assert await Poster(development=True).post(outgoing(gone.url)) == Came(None, "ConnectError")

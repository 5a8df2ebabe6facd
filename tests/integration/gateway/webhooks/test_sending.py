"""One try of one delivery: where it is let out, under which name, and how much of an answer is read."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.webhooks import sending
from gateway.webhooks.actions import Outgoing
from gateway.webhooks.sending import Came, Poster
from kernel.ids import new_id
from tests.integration.gateway.webhooks.receiver import Receiver, receiving


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

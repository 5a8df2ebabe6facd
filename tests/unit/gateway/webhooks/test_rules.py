"""Where webhooks may go, and how they are signed: a table of hostile addresses, and the standard's own example."""

import base64
from datetime import timedelta
from ipaddress import ip_network

import pytest

from gateway.webhooks import rules

HOSTILE = (
    "0.0.0.0",  # noqa: S104 -- nothing is bound to it
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2130706433",
    "0x7f000001",
    "localhost",
    "",
)
PUBLIC = ("8.8.8.8", "1.1.1.1", "223.5.5.5", "2400:3200::1", "2606:4700:4700::1111")


@pytest.mark.parametrize("address", HOSTILE)
def test_nothing_is_let_out_to(address: str) -> None:
    assert not rules.may_connect(address)
    assert not rules.may_connect(address, loopback=True) or address in ("127.0.0.1", "127.255.255.254", "::1")


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_let_out(address: str) -> None:
    assert rules.may_connect(address)


def test_an_operator_may_name_a_network_of_their_own() -> None:
    allowed = [ip_network("10.20.0.0/16"), ip_network("fd00:1::/32")]
    assert rules.may_connect("10.20.3.4", allowed=allowed)
    assert rules.may_connect("fd00:1::7", allowed=allowed)
    assert not rules.may_connect("10.21.3.4", allowed=allowed)
    assert not rules.may_connect("::ffff:10.20.3.4", allowed=allowed)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "http://127.0.0.1/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "//hooks.example/",
        "https://user@hooks.example/",
        "https://user:word@hooks.example/",
        "https://hooks.example:22/",
        "https://hooks.example:80/",
        "https://hooks.example:99999/",
        "https://hooks.example/#part",
        "https://hooks.example/a b",
        "https://hooks.example\\@127.0.0.1/",
        "https://hooks.example/\r\nX: y",
        "https://钩.example/",
        "https://[::1/",
        "https://hooks.example/" + "a" * 2_000,
        "",
    ],
)
def test_an_address_is_refused_by_its_words(url: str) -> None:
    assert rules.url_fault(url, development=False) is not None


def test_an_address_is_accepted() -> None:
    for url in ("https://hooks.example/", "https://hooks.example:8443/in?app=1", "https://8.8.8.8/"):
        assert rules.url_fault(url, development=False) is None


def test_development_takes_http_on_this_machine_alone() -> None:
    for url in ("http://127.0.0.1:9000/in", "http://localhost:9000/", "http://[::1]:9000/"):
        assert rules.url_fault(url, development=True) is None
        assert rules.url_fault(url, development=False) is not None
    assert rules.url_fault("http://hooks.example/", development=True) is not None
    assert rules.url_fault("http://169.254.169.254/", development=True) is not None


def test_the_signature_is_that_of_the_standard() -> None:
    # The worked example of standardwebhooks.com.
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = '{"test": 2432232314}'
    made = rules.signature([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    both = rules.signature([secret, b"x" * 32], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert both.split(" ")[0] == made
    assert len(both.split(" ")) == 2


def test_tries_lie_ever_further_apart_and_are_spread() -> None:
    assert rules.pause(1, 0.5) == timedelta(seconds=10)
    assert rules.pause(1, 0.0) < rules.pause(1, 0.99) < rules.pause(2, 0.0)
    assert rules.pause(9, 0.5) == rules.pause(60, 0.5) == rules.LONGEST_PAUSE
    whole = sum((rules.pause(each, 0.5) for each in range(1, rules.ATTEMPTS)), timedelta())
    assert timedelta(hours=12) < whole < timedelta(days=2)


def test_a_secret_is_shown_as_the_standard_has_it() -> None:
    assert rules.shown(b"\0" * 32) == "whsec_" + base64.b64encode(b"\0" * 32).decode()

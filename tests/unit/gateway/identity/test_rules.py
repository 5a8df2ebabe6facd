"""Redirects, passwords, lock-out and key rotation, on both sides of each boundary."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.identity import actions, rules

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LOOPBACK = "http://127.0.0.1:8080/cb"


@given(st.text(max_size=60))
def test_only_the_registered_text_matches_a_registered_https_address(requested: str) -> None:
    registered = "https://portal.example/callback"
    assert rules.redirect_matches([registered], requested) == (requested == registered)


@given(st.integers(1, 65535))
def test_any_port_of_a_loopback_address_matches(port: int) -> None:
    assert rules.redirect_matches([LOOPBACK], f"http://127.0.0.1:{port}/cb")
    assert rules.redirect_matches(["http://[::1]:1/cb"], f"http://[::1]:{port}/cb")
    assert not rules.redirect_matches(["http://localhost:1/cb"], f"http://localhost:{port + 1}/cb")


@pytest.mark.parametrize(
    "requested",
    [
        "http://127.0.0.1:8081/cb/",
        "http://127.0.0.1:8081/cb?a=b",
        "http://127.0.0.1:8081/cb#a",
        "http://127.0.0.1:8081/cb?",
        "http://user@127.0.0.1:8081/cb",
        "http://127.0.0.1:8081@evil.example/cb",
        "http://127.0.0.1:+8081/cb",
        "http://127.0.0.1:08081/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:/cb",
        "HTTP://127.0.0.1:8081/cb",
        "https://127.0.0.1:8081/cb",
        "http://127.0.0.2:8081/cb",
        "http://127.0.0.1:8081\\@evil.example/cb",
        "http://127.0.0.1:8081/cb\n",
        "http://[127.0.0.1]:8081/cb",
    ],
)
def test_nothing_but_the_port_of_a_loopback_address_may_vary(requested: str) -> None:
    assert not rules.redirect_matches([LOOPBACK], requested)


@pytest.mark.parametrize(
    "uri", ["https://portal.example/cb", "http://localhost:3000/", LOOPBACK, "gov.example.app:/cb"]
)
def test_addresses_that_may_be_registered(uri: str) -> None:
    assert rules.redirect_findings(uri) is None


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("Abcdefgh1", 1),
        ("Abcdefghi1", 0),
        ("A1" + "b" * 126, 0),
        ("A1" + "b" * 127, 1),
        ("abcdefghi1", 1),
        ("abcdefgh1.", 0),
        ("社区工作者Aa12345", 0),
        ("short", 2),
    ],
)
def test_a_password_is_long_enough_and_of_three_kinds(password: str, wrong: int) -> None:
    assert len(rules.password_findings(password, "someone")) == wrong


def test_a_password_does_not_hold_the_user_name() -> None:
    assert len(rules.password_findings("Zhangsan-2026", "zhangsan")) == 1


def test_first_passwords_always_do() -> None:
    assert [rules.password_findings(actions.first_password(), "someone") for _ in range(200)] == [[]] * 200


def test_the_fifth_failure_locks_for_a_quarter_of_an_hour_and_counts_anew() -> None:
    assert rules.after_failure(3, NOW) == (4, None)
    assert rules.after_failure(4, NOW) == (0, NOW + timedelta(minutes=15))


@dataclass(frozen=True)
class Key:
    active_from: datetime
    published_until: datetime | None = None


def test_the_newest_active_key_signs_and_announced_ones_are_published() -> None:
    old = Key(NOW - timedelta(days=9), NOW + timedelta(minutes=1))
    new = Key(NOW)
    assert rules.signing([old, new], NOW - timedelta(seconds=1)) is old
    assert rules.signing([old, new], NOW) is new
    assert rules.published([old, new], NOW) == [old, new]
    assert rules.published([old, new], NOW + timedelta(minutes=1)) == [new]
    assert rules.signing([new], NOW - timedelta(seconds=1)) is None


def test_a_replaced_key_outlives_every_token_it_signed() -> None:
    assert rules.KEY_KEPT > rules.ACCESS_LIFETIME
    assert timedelta(seconds=60) >= rules.CODE_LIFETIME

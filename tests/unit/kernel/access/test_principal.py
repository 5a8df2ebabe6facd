"""The signed principal serves one request: any change, another request or another time makes it worthless (T9)."""

import base64
import hashlib
import hmac
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.access.principal import (
    CLOCK_LEEWAY_SECONDS,
    LIFETIME_SECONDS,
    Caller,
    Principal,
    sign,
    verify,
)
from kernel.errors import Unauthenticated

KEY = bytes(range(32))
NOW = 1_780_000_000.0
TENANT, USER, POST = uuid4(), uuid4(), uuid4()
PRINCIPAL = Principal(
    service="roster",
    method="GET",
    path="/api/v1/roster/dossiers",
    issued_at=NOW,
    tenant=TENANT.bytes,
    lo=1000,
    hi=4999,
    kind="official",
    business_time=NOW + 3600,
    permission="roster.dossier.read",
    request_id="r-1",
    user=USER.bytes,
    post=POST.bytes,
    unit_no=1000,
    department_kind="society_work",
    level="county",
    duty="handler",
    client_grants=("a.b.c",),
    language="en",
)
SIGNED = sign(PRINCIPAL, KEY)


def check(value: str, **changes: Any) -> Principal:
    """Verify as the service for which the principal was made."""
    given: dict[str, Any] = {"service": "roster", "method": "GET", "path": "/api/v1/roster/dossiers", "now": NOW}
    return verify(value, KEY, **given | changes)


OF_THE_REQUEST = (
    *("service", "method", "path", "issued_at", "business_time", "permission", "request_id"),
    *("traceparent", "language", "address"),
)


@given(
    principal=st.builds(
        Principal,
        path=st.text(max_size=300),
        lo=st.integers(0, 2**31),
        hi=st.integers(0, 2**31),
        user=st.none() | st.binary(min_size=16, max_size=16),
        unit_no=st.none() | st.integers(0, 2**31),
        client_grants=st.lists(st.text(max_size=40), max_size=20).map(tuple),
        address=st.none() | st.text(max_size=45),
    ),
    key=st.binary(min_size=1, max_size=80),
)
def test_a_caller_packed_before_signs_what_the_whole_principal_would(principal: Principal, key: bytes) -> None:
    members = msgspec.structs.asdict(principal)
    request = {name: members.pop(name) for name in OF_THE_REQUEST}
    assert Caller(**members).sign(key, **request) == sign(principal, key).encode()
    signature = hmac.digest(key, msgspec.msgpack.encode(principal), hashlib.sha256)
    assert base64.urlsafe_b64decode(sign(principal, key))[:32] == signature


def test_a_caller_without_what_every_principal_says_is_not_made() -> None:
    with pytest.raises(KeyError):
        Caller(lo=1, hi=2, kind="public")


def test_what_was_signed_is_what_is_read() -> None:
    assert check(SIGNED) == PRINCIPAL
    context = check(SIGNED).context()
    assert (context.tenant, context.scope.lo, context.scope.hi) == (TENANT, 1000, 4999)
    assert (context.actor.user, context.actor.post, context.actor.person) == (USER, POST, None)
    assert (context.business_time.timestamp(), context.language) == (NOW + 3600, "en")


@given(st.integers(0, len(base64.urlsafe_b64decode(SIGNED)) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, difference: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(SIGNED))
    raw[place] ^= difference
    with pytest.raises(Unauthenticated):
        check(base64.urlsafe_b64encode(raw).decode())


@given(st.integers(0, len(SIGNED) - 1))
def test_a_truncated_principal_is_refused(length: int) -> None:
    with pytest.raises(Unauthenticated):
        check(SIGNED[:length])


@given(st.one_of(st.text(), st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode())))
def test_rubbish_is_refused_and_never_stumbled_over(value: str) -> None:
    with pytest.raises(Unauthenticated):
        check(value)


@pytest.mark.parametrize("value", ["", "é", "签名", "\ud800", SIGNED + "é", "=" * 8])
def test_what_is_not_ascii_is_refused(value: str) -> None:
    with pytest.raises(Unauthenticated):
        check(value)


def test_a_principal_signed_with_another_key_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        check(sign(PRINCIPAL, bytes(32)))


def test_rightly_signed_rubbish_is_refused() -> None:
    for packed in (b"", b"\xc1", msgspec.msgpack.encode(["roster"]), msgspec.msgpack.encode({"service": "roster"})):
        value = base64.urlsafe_b64encode(hmac.digest(KEY, packed, hashlib.sha256) + packed).decode()
        with pytest.raises(Unauthenticated):
            check(value)


@pytest.mark.parametrize(
    "changes",
    [
        {"service": "training"},
        {"method": "POST"},
        {"method": "get"},
        {"path": "/api/v1/roster/dossiers/"},
        {"path": "/api/v1/roster/dossiers/1"},
        {"path": "/api/v1/roster/%64ossiers"},
    ],
)
def test_it_serves_no_other_request(changes: dict[str, str]) -> None:
    with pytest.raises(Unauthenticated):
        check(SIGNED, **changes)


@pytest.mark.parametrize(
    ("age", "accepted"),
    [
        (0, True),
        (LIFETIME_SECONDS, True),
        (LIFETIME_SECONDS + 0.001, False),
        (-CLOCK_LEEWAY_SECONDS, True),
        (-CLOCK_LEEWAY_SECONDS - 0.001, False),
        (1e12, False),
    ],
)
def test_it_lives_thirty_seconds(age: float, accepted: bool) -> None:
    if accepted:
        assert check(SIGNED, now=NOW + age) == PRINCIPAL
    else:
        with pytest.raises(Unauthenticated):
            check(SIGNED, now=NOW + age)


def test_an_instant_that_is_no_number_is_refused() -> None:
    for issued_at in (float("nan"), float("inf"), float("-inf")):
        with pytest.raises(Unauthenticated):
            check(sign(msgspec.structs.replace(PRINCIPAL, issued_at=issued_at), KEY))


def test_a_person_is_scoped_by_its_id() -> None:
    person = uuid4()
    made = msgspec.structs.replace(PRINCIPAL, kind="person", person=person.bytes, post=None)
    actor = check(sign(made, KEY)).context().actor
    assert (actor.kind, actor.person, actor.post) == ("person", person, None)
    assert isinstance(actor.person, UUID)

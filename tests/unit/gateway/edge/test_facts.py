import time
from datetime import date

import msgspec
import pytest

from gateway.edge import facts as module
from gateway.edge.facts import Facts
from gateway.edgefeed.changes import (
    ClientRemoved,
    ClientSet,
    FamilyRevoked,
    KeyRemoved,
    KeySet,
    PostRemoved,
    RoutesSet,
    TenantRemoved,
    TenantSet,
)
from gateway.edgefeed.messages import Changed, Snapshot, encoder, to_edge

from .factory import (
    CLIENT,
    MACHINE,
    NOTICES,
    OTHER_TENANT,
    POST,
    SLUG,
    TENANT,
    changes,
    ec_key,
    facts,
    post,
    public,
    route,
)


def state(known: Facts) -> tuple[object, ...]:
    return (known.tenants, known.slugs, known.posts, known.clients, known.origins, known.grants, set(known.keys))


def test_every_change_applied_twice_is_the_same_as_once() -> None:
    known = facts()
    before = state(known)
    for change in changes():
        known.apply(change)
    assert state(known) == before == state(facts())


def test_changes_travel_unaltered() -> None:
    for change in changes():
        assert to_edge.decode(encoder.encode(Changed(7, change))) == Changed(7, change)
    snapshot = Snapshot(3, changes(), True)
    assert to_edge.decode(encoder.encode(snapshot)) == snapshot
    with pytest.raises(msgspec.DecodeError):
        to_edge.decode(b"\x81\xa4type\xa4evil")


def test_a_renamed_tenant_is_found_by_its_new_name_only() -> None:
    known = facts(TenantSet(id=TENANT, slug="fresh", status="active"))
    assert SLUG not in known.slugs
    assert known.slugs["fresh"].id == TENANT


def test_a_name_given_on_to_another_tenant_stays_with_it() -> None:
    known = facts(
        TenantSet(id=OTHER_TENANT, slug=SLUG, status="active"), TenantSet(id=TENANT, slug="fresh", status="active")
    )
    assert known.slugs[SLUG].id == OTHER_TENANT


def test_a_removed_tenant_leaves_nothing_behind() -> None:
    known = facts(TenantRemoved(id=TENANT))
    assert (known.posts, known.clients, known.origins, known.grants) == ({}, {}, {}, {})
    assert SLUG not in known.slugs


def test_posts_and_keys_come_and_go() -> None:
    known = facts(post(duty="approver", valid_before=date(2030, 1, 1)))
    assert known.posts[POST].duty == "approver"
    known.apply(PostRemoved(id=POST))
    known.apply(PostRemoved(id=POST))
    assert known.posts == {}
    known.apply(KeyRemoved(kid="rsa-1"))
    assert set(known.keys) == {"ec-1"}


@pytest.mark.parametrize(
    "jwk", [{}, {"kty": "oct", "k": "AAAA"}, {"kty": "RSA", "n": "!"}, {"kty": "EC", "crv": "P-256"}]
)
def test_a_key_that_cannot_be_read_is_no_key_and_does_not_stop_the_rest(jwk: dict[str, str]) -> None:
    known = facts(KeySet(kid="rsa-1", jwk=jwk), TenantSet(id=OTHER_TENANT, slug="later", status="active"))
    assert "rsa-1" not in known.keys
    assert "later" in known.slugs


def test_an_origin_counts_as_long_as_one_client_has_it() -> None:
    known = facts(ClientSet(client_id=MACHINE, tenant=TENANT, origins=("https://portal.example",)))
    known.apply(ClientRemoved(client_id=CLIENT))
    assert known.origins == {"https://portal.example": 1}
    known.apply(ClientSet(client_id=MACHINE, tenant=TENANT))
    assert known.origins == {}


def test_routes_of_one_service_are_replaced_and_those_of_others_kept() -> None:
    known = facts(RoutesSet(service="roster", routes=(route("GET", "/api/v1/roster/x", "r", service="roster"),)))
    known.apply(RoutesSet(service="recruitment", routes=()))
    assert known.routes.methods(NOTICES) == {}
    assert known.routes.methods("/api/v1/roster/x")["GET"].service == "roster"


def test_only_keys_and_revocations_make_checked_tokens_worthless() -> None:
    known = facts()
    version = known.tokens_version
    known.apply(post(duty="approver"))
    assert known.tokens_version == version
    known.apply(KeySet(kid="ec-1", jwk=public(ec_key())))
    assert known.tokens_version > version
    assert facts().tokens_version > known.tokens_version


def test_revocations_of_dead_tokens_are_forgotten_and_living_ones_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REVOKED_SWEEP", 10)
    known = facts(FamilyRevoked(sid="alive", until=time.time() + 1000))
    for place in range(50):
        known.apply(FamilyRevoked(sid=f"dead-{place}", until=1.0))
    assert len(known.revoked_families) < 12
    assert "alive" in known.revoked_families

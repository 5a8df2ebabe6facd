"""Accounts, clients and keys: changing passwords, rotating the signing key."""

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gateway.edgefeed.changes import ClientSet, FamilyRevoked, KeyRemoved, KeySet, TokenRevoked
from gateway.identity import actions, edge_facts, purging, queries, rules
from kernel.clock import utcnow
from kernel.context import PLATFORM_TENANT, Context
from kernel.errors import InvalidInput
from tests.security.identity.house import House
from tests.security.identity.visitor import Visitor, answer_of


async def test_a_new_password_ends_every_sign_in(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        tokens = await visitor.tokens()
        async with own_house.database.transaction(own_house.context()) as tx:
            told = await actions.set_password(tx, own_house.users["official"], "Another one 2026")
        await own_house.desk.tell(told)
        assert isinstance(own_house.feed.told[-1], FamilyRevoked)
        assert await visitor.user_info(tokens["access_token"]) == 401
        assert (await visitor.refresh(tokens["refresh_token"])).status_code == 400
        assert answer_of(await visitor.authorize(prompt="none"))["error"] == "login_required"
        assert "code" in answer_of(await visitor.sign_in("official", "Another one 2026"))


async def test_a_weak_password_is_refused(own_house: House) -> None:
    with pytest.raises(InvalidInput):
        async with own_house.database.transaction(own_house.context()) as tx:
            await actions.set_password(tx, own_house.users["official"], "password")


@pytest.mark.parametrize(
    "address",
    [
        "http://portal.example/callback",
        "https://portal.example/callback#x",
        "https://user@portal.example/",
        "https://*.portal.example/",
        "javascript:alert(1)",
        "portal",
        "https://",
        'https://portal.example/"',
    ],
)
async def test_an_address_no_code_may_be_sent_to_cannot_be_registered(own_house: House, address: str) -> None:
    with pytest.raises(InvalidInput):
        async with own_house.database.transaction(own_house.context()) as tx:
            await actions.register_client(tx, "second", [address], "browser")


async def test_a_session_ends_when_idle(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        await visitor.sign_in("official")
        async with own_house.database.transaction(own_house.context()) as tx:
            await tx.session.execute(text("update identity_session set seen_at = seen_at - interval '31 minutes'"))
        assert answer_of(await visitor.authorize(prompt="none"))["error"] == "login_required"


async def test_a_suspended_tenant_signs_nobody_in(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        tokens = await visitor.tokens()
        async with own_house.database.transaction(own_house.context()) as tx:
            await tx.session.execute(text("update directory_tenant set status = 'suspended'"))
        assert (await visitor.authorize()).status_code == 400
        assert (await visitor.refresh(tokens["refresh_token"])).status_code == 401
        assert await visitor.user_info(tokens["access_token"]) == 401


async def test_edges_learn_clients_revocations_and_keys(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        tokens = await visitor.tokens()
        for name in ("access_token", "refresh_token"):
            await visitor.http.post("/oauth/revoke", data={"client_id": visitor.client_id, "token": tokens[name]})
    async with own_house.database.transaction(own_house.context()) as tx:
        facts = await edge_facts.tenant_changes(tx)
    clients = {fact.client_id: fact for fact in facts if isinstance(fact, ClientSet)}
    assert clients[own_house.browser.client_id].origins == ("http://localhost:9",)
    assert clients[own_house.service.client_id].grants == ("recruitment.plan.read",)
    assert {type(fact) for fact in facts} == {ClientSet, FamilyRevoked, TokenRevoked}
    async with own_house.database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as tx:
        keys = await edge_facts.key_changes(tx)
    assert keys
    assert all(isinstance(key, KeySet) and "d" not in key.jwk for key in keys)


async def test_rotation_announces_first_and_old_tokens_stay_good(own_house: House) -> None:
    desk = own_house.desk
    platform = Context.system(PLATFORM_TENANT, utcnow())
    async with Visitor(own_house) as visitor:
        before = await visitor.tokens()
        async with desk.database.transaction(platform) as tx:
            kid = await actions.rotate_signing_key(tx)
        desk.keyring.forget()
        now = utcnow()
        published = (await visitor.http.get("/.well-known/jwks.json")).json()["keys"]
        assert kid in [key["kid"] for key in published]
        assert all(not {"d", "p", "q"} & key.keys() for key in published)
        ring = await desk.keyring.ring()
        assert [change.kid for change in own_house.feed.told if isinstance(change, KeySet)][-1] == kid
        assert ring.signing(now).keys[0].kid != kid
        assert await visitor.user_info(before["access_token"]) == 200
    assert ring.signing(now + rules.KEY_ANNOUNCED).keys[0].kid == kid
    later = now + rules.KEY_ANNOUNCED + rules.KEY_KEPT
    assert kid in [key.kid for key in ring.verifying(later)]
    assert len(ring.verifying(later).keys) < len(ring.verifying(now).keys)


async def test_a_live_token_outlives_a_whole_rotation(own_house: House) -> None:
    """next → current → retired: signed under each, good as long as it lives, and known to the edges before."""
    desk = own_house.desk
    platform = Context.system(PLATFORM_TENANT, utcnow())

    async def shift(by: timedelta) -> None:
        async with desk.database.transaction(platform) as tx:
            await tx.session.execute(
                text(
                    "update identity_signing_key set active_from = active_from - cast(:by as interval),"
                    " published_until = published_until - cast(:by as interval)"
                ),
                {"by": by},
            )
        desk.keyring.forget()

    async with Visitor(own_house) as visitor:
        before = await visitor.tokens()
        async with desk.database.transaction(platform) as tx:
            kid = await actions.rotate_signing_key(tx)
        desk.keyring.forget()
        assert header(await visitor.tokens(prompt="login"))["kid"] != kid, "announced, not signing yet"
        assert kid in [change.kid for change in own_house.feed.told if isinstance(change, KeySet)]
        await shift(rules.KEY_ANNOUNCED)
        after = await visitor.tokens(prompt="login")
        assert header(after)["kid"] == kid
        for tokens in (before, after):
            assert await visitor.user_info(tokens["access_token"]) == 200
        refreshed = await visitor.refresh(before["refresh_token"])
        assert header(refreshed.json())["kid"] == kid
        await shift(rules.KEY_KEPT)
        assert await visitor.user_info(after["access_token"]) == 200
        assert await visitor.user_info(before["access_token"]) == 401, "its key is gone, long after it ended"
        assert [change.kid for change in own_house.feed.told if isinstance(change, KeyRemoved)]
    async with desk.database.transaction(platform) as tx:
        await purging.purge(tx, utcnow())
        assert [key.kid for key in await queries.keys(tx)] == [kid]


def header(tokens: dict[str, Any]) -> dict[str, Any]:
    """The header of an access token."""
    part = tokens["access_token"].split(".")[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


async def test_keys_are_sealed_at_rest_and_made_once(own_house: House) -> None:
    platform = Context.system(PLATFORM_TENANT, utcnow())

    async def ensure() -> None:
        async with own_house.database.transaction(platform) as tx:
            await actions.ensure_signing_key(tx)

    async with own_house.database.transaction(platform) as tx:
        stored = await queries.keys(tx)
    await asyncio.gather(*(ensure() for _ in range(4)))
    async with own_house.database.transaction(platform) as tx:
        assert [key.kid for key in await queries.keys(tx)] == [key.kid for key in stored]
    assert all(b'"d"' not in key.sealed_private for key in stored)
    async with own_house.database.transaction(own_house.context()) as tx:
        assert await queries.keys(tx) == []


async def test_what_has_expired_is_purged(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        await visitor.tokens()
        await visitor.code(prompt="login")
    async with own_house.database.transaction(own_house.context()) as tx:
        await tx.session.run_sync(queries.purge, utcnow() + rules.FAMILY_LIFETIME * 2)
        for table in ("code", "session", "revoked", "refresh_token", "family"):
            count = await tx.session.execute(text(f"select count(*) from identity_{table}"))  # noqa: S608 -- fixed names
            assert count.scalar_one() == 0

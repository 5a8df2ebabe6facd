"""Authorization codes: once, for one client, within a minute, with the verifier (reliability.md case 20)."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import text

from tests.security.identity.house import AT_ONCE, CALLBACK, House, each_round
from tests.security.identity.visitor import Visitor


@each_round
async def test_of_fifty_redemptions_at_once_exactly_one_succeeds(visitor: Visitor, rounds: int) -> None:
    await visitor.sign_in("official")
    for _ in range(rounds):
        code = await visitor.next_code()
        answers = await asyncio.gather(*(visitor.redeem(code) for _ in range(AT_ONCE)))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 400: AT_ONCE - 1}
        assert {answer.json()["error"] for answer in answers if answer.status_code == 400} == {"invalid_grant"}
        # The losers were reuse, so the winner's tokens died too.
        tokens = next(answer.json() for answer in answers if answer.status_code == 200)
        assert await visitor.user_info(tokens["access_token"]) == 401
        assert (await visitor.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_reuse_of_a_code_revokes_the_tokens_made_from_it(visitor: Visitor, house: House) -> None:
    code = await visitor.code()
    tokens = (await visitor.redeem(code)).json()
    assert await visitor.user_info(tokens["access_token"]) == 200
    again = await visitor.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert await visitor.user_info(tokens["access_token"]) == 401
    assert (await visitor.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert [type(change).__name__ for change in house.feed.told[-1:]] == ["FamilyRevoked"]


async def test_a_code_older_than_a_minute_is_refused(visitor: Visitor, house: House) -> None:
    code = await visitor.code()
    async with house.database.transaction(house.context()) as tx:
        left = await tx.session.execute(text("select max(extract(epoch from expires_at - now())) from identity_code"))
        assert 50 < left.scalar_one() <= 60
        await tx.session.execute(text("update identity_code set expires_at = now() - interval '1 second'"))
    assert (await visitor.redeem(code)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("code_verifier", "a" * 43, "invalid_grant"),
        ("code_verifier", "short", "invalid_request"),
        ("code_verifier", "", "invalid_request"),
        ("redirect_uri", "http://localhost:9/other", "invalid_grant"),
        ("redirect_uri", "", "invalid_grant"),
        ("resource", "https://elsewhere.example/api", "invalid_target"),
    ],
)
async def test_a_code_needs_its_verifier_and_address(visitor: Visitor, field: str, value: str, error: str) -> None:
    answer = await visitor.redeem(await visitor.code(), **{field: value})
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_another_client_can_neither_use_nor_burn_a_code(visitor: Visitor, house: House) -> None:
    code = await visitor.code()
    secret = (house.web.client_id, house.web.secret or "")
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    thief = await visitor.http.post("/oauth/token", data=form | {"code_verifier": visitor.verifier}, auth=secret)
    assert thief.json()["error"] == "invalid_grant"
    assert (await visitor.redeem(code)).status_code == 200


async def test_another_tenant_does_not_know_the_code(visitor: Visitor, own_house: House) -> None:
    code = await visitor.code()
    async with Visitor(own_house) as stranger:
        stranger.verifier = visitor.verifier
        assert (await stranger.redeem(code)).json()["error"] == "invalid_grant"
    assert (await visitor.redeem(code)).status_code == 200


async def test_a_user_who_was_suspended_meanwhile_gets_no_tokens(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        code = await visitor.code()
        async with own_house.database.transaction(own_house.context()) as tx:
            await tx.session.execute(text("update directory_user set status = 'suspended'"))
        assert (await visitor.redeem(code)).json()["error"] == "invalid_grant"

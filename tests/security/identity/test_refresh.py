"""Refresh tokens: each once; a second use ends the family (reliability.md case 21, Keycloak
CVE-2026-1035)."""

import asyncio
from collections import Counter

from sqlalchemy import text

from tests.security.identity.house import AT_ONCE, House, each_round
from tests.security.identity.visitor import Visitor


@each_round
async def test_of_fifty_refreshes_at_once_one_succeeds_and_the_family_ends(visitor: Visitor, rounds: int) -> None:
    await visitor.sign_in("official")
    for _ in range(rounds):
        tokens = (await visitor.redeem(await visitor.next_code())).json()
        answers = await asyncio.gather(*(visitor.refresh(tokens["refresh_token"]) for _ in range(AT_ONCE)))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 400: AT_ONCE - 1}
        successor = next(answer.json() for answer in answers if answer.status_code == 200)
        # The losers were reuse, so the winner's tokens died too: at most one successor, and none that lives.
        assert (await visitor.refresh(successor["refresh_token"])).json()["error"] == "invalid_grant"
        assert await visitor.user_info(successor["access_token"]) == 401


async def test_a_refresh_gives_a_new_pair_and_keeps_the_family(visitor: Visitor) -> None:
    tokens = await visitor.tokens()
    for _ in range(3):
        answer = await visitor.refresh(tokens["refresh_token"])
        assert answer.status_code == 200
        assert answer.json()["refresh_token"] != tokens["refresh_token"]
        tokens = answer.json()
    assert await visitor.user_info(tokens["access_token"]) == 200


@each_round
async def test_a_stolen_old_token_ends_the_family_in_the_same_second(
    visitor: Visitor, house: House, rounds: int
) -> None:
    await visitor.sign_in("official")
    for _ in range(rounds):
        first = (await visitor.redeem(await visitor.next_code())).json()
        second = (await visitor.refresh(first["refresh_token"])).json()
        thief = await visitor.refresh(first["refresh_token"])
        assert (thief.status_code, thief.json()["error"]) == (400, "invalid_grant")
        assert (await visitor.refresh(second["refresh_token"])).json()["error"] == "invalid_grant"
        assert await visitor.user_info(second["access_token"]) == 401
        assert [type(change).__name__ for change in house.feed.told[-1:]] == ["FamilyRevoked"]


@each_round
async def test_no_token_lives_after_a_revocation_that_races_refreshes(visitor: Visitor, rounds: int) -> None:
    """Who signs out while a page renews its tokens: whichever comes first, nothing is left (Keycloak #51312)."""
    await visitor.sign_in("official")
    for turn in range(rounds):
        tokens = (await visitor.redeem(await visitor.next_code())).json()
        current = tokens["refresh_token"]
        revocation = visitor.http.post("/oauth/revoke", data={"client_id": visitor.client_id, "token": current})
        # Sometimes a refresh is sent before the revocation, sometimes after it; sometimes a thief comes along.
        race = [visitor.refresh(current) for _ in range(1 + turn % 2)]
        race.insert(turn % (len(race) + 1), revocation)
        answers = await asyncio.gather(*race)
        assert answers[turn % len(answers)].status_code == 200
        alive = [tokens["access_token"]]
        for answer in answers:
            if answer.status_code == 200 and answer.content != b"{}":
                alive.append(answer.json()["access_token"])
                assert (await visitor.refresh(answer.json()["refresh_token"])).status_code == 400
        assert {await visitor.user_info(token) for token in alive} == {401}


async def test_another_client_can_neither_use_nor_burn_a_refresh_token(visitor: Visitor, house: House) -> None:
    tokens = await visitor.tokens()
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    thief = await visitor.http.post("/oauth/token", data=form, auth=(house.web.client_id, house.web.secret or ""))
    assert thief.json()["error"] == "invalid_grant"
    assert (await visitor.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_post_that_ended_ends_the_refresh(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        tokens = await visitor.tokens()
        async with own_house.database.transaction(own_house.context()) as tx:
            await tx.session.execute(text("update directory_post set valid_before = valid_from + 1"))
        answer = await visitor.refresh(tokens["refresh_token"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_family_has_an_end_that_refreshing_does_not_move(visitor: Visitor, house: House) -> None:
    tokens = await visitor.tokens()
    async with house.database.transaction(house.context()) as tx:
        await tx.session.execute(text("update identity_family set expires_at = now() - interval '1 second'"))
    assert (await visitor.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_an_expired_refresh_token_is_refused(visitor: Visitor, house: House) -> None:
    tokens = await visitor.tokens()
    async with house.database.transaction(house.context()) as tx:
        await tx.session.execute(text("update identity_refresh_token set expires_at = now() - interval '1 second'"))
    assert (await visitor.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"

"""Revocation, introspection, token exchange, sign-out: who may, and that it holds at once."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.security.identity.house import House
from tests.security.identity.visitor import Visitor, answer_of

Secret = tuple[str, str]
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 -- a type's name


@pytest.fixture
def web(house: House) -> Secret:
    """Credentials of the confidential client."""
    return house.web.client_id, house.web.secret or ""


@pytest.fixture
async def stranger(own_house: House) -> AsyncIterator[Visitor]:
    """A browser at another tenant."""
    async with Visitor(own_house) as visitor:
        yield visitor


async def introspect(visitor: Visitor, token: str, secret: Secret) -> dict[str, Any]:
    answer = await visitor.http.post("/oauth/introspect", data={"token": token}, auth=secret)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


async def revoke(visitor: Visitor, token: str, **more: str) -> httpx.Response:
    return await visitor.http.post("/oauth/revoke", data={"client_id": visitor.client_id, "token": token} | more)


async def test_revoking_a_refresh_token_ends_its_family_at_the_edges(
    visitor: Visitor, house: House, web: Secret
) -> None:
    tokens = await visitor.tokens()
    told = len(house.feed.told)
    hint = {"token_type_hint": "nonsense"}
    assert (await revoke(visitor, tokens["refresh_token"], **hint)).status_code == 200
    assert [type(change).__name__ for change in house.feed.told[told:]] == ["FamilyRevoked"]
    assert await visitor.user_info(tokens["access_token"]) == 401
    for token in (tokens["access_token"], tokens["refresh_token"]):
        assert await introspect(visitor, token, web) == {"active": False}


async def test_revoking_an_access_token_leaves_the_family(visitor: Visitor, house: House) -> None:
    tokens = await visitor.tokens()
    told = len(house.feed.told)
    assert (await revoke(visitor, tokens["access_token"])).status_code == 200
    assert [type(change).__name__ for change in house.feed.told[told:]] == ["TokenRevoked"]
    assert await visitor.user_info(tokens["access_token"]) == 401
    assert (await visitor.refresh(tokens["refresh_token"])).status_code == 200


async def test_unknown_and_foreign_tokens_answer_200_and_change_nothing(visitor: Visitor, stranger: Visitor) -> None:
    tokens = await visitor.tokens()
    for token in ("nonsense", "a.b.c", tokens["access_token"], tokens["refresh_token"]):
        answer = await revoke(stranger, token)
        assert (answer.status_code, answer.content) == (200, b"{}")
    assert await visitor.user_info(tokens["access_token"]) == 200
    assert (await visitor.refresh(tokens["refresh_token"])).status_code == 200


async def test_another_client_of_the_tenant_cannot_revoke(visitor: Visitor, web: Secret) -> None:
    tokens = await visitor.tokens()
    answer = await visitor.http.post("/oauth/revoke", data={"token": tokens["refresh_token"]}, auth=web)
    assert answer.json()["error"] == "invalid_grant"
    assert await visitor.user_info(tokens["access_token"]) == 200


async def test_introspection_tells_the_tenant_s_own_servers_only(
    visitor: Visitor, house: House, own_house: House, web: Secret
) -> None:
    tokens = await visitor.tokens()
    access = await introspect(visitor, tokens["access_token"], web)
    assert (access["active"], access["sub"]) == (True, str(house.users["official"]))
    refresh = await introspect(visitor, tokens["refresh_token"], web)
    assert (refresh["active"], refresh["client_id"]) == (True, house.browser.client_id)
    foreign = (own_house.web.client_id, own_house.web.secret or "")
    for token in (tokens["access_token"], tokens["refresh_token"], "nonsense"):
        assert await introspect(visitor, token, foreign) == {"active": False}


@pytest.mark.parametrize("path", ["/oauth/introspect", "/oauth/token", "/oauth/revoke"])
async def test_a_client_that_does_not_prove_itself_is_refused(visitor: Visitor, house: House, path: str) -> None:
    form = {"token": "x", "grant_type": "client_credentials"}
    wrong: list[Any] = [(house.web.client_id, "wrong"), (house.web.client_id, ""), ("nobody", "x"), None]
    for auth in wrong:
        answer = await visitor.http.post(path, data=form, auth=auth)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer.headers["www-authenticate"].startswith("Basic")
    for header in (b"Basic \xff", b"Basic !!!", b"Basic", b"Basic w6k6w6k=", b"Basic /zo=", b"Digest x"):
        answer = await visitor.http.post(path, data=form, headers={b"Authorization": header})
        assert answer.status_code == 401
    # A confidential client may not pass as a public one, nor a public one introspect.
    assert (await visitor.http.post(path, data=form | {"client_id": house.web.client_id})).status_code == 401


async def test_a_public_client_cannot_introspect(visitor: Visitor) -> None:
    answer = await visitor.http.post("/oauth/introspect", data={"client_id": visitor.client_id, "token": "x"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_repeated_parameters_are_refused_at_the_token_endpoint(visitor: Visitor) -> None:
    body = f"client_id={visitor.client_id}&grant_type=refresh_token&refresh_token=a&refresh_token=b"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await visitor.http.post("/oauth/token", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert (await visitor.http.post("/oauth/token", json={"grant_type": "x"})).status_code == 415
    huge = await visitor.http.post("/oauth/token", content="a" * 40_000, headers=headers)
    assert huge.status_code == 413


@pytest.mark.parametrize("grant", ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code"])
async def test_other_grants_do_not_exist(visitor: Visitor, grant: str) -> None:
    answer = await visitor.token(grant_type=grant, username="official", password="x")  # noqa: S106 -- none
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


async def exchange(visitor: Visitor, token: str, acting: str, **more: str) -> httpx.Response:
    fields = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": token,
        "subject_token_type": ACCESS_TOKEN,
        "acting_post": acting,
    }
    return await visitor.token(**(fields | more))


@pytest.fixture
async def deputy(visitor: Visitor, house: House) -> dict[str, Any]:
    """Tokens of an official in the first of two posts."""
    page = await visitor.sign_in("deputy")
    done = await visitor.submit(page, "/oauth/acting-post", acting=str(house.posts["deputy.handler"]))
    code = answer_of(await visitor.http.get(done.headers["location"]))["code"]
    tokens: dict[str, Any] = (await visitor.redeem(code)).json()
    return tokens


async def test_the_acting_post_changes_by_exchange_and_stays_changed(
    visitor: Visitor, house: House, web: Secret, deputy: dict[str, Any]
) -> None:
    wanted = str(house.posts["deputy.approver"])
    answer = await exchange(visitor, deputy["access_token"], wanted)
    assert answer.status_code == 200
    assert answer.json()["issued_token_type"] == ACCESS_TOKEN
    assert "refresh_token" not in answer.json()
    before = await introspect(visitor, deputy["access_token"], web)
    after = await introspect(visitor, answer.json()["access_token"], web)
    assert (after["post"], after["sid"], after["sub"]) == (wanted, before["sid"], before["sub"])
    refreshed = (await visitor.refresh(deputy["refresh_token"])).json()
    assert (await introspect(visitor, refreshed["access_token"], web))["post"] == wanted


async def test_only_posts_of_one_s_own_can_be_had(visitor: Visitor, house: House, deputy: dict[str, Any]) -> None:
    for acting in (str(house.posts["official.handler"]), str(house.tenant), "person"):
        answer = await exchange(visitor, deputy["access_token"], acting)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    for acting in ("", "nonsense"):
        assert (await exchange(visitor, deputy["access_token"], acting)).json()["error"] == "invalid_request"


async def test_a_token_that_is_dead_or_another_s_cannot_be_exchanged(
    visitor: Visitor, house: House, web: Secret, deputy: dict[str, Any]
) -> None:
    wanted = str(house.posts["deputy.approver"])
    for token in ("nonsense", deputy["id_token"], deputy["refresh_token"]):
        assert (await exchange(visitor, token, wanted)).json()["error"] == "invalid_grant"
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": deputy["access_token"],
        "subject_token_type": ACCESS_TOKEN,
        "acting_post": wanted,
    }
    assert (await visitor.http.post("/oauth/token", data=form, auth=web)).json()["error"] == "invalid_grant"
    await revoke(visitor, deputy["access_token"])
    assert (await exchange(visitor, deputy["access_token"], wanted)).json()["error"] == "invalid_grant"


async def test_signing_out_ends_session_and_tokens(visitor: Visitor, house: House) -> None:
    tokens = await visitor.tokens()
    question = await visitor.http.get("/oauth/sign-out", params={"client_id": visitor.client_id})
    assert "Sign out?" in question.text
    assert await visitor.user_info(tokens["access_token"]) == 200
    done = await visitor.submit(question, "/oauth/sign-out", confirmed="yes")
    assert (done.status_code, "Signed out" in done.text) == (200, True)
    assert await visitor.user_info(tokens["access_token"]) == 401
    assert answer_of(await visitor.authorize(prompt="none"))["error"] == "login_required"


async def test_an_application_s_proof_signs_out_unasked_and_leads_back(visitor: Visitor) -> None:
    tokens = await visitor.tokens()
    wish = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": "http://localhost:9/bye", "state": "s"}
    done = await visitor.http.get("/oauth/sign-out", params=wish)
    assert (done.status_code, done.headers["location"]) == (302, "http://localhost:9/bye?state=s")
    assert await visitor.user_info(tokens["access_token"]) == 401


async def test_signing_out_leads_to_no_address_that_is_not_registered(visitor: Visitor) -> None:
    tokens = await visitor.tokens()
    wish = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": "https://evil.example/bye"}
    done = await visitor.http.get("/oauth/sign-out", params=wish)
    assert (done.status_code, "location" in done.headers) == (200, False)


async def test_nobody_else_s_id_token_signs_a_browser_out(visitor: Visitor, house: House) -> None:
    await visitor.tokens()
    async with Visitor(house) as other:
        hint = (await other.tokens("applicant"))["id_token"]
    question = await visitor.http.get("/oauth/sign-out", params={"id_token_hint": hint})
    assert "Sign out?" in question.text
    forged = await visitor.submit(question, "/oauth/sign-out", confirmed="yes", csrf="0")
    assert "Sign out?" in forged.text
    assert "code" in answer_of(await visitor.authorize(prompt="none"))

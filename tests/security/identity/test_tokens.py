"""What stands in tokens (RFC 9068), and that none stands in a log (reliability.md case 22)."""

import base64
import hashlib
import logging
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.security.forging import part
from tests.security.identity.house import House
from tests.security.identity.visitor import Visitor, answer_of


async def test_an_official_s_access_token_names_one_post(visitor: Visitor, house: House) -> None:
    tokens = await visitor.tokens()
    header, claims = part(tokens["access_token"], 0), part(tokens["access_token"], 1)
    assert header.keys() == {"typ", "alg", "kid"}
    assert (header["typ"], header["alg"]) == ("at+jwt", "RS256")
    assert claims["iss"] == house.issuer
    assert claims["aud"] == f"{house.issuer}/api"
    assert claims["sub"] == str(house.users["official"])
    assert claims["client_id"] == house.browser.client_id
    assert claims["tenant"] == str(house.tenant)
    assert claims["post"] == str(house.posts["official.handler"])
    assert "person" not in claims
    assert claims["exp"] - claims["iat"] == tokens["expires_in"] == 300
    assert UUID(claims["sid"]).version == UUID(claims["jti"]).version == 7


async def test_an_applicant_acts_as_a_person(visitor: Visitor, house: House) -> None:
    claims = part((await visitor.tokens("applicant"))["access_token"], 1)
    assert claims["person"] == str(house.persons["applicant"])
    assert "post" not in claims


async def test_a_service_client_acts_for_itself(visitor: Visitor, house: House) -> None:
    service = (house.service.client_id, house.service.secret or "")
    answer = await visitor.http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=service)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    claims = part(answer.json()["access_token"], 1)
    assert claims["sub"] == claims["client_id"] == house.service.client_id
    assert not claims.keys() & {"post", "person", "sid"}
    assert "refresh_token" not in answer.json()


async def test_the_id_token_is_for_the_client_and_carries_its_nonce(visitor: Visitor, house: House) -> None:
    tokens = await visitor.tokens()
    keys = KeySet.import_key_set((await visitor.http.get("/.well-known/jwks.json")).json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    half = base64.urlsafe_b64encode(hashlib.sha256(tokens["access_token"].encode()).digest()[:16])
    assert claims["aud"] == [house.browser.client_id]
    assert claims["nonce"] == "a-nonce"
    assert claims["iss"] == house.issuer
    assert claims["at_hash"] == half.rstrip(b"=").decode()
    assert claims["name"] == "显示名official"
    assert await visitor.user_info(tokens["id_token"]) == 401


async def test_without_openid_there_is_neither_id_token_nor_user_info(visitor: Visitor) -> None:
    tokens = await visitor.tokens(scope="profile")
    assert "id_token" not in tokens
    assert await visitor.user_info(tokens["access_token"]) == 403


async def test_user_info_says_what_the_scope_allows(visitor: Visitor, house: House) -> None:
    for scope, members in {"openid": {"sub"}, "openid profile": {"sub", "name", "preferred_username"}}.items():
        token = (await visitor.tokens(scope=scope))["access_token"]
        visitor.http.cookies.clear()
        for method in ("GET", "POST"):
            answer = await visitor.http.request(method, "/oauth/userinfo", headers={"Authorization": f"Bearer {token}"})
            assert answer.json().keys() == members
            assert answer.json()["sub"] == str(house.users["official"])


async def test_no_token_code_or_password_is_in_any_log_at_debug(
    visitor: Visitor, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Authlib would log issued tokens at DEBUG; its loggers stay at INFO whatever the root says."""
    with caplog.at_level(logging.DEBUG):
        code = answer_of(await visitor.sign_in("official"))["code"]
        tokens = (await visitor.redeem(code)).json()
        more = (await visitor.refresh(tokens["refresh_token"])).json()
        await visitor.user_info(more["access_token"])
        await visitor.http.post("/oauth/revoke", data={"client_id": visitor.client_id, "token": more["refresh_token"]})
    # The client under test is in this process too, and logs addresses it was sent to.
    lines = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    said = "\n".join(f"{record.getMessage()} {record.args}" for record in lines)
    secrets = [code, visitor.verifier, tokens["id_token"], house.web.secret or "", "Bayan-nuur"]
    secrets += [value for answer in (tokens, more) for value in (answer["access_token"], answer["refresh_token"])]
    assert [secret[:20] for secret in secrets if secret in said] == []
    assert logging.getLogger("authlib.oauth2.rfc6749").getEffectiveLevel() >= logging.INFO

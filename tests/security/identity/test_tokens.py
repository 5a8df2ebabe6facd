"""What stands in tokens, and that nothing else passes for one (RFC 9068; reliability.md case 22)."""

import base64
import hashlib
import json
import logging
import time
from typing import Any
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from tests.security.identity.house import House
from tests.security.identity.visitor import Visitor, answer_of


def part(token: str, number: int) -> dict[str, Any]:
    piece = token.split(".")[number]
    value: dict[str, Any] = json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    return value


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


@pytest.fixture
async def genuine(visitor: Visitor) -> str:
    """An access token that is good."""
    token: str = (await visitor.tokens())["access_token"]
    assert await visitor.user_info(token) == 200
    return token


def forgeries(genuine: str, house: House, public: dict[str, Any], ours: Any) -> dict[str, str]:
    """Tokens that must all be refused; `ours` signs with the real key."""
    header, claims = part(genuine, 0), part(genuine, 1)
    own = RSAKey.generate_key(2048, auto_kid=True)
    named = RSAKey.import_key({**own.as_dict(private=True), "kid": header["kid"]})
    secret = OctKey.import_key({**OctKey.import_key(json.dumps(public)).as_dict(), "kid": header["kid"]})
    head = base64.urlsafe_b64encode(json.dumps({**header, "alg": "none"}).encode()).rstrip(b"=").decode()
    embedded = {**header, "jwk": own.as_dict(private=False)}
    now = int(time.time())
    return {
        "alg none": f"{head}.{genuine.split('.')[1]}.",
        "HS256 under the public key": jwt.encode({**header, "alg": "HS256"}, claims, secret, algorithms=["HS256"]),
        "another key under our kid": jwt.encode(header, claims, named),
        "a key in the header": jwt.encode({**embedded, "kid": own.kid}, claims, own),
        "unknown kid": jwt.encode({**header, "kid": "nobody"}, claims, own),
        "no typ": ours({"alg": "RS256"}, claims, default_type=None),
        "typ JWT": ours({"alg": "RS256", "typ": "JWT"}, claims),
        "another issuer": ours(header, claims | {"iss": "https://evil.example"}),
        "another audience": ours(header, claims | {"aud": house.browser.client_id}),
        "expired": ours(header, claims | {"exp": now - 6}),
        "issued in the future": ours(header, claims | {"nbf": now + 60}),
        "another tenant": ours(header, claims | {"tenant": str(house.posts["official.handler"])}),
        "tampered": genuine[:-8] + ("A" * 8),
        "2 MB": genuine + "A" * 60_000,
    }


async def test_no_forgery_is_taken(visitor: Visitor, house: House, genuine: str) -> None:
    ring = await house.desk.keyring.ring()
    key = ring.keys[-1].key

    def ours(header: dict[str, Any], claims: dict[str, Any], **options: Any) -> str:
        return jwt.encode({**header, "kid": key.kid}, claims, key, **options)

    forged = forgeries(genuine, house, key.as_dict(private=False), ours)
    taken = {name: await visitor.user_info(token) for name, token in forged.items()}
    assert set(taken.values()) == {401}, taken
    assert await visitor.user_info(ours(part(genuine, 0), part(genuine, 1))) == 200


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

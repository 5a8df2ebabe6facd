"""The good path by an OAuth client that is not ours: Authlib's session on `requests`, over real HTTP."""

import asyncio
from html import unescape
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.security.identity.house import CALLBACK, PASSWORD, House
from tests.security.identity.visitor import HIDDEN


def sign_in(address: str, user: str) -> str:
    """A user's browser: from the application's address to where it is sent back."""
    with requests.Session() as browser:
        page = browser.get(address, timeout=30)
        fields = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
        form = fields | {"user_name": user, "password": PASSWORD}
        done = browser.post(f"{address.split('/oauth')[0]}/oauth/sign-in", data=form, allow_redirects=False, timeout=30)
        onward = f"{address.split('/oauth')[0]}{done.headers['location']}"
        return str(browser.get(onward, allow_redirects=False, timeout=30).headers["location"])


def good_path(issuer: str, client_id: str, secret: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Discovery, authorization code with PKCE, ID token, user info, refresh, revocation."""
    about = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30).json()
    with OAuth2Session(
        client_id,
        secret,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        revocation_endpoint_auth_method="client_secret_basic" if secret else "none",
        scope="openid profile",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
    ) as session:
        verifier = "v" * 64
        address, state = session.create_authorization_url(
            about["authorization_endpoint"], code_verifier=verifier, nonce="n"
        )
        back = sign_in(address, "official")
        token = session.fetch_token(
            about["token_endpoint"], authorization_response=back, code_verifier=verifier, state=state
        )
        keys = KeySet.import_key_set(requests.get(about["jwks_uri"], timeout=30).json())
        identity = jwt.decode(token["id_token"], keys, algorithms=about["id_token_signing_alg_values_supported"])
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client_id},
            nonce={"essential": True, "value": "n"},
        ).validate(identity.claims)
        user = session.get(about["userinfo_endpoint"], timeout=30).json()
        fresh = session.refresh_token(about["token_endpoint"], refresh_token=token["refresh_token"])
        assert fresh["refresh_token"] != token["refresh_token"]
        ended = session.revoke_token(about["revocation_endpoint"], fresh["refresh_token"])
        assert ended.status_code == 200
        assert session.get(about["userinfo_endpoint"], timeout=30).status_code == 401
    return dict(identity.claims), user


async def test_authlib_s_own_client_completes_the_good_path(house: House) -> None:
    for client in (house.browser, house.web):
        identity, user = await asyncio.to_thread(good_path, house.issuer, client.client_id, client.secret)
        assert identity["sub"] == user["sub"] == str(house.users["official"])
        assert user["preferred_username"] == "official"


async def test_a_service_gets_its_token(house: House) -> None:
    def fetch() -> dict[str, Any]:
        with OAuth2Session(house.service.client_id, house.service.secret) as session:
            token: dict[str, Any] = session.fetch_token(f"{house.issuer}/oauth/token", grant_type="client_credentials")
            return token

    token = await asyncio.to_thread(fetch)
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 300)

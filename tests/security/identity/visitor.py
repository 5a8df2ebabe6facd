"""A browser and an application for tests: httpx with cookies, forms read from the pages, PKCE made by
hand."""

import base64
import hashlib
import re
import secrets
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from tests.security.identity.house import CALLBACK, PASSWORD, House

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Visitor:
    """One browser at one house, acting for one application."""

    def __init__(self, house: House, client_id: str | None = None) -> None:
        self.house = house
        self.client_id = client_id or house.browser.client_id
        self.http = httpx.AsyncClient(base_url=house.issuer, timeout=30, headers={"Accept-Language": "en"})
        self.verifier = secrets.token_urlsafe(48)

    async def __aenter__(self) -> "Visitor":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    def request(self, **changes: str | None) -> dict[str, str]:
        """An authorization request; None takes a parameter out."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=")
        values: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid profile",
            "state": "a state",
            "nonce": "a-nonce",
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (values | changes).items() if value is not None}

    async def authorize(self, **changes: str | None) -> httpx.Response:
        """GET /oauth/authorize."""
        return await self.http.get("/oauth/authorize", params=self.request(**changes))

    async def submit(self, page: httpx.Response, action: str, **fields: str) -> httpx.Response:
        """Send the form of a page."""
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
        return await self.http.post(action, data=hidden | fields)

    async def sign_in(self, user: str, password: str = PASSWORD, **changes: str | None) -> httpx.Response:
        """From /authorize through the sign-in page; the answer of /authorize after it."""
        page = await self.authorize(**changes)
        assert page.status_code == 200, page.text
        done = await self.submit(page, "/oauth/sign-in", user_name=user, password=password)
        return await self.http.get(done.headers["location"]) if done.status_code == 303 else done

    async def code(self, user: str = "official", **changes: str | None) -> str:
        """Sign in a user with one post, up to the code."""
        return answer_of(await self.sign_in(user, **changes))["code"]

    async def next_code(self) -> str:
        """Another code for the same browser, who is signed in."""
        return answer_of(await self.authorize())["code"]

    async def token(self, **fields: str) -> httpx.Response:
        """POST /oauth/token as this (public) application."""
        return await self.http.post("/oauth/token", data={"client_id": self.client_id} | fields)

    async def redeem(self, code: str, **fields: str) -> httpx.Response:
        """Tokens for a code."""
        values = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        return await self.token(**(values | {"code_verifier": self.verifier} | fields))

    async def refresh(self, refresh_token: str) -> httpx.Response:
        """Tokens for a refresh token."""
        return await self.token(grant_type="refresh_token", refresh_token=refresh_token)

    async def tokens(self, user: str = "official", **changes: str | None) -> dict[str, Any]:
        """Sign in and redeem."""
        answer = await self.redeem(await self.code(user, **changes))
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    async def user_info(self, access_token: str) -> int:
        """The status with which user info answers a token: whether it is alive."""
        answer = await self.http.get("/oauth/userinfo", headers={"Authorization": f"Bearer {access_token}"})
        return answer.status_code


def answer_of(response: httpx.Response, to: str = CALLBACK) -> dict[str, str]:
    """The parameters of an authorization response, which must lead to `to` exactly."""
    assert response.status_code in (302, 303), response.text
    parts = urlsplit(response.headers["location"])
    assert parts._replace(query="").geturl() == to
    values = parse_qs(parts.query, strict_parsing=True)
    assert all(len(value) == 1 for value in values.values())
    return {name: value[0] for name, value in values.items()}


def query(values: dict[str, str]) -> str:
    """As a browser writes it."""
    return urlencode(values)

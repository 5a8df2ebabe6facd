"""A client of the platform as any front-end app would be one: OAuth sign-in in a browser's manner, then JSON.

Authorization code with PKCE (RFC 7636) against the sign-in pages, tokens renewed by refresh, an Idempotency-Key on
every POST that makes something; what answers 503 is asked again with the same key, as the problem advises.
"""

import base64
import hashlib
import json
import re
import secrets
import ssl
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import httpx

from deploy.cli.demo.glimpse import Glimpsing

CALLBACK = "http://127.0.0.1/callback"
"""A loopback address (RFC 8252); nobody listens there, the code is read from the redirect."""
PATIENCE_SECONDS = 30.0
"""How long an outcome that travels by event may take before the story calls it missing: what a killed process had in
hand is delivered again after ten seconds, twice at most in the tests of faults."""
FIRST_LOOK_SECONDS = 0.02
"""News usually arrives within this; who has waited longer looks less often."""
LOOK_SECONDS = 0.1
_TLS = ssl.create_default_context()
"""Made once: reading the system's certificates for every client would cost more than many a request."""

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_CHOICE = re.compile(r'name="acting" value="([^"]+)"')


def connection(base_url: str) -> httpx.Client:
    """A client of one address that keeps its connections."""
    transport = Glimpsing(httpx.HTTPTransport(verify=_TLS, trust_env=False))
    return httpx.Client(base_url=base_url, timeout=30, trust_env=False, transport=transport)


def code_sent_to(phone: str, messages: Path) -> str | None:
    """The code in a message to that phone, once it came."""
    for file in messages.glob("*.json"):
        message = json.loads(file.read_text())
        if message["to"] == phone and (found := re.search(r"\b\d{6}\b", message["text"], re.ASCII)):
            return found[0]
    return None


class SignInFailed(RuntimeError):
    """The sign-in pages did not lead to a code."""


class Session:
    """One signed-in user of one tenant."""

    def __init__(self, base_url: str, client_id: str) -> None:
        self.base_url = base_url
        self.client_id = client_id
        self.http = connection(base_url)
        self.tokens: dict[str, Any] = {}
        self._expires = 0.0

    def sign_in(self, user_name: str, password: str) -> "Session":
        """Through the sign-in page, as a user would."""
        fields = {"user_name": user_name, "password": password}
        return self._through_pages(lambda page: self._send("/oauth/sign-in", page, fields))

    def register(self, user_name: str, password: str, messages: Path) -> "Session":
        """As an applicant without an account: through the registration pages, with the code that goes to a made-up
        phone; development keeps messages in a folder."""
        phone = f"199{secrets.randbelow(10**8):08d}"
        fields = {"user_name": user_name, "password": password, "again": password}

        def first(page: httpx.Response) -> httpx.Response:
            asked = self._send("/oauth/register/code", page, {"phone": phone})
            code = wait_for(lambda: code_sent_to(phone, messages), f"a code to {phone[:3]}…")
            return self._send("/oauth/register", asked, {**fields, "code": code})

        return self._through_pages(first)

    def _through_pages(self, first: Callable[[httpx.Response], httpx.Response]) -> "Session":
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        state = secrets.token_urlsafe(16)
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid offline_access",
            "state": state,
            "nonce": secrets.token_urlsafe(16),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        page = self.http.get(f"/oauth/authorize?{urlencode(asked)}")
        answer = first(page)
        for _ in range(5):
            if answer.status_code not in (302, 303):
                choices = _CHOICE.findall(answer.text)
                if not choices:
                    raise SignInFailed(f"{answer.request.url.path} answered {answer.status_code}")
                answer = self._send("/oauth/acting-post", answer, {"acting": choices[0]})
                continue
            location = answer.headers["location"]
            if location.startswith(CALLBACK):
                returned = parse_qs(urlsplit(location).query)
                if returned.get("state") != [state] or returned.get("iss") != [self.base_url]:
                    raise SignInFailed("state or issuer of the answer is not the one asked")
                self._redeem(returned["code"][0], verifier)
                return self
            answer = self.http.get(location)
        raise SignInFailed("the pages led round in a circle")

    def _send(self, action: str, page: httpx.Response, fields: dict[str, str]) -> httpx.Response:
        hidden = {name: value.replace("&amp;", "&") for name, value in _HIDDEN.findall(page.text)}
        return self.http.post(action, data={**hidden, **fields})

    def _redeem(self, code: str, verifier: str) -> None:
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": CALLBACK}
        self._take(self.http.post("/oauth/token", data={**form, "client_id": self.client_id}))

    def refresh(self) -> httpx.Response:
        """Renew the tokens; the old refresh token is used up."""
        form = {"grant_type": "refresh_token", "refresh_token": self.tokens["refresh_token"]}
        answer = self.http.post("/oauth/token", data={**form, "client_id": self.client_id})
        if answer.status_code == 200:
            self._take(answer)
        return answer

    def revoke(self) -> None:
        """Give the access token back (RFC 7009): from then on it opens nothing."""
        form = {"token": self.tokens["access_token"], "token_type_hint": "access_token", "client_id": self.client_id}
        answer = self.http.post("/oauth/revoke", data=form)
        if answer.status_code != 200:
            raise RuntimeError(f"the token was not revoked: {answer.status_code} {answer.text[:200]}")

    def renew(self) -> None:
        """Refresh the tokens shortly before they end."""
        if time.monotonic() > self._expires:
            self.refresh()

    def _take(self, answer: httpx.Response) -> None:
        if answer.status_code != 200:
            raise SignInFailed(f"the token endpoint answered {answer.status_code}: {answer.text[:200]}")
        self.tokens = answer.json()
        self._expires = time.monotonic() + float(self.tokens["expires_in"]) - 30

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        version: int | None = None,
        params: dict[str, str] | None = None,
    ) -> httpx.Response:
        """One request with the bearer token; `path` is below `/api/v1`."""
        headers = self._headers()
        if method == "POST":
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        if version is not None:
            headers["If-Match"] = f'"{version}"'

        def send() -> httpx.Response:
            return self.http.request(method, f"/api/v1{path}", json=body, headers=headers, params=params)

        # A change under If-Match whose answer was lost may have been made: only its caller can judge that.
        return send() if version is not None else patiently(send)

    def get(self, path: str, **params: str) -> httpx.Response:
        """Read."""
        return self.call("GET", path, params=params or None)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        """Make or decide."""
        return self.call("POST", path, body, key=key)

    def upload(
        self, path: str, contents: bytes, media_type: str, *, name: str, key: str | None = None, **params: str
    ) -> httpx.Response:
        """Hand in a file: the body is its contents, its name (RFC 8187) stands in a header."""
        headers = self._headers() | {
            "Idempotency-Key": key or str(uuid.uuid4()),
            "Content-Type": media_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        }
        return patiently(lambda: self.http.post(f"/api/v1{path}", content=contents, headers=headers, params=params))

    def _headers(self) -> dict[str, str]:
        self.renew()
        return {"Authorization": f"Bearer {self.tokens['access_token']}", "Accept-Language": "zh"}

    def close(self) -> None:
        """Close the connections."""
        self.http.close()


def patiently(send: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer of a request that may be repeated (a read, or a POST with its Idempotency-Key).

    Sent again while the platform answers 503, after the time it names, and when the connection breaks.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = send()
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            pause = LOOK_SECONDS
        else:
            if answer.status_code != 503 or time.monotonic() > deadline:
                return answer
            pause = float(answer.headers.get("retry-after", LOOK_SECONDS))
        time.sleep(pause)


def wait_for(look: Callable[[], Any], what: str) -> Any:
    """The first answer of `look` that is not None or false. Raises `TimeoutError` naming `what` after a while."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    pause = FIRST_LOOK_SECONDS
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come within {PATIENCE_SECONDS:.0f} s")
        time.sleep(pause)
        pause = min(2 * pause, LOOK_SECONDS)

"""Speaking to a tenant's own OpenID Connect provider: discovery, tokens, keys, and the check of an ID token.

Where we call is bounded (API7 of OWASP 2023): the issuer is set by the platform's operator, its endpoints must lie at
the issuer's own origin, https only, no redirects, bounded answers, and never an address of this machine or its link.
In development http on the loopback is allowed, for a provider run beside the platform.
"""

import asyncio
import ipaddress
import json
import socket
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

SECONDS = 5.0
ANSWER_BYTES = 256 * 1024
KEPT_SECONDS = 600.0
REFETCH_SECONDS = 60.0
"""An unknown key id makes us ask for the keys again, at most this often: a flood of forged ones must not reach them."""
LEEWAY_SECONDS = 60
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Asymmetric ones only: under a shared secret a token proves nothing to whoever else holds it."""


class ProviderFailed(Exception):
    """The provider cannot be reached, or what it said will not do; the text is for the log and names no value."""


@dataclass(frozen=True, slots=True)
class Place:
    """A provider as its discovery document describes it."""

    issuer: str
    authorize: str
    token: str
    keys: str


class Remote:
    """Calls to providers; one per process, remembers their documents for a while."""

    def __init__(self, *, development: bool) -> None:
        self._development = development
        self._places: dict[str, tuple[float, Place]] = {}
        self._keys: dict[str, tuple[float, KeySet]] = {}

    async def place(self, issuer: str) -> Place:
        """The provider's addresses (OpenID Connect Discovery 1.0 §4). Raises `ProviderFailed`."""
        known = self._places.get(issuer)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        about = await self._json("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if about.get("issuer") != issuer:
            raise ProviderFailed("the discovery document is another issuer's")
        found = Place(
            issuer,
            *(str(about.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")),
        )
        for address in (found.token, found.keys):
            if _origin(address) != _origin(issuer):
                raise ProviderFailed("an endpoint lies elsewhere than the issuer")
        _host(found.authorize, development=self._development)
        self._places[issuer] = (time.monotonic() + KEPT_SECONDS, found)
        return found

    async def redeem(
        self, place: Place, client: tuple[str, str | None], code: str, *, redirect_uri: str, verifier: str
    ) -> dict[str, Any]:
        """The token answer for a code; `client`: id and secret. Raises `ProviderFailed`."""
        client_id, secret = client
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        if secret is None:
            return await self._json("POST", place.token, form | {"client_id": client_id})
        # RFC 6749 §2.3.1: both are form-encoded before they become Basic credentials.
        basic = httpx.BasicAuth(quote(client_id, safe=""), quote(secret, safe=""))
        return await self._json("POST", place.token, form, basic)

    async def subject(
        self, place: Place, answer: dict[str, Any], client_id: str, *, nonce: str, now: datetime
    ) -> dict[str, Any]:
        """The claims of the answer's ID token, checked (OpenID Connect Core §3.1.3.7). Raises `ProviderFailed`."""
        value = answer.get("id_token")
        if not isinstance(value, str):
            raise ProviderFailed("no ID token in the answer")
        try:
            try:
                token = jwt.decode(value, await self._key_set(place), algorithms=ALGORITHMS)
            except (InvalidKeyIdError, ValueError):
                token = jwt.decode(value, await self._key_set(place, renew=True), algorithms=ALGORITHMS)
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": place.issuer},
                    "aud": {"essential": True, "value": client_id},
                    "exp": {"essential": True},
                    "nonce": {"essential": True, "value": nonce},
                },
                params={"nonce": nonce, "client_id": client_id, "access_token": answer.get("access_token")},
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, KeyError) as error:
            raise ProviderFailed(f"ID token: {type(error).__name__}") from None
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise ProviderFailed("ID token: no subject")
        return dict(claims)

    async def _key_set(self, place: Place, *, renew: bool = False) -> KeySet:
        known = self._keys.get(place.issuer)
        age = None if known is None else time.monotonic() - known[0]
        if known is not None and age is not None and age < (REFETCH_SECONDS if renew else KEPT_SECONDS):
            return known[1]
        found = await self._json("GET", place.keys)
        try:
            keys = KeySet.import_key_set({"keys": found["keys"]})
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderFailed(f"keys: {type(error).__name__}") from None
        self._keys[place.issuer] = (time.monotonic(), keys)
        return keys

    async def _json(
        self, method: str, address: str, form: dict[str, str] | None = None, auth: httpx.BasicAuth | None = None
    ) -> dict[str, Any]:
        await self._check_place(address)
        body = bytearray()
        try:
            async with (
                asyncio.timeout(SECONDS * 2),
                httpx.AsyncClient(timeout=SECONDS, trust_env=False, follow_redirects=False) as client,
                client.stream(
                    method,
                    address,
                    data=form,
                    auth=auth or httpx.USE_CLIENT_DEFAULT,
                    headers={"Accept": "application/json"},
                ) as answer,
            ):
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > ANSWER_BYTES:
                        raise ProviderFailed("an answer without end")
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise ProviderFailed(type(error).__name__) from None
        if answer.status_code != httpx.codes.OK:
            raise ProviderFailed(f"answered {answer.status_code}")
        try:
            found = json.loads(body)
        except ValueError:
            raise ProviderFailed("an answer that is no JSON") from None
        if not isinstance(found, dict):
            raise ProviderFailed("an answer of another shape")
        return found

    async def _check_place(self, address: str) -> None:
        host, port = _host(address, development=self._development)
        if self._development:
            return
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise ProviderFailed("no such host") from None
        for *_, target in found:
            ip = ipaddress.ip_address(str(target[0]).partition("%")[0])
            if ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_multicast:
                raise ProviderFailed("a host within this machine or its link")


def _origin(address: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname, parts.port
    except ValueError:
        raise ProviderFailed("not an address") from None


def usable(issuer: str, *, development: bool) -> bool:
    """Whether a provider may be called at that address at all."""
    try:
        _host(issuer, development=development)
    except ProviderFailed:
        return False
    return not urlsplit(issuer).query


def _host(address: str, *, development: bool) -> tuple[str, int]:
    """Host and port of an address that we may use. Raises `ProviderFailed` for any other."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ProviderFailed("not an address") from None
    plain = parts.scheme == "http" and development and host in ("localhost", "127.0.0.1")
    if not host or parts.username or parts.password or parts.fragment or not (parts.scheme == "https" or plain):
        raise ProviderFailed("an address that is not https")
    return host, port or (443 if parts.scheme == "https" else 80)

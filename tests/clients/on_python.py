"""Applications on libraries of Python: Authlib's client on httpx, and requests-oauthlib.

Both know OAuth and leave OpenID Connect to the application: it reads the discovery document, compares `iss` (RFC 9207)
and judges the ID token, here with joserfc.
"""

import os
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from unittest import mock
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from oauthlib.oauth2 import OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from tests.clients.contract import SCOPE, Refused, Registration

T = TypeVar("T")


class Application(ABC):
    """What the application does itself, on either library."""

    LEFT_TO_THE_APPLICATION = ("discovery", "iss", "nonce", "id_token")

    def __init__(self, at: Registration) -> None:
        self.at = at
        self.about: dict[str, Any] = {}
        self.nonce = ""
        self.id_token = ""
        """Kept for the sign-out: the answer to a refresh has none, and the libraries keep the last answer."""

    @property
    @abstractmethod
    def tokens(self) -> dict[str, Any]:
        """What the library holds."""

    def discover(self) -> dict[str, Any]:
        """The document about the server, which must be about the issuer that was meant."""
        self.about = httpx.get(f"{self.at.issuer}/.well-known/openid-configuration", trust_env=False).json()
        if self.about["issuer"] != self.at.issuer:
            raise Refused(f"the document speaks of another issuer: {self.about['issuer']}")
        self.nonce = secrets.token_urlsafe(16)
        return self.about

    def check_issuer(self, callback: str) -> None:
        """The server says with each answer that it comes from it."""
        if parse_qs(urlsplit(callback).query).get("iss") != [self.at.issuer]:
            raise Refused("the answer comes from another issuer")

    def claims(self) -> dict[str, Any]:
        """Those of the ID token, judged."""
        self.id_token = self.tokens["id_token"]
        keys = KeySet.import_key_set(httpx.get(self.about["jwks_uri"], trust_env=False).json())
        try:
            found = jwt.decode(self.id_token, keys, algorithms=["RS256"])
            jwt.JWTClaimsRegistry(
                iss={"essential": True, "value": self.at.issuer},
                aud={"essential": True, "value": self.at.client_id},
                nonce={"essential": True, "value": self.nonce},
                exp={"essential": True},
            ).validate(found.claims)
        except JoseError as error:
            raise Refused(str(error)) from error
        return dict(found.claims)

    def sign_out_address(self) -> str:
        """See `Client`."""
        wish = {"id_token_hint": self.id_token, "post_logout_redirect_uri": self.at.sign_out_uri}
        return f"{self.about['end_session_endpoint']}?{urlencode(wish)}"


class AuthlibClient(Application):
    """Authlib's own OAuth2 client, on httpx2."""

    LIBRARY = "Authlib"
    PLAIN_HTTP = ""

    def __init__(self, at: Registration) -> None:
        super().__init__(at)
        self._session = OAuth2Client(
            at.client_id,
            at.secret,
            scope=SCOPE,
            redirect_uri=at.redirect_uri,
            code_challenge_method="S256",
            trust_env=False,
        )
        self._verifier = secrets.token_urlsafe(48)
        self._state = ""

    @property
    def tokens(self) -> dict[str, Any]:
        """See `Client`."""
        return dict(self._session.token)

    def start(self) -> str:
        """See `Client`."""
        address, self._state = self._session.create_authorization_url(
            self.discover()["authorization_endpoint"], code_verifier=self._verifier, nonce=self.nonce
        )
        return str(address)

    def finish(self, callback: str) -> dict[str, Any]:
        """See `Client`. An error in the answer is the application's to read: the library only misses the code."""
        self.check_issuer(callback)
        if error := parse_qs(urlsplit(callback).query).get("error"):
            raise Refused(error[0])
        self._saying(
            self._session.fetch_token,
            self.about["token_endpoint"],
            authorization_response=callback,
            code_verifier=self._verifier,
            state=self._state,
        )
        return self.claims()

    def user_info(self) -> dict[str, Any]:
        """See `Client`."""
        return _told(self._session.get(self.about["userinfo_endpoint"]))

    def refresh(self) -> None:
        """See `Client`."""
        self._saying(self._session.refresh_token, self.about["token_endpoint"])

    def revoke(self) -> None:
        """See `Client`."""
        ended = self._session.revoke_token(self.about["revocation_endpoint"], self.tokens["refresh_token"])
        assert ended.status_code == 200

    def close(self) -> None:
        """See `Client`."""
        self._session.close()

    def _saying(self, call: Callable[..., T], *given: Any, **named: Any) -> T:
        try:
            return call(*given, **named)
        except AuthlibBaseError as error:
            raise Refused(f"{error.error} {error.description}") from error


class RequestsOauthlib(Application):
    """requests-oauthlib, on oauthlib and requests."""

    LIBRARY = "requests-oauthlib"
    PLAIN_HTTP = "OAUTHLIB_INSECURE_TRANSPORT=1 in the environment"

    def __init__(self, at: Registration) -> None:
        super().__init__(at)
        self._session = OAuth2Session(at.client_id, scope=SCOPE.split(), redirect_uri=at.redirect_uri, pkce="S256")
        self._session.trust_env = False
        # Without these the library sends a public client's id as a user name with an empty password.
        self._named: dict[str, Any] = {"include_client_id": True}
        if at.secret is not None:
            self._named = {"auth": HTTPBasicAuth(at.client_id, at.secret)}

    @property
    def tokens(self) -> dict[str, Any]:
        """See `Client`."""
        return dict(self._session.token)

    def start(self) -> str:
        """See `Client`."""
        with _plain_http():
            address, _ = self._session.authorization_url(self.discover()["authorization_endpoint"], nonce=self.nonce)
        return str(address)

    def finish(self, callback: str) -> dict[str, Any]:
        """See `Client`."""
        self.check_issuer(callback)
        where = self.about["token_endpoint"]
        self._saying(self._session.fetch_token, where, authorization_response=callback, **self._named)
        return self.claims()

    def user_info(self) -> dict[str, Any]:
        """See `Client`."""
        with _plain_http():
            return _told(self._session.get(self.about["userinfo_endpoint"]))

    def refresh(self) -> None:
        """See `Client`. For a refresh the library names the client only when told to as a parameter."""
        named = {"client_id": self.at.client_id} if self.at.secret is None else self._named
        self._saying(self._session.refresh_token, self.about["token_endpoint"], **named)

    def revoke(self) -> None:
        """See `Client`. The library makes the request; sending it is the application's."""
        with _plain_http():
            where, headers, body = self._session._client.prepare_token_revocation_request(
                self.about["revocation_endpoint"], self.tokens["refresh_token"], "refresh_token"
            )
        more = "" if self.at.secret else f"&client_id={self.at.client_id}"
        auth = (self.at.client_id, self.at.secret) if self.at.secret else None
        assert httpx.post(where, content=body + more, headers=headers, auth=auth, trust_env=False).status_code == 200

    def close(self) -> None:
        """See `Client`."""
        self._session.close()

    def _saying(self, call: Callable[..., T], *given: Any, **named: Any) -> T:
        try:
            with _plain_http():
                return call(*given, **named)
        except OAuth2Error as error:
            raise Refused(f"{error.error} {error.description}") from error


@contextmanager
def _plain_http() -> Iterator[None]:
    """oauthlib takes https alone, the loopback not excepted, unless the environment says otherwise."""
    with mock.patch.dict(os.environ, OAUTHLIB_INSECURE_TRANSPORT="1"):
        yield


def _told(answer: Any) -> dict[str, Any]:
    if answer.status_code != 200:
        raise Refused(f"{answer.status_code} {answer.text}")
    return dict(answer.json())

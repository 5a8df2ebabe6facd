"""A registered client as Authlib asks about it. What a kind of client may do is fixed here, not stored."""

import hmac

from authlib.oauth2.rfc6749 import ClientMixin

from gateway.identity import rules
from gateway.identity.handles import digest
from gateway.identity.schemas import ClientKind, ClientView

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 -- a grant's name, no secret
SCOPES = ("openid", "profile", "offline_access")

_SIGN_IN = frozenset({"authorization_code", "refresh_token", TOKEN_EXCHANGE})
GRANTS: dict[ClientKind, frozenset[str]] = {
    "browser": _SIGN_IN,
    "web": _SIGN_IN,
    "service": frozenset({"client_credentials"}),
}
_PUBLIC = frozenset({"none"})
_CONFIDENTIAL = frozenset({"client_secret_basic", "client_secret_post"})
AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"]


class OAuthClient(ClientMixin):  # type: ignore[misc]  # Authlib ships no types
    """One client of one tenant."""

    id_token_signed_response_alg = None

    def __init__(self, view: ClientView) -> None:
        self.view = view
        self.client_metadata = {"post_logout_redirect_uris": view.sign_out_uris}

    def __repr__(self) -> str:
        return f"<client {self.view.id}>"

    @property
    def client_id(self) -> str:
        """Its public name."""
        return self.view.id

    def get_client_id(self) -> str:
        """Its public name."""
        return self.view.id

    def get_default_redirect_uri(self) -> None:
        """There is none: OAuth 2.1 wants the address in every request."""

    def get_allowed_scope(self, scope: str | None) -> str:
        """Of the scopes asked for, those that exist."""
        return " ".join(word for word in (scope or "").split() if word in SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Exact match, but for the port of a loopback address."""
        return rules.redirect_matches(self.view.redirect_uris, redirect_uri)

    def check_client_secret(self, client_secret: str) -> bool:
        """Compare in constant time. The secret is 256 random bits of ours, so one SHA-256 hides it as well as
        argon2 would, and a flood of token requests costs no memory."""
        return hmac.compare_digest(self.view.secret_hash or b"", digest(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Public clients name themselves, confidential ones prove it; introspection is for the latter
        only."""
        if self.view.kind == "browser":
            return endpoint != "introspection" and method in _PUBLIC
        return method in _CONFIDENTIAL

    def check_response_type(self, response_type: str) -> bool:
        """Only codes are given out at /authorize."""
        return response_type == "code" and "authorization_code" in GRANTS[self.view.kind]

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether this kind of client may use the grant."""
        return grant_type in GRANTS[self.view.kind]

"""Access tokens (RFC 9068) and ID tokens: what is in them, and how ours are recognised again.

An access token names the tenant and exactly one of: the acting post, the person, or (client credentials)
neither. `sid` is the token family: revoking it ends every access token that came from one authorization.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from authlib.oidc.core.grants import OpenIDCode
from joserfc import jwt
from joserfc.errors import JoseError

from gateway.identity import handles, rules
from gateway.identity.oauth.clients import OAuthClient
from gateway.identity.oauth.flow import Flow
from gateway.identity.oauth.keyring import ALGORITHM, Ring
from gateway.identity.schemas import Subject
from kernel.ids import new_id

TYPE = "at+jwt"
HEADER_MEMBERS = frozenset({"typ", "alg", "kid"})
LEEWAY_SECONDS = 5
"""Clocks of two machines of one platform differ by less."""


def api_resource(issuer: str) -> str:
    """The one API that access tokens are for: their `aud`, and the only `resource` (RFC 8707) there is."""
    return f"{issuer}/api"


class AccessTokens(JWTBearerTokenGenerator):  # type: ignore[misc]  # Authlib ships no types
    """Makes access tokens, and refresh tokens as handles of the tenant."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(
            flow.issuer,
            ALGORITHM,
            refresh_token_generator=lambda **_: handles.mint(flow.tenant),
            expires_generator=int(rules.ACCESS_LIFETIME.total_seconds()),
        )
        self.flow = flow

    def get_jwks(self) -> Any:
        """The signing key; a set, so that `kid` is written into the header."""
        return self.flow.ring.signing(self.flow.now)

    def get_audiences(self, client: OAuthClient, user: Subject | None, scope: str) -> str:
        """Always the API."""
        return api_resource(self.flow.issuer)

    def get_jti(self, client: OAuthClient, grant_type: str, user: Subject | None, scope: str) -> str:
        """A UUID, like every other id of the platform."""
        return str(new_id())

    def get_auth_time(self, user: Subject | None) -> int | None:
        """When the user typed the password."""
        return int(user.auth_time.timestamp()) if user else None

    def get_extra_claims(
        self, client: OAuthClient, grant_type: str, user: Subject | None, scope: str
    ) -> dict[str, str]:
        """Tenant, family, and the post or person the bearer acts as."""
        claims = {"tenant": str(self.flow.tenant)}
        if user is not None:
            claims["sid"] = str(user.family_id)
            if user.post_id is not None:
                claims["post"] = str(user.post_id)
            if user.person_id is not None:
                claims["person"] = str(user.person_id)
        return claims


class IdTokens(OpenIDCode):  # type: ignore[misc]  # Authlib ships no types
    """Adds the ID token to the answer to a code, when `openid` was asked for."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(require_nonce=False)
        self.flow = flow

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        """Nonces are the client's to check; a code is single-use here, so none can be replayed by us."""
        return False

    def resolve_client_private_key(self, client: OAuthClient) -> Any:
        """The signing key."""
        return self.flow.ring.signing(self.flow.now)

    def get_client_algorithm(self, client: OAuthClient) -> str:
        """The same for every client."""
        return ALGORITHM

    def get_encode_header(self, client: OAuthClient) -> dict[str, str]:
        """`kid` is added from the key set."""
        return {"alg": ALGORITHM}

    def get_client_claims(self, client: OAuthClient) -> dict[str, Any]:
        """Who says it, to whom, for how long."""
        lifetime = int(rules.ACCESS_LIFETIME.total_seconds())
        return {
            "iss": self.flow.issuer,
            "aud": [client.get_client_id()],
            "exp": int(self.flow.now.timestamp()) + lifetime,
        }

    def generate_user_info(self, user: Subject, scope: str) -> dict[str, str]:
        """The claims about the user, and the family as `sid` for the sign-out."""
        return {
            **user_info(user.user_id, user.user_name, user.display_name, scope),
            "sid": str(user.family_id),
        }


def user_info(user_id: UUID, user_name: str, display_name: str, scope: str) -> dict[str, str]:
    """The claims about a user that the scopes allow."""
    claims = {"sub": str(user_id)}
    if "profile" in scope.split():
        claims |= {"preferred_username": user_name, "name": display_name}
    return claims


def read_access_token(value: str, ring: Ring, issuer: str, now: datetime) -> dict[str, Any] | None:
    """The claims of an access token of ours that is not expired, else None. Revocation is not looked at.

    The header is checked here: Authlib's validator lets a token without `typ` pass, and an ID token must not; and what
    our issuer never writes (`jku`, `x5u` …) has no business there.
    """
    try:
        token = jwt.decode(value, ring.verifying(now), algorithms=[ALGORITHM])
        if token.header.keys() != HEADER_MEMBERS or token.header["typ"] != TYPE:
            return None
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": api_resource(issuer)},
            exp={"essential": True},
            jti={"essential": True},
            client_id={"essential": True},
            tenant={"essential": True},
        ).validate(token.claims)
    except (JoseError, ValueError):
        return None
    return dict(token.claims)

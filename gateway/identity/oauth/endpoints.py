"""Revocation (RFC 7009), introspection (RFC 7662) and sign-out (OpenID Connect RP-Initiated Logout)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749 import UnsupportedTokenTypeError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oidc.rpinitiated import EndSessionEndpoint
from joserfc.jwk import KeySet

from gateway.identity import handles, queries
from gateway.identity.oauth.clients import AUTH_METHODS, OAuthClient
from gateway.identity.oauth.flow import Flow, family_subject
from gateway.identity.oauth.keyring import ALGORITHM
from gateway.identity.oauth.tokens import read_access_token


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token of ours, access (with `claims`) or refresh, alive or not."""

    client_id: str
    family_id: UUID | None
    alive: bool
    expires_at: datetime
    claims: dict[str, Any] | None
    scope: str = ""
    user_id: UUID | None = None

    def check_client(self, client: OAuthClient) -> bool:
        """Whether it was issued to this client."""
        return self.client_id == client.client_id

    def is_expired(self) -> bool:
        """Told by `alive`."""
        return not self.alive

    def is_revoked(self) -> bool:
        """Told by `alive`."""
        return not self.alive


def known_token(flow: Flow, value: str) -> KnownToken | None:
    """Recognise a token of the flow's tenant; another tenant's is as unknown as a made-up one.

    The hint of its type is not needed: an access token is a JWT, a refresh token a handle.
    """
    if handles.tenant_of(value) == flow.tenant:
        return _refresh_token(flow, value)
    claims = read_access_token(value, flow.ring, flow.issuer, flow.now)
    if claims is None or claims["tenant"] != str(flow.tenant):
        return None
    subjects = [f"jti:{claims['jti']}"]
    family_id = UUID(claims["sid"]) if "sid" in claims else None
    alive = True
    if family_id is not None:
        subjects.append(family_subject(family_id))
        family = queries.family(flow.session, family_id)
        alive = family is not None and family.alive(flow.now)
    return KnownToken(
        client_id=claims["client_id"],
        family_id=family_id,
        alive=alive and not queries.is_revoked(flow.session, subjects),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        claims=claims,
    )


def _refresh_token(flow: Flow, value: str) -> KnownToken | None:
    state = queries.refresh_state(flow.session, handles.digest(value))
    family = queries.family(flow.session, state[0]) if state else None
    if state is None or family is None:
        return None
    _, expires_at, used_at = state
    alive = family.alive(flow.now) and used_at is None and expires_at > flow.now
    return KnownToken(family.client_id, family.id, alive, expires_at, None, family.scope, family.user_id)


class Revocation(RevocationEndpoint):  # type: ignore[misc]  # Authlib ships no types
    """A refresh token takes its family with it; an access token goes alone. Unknown tokens answer 200."""

    CLIENT_AUTH_METHODS = AUTH_METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> KnownToken | None:
        """See `known_token`."""
        return known_token(self.server.flow, token_string)

    def revoke_token(self, token: KnownToken, request: Any) -> None:
        """Written in this transaction; the route answers after every edge knows."""
        flow: Flow = self.server.flow
        if token.claims is not None:
            flow.refuse_token(token.claims["jti"], token.expires_at)
        elif token.family_id is not None:
            flow.revoke_families(queries.by_family(token.family_id), "revoked")

    def check_params(self, request: Any, client: OAuthClient) -> None:
        """An unknown hint is ignored (RFC 7009 §2.1); Authlib would refuse it."""
        _check_token_given(super(), request, client)


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]  # Authlib ships no types
    """For confidential clients, about tokens of their own tenant."""

    CLIENT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

    def query_token(self, token_string: str, token_type_hint: str | None) -> KnownToken | None:
        """See `known_token`."""
        return known_token(self.server.flow, token_string)

    def check_permission(self, token: KnownToken, client: OAuthClient, request: Any) -> bool:
        """The tenant's own resource servers may ask about any of its tokens; others were not found at all."""
        return True

    def check_params(self, request: Any, client: OAuthClient) -> None:
        """An unknown hint is ignored (RFC 7662 §2.1)."""
        _check_token_given(super(), request, client)

    def introspect_token(self, token: KnownToken) -> dict[str, Any]:
        """The claims of an access token; of a refresh token only whose it is and how long it lasts."""
        if token.claims is not None:
            return {"active": True, "token_type": "Bearer", **token.claims}
        return {
            "active": True,
            "token_type": "refresh_token",
            "client_id": token.client_id,
            "sub": str(token.user_id),
            "scope": token.scope,
            "sid": str(token.family_id),
            "exp": int(token.expires_at.timestamp()),
        }


def _check_token_given(endpoint: Any, request: Any, client: OAuthClient) -> None:
    try:
        endpoint.check_params(request, client)
    except UnsupportedTokenTypeError:
        return


class SignOut(EndSessionEndpoint):  # type: ignore[misc]  # Authlib ships no types
    """Says who asks for a sign-out and where it may lead; the route ends the session itself."""

    def get_server_jwks(self) -> KeySet:
        """The keys under which an ID token of ours may stand."""
        flow: Flow = self.server.flow
        return flow.ring.verifying(flow.now)

    def resolve_client_from_id_token_claims(self, id_token_claims: dict[str, Any]) -> OAuthClient | None:
        """The client the ID token was made for; ours name exactly one, in a list."""
        match id_token_claims.get("aud"):
            case [str(client_id)]:
                client: OAuthClient | None = self.server.query_client(client_id)
                return client
            case _:
                return None

    def get_algorithms(self) -> list[str]:
        """Only the one we sign with."""
        return [ALGORITHM]

    def end_session(self, end_session_request: Any) -> None:
        """Done by the route before the answer is made."""

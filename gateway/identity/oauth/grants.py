"""The grants: authorization code, refresh with rotation, client credentials.

Authlib checks first and deletes or revokes afterwards, so of several requests with one code or refresh token
each would succeed. Here the look-up itself takes the row (one statement), and who finds it taken is a thief
or was robbed: the whole family ends. Parallel tabs must share one refresh; there is no grace for a second
one.
"""

from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError, OAuth2Error, grants
from authlib.oauth2.rfc6749.grants import BaseGrant

from gateway.identity import handles, queries, rules
from gateway.identity.oauth.clients import AUTH_METHODS, OAuthClient
from gateway.identity.oauth.flow import Flow
from gateway.identity.oauth.tokens import api_resource
from gateway.identity.schemas import CodeView, FamilyView, Holder, Subject
from gateway.identity.tables import Code
from kernel.ids import new_id


class InvalidTarget(OAuth2Error):  # type: ignore[misc]  # Authlib ships no types
    """The `resource` asked for is not one this server issues tokens for (RFC 8707 §2)."""

    error = "invalid_target"
    description = "There is one resource: the API of this platform."


def check_resource(grant: BaseGrant) -> None:
    """Refuse a `resource` other than the API."""
    wanted = grant.request.payload.datalist.get("resource", [])
    if any(resource != api_resource(grant.server.flow.issuer) for resource in wanted):
        raise InvalidTarget


class TakenCode:
    """A redeemed code as Authlib asks about it."""

    def __init__(self, view: CodeView) -> None:
        self.view = view
        self.code_challenge = view.code_challenge

    def get_redirect_uri(self) -> str:
        """The address the code was sent to; the token request must name it again."""
        return self.view.redirect_uri

    def get_scope(self) -> str:
        """The scope granted."""
        return self.view.scope

    def get_nonce(self) -> str | None:
        """The client's nonce, for the ID token."""
        return self.view.nonce

    def get_auth_time(self) -> int:
        """When the user typed the password."""
        return int(self.view.auth_time.timestamp())

    def get_acr(self) -> None:
        """No class of authentication is claimed."""

    def get_amr(self) -> list[str]:
        """By password, and by a one-time code where one was shown (RFC 8176)."""
        return ["pwd", "otp", "mfa"] if self.view.second else ["pwd"]


class SpentRefresh:
    """A refresh token just used up, as Authlib asks about it. Its family is locked."""

    def __init__(self, family: FamilyView) -> None:
        self.family = family

    def check_client(self, client: OAuthClient) -> bool:
        """Whether it was issued to this client."""
        return self.family.client_id == client.client_id

    def get_scope(self) -> str:
        """The scope granted."""
        return self.family.scope


def subject_of(view: CodeView | FamilyView, holder: Holder | None) -> Subject | None:
    """Whom the tokens will speak of; None when the user is gone or may no longer act as they did."""
    if holder is None or holder.user_id != view.user_id:
        return None
    if not holder.may_act_as(view.post_id, view.person_id):
        return None
    return Subject(
        user_id=view.user_id,
        post_id=view.post_id,
        person_id=view.person_id,
        family_id=view.id if isinstance(view, FamilyView) else new_id(),
        session_id=view.session_id,
        auth_time=view.auth_time,
        user_name=holder.user_name,
        display_name=holder.display_name,
    )


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib ships no types
    """Sign-in of a user through the browser."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    @property
    def flow(self) -> Flow:
        """The run this grant belongs to."""
        flow: Flow = self.server.flow
        return flow

    def validate_requested_scope(self) -> None:
        """Scope and, beside it, the resource."""
        check_resource(self)
        super().validate_requested_scope()

    def validate_token_request(self) -> Any:
        """The resource first: a wrong one must not cost the code."""
        check_resource(self)
        return super().validate_token_request()

    def generate_authorization_code(self) -> str:
        """A handle, so that the token endpoint knows the tenant."""
        return handles.mint(self.flow.tenant)

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Keep its hash and all that the tokens will need."""
        subject: Subject = request.user
        self.flow.session.add(
            Code(
                tenant_id=self.flow.tenant,
                code_hash=handles.digest(code),
                client_id=request.client.client_id,
                session_id=subject.session_id,
                user_id=subject.user_id,
                post_id=subject.post_id,
                person_id=subject.person_id,
                redirect_uri=request.payload.redirect_uri,
                scope=request.scope or "",
                nonce=request.payload.data.get("nonce"),
                code_challenge=request.payload.data["code_challenge"],
                second=subject.second,
                auth_time=subject.auth_time,
                expires_at=self.flow.now + rules.CODE_LIFETIME,
            )
        )

    def query_authorization_code(self, code: str, client: OAuthClient) -> TakenCode | None:
        """Take the code. One that was taken before ends the tokens it was taken for (OAuth 2.1 §4.1.3)."""
        code_hash = handles.digest(code)
        taken = queries.take_code(self.flow.session, code_hash, client.client_id)
        if taken is None:
            self.flow.revoke_families(queries.by_code(code_hash), "code_reuse")
            return None
        return TakenCode(taken) if taken.expires_at > self.flow.now else None

    def delete_authorization_code(self, authorization_code: TakenCode) -> None:
        """Done when it was taken."""

    def authenticate_user(self, authorization_code: TakenCode) -> Subject | None:
        """The user, if they are still who they were a minute ago."""
        return subject_of(authorization_code.view, self.flow.holder)


class RefreshGrant(grants.RefreshTokenGrant):  # type: ignore[misc]  # Authlib ships no types
    """A new pair of tokens for a refresh token, once."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def validate_token_request(self) -> None:
        """The resource first: a wrong one must not cost the token."""
        check_resource(self)
        super().validate_token_request()

    def authenticate_refresh_token(self, refresh_token: str) -> SpentRefresh | None:
        """Use the token up under its family's lock, so that a revocation is either before or after, never
        between.

        Another client's token is left untouched (Authlib refuses it by `check_client`).
        """
        flow: Flow = self.server.flow
        token_hash = handles.digest(refresh_token)
        family_id = queries.family_of_refresh(flow.session, token_hash)
        family = queries.family(flow.session, family_id, lock=True) if family_id else None
        if family is None or not family.alive(flow.now):
            return None
        spent = SpentRefresh(family)
        if not spent.check_client(self.request.client):
            return spent
        if not queries.spend_refresh(flow.session, token_hash, flow.now):
            flow.revoke_families(queries.by_family(family.id), "refresh_reuse")
            return None
        state = queries.refresh_state(flow.session, token_hash)
        return spent if state is not None and state[1] > flow.now else None

    def authenticate_user(self, refresh_token: SpentRefresh) -> Subject:
        """The user, in the post the family acts in, if both are still so today."""
        subject = subject_of(refresh_token.family, self.server.flow.holder)
        if subject is None:
            raise InvalidGrantError("The user or the acting post is no longer valid.")
        return subject

    def revoke_old_credential(self, refresh_token: SpentRefresh) -> None:
        """Done when it was used up."""


class ServiceGrant(grants.ClientCredentialsGrant):  # type: ignore[misc]  # Authlib ships no types
    """A client acting in its own name."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

    def validate_requested_scope(self) -> None:
        """Scope and, beside it, the resource."""
        check_resource(self)
        super().validate_requested_scope()

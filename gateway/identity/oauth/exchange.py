"""Changing the acting post: token exchange (RFC 8693) of an access token for one in another post of its user.

The request names the post (`acting_post=<id>`, or `person`), which RFC 8693 §2.1 leaves room for. The family
itself moves to the post, so that its refresh token follows; no new refresh token is given, or five minutes'
theft of an access token would last a day.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, UnauthorizedClientError
from authlib.oauth2.rfc6749.grants import BaseGrant, TokenEndpointMixin

from gateway.identity import queries
from gateway.identity.oauth.clients import AUTH_METHODS, TOKEN_EXCHANGE
from gateway.identity.oauth.flow import Flow, family_subject
from gateway.identity.oauth.grants import check_resource, subject_of
from gateway.identity.oauth.tokens import read_access_token
from gateway.identity.schemas import Holder, Subject

ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 -- a type's name, no secret


class ExchangeGrant(BaseGrant, TokenEndpointMixin):  # type: ignore[misc]  # Authlib ships no types
    """The grant `urn:ietf:params:oauth:grant-type:token-exchange`."""

    GRANT_TYPE = TOKEN_EXCHANGE
    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS
    subject: Subject
    scope: str

    def validate_token_request(self) -> None:
        """Client, subject token, family and post; the family stays locked."""
        flow: Flow = self.server.flow
        client = self.authenticate_token_endpoint_client()
        if not client.check_grant_type(self.GRANT_TYPE):
            raise UnauthorizedClientError("The client may not exchange tokens.")
        self.request.client = client
        check_resource(self)
        form = self.request.form
        if form.get("subject_token_type") != ACCESS_TOKEN or "subject_token" not in form:
            raise InvalidRequestError("The subject token must be an access token.")
        if "actor_token" in form or form.get("requested_token_type", ACCESS_TOKEN) != ACCESS_TOKEN:
            raise InvalidRequestError("Only an access token without actor can be had.")
        claims = read_access_token(form["subject_token"], flow.ring, flow.issuer, flow.now)
        if claims is None or claims["tenant"] != str(flow.tenant) or claims["client_id"] != client.client_id:
            raise InvalidGrantError("The subject token is not valid.")
        self.subject = self._move(claims, form.get("acting_post"))
        self.request.user = self.subject

    def _move(self, claims: dict[str, Any], wanted: str | None) -> Subject:
        flow: Flow = self.server.flow
        post_id, person_id = wanted_acting(wanted, flow.holder)
        dead = queries.is_revoked(flow.session, [f"jti:{claims['jti']}", family_subject(UUID(claims["sid"]))])
        family = None if dead else queries.family(flow.session, UUID(claims["sid"]), lock=True)
        if family is None or not family.alive(flow.now):
            raise InvalidGrantError("The subject token is not valid.")
        subject = subject_of(replace(family, post_id=post_id, person_id=person_id), flow.holder)
        if subject is None:
            raise InvalidGrantError("The user does not hold that post.")
        queries.set_acting(flow.session, family.id, post_id, person_id)
        self.scope = family.scope
        return subject

    def create_token_response(self) -> tuple[int, dict[str, Any], Any]:
        """The new access token, and what it is (RFC 8693 §2.2.1)."""
        token = self.generate_token(user=self.subject, scope=self.scope, include_refresh_token=False)
        return 200, {**token, "issued_token_type": ACCESS_TOKEN}, self.TOKEN_RESPONSE_HEADER


def wanted_acting(wanted: str | None, holder: Holder | None) -> tuple[UUID | None, UUID | None]:
    """Post and person that `acting_post` names; both None when it names nothing."""
    if wanted == "person":
        return None, holder.person_id if holder else None
    try:
        return UUID(wanted or ""), None
    except ValueError:
        raise InvalidRequestError("Name the post in 'acting_post'.") from None

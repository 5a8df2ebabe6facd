"""Authlib's authorization server, put together for one run."""

import logging
from typing import Any

from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidRequestError,
    OAuth2Error,
    UnsupportedResponseTypeError,
)
from authlib.oauth2.rfc9207 import IssuerParameter

from gateway.identity import handles, queries, rules
from gateway.identity.oauth.clients import SCOPES, OAuthClient
from gateway.identity.oauth.endpoints import Introspection, Revocation, SignOut
from gateway.identity.oauth.exchange import ExchangeGrant
from gateway.identity.oauth.flow import Flow
from gateway.identity.oauth.grants import CodeGrant, RefreshGrant, ServiceGrant
from gateway.identity.oauth.proof import ProofRequired
from gateway.identity.oauth.tokens import AccessTokens, IdTokens
from gateway.identity.oauth.wire import Answer, FlowRequest
from gateway.identity.schemas import Subject
from gateway.identity.tables import Family, RefreshToken

HOOK = "after_create_authorization_response"


def quiet_authlib() -> None:
    """Authlib logs issued tokens at DEBUG. No level set elsewhere may bring that about."""
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "authlib"]
    for name in {"authlib", *names}:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.INFO))


quiet_authlib()


class Issuer(IssuerParameter):  # type: ignore[misc]  # Authlib ships no types
    """`iss` in every answer of /authorize (RFC 9207)."""

    def __init__(self, server: "Server") -> None:
        self.server = server
        super().__call__(server)

    def get_issuer(self) -> str:
        """The one issuer there is."""
        return self.server.flow.issuer


class Server(AuthorizationServer):  # type: ignore[misc]  # Authlib ships no types
    """The server for one flow. Making one costs some 20 µs; it holds nothing beyond its flow."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(scopes_supported=list(SCOPES))
        self.flow = flow
        self.register_token_generator("default", AccessTokens(flow))
        self.register_grant(CodeGrant, [ProofRequired(required=True), IdTokens(flow)])
        self.register_grant(RefreshGrant)
        self.register_grant(ServiceGrant)
        self.register_grant(ExchangeGrant)
        for endpoint in (Revocation, Introspection, SignOut):
            self.register_endpoint(endpoint)
        self.register_extension(Issuer)

    def query_client(self, client_id: str) -> OAuthClient | None:
        """A client of the flow's tenant."""
        view = queries.client(self.flow.session, client_id) if handles.tenant_of(client_id) else None
        return OAuthClient(view) if view else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """Keep the family and the refresh token's hash; access tokens are not stored."""
        subject: Subject | None = request.user
        if subject is None:
            return
        if request.authorization_code is not None:
            self._start_family(subject, request)
        if refresh_token := token.get("refresh_token"):
            self.flow.session.add(
                RefreshToken(
                    tenant_id=self.flow.tenant,
                    token_hash=handles.digest(refresh_token),
                    family_id=subject.family_id,
                    expires_at=self.flow.now + rules.REFRESH_LIFETIME,
                )
            )

    def _start_family(self, subject: Subject, request: Any) -> None:
        code = request.authorization_code.view
        self.flow.session.add(
            Family(
                tenant_id=self.flow.tenant,
                id=subject.family_id,
                client_id=code.client_id,
                session_id=code.session_id,
                user_id=subject.user_id,
                post_id=subject.post_id,
                person_id=subject.person_id,
                scope=code.scope,
                code_hash=code.code_hash,
                auth_time=code.auth_time,
                expires_at=self.flow.now + rules.FAMILY_LIFETIME,
            )
        )
        # The refresh token's row refers to it, and the unit of work orders by declared relations only.
        self.flow.session.flush()

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens; what matters is written by the flow itself."""

    def create_oauth2_request(self, request: FlowRequest) -> FlowRequest:
        """Requests are made by the routes."""
        return request

    def create_json_request(self, request: Any) -> Any:
        """No endpoint takes JSON (there is no dynamic registration)."""
        raise NotImplementedError

    def handle_response(self, status: int, body: Any, headers: Any) -> Answer:
        """Keep it open to extensions until the route sends it."""
        return Answer(status, body, dict(headers))

    def get_authorization_grant(self, request: FlowRequest) -> CodeGrant:
        """The one grant of /authorize. A missing or other response type goes back to a valid client only.

        Authlib puts the value into an error text that may not hold it, and takes a default address.
        """
        for grant_class, extensions in self._authorization_grants:
            if grant_class.check_authorization_endpoint(request):
                grant: CodeGrant = grant_class(request, self)
                for extension in extensions:
                    extension(grant)
                return grant
        redirect_uri = self._valid_redirect(request)
        if not request.payload.response_type:
            raise InvalidRequestError("Missing 'response_type' in request.", redirect_uri=redirect_uri)
        raise UnsupportedResponseTypeError(request.payload.response_type, redirect_uri=redirect_uri)

    def _valid_redirect(self, request: FlowRequest) -> str | None:
        client = self.query_client(request.payload.client_id or "")
        wanted: str | None = request.payload.redirect_uri
        return wanted if client and wanted and client.check_redirect_uri(wanted) else None

    def refuse(self, request: FlowRequest, error: OAuth2Error) -> Answer:
        """The answer of /authorize to an error: back to the client when its address was valid, with `iss`."""
        error.state = request.payload.state
        answer: Answer = self.handle_error_response(request, error)
        self.execute_hook(HOOK, answer)
        return answer

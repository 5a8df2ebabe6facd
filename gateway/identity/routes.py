"""Endpoints that applications call: token, revocation, introspection, user info, discovery, keys.

Errors here are OAuth's own (RFC 6749 §5.2, RFC 6750 §3), not problem documents: that is what clients read.
"""

import base64
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, OAuth2Error
from fastapi import APIRouter
from sqlalchemy.orm import Session as SyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.identity import account, browser, handles, queries, sign_out
from gateway.identity.checks import own_phone
from gateway.identity.checks import pages as checks
from gateway.identity.desk import Desk
from gateway.identity.federation import pages as federation
from gateway.identity.invitations import pages as invitations
from gateway.identity.oauth import metadata as about
from gateway.identity.oauth.clients import TOKEN_EXCHANGE
from gateway.identity.oauth.endpoints import known_token
from gateway.identity.oauth.flow import Flow
from gateway.identity.oauth.server import Server
from gateway.identity.oauth.tokens import read_access_token, user_info
from gateway.identity.oauth.wire import SECURITY_HEADERS, Answer, FlowRequest, Form, flow_headers, read_form
from kernel.clock import utcnow
from kernel.context import TenantId
from kernel.errors import NotFound

router = APIRouter(include_in_schema=False)
"""All of identity; mounted by the gateway beside its operations."""
for part in (browser, sign_out, account, checks, own_phone, invitations, federation):
    router.include_router(part.router)

KEYS_CACHED = "public, max-age=300"
"""Well within `rules.KEY_ANNOUNCED`."""


@router.post(about.TOKEN)
async def token(request: Request) -> Response:
    """Tokens for a code, a refresh token, client credentials or another access token (RFC 6749, RFC 8693)."""
    return await _as_client(request, about.TOKEN, lambda server, it: server.create_token_response(it))


@router.post(about.REVOKE)
async def revoke(request: Request) -> Response:
    """End a token (RFC 7009). Answers 200 when no edge takes it any more, also for a token we do not know."""
    return await _as_client(request, about.REVOKE, partial(_endpoint, "revocation"))


@router.post(about.INTROSPECT)
async def introspect(request: Request) -> Response:
    """What a token says and whether it is alive (RFC 7662)."""
    return await _as_client(request, about.INTROSPECT, partial(_endpoint, "introspection"))


def _endpoint(name: str, server: Server, request: FlowRequest) -> Answer:
    answer: Answer = server.create_endpoint_response(name, request)
    return answer


async def _as_client(request: Request, path: str, work: Callable[[Server, FlowRequest], Answer]) -> Response:
    desk: Desk = request.app.state.identity
    form = await read_form(request)
    if fault := form.fault():
        return _error(InvalidRequestError(fault))
    headers = flow_headers(request)
    tenant = handles.tenant_of(_client_id(headers, form))
    if tenant is None:
        return _error(InvalidClientError(status_code=401, description="Unknown client."))
    call = FlowRequest("POST", desk.issuer + path, form, headers)
    try:
        async with desk.run(request, tenant) as run:
            await run.look_up(await run.tx.session.run_sync(_user_meant, run.flow, form))
            answer = await run.sync(lambda server: work(server, call))
    except NotFound:
        # No tenant, or not an active one: whether it exists is nobody's business.
        return _error(InvalidClientError(status_code=401, description="Unknown client."))
    return answer.response()


def _client_id(headers: dict[str, str], form: Form) -> str | None:
    kind, _, rest = headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return form.get("client_id")
    try:
        return unquote(base64.b64decode(rest).decode("ascii").partition(":")[0])
    except ValueError:
        return None


def _user_meant(session: SyncSession, flow: Flow, form: Form) -> UUID | None:
    """Whose tokens the request is about, as far as can be told without changing anything.

    The flow checks again what it takes; this is to ask directory about the user before the synchronous part.
    """
    match form.get("grant_type"):
        case "authorization_code":
            code = queries.code(session, handles.digest(form.get("code") or ""))
            return code.user_id if code else None
        case "refresh_token":
            family_id = queries.family_of_refresh(session, handles.digest(form.get("refresh_token") or ""))
            family = queries.family(session, family_id) if family_id else None
            return family.user_id if family else None
        case grant if grant == TOKEN_EXCHANGE:
            claims = read_access_token(form.get("subject_token") or "", flow.ring, flow.issuer, flow.now)
            return _uuid(claims.get("sub")) if claims else None
        case _:
            return None


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value)
    except (TypeError, ValueError):
        return None


def _error(error: OAuth2Error) -> Response:
    status, body, headers = error()
    return Answer(status, body, dict(headers)).response()


@router.api_route(about.USER_INFO, methods=["GET", "POST"])
async def userinfo(request: Request) -> Response:
    """Who the bearer of an access token with `openid` is (OpenID Connect Core §5.3)."""
    desk: Desk = request.app.state.identity
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    claims = None
    if kind.lower() == "bearer" and value:
        claims = read_access_token(value, await desk.keyring.ring(), desk.issuer, utcnow())
    if claims is None or "sid" not in claims:
        return _challenge(401, "invalid_token")
    scope = str(claims.get("scope", ""))
    if "openid" not in scope.split():
        return _challenge(403, "insufficient_scope")
    try:
        async with desk.run(request, TenantId(UUID(claims["tenant"]))) as run:
            holder = await run.look_up(UUID(claims["sub"]))
            found = await run.sync(lambda server: known_token(server.flow, value))
    except NotFound:
        return _challenge(401, "invalid_token")
    if holder is None or found is None or not found.alive:
        return _challenge(401, "invalid_token")
    about_user = user_info(holder.user_id, holder.user_name, holder.display_name, scope)
    return JSONResponse(about_user, headers=SECURITY_HEADERS)


def _challenge(status: int, error: str) -> Response:
    headers = {**SECURITY_HEADERS, "WWW-Authenticate": f'Bearer error="{error}"'}
    return JSONResponse({"error": error}, status, headers)


@router.get("/.well-known/openid-configuration")
@router.get("/.well-known/oauth-authorization-server")
async def discovery(request: Request) -> Response:
    """What the server can do (RFC 8414, OpenID Connect Discovery); the same document at both addresses."""
    desk: Desk = request.app.state.identity
    return JSONResponse(about.metadata(desk.issuer), headers={"Cache-Control": KEYS_CACHED})


@router.get(about.JWKS)
async def jwks(request: Request) -> Response:
    """The public keys under which tokens may stand (RFC 7517)."""
    ring = await request.app.state.identity.keyring.ring()
    return JSONResponse(ring.public(utcnow()), headers={"Cache-Control": KEYS_CACHED})

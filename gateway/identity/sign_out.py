"""Signing out: the browser's session ends, and with it every token given out in it.

OpenID Connect RP-Initiated Logout: an application that shows its ID token for this very session is believed;
anyone else's wish is put to the user first.
"""

from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749 import OAuth2Error
from fastapi import APIRouter
from joserfc import jwt
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import cookies, handles, queries
from gateway.identity.desk import Desk, Run
from gateway.identity.oauth import metadata as about
from gateway.identity.oauth.flow import Flow
from gateway.identity.oauth.keyring import ALGORITHM, Ring
from gateway.identity.oauth.wire import Answer, FlowRequest, Form, read_form
from gateway.identity.pages.render import page
from gateway.identity.schemas import SessionView
from kernel.clock import utcnow
from kernel.context import Language, TenantId
from kernel.errors import NotFound, preferred_language
from kernel.events.outbox import audit

router = APIRouter()


@router.api_route(about.SIGN_OUT, methods=["GET", "POST"])
async def sign_out(request: Request) -> Response:
    """End the session, after asking where the wish is not proved to be the user's own application's."""
    desk: Desk = request.app.state.identity
    language = preferred_language(request.headers.get("accept-language", ""))
    sent = await read_form(request)
    confirmed = sent.get("confirmed") == "yes" and desk.form_is_ours(
        cookies.form_key(request, desk.secure), sent.get("csrf")
    )
    wanted = Form(sent.get("request") or "") if "csrf" in sent.data else sent
    if fault := wanted.fault():
        return page("error", language, status=400, error="invalid_request", description=fault)
    tenants = _tenants(request, desk, wanted, await desk.keyring.ring())
    answer: Answer | None = None
    for tenant in tenants:
        try:
            ended = await _one(request, desk, tenant, wanted, confirmed=confirmed)
        except NotFound:
            continue
        if isinstance(ended, OAuth2Error):
            return page("error", language, status=400, error=str(ended.error), description=ended.description)
        if ended is False:
            return _question(request, desk, language, wanted)
        answer = answer or (ended if isinstance(ended, Answer) else None)
    response = answer.response(after_post=request.method == "POST") if answer else page("signed_out", language)
    for tenant in tenants:
        cookies.drop_session(response, tenant, desk.secure)
    return response


def _tenants(request: Request, desk: Desk, wanted: Form, ring: Ring) -> list[TenantId]:
    """Which sign-ins are meant: the client's tenant, else all that this browser has."""
    named = handles.tenant_of(wanted.get("client_id")) or handles.tenant_of(
        _audience(wanted.get("id_token_hint"), ring)
    )
    if named:
        return [named]
    found = [handles.tenant_of(value) for value in cookies.session_cookies(request, desk.secure)]
    return [tenant for tenant in found if tenant is not None]


def _audience(id_token: str | None, ring: Ring) -> str | None:
    """The client an ID token of ours was made for; its age does not matter."""
    try:
        claims = jwt.decode(id_token or "", ring.verifying(utcnow()), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError):
        return None
    audience = claims.get("aud")
    first = audience[0] if isinstance(audience, list) and audience else audience
    return first if isinstance(first, str) else None


async def _one(
    request: Request, desk: Desk, tenant: TenantId, wanted: Form, *, confirmed: bool
) -> Answer | OAuth2Error | bool:
    """Sign out of one tenant: where it leads (True: nowhere), False when the user must be asked first."""
    call = FlowRequest("GET", desk.issuer + about.SIGN_OUT, wanted, {})
    async with desk.run(request, tenant) as run:
        browser = await run.browser(cookies.session_cookie(request, tenant, desk.secure))
        try:
            checked = await run.sync(lambda server: server.validate_endpoint_request("end_session", call))
        except OAuth2Error as error:
            return error
        if browser is not None:
            session = browser.session
            if not confirmed and not await _proved(run, checked.id_token_claims, session):
                return False
            await run.sync(lambda server: end_session(server.flow, session.id))
            await audit(run.tx, "identity.signed_out", subject_type="user", subject_id=session.user_id)
        leads: Answer | None = await run.sync(lambda server: server.create_endpoint_response("end_session", checked))
    return leads or True


def end_session(flow: Flow, session_id: UUID) -> None:
    """End one browser session and all that was given out in it."""
    queries.drop_session(flow.session, session_id)
    flow.revoke_families(queries.by_session(session_id), "signed_out")


async def _proved(run: Run, claims: dict[str, Any] | None, browser: SessionView) -> bool:
    """Whether the ID token shown belongs to this browser session."""
    try:
        family_id = UUID((claims or {})["sid"])
    except (KeyError, ValueError, TypeError):
        return False
    family = await run.tx.session.run_sync(queries.family, family_id)
    return family is not None and family.session_id == browser.id


def _question(request: Request, desk: Desk, language: Language, wanted: Form) -> Response:
    key = cookies.form_key(request, desk.secure) or cookies.new_form_key()
    response = page(
        "sign_out",
        language,
        leads_to=wanted.get("post_logout_redirect_uri"),
        request=wanted.without(),
        csrf=desk.form_token(key),
    )
    cookies.set_form_key(response, key, desk.secure)
    return response

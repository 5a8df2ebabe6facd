"""The steps of /authorize: what the request still needs from the user, or its answer.

Nothing leads away from here before client and address are known to be good; every answer that does, error or
not, carries `iss`.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from authlib.oauth2.rfc6749 import AccessDeniedError, InvalidRequestError, OAuth2Error
from authlib.oidc.core.errors import (
    AccountSelectionRequiredError,
    ConsentRequiredError,
    LoginRequiredError,
)

from gateway.identity.oauth.clients import OAuthClient
from gateway.identity.oauth.grants import CodeGrant
from gateway.identity.oauth.server import Server
from gateway.identity.oauth.wire import Answer, FlowRequest
from gateway.identity.schemas import Browser, ClientView, Holder, SessionView, Subject
from kernel.ids import new_id

Question = Literal["sign_in", "second", "password", "enrol", "choose", "consent"]


@dataclass(frozen=True, slots=True)
class Ask:
    """A page is needed first. Without client: for one of our own pages."""

    question: Question
    client: ClientView | None = None
    redirect_uri: str | None = None


def step(
    server: Server,
    request: FlowRequest,
    browser: Browser | None,
    *,
    consent: bool | None = None,
) -> Answer | Ask:
    """Go as far as what is known allows. `browser`: who is signed in; `consent`: what the user said, if
    asked.

    The user behind `browser` is `server.flow.holder`.
    """
    try:
        grant: CodeGrant = server.get_consent_grant(request, browser)
        prompts = frozenset((request.payload.get("prompt") or "").split())
        if "none" in prompts and len(prompts) > 1:
            raise InvalidRequestError("Invalid 'prompt' parameter.", redirect_uri=grant.redirect_uri)
        holder = server.flow.holder
        client: OAuthClient = grant.client
        if browser is None or holder is None or _must_sign_in(server, request, prompts, browser.session):
            return _ask("sign_in", prompts, client, grant)
        if browser.missing is not None:
            return _ask(browser.missing, prompts, client, grant)
        session = browser.session
        acting = _acting(session, holder, grant)
        if acting is None or "select_account" in prompts:
            return _ask("choose", prompts, client, grant)
        if consent is None and (not client.view.trusted or "consent" in prompts):
            return _ask("consent", prompts, client, grant)
        subject = None if consent is False else _subject(session, holder, acting)
        answer: Answer = server.create_authorization_response(request, grant_user=subject, grant=grant)
        return answer
    except OAuth2Error as error:
        return server.refuse(request, error)


def _must_sign_in(server: Server, request: FlowRequest, prompts: frozenset[str], browser: SessionView) -> bool:
    if "login" in prompts:
        return True
    max_age = request.payload.get("max_age") or ""
    # A figure that is no sensible number of seconds limits nothing.
    if not (max_age.isascii() and max_age.isdigit() and len(max_age) <= 9):
        return False
    return browser.auth_time + timedelta(seconds=int(max_age)) < server.flow.now


def _acting(browser: SessionView, holder: Holder, grant: CodeGrant) -> str | None:
    choices = holder.choices()
    if not choices:
        # Signed in, but holds no post today and is no person: there is nothing to act as.
        raise AccessDeniedError(redirect_uri=grant.redirect_uri)
    if browser.acting in choices:
        return browser.acting
    return choices[0] if len(choices) == 1 else None


def _ask(question: Question, prompts: frozenset[str], client: OAuthClient, grant: CodeGrant) -> Ask:
    if "none" in prompts:
        errors: dict[Question, type[OAuth2Error]] = {
            "choose": AccountSelectionRequiredError,
            "consent": ConsentRequiredError,
        }
        raise errors.get(question, LoginRequiredError)(redirect_uri=grant.redirect_uri)
    return Ask(question, client.view, grant.redirect_uri)


def _subject(browser: SessionView, holder: Holder, acting: str) -> Subject:
    return Subject(
        user_id=holder.user_id,
        post_id=None if acting == "person" else UUID(acting),
        person_id=holder.person_id if acting == "person" else None,
        family_id=new_id(),
        session_id=browser.id,
        auth_time=browser.auth_time,
        user_name=holder.user_name,
        display_name=holder.display_name,
        second=browser.second_at is not None,
    )

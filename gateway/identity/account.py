"""The user's own account: the browsers signed in, another password, the second factor.

Reached from any application as `/oauth/account?client_id=…` (its own), or without it from the one tenant that this
browser is signed in to. Who is not signed in does so first.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import actions, cookies, handles, queries, rules
from gateway.identity.asking import ask_page, enrol_page, holder_of, password_page
from gateway.identity.browser import TYPED
from gateway.identity.desk import Desk, Run
from gateway.identity.factors import actions as factors
from gateway.identity.oauth import metadata as about
from gateway.identity.oauth.authorize import Ask
from gateway.identity.oauth.server import Server
from gateway.identity.oauth.wire import Answer, Form
from gateway.identity.pages.render import page
from gateway.identity.schemas import Browser
from gateway.identity.sign_out import end_session
from gateway.identity.visit import Visit
from kernel.clock import SHANGHAI, utcnow
from kernel.context import TenantId
from kernel.errors import InvalidInput, preferred_language
from kernel.events.outbox import audit

router = APIRouter()

Work = Callable[[Visit, Run, Browser], Awaitable[Response]]
NONE = Ask("sign_in")
"""The pages here serve no application."""


def _tenant(request: Request) -> TenantId | None:
    desk: Desk = request.app.state.identity
    named = handles.tenant_of(Form(request.url.query).get("client_id"))
    signed_in = (handles.tenant_of(cookie) for cookie in cookies.session_cookies(request, desk.secure))
    return named or next((tenant for tenant in signed_in if tenant), None)


async def shown(request: Request, work: Work) -> Response:
    """A page of the account, for who is wholly signed in; else what is missing first."""
    tenant = _tenant(request)
    if tenant is None:
        return page("sign_in_first", preferred_language(request.headers.get("accept-language", "")), status=401)
    return await _signed_in(Visit.of_account(request, tenant), work)


async def done(request: Request, work: Work, *, in_turn: bool = False) -> Response:
    """A form of the account."""
    visit = await Visit.by_form(request)
    visit.base = about.ACCOUNT
    return await _signed_in(visit, work, in_turn=in_turn)


async def _signed_in(visit: Visit, work: Work, *, in_turn: bool = False) -> Response:
    async def inside(run: Run) -> Response:
        browser = await visit.browser(run)
        ask = await visit.question(run, browser)
        if isinstance(ask, Answer):
            return visit.finish(ask)
        if ask is not None or browser is None:
            return await ask_page(visit, run, ask or NONE)
        return await work(visit, run, browser)

    return await visit.served(inside, in_turn=in_turn)


async def _account(visit: Visit, run: Run, browser: Browser) -> Response:
    now = run.flow.now
    holder = holder_of(run)
    found = await run.tx.session.run_sync(queries.sessions_of, holder.user_id, now, now - rules.SESSION_IDLE)
    sessions = [
        {
            "id": each.id,
            "agent": each.agent,
            "since": each.auth_time.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
            "seen": each.seen_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
            "present": each.id == browser.session.id,
        }
        for each in found
    ]
    second = await factors.in_force(run.tx, holder.user_id)
    return visit.show("account", NONE, run, sessions=sessions, second=second)


@router.get(about.ACCOUNT)
async def account(request: Request) -> Response:
    """The account of who is signed in."""
    return await shown(request, _account)


@router.post("/oauth/sessions")
async def end_sessions(request: Request) -> Response:
    """End one browser session, or all others; the tokens given out in them end with them, at every edge."""

    async def work(visit: Visit, run: Run, browser: Browser) -> Response:
        user_id, present = browser.session.user_id, browser.session.id
        theirs = await run.tx.session.run_sync(queries.other_sessions, user_id, present)
        wanted = visit.sent.get("end")
        ended = [each for each in theirs if wanted in ("others", str(each))]
        for each in ended:
            await run.sync(partial(_end, each))
        if ended:
            facts = {"sessions": len(ended)}
            await audit(run.tx, "identity.sessions_ended", subject_type="user", subject_id=user_id, facts=facts)
        return visit.onward()

    return await done(request, work)


def _end(session_id: UUID, server: Server) -> None:
    end_session(server.flow, session_id)


@router.get("/oauth/account/password")
async def password(request: Request) -> Response:
    """The page on which a user takes another password."""

    async def work(visit: Visit, run: Run, _: Browser) -> Response:
        return password_page(visit, run, NONE, forced=False)

    return await shown(request, work)


@router.post("/oauth/account/password")
async def change_password(request: Request) -> Response:
    """Another password, for who knows the present one; every other browser and all applications are signed out."""

    async def work(visit: Visit, run: Run, browser: Browser) -> Response:
        holder, sent = holder_of(run), visit.sent
        if not await actions.password_is_right(run.tx, holder, (sent.get("current") or "")[:TYPED]):
            return password_page(visit, run, NONE, forced=False, wrong=True)
        try:
            run.flow.revocations += await actions.change_password(
                run.tx, holder, (sent.get("password") or "")[:TYPED], (sent.get("again") or "")[:TYPED]
            )
        except InvalidInput as refused:
            findings = [error.message for error in refused.errors]
            return password_page(visit, run, NONE, forced=False, findings=findings)
        second_at = browser.session.second_at
        return visit.welcome(
            run, await actions.open_session(run.tx, holder, utcnow(), visit.agent, second_at=second_at)
        )

    return await done(request, work, in_turn=True)


@router.get("/oauth/account/second-factor")
async def second_factor(request: Request) -> Response:
    """The page that sets up a second factor, or gives up the one there is."""

    async def work(visit: Visit, run: Run, browser: Browser) -> Response:
        if await factors.in_force(run.tx, browser.session.user_id):
            return visit.show("second_factor", NONE, run, wrong=False)
        return await enrol_page(visit, run, NONE)

    return await shown(request, work)


@router.post("/oauth/account/second-factor")
async def change_second_factor(request: Request) -> Response:
    """Give up the second factor, or replace the recovery codes; a code of it is needed for both."""

    async def work(visit: Visit, run: Run, browser: Browser) -> Response:
        user_id, code = browser.session.user_id, visit.sent.get("code") or ""
        if visit.sent.get("do") == "recovery":
            if await factors.prove(run.tx, user_id, code):
                return visit.show("recovery", NONE, run, codes=await factors.new_recovery_codes(run.tx, user_id))
        elif await factors.give_up(run.tx, user_id, code):
            return visit.onward()
        return visit.show("second_factor", NONE, run, status=403, wrong=True)

    return await done(request, work, in_turn=True)

"""The pages of the sign-in: authorize, sign in, second factor, another password, the acting post, consent.

Each POST does its one thing and sends the browser back to /authorize (or its account), which decides what is still
missing.
"""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import actions, queries, rules
from gateway.identity.asking import ask_page, holder_of, sign_in_page
from gateway.identity.desk import Run
from gateway.identity.factors import actions as factors
from gateway.identity.factors import queries as factor_rows
from gateway.identity.oauth import metadata as about
from gateway.identity.oauth.authorize import Ask
from gateway.identity.oauth.wire import Answer, read_form
from gateway.identity.visit import Visit
from kernel.clock import utcnow
from kernel.errors import InvalidInput

router = APIRouter()

TYPED = rules.PASSWORD_LENGTH[1] + 1
"""No more characters of a password are looked at: one too many is enough to be wrong."""


@router.api_route(about.AUTHORIZE, methods=["GET", "POST"])
async def authorize(request: Request) -> Response:
    """The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2)."""
    return await _authorize(Visit(request, await read_form(request)))


async def _authorize(visit: Visit, consent: bool | None = None) -> Response:
    async def work(run: Run) -> Response:
        outcome = await visit.question(run, await visit.browser(run), consent)
        if isinstance(outcome, Ask):
            return await ask_page(visit, run, outcome)
        return visit.onward() if outcome is None else visit.finish(outcome)

    return await visit.served(work)


@router.post("/oauth/sign-in")
async def sign_in(request: Request) -> Response:
    """Check user name and password; right or wrong, the next page is the same for every reason."""
    visit = await Visit.by_form(request)

    async def work(run: Run) -> Response:
        ask = await visit.question(run, None)
        if isinstance(ask, Answer):
            return visit.finish(ask)
        name, password = visit.sent.get("user_name") or "", visit.sent.get("password") or ""
        signed_in = await actions.sign_in(run.tx, name, password[:TYPED], visit.agent)
        if signed_in is None:
            return await sign_in_page(visit, run, ask or Ask("sign_in"), wrong=True)
        return visit.welcome(run, signed_in.cookie)

    return await visit.served(work, in_turn=True)


@router.post("/oauth/second")
async def second(request: Request) -> Response:
    """The second factor of a sign-in: a one-time code, or a recovery code."""
    visit = await Visit.by_form(request)

    async def work(run: Run) -> Response:
        browser = await visit.browser(run)
        if browser is None or browser.missing != "second":
            return visit.onward()
        if await factors.prove(run.tx, browser.session.user_id, visit.sent.get("code") or ""):
            await factor_rows.show_second(run.tx, browser.session.id, utcnow())
            return visit.onward()
        ask = await visit.question(run, browser)
        return visit.onward() if not isinstance(ask, Ask) else await ask_page(visit, run, ask, wrong=True)

    return await visit.served(work, in_turn=True)


@router.post("/oauth/password")
async def password(request: Request) -> Response:
    """The password that somebody else set, or that grew old, is replaced by its user; the sign-in goes on."""
    visit = await Visit.by_form(request)

    async def work(run: Run) -> Response:
        browser = await visit.browser(run)
        if browser is None or browser.missing != "password":
            return visit.onward()
        holder, sent = holder_of(run), visit.sent
        try:
            run.flow.revocations += await actions.change_password(
                run.tx, holder, (sent.get("password") or "")[:TYPED], (sent.get("again") or "")[:TYPED]
            )
        except InvalidInput as refused:
            ask = await visit.question(run, browser)
            if not isinstance(ask, Ask):
                return visit.onward()
            return await ask_page(visit, run, ask, findings=[error.message for error in refused.errors])
        cookie = await actions.open_session(run.tx, holder, utcnow(), visit.agent, second_at=browser.session.second_at)
        return visit.welcome(run, cookie)

    return await visit.served(work, in_turn=True)


@router.post("/oauth/enrol")
async def enrol(request: Request) -> Response:
    """The first code of a second factor puts it in force; the recovery codes are shown once."""
    visit = await Visit.by_form(request)

    async def work(run: Run) -> Response:
        browser = await visit.browser(run)
        if browser is None or browser.missing not in ("enrol", None):
            return visit.onward()
        if await factors.in_force(run.tx, browser.session.user_id):
            return visit.onward()
        codes = await factors.confirm(run.tx, browser.session.user_id, visit.sent.get("code") or "")
        ask = await visit.question(run, browser)
        shown = ask if isinstance(ask, Ask) else Ask("enrol")
        if codes is None:
            return await ask_page(visit, run, Ask("enrol", shown.client, shown.redirect_uri), wrong=True)
        await factor_rows.show_second(run.tx, browser.session.id, utcnow())
        return visit.show("recovery", shown, run, codes=codes)

    return await visit.served(work, in_turn=True)


@router.post("/oauth/acting-post")
async def acting_post(request: Request) -> Response:
    """Remember the post chosen; /authorize checks that it is held."""
    visit = await Visit.by_form(request)

    async def work(run: Run) -> Response:
        browser = await visit.browser(run)
        acting = visit.sent.get("acting")
        if browser and run.flow.holder and acting in run.flow.holder.choices():
            await run.tx.session.run_sync(queries.choose_acting, browser.session.id, acting)
            return visit.onward(select_account=True)
        return visit.onward()

    return await visit.served(work)


@router.post("/oauth/consent")
async def consent(request: Request) -> Response:
    """What the user said to the client's wish; anything but `allow` is a refusal."""
    visit = await Visit.by_form(request)
    return await _authorize(visit, consent=visit.sent.get("decision") == "allow")

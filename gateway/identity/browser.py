"""The pages of the sign-in: authorize, sign in, choose the acting post, consent, register.

Every form carries the authorization request it serves, which is checked anew each time; after a POST the
browser is sent on with 303, back to /authorize, which decides what is still missing.
"""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity import actions, cookies, handles, queries, rules, sign_out
from gateway.identity.actions import SignedIn
from gateway.identity.desk import Desk, Run
from gateway.identity.oauth import metadata as about
from gateway.identity.oauth.authorize import Ask, step
from gateway.identity.oauth.wire import SECURITY_HEADERS, Answer, FlowRequest, Form, read_form
from gateway.identity.pages.render import page
from gateway.identity.registration import register_applicant
from kernel.context import TenantId
from kernel.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound, Text, preferred_language

router = APIRouter()
router.include_router(sign_out.router)


class Visit:
    """One request of a browser, about one authorization request (`wanted`) of a client of one tenant."""

    def __init__(self, request: Request, wanted: Form, sent: Form | None = None) -> None:
        self.request = request
        self.desk: Desk = request.app.state.identity
        self.language = preferred_language(request.headers.get("accept-language", ""))
        self.wanted = wanted
        self.sent = sent or Form("")
        self.call = FlowRequest("GET", self.desk.issuer + about.AUTHORIZE, wanted, {})

    @classmethod
    async def by_form(cls, request: Request) -> "Visit":
        """From a form of ours. Raises `Forbidden` when the form was not made for this browser."""
        sent = await read_form(request)
        desk: Desk = request.app.state.identity
        if not desk.form_is_ours(cookies.form_key(request, desk.secure), sent.get("csrf")):
            raise Forbidden(
                Text("页面已失效，请返回应用重新登录", "This page is out of date; go back and sign in again."),
                cause="form without our token",
            )
        return cls(request, Form(sent.get("request") or ""), sent)

    def tenant(self) -> TenantId | None:
        """The tenant of the client, or None when the request cannot be taken at all."""
        return None if self.wanted.fault() else handles.tenant_of(self.wanted.get("client_id"))

    def cookie(self, tenant: TenantId) -> str | None:
        """The browser's session with that tenant."""
        return cookies.session_cookie(self.request, tenant, self.desk.secure)

    def onward(self, **done: bool) -> Response:
        """Back to /authorize, without the prompts that are done."""
        return RedirectResponse(f"{about.AUTHORIZE}?{self.wanted.without(**done)}", 303, SECURITY_HEADERS)

    def show(self, name: str, ask: Ask, run: Run, *, status: int = 200, **values: Any) -> Response:
        """A page with a form."""
        key = cookies.form_key(self.request, self.desk.secure) or cookies.new_form_key()
        response = page(
            name,
            self.language,
            status=status,
            leads_to=ask.redirect_uri,
            client=ask.client,
            place=run.place,
            holder=run.flow.holder,
            request=self.wanted.without(),
            csrf=self.desk.form_token(key),
            **values,
        )
        cookies.set_form_key(response, key, self.desk.secure)
        return response

    def refuse(self, error: str, description: str = "") -> Response:
        """The page for a request whose client or address is not known to be good: it leads nowhere."""
        return page("error", self.language, status=400, error=error, description=description)

    def finish(self, answer: Answer) -> Response:
        """Authlib's answer: a redirect to the client, or an error that may not leave here."""
        if answer.location is None:
            return self.refuse(str(answer.body.get("error")), str(answer.body.get("error_description", "")))
        return answer.response(after_post=self.request.method == "POST")


@router.api_route(about.AUTHORIZE, methods=["GET", "POST"])
async def authorize(request: Request) -> Response:
    """The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2)."""
    return await _authorize(Visit(request, await read_form(request)))


async def _authorize(visit: Visit, consent: bool | None = None) -> Response:
    tenant = visit.tenant()
    if tenant is None:
        return visit.refuse("invalid_request", visit.wanted.fault() or "Unknown client.")
    try:
        async with visit.desk.run(visit.request, tenant) as run:
            browser = await run.browser(visit.cookie(tenant))
            outcome = await run.sync(lambda server: step(server, visit.call, browser, consent=consent))
    except NotFound:
        return visit.refuse("invalid_client", "Unknown client.")
    if isinstance(outcome, Answer):
        return visit.finish(outcome)
    match outcome.question:
        case "sign_in":
            return _sign_in_page(visit, outcome, run)
        case "choose":
            return visit.show("choose", outcome, run)
        case "consent":
            return visit.show("consent", outcome, run, scopes=(visit.wanted.get("scope") or "").split())


def _sign_in_page(visit: Visit, ask: Ask, run: Run, *, wrong: bool = False) -> Response:
    return visit.show(
        "sign_in",
        ask,
        run,
        status=403 if wrong else 200,
        wrong=wrong,
        user_name=visit.sent.get("user_name") or visit.wanted.get("login_hint") or "",
        tries=rules.MAX_TRIES,
        minutes=int(rules.LOCK.total_seconds()) // 60,
    )


@router.post("/oauth/sign-in")
async def sign_in(request: Request) -> Response:
    """Check user name and password; right or wrong, the next page is the same for every reason."""
    visit = await Visit.by_form(request)
    tenant, found = await _anonymous(visit)
    if tenant is None or isinstance(found, Response):
        return found if isinstance(found, Response) else visit.refuse("invalid_request")
    ask, _ = found
    async with visit.desk.turn(), visit.desk.run(request, tenant) as run:
        name, password = visit.sent.get("user_name") or "", visit.sent.get("password") or ""
        signed_in = await actions.sign_in(run.tx, name, password[: rules.PASSWORD_LENGTH[1] + 1])
    if signed_in is None:
        return _sign_in_page(visit, ask, run, wrong=True)
    return _welcome(visit, tenant, signed_in)


def _welcome(visit: Visit, tenant: TenantId, signed_in: SignedIn) -> Response:
    response = visit.onward(login=True)
    cookies.set_session(response, signed_in.cookie, tenant, visit.desk.secure)
    # A new session, a new half for its forms: nothing from before the sign-in stays valid in it.
    cookies.set_form_key(response, cookies.new_form_key(), visit.desk.secure)
    return response


async def _anonymous(visit: Visit) -> tuple[TenantId | None, Response | tuple[Ask, Run]]:
    """Check the authorization request as for a browser that is not signed in."""
    tenant = visit.tenant()
    if tenant is None:
        return None, visit.refuse("invalid_request", visit.wanted.fault() or "Unknown client.")
    try:
        async with visit.desk.run(visit.request, tenant) as run:
            outcome = await run.sync(lambda server: step(server, visit.call, None))
    except NotFound:
        return None, visit.refuse("invalid_client", "Unknown client.")
    return tenant, visit.finish(outcome) if isinstance(outcome, Answer) else (outcome, run)


@router.post("/oauth/acting-post")
async def acting_post(request: Request) -> Response:
    """Remember the post chosen; /authorize checks that it is held."""
    visit = await Visit.by_form(request)
    tenant = visit.tenant()
    if tenant is None:
        return visit.refuse("invalid_request", visit.wanted.fault() or "Unknown client.")
    async with visit.desk.run(request, tenant) as run:
        browser = await run.browser(visit.cookie(tenant))
        acting = visit.sent.get("acting")
        if browser and run.flow.holder and acting in run.flow.holder.choices():
            await run.tx.session.run_sync(queries.choose_acting, browser.id, acting)
            return visit.onward(select_account=True)
    return visit.onward()


@router.post("/oauth/consent")
async def consent(request: Request) -> Response:
    """What the user said to the client's wish; anything but `allow` is a refusal."""
    visit = await Visit.by_form(request)
    return await _authorize(visit, consent=visit.sent.get("decision") == "allow")


@router.get("/oauth/register")
async def register_page(request: Request) -> Response:
    """The page on which applicants make an account."""
    visit = Visit(request, await read_form(request))
    _, found = await _anonymous(visit)
    return found if isinstance(found, Response) else _register_page(visit, *found)


@router.post("/oauth/register")
async def register(request: Request) -> Response:
    """Make an applicant's account and sign in with it."""
    visit = await Visit.by_form(request)
    tenant, found = await _anonymous(visit)
    if tenant is None or isinstance(found, Response):
        return found if isinstance(found, Response) else visit.refuse("invalid_request")
    password = visit.sent.get("password") or ""
    try:
        if password != visit.sent.get("again"):
            raise InvalidInput(errors=[FieldError("/again", Text("两次输入的口令不一致", "The two passwords differ."))])
        async with visit.desk.turn(), visit.desk.run(request, tenant) as run:
            signed_in = await register_applicant(run.tx, visit.sent.get("user_name") or "", password)
    except InvalidInput as refused:
        return _register_page(visit, *found, findings=[error.message for error in refused.errors])
    except Conflict:
        taken = Text("用户名已被使用", "The user name is taken.")
        return _register_page(visit, *found, findings=[taken])
    return _welcome(visit, tenant, signed_in)


def _register_page(visit: Visit, ask: Ask, run: Run, *, findings: list[Text] | None = None) -> Response:
    return visit.show(
        "register",
        ask,
        run,
        status=422 if findings else 200,
        findings=findings or [],
        user_name=visit.sent.get("user_name") or "",
        shortest=rules.PASSWORD_LENGTH[0],
    )

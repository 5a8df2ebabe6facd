"""One request of a browser at a page of ours: what it is about, its forms, and where it goes on to.

Every form carries the request it serves, which is checked anew each time; after a POST the browser is sent on with
303, back to the page that decides what is still missing.
"""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity import cookies, handles, rules
from gateway.identity.desk import Desk, Run
from gateway.identity.oauth import metadata as about
from gateway.identity.oauth.authorize import Ask, step
from gateway.identity.oauth.wire import SECURITY_HEADERS, Answer, FlowRequest, Form, read_form
from gateway.identity.pages.render import page
from gateway.identity.schemas import Browser
from kernel.context import TenantId
from kernel.errors import Forbidden, NotFound, Text, preferred_language


class Visit:
    """One request of a browser, about one authorization request (`wanted`) of a client of one tenant."""

    def __init__(
        self, request: Request, wanted: Form, sent: Form | None = None, *, base: str = about.AUTHORIZE
    ) -> None:
        self.request = request
        self.base = base
        """Where the visit goes on: to the application that asked, or the user's own account."""
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
        wanted = Form(sent.get("request") or "")
        return cls(request, wanted, sent, base=_base(wanted))

    def tenant(self) -> TenantId | None:
        """The tenant of the client, or None when the request cannot be taken at all."""
        return None if self.wanted.fault() else handles.tenant_of(self.wanted.get("client_id"))

    @classmethod
    def by_query(cls, request: Request) -> "Visit":
        """From a link of ours, which carries what is wanted."""
        return cls.by_wanted(request, Form(request.url.query))

    @classmethod
    def by_wanted(cls, request: Request, wanted: Form) -> "Visit":
        """For a request that was carried along by us."""
        return cls(request, wanted, base=_base(wanted))

    @classmethod
    def of_account(cls, request: Request, tenant: TenantId, sent: Form | None = None) -> "Visit":
        """About the user's own account with a tenant, for no application."""
        wanted = Form(urlencode({"client_id": handles.compose(tenant, "account")}))
        return cls(request, wanted, sent, base=about.ACCOUNT)

    def onward(self, **done: bool) -> Response:
        """On with what is wanted, without the prompts that are done."""
        return RedirectResponse(f"{self.base}?{self.wanted.without(**done)}", 303, SECURITY_HEADERS)

    async def question(self, run: Run, browser: Browser | None, consent: bool | None = None) -> Ask | Answer | None:
        """What is asked of the user next, the answer to the application, or None: the account stands open."""
        if self.base == about.AUTHORIZE:
            return await run.sync(lambda server: step(server, self.call, browser, consent=consent))
        if browser is None or run.flow.holder is None:
            return Ask("sign_in")
        return Ask(browser.missing) if browser.missing else None

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
            base=self.base,
            request=self.wanted.without(),
            csrf=self.desk.form_token(key),
            **values,
        )
        cookies.set_form_key(response, key, self.desk.secure)
        return response

    async def served(self, work: Callable[[Run], Awaitable[Response]], *, in_turn: bool = False) -> Response:
        """Answer within one run of the tenant. `in_turn`: secrets are judged in it, so it waits for its turn first; a
        flood of guesses holds few connections."""
        tenant = self.tenant()
        if tenant is None:
            return self.refuse("invalid_request", self.wanted.fault() or "Unknown client.")
        turn = self.desk.turn() if in_turn else contextlib.nullcontext()
        try:
            async with turn, self.desk.run(self.request, tenant) as run:
                return await work(run)
        except NotFound:
            return self.refuse("invalid_client", "Unknown client.")

    async def browser(self, run: Run) -> Browser | None:
        """The signed-in browser; its user becomes the flow's."""
        return await run.browser(cookies.session_cookie(self.request, run.tx.tenant, self.desk.secure))

    def welcome(self, run: Run, cookie: str) -> Response:
        """On with a fresh session."""
        response = self.onward(login=True)
        cookies.set_session(response, cookie, run.tx.tenant, self.desk.secure)
        # A new session, a new half for its forms: nothing from before the sign-in stays valid in it.
        cookies.set_form_key(response, cookies.new_form_key(), self.desk.secure)
        return response

    @property
    def agent(self) -> str:
        """What the browser is, in words for its user."""
        return rules.agent_words(self.request.headers.get("user-agent", ""))

    def refuse(self, error: str, description: str = "") -> Response:
        """The page for a request whose client or address is not known to be good: it leads nowhere."""
        return page("error", self.language, status=400, error=error, description=description)

    def finish(self, answer: Answer) -> Response:
        """Authlib's answer: a redirect to the client, or an error that may not leave here."""
        if answer.location is None:
            return self.refuse(str(answer.body.get("error")), str(answer.body.get("error_description", "")))
        return answer.response(after_post=self.request.method == "POST")


def _base(wanted: Form) -> str:
    # Our forms and links carry an authorization request only after it was found to be one.
    return about.AUTHORIZE if wanted.get("response_type") else about.ACCOUNT

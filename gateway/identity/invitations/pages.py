"""The page behind a one-time link: a first password, and signed in with it. Opening the link does not use it up."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import actions as identity
from gateway.identity import handles, rules
from gateway.identity.browser import TYPED
from gateway.identity.desk import Run
from gateway.identity.invitations import actions
from gateway.identity.oauth.authorize import Ask
from gateway.identity.oauth.wire import read_form
from gateway.identity.pages.render import page
from gateway.identity.schemas import Holder
from gateway.identity.visit import Visit
from kernel.clock import utcnow
from kernel.errors import InvalidInput, Text, preferred_language

router = APIRouter()


@router.get(actions.PATH)
async def open_link(request: Request) -> Response:
    """The page that asks for the first password."""
    token = (await read_form(request)).get("token") or ""
    tenant = handles.tenant_of(token)
    if tenant is None:
        return _ended(request)

    async def work(run: Run) -> Response:
        holder = await actions.holder_of(run.tx, token)
        return _page(visit, run, holder, token) if holder else _ended(request)

    visit = Visit.of_account(request, tenant)
    return await visit.served(work)


@router.post(actions.PATH)
async def use_link(request: Request) -> Response:
    """Set the password and sign in; of two at once, one does."""
    visit = await Visit.by_form(request)
    token = visit.sent.get("token") or ""
    tenant = handles.tenant_of(token)
    if tenant is None:
        return _ended(request)
    visit = Visit.of_account(request, tenant, visit.sent)

    async def work(run: Run) -> Response:
        sent = visit.sent
        try:
            used = await actions.use(
                run.tx, token, (sent.get("password") or "")[:TYPED], (sent.get("again") or "")[:TYPED]
            )
        except InvalidInput as refused:
            holder = await actions.holder_of(run.tx, token)
            findings = [error.message for error in refused.errors]
            return _page(visit, run, holder, token, findings) if holder else _ended(request)
        if used is None:
            return _ended(request)
        holder, revoked = used
        run.flow.revocations += revoked
        return visit.welcome(run, await identity.open_session(run.tx, holder, utcnow(), visit.agent))

    return await visit.served(work, in_turn=True)


def _page(visit: Visit, run: Run, holder: Holder, token: str, findings: list[Text] | None = None) -> Response:
    run.flow.holder = holder
    return visit.show(
        "link",
        Ask("password"),
        run,
        status=422 if findings else 200,
        token=token,
        findings=findings or [],
        shortest=rules.PASSWORD_LENGTH[0],
    )


def _ended(request: Request) -> Response:
    language = preferred_language(request.headers.get("accept-language", ""))
    return page("link_ended", language, status=410)

"""Out to a tenant's own provider, and back with who its user is.

No transaction is open while the provider is asked. Going out is a link, not a form: a form's policy would have to name
the provider's address, and all that going out leaves behind is a row that expires.
"""

from uuid import UUID

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity import actions as identity
from gateway.identity import cookies, handles
from gateway.identity.desk import Run
from gateway.identity.federation import actions, queries
from gateway.identity.federation.queries import ProviderView
from gateway.identity.oauth.wire import SECURITY_HEADERS, Answer, Form, read_form
from gateway.identity.remote import ProviderFailed
from gateway.identity.visit import Visit
from kernel.clock import utcnow
from kernel.context import TenantId
from kernel.errors import NotFound
from kernel.events.outbox import audit

router = APIRouter()
log = structlog.get_logger("federation")


@router.get("/oauth/federated")
async def go_out(request: Request) -> Response:
    """To the provider named, with the request that waits for the sign-in."""
    sent = await read_form(request)
    visit = Visit.by_wanted(request, Form(sent.get("request") or ""))
    tenant, provider_id = visit.tenant(), _uuid(sent.get("provider"))
    if tenant is None or provider_id is None:
        return visit.refuse("invalid_request")
    state = handles.mint(tenant)
    # Kept where the browser has one: another tab may be out as well.
    key = cookies.errand_key(request, visit.desk.secure) or cookies.new_form_key()
    provider: ProviderView | None = None
    try:
        async with visit.desk.run(request, tenant) as run:
            if isinstance(answer := await visit.question(run, None), Answer):
                return visit.finish(answer)
            provider = await queries.provider(run.tx, provider_id)
            if provider is None:
                return visit.refuse("invalid_request", "Unknown provider.")
            await actions.begin(run.tx, provider, state, key, visit.wanted.without())
        place = await visit.desk.remote.place(provider.issuer)
    except NotFound:
        return visit.refuse("invalid_client", "Unknown client.")
    except ProviderFailed as failed:
        return _failed(visit, provider, failed)
    address = actions.authorize_address(
        place,
        provider.client_id,
        redirect_uri=visit.desk.issuer + actions.CALLBACK,
        state=state,
        nonce=visit.desk.derive("nonce", state),
        verifier=visit.desk.derive("verifier", state),
    )
    response = RedirectResponse(address, 303, SECURITY_HEADERS)
    cookies.set_errand_key(response, key, actions.OUT_FOR, visit.desk.secure)
    return response


@router.get(actions.CALLBACK)
async def come_back(request: Request) -> Response:
    """Back from the provider: in the browser that went out, once, with a code for an ID token of ours."""
    sent = await read_form(request)
    visit = Visit(request, Form(""))
    state = sent.get("state") or ""
    tenant, key = handles.tenant_of(state), cookies.errand_key(request, visit.desk.secure)
    if tenant is None or key is None or sent.fault():
        return visit.refuse("invalid_request")
    try:
        async with visit.desk.run(request, tenant) as run:
            found = await actions.come_back(run.tx, state, key, run.flow.now)
    except NotFound:
        return visit.refuse("invalid_request")
    if found is None:
        return visit.refuse("invalid_request", "This sign-in is over; begin it again.")
    provider, wanted, secret = found
    visit = Visit.by_wanted(request, Form(wanted))
    try:
        claims = await _claims(visit, provider, secret, sent, state)
    except ProviderFailed as failed:
        return _failed(visit, provider, failed)
    return await _sign_in(visit, tenant, provider, claims)


async def _claims(
    visit: Visit, provider: ProviderView, secret: str | None, sent: Form, state: str
) -> dict[str, object]:
    # RFC 9207: an answer of another provider must not be taken to this one's token endpoint.
    if sent.get("iss") not in (None, provider.issuer):
        raise ProviderFailed("the answer is another issuer's")
    code = sent.get("code")
    if code is None:
        raise ProviderFailed("the provider refused the sign-in")
    remote = visit.desk.remote
    place = await remote.place(provider.issuer)
    answer = await remote.redeem(
        place,
        (provider.client_id, secret),
        code,
        redirect_uri=visit.desk.issuer + actions.CALLBACK,
        verifier=visit.desk.derive("verifier", state),
    )
    nonce = visit.desk.derive("nonce", state)
    return await remote.subject(place, answer, provider.client_id, nonce=nonce, now=utcnow())


async def _sign_in(visit: Visit, tenant: TenantId, provider: ProviderView, claims: dict[str, object]) -> Response:
    async def work(run: Run) -> Response:
        holder = await actions.holder_of(run.tx, provider, claims)
        if holder is None:
            facts = {"provider": str(provider.id)}
            await audit(run.tx, "identity.subject_refused", subject_type="tenant", subject_id=tenant, facts=facts)
            return visit.refuse("access_denied", "There is no account here for this user of the provider.")
        return visit.welcome(run, await identity.open_session(run.tx, holder, utcnow(), visit.agent))

    return await visit.served(work)


def _failed(visit: Visit, provider: ProviderView | None, failed: ProviderFailed) -> Response:
    log.warning("sign-in by a provider failed", provider=str(provider.id) if provider else None, reason=str(failed))
    return visit.refuse("temporarily_unavailable", "The sign-in at the tenant's own provider failed.")


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value or "")
    except ValueError:
        return None

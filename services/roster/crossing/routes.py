"""Operations on moves to other tenants: of the giving side and of the worker."""

from uuid import UUID

from kernel.errors import RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from kernel.privacy.keys import PersonErased
from services.roster.crossing import actions, queries
from services.roster.crossing.schemas import (
    CrossingConsent,
    CrossingRelease,
    CrossingView,
    CrossingWithdrawal,
    OwnCrossingView,
)
from services.roster.permissions import CROSSING_OWN, CROSSING_READ, CROSSING_RELEASE

router = Router(service="roster", tag="crossings")
ARTICLES = ["NM-23"]


@router.post(
    "/crossings",
    permission=CROSSING_RELEASE,
    creates=True,
    status_code=201,
    articles=[*ARTICLES, "NM-7", "SH-4"],
    problems=[RuleRefused, WrongState],
)
async def release_to_another_tenant(tx: Tx, body: CrossingRelease) -> CrossingView:
    """Release a worker to another jurisdiction; the worker's consent is asked next, nobody there learns of it yet."""
    return await actions.release(tx, body)


@router.get("/crossings", permission=CROSSING_READ, articles=ARTICLES)
async def list_crossings(tx: Tx, paging: PageOf) -> Page[CrossingView]:
    """The moves out of the scope to other jurisdictions."""
    return await queries.crossings(tx, paging)


@router.get("/crossings/{crossing_id}", permission=CROSSING_READ, articles=ARTICLES)
async def read_crossing(tx: Tx, crossing_id: UUID) -> CrossingView:
    """One move out of the scope."""
    return CrossingView.model_validate(await queries.crossing(tx, crossing_id))


@router.post(
    "/crossings/{crossing_id}/withdrawal",
    permission=CROSSING_RELEASE,
    creates=True,
    articles=ARTICLES,
    problems=[WrongState],
)
async def withdraw_crossing(tx: Tx, crossing_id: UUID, body: CrossingWithdrawal) -> CrossingView:
    """Take a release back before it was carried out."""
    return await actions.withdraw(tx, crossing_id, body)


@router.get("/own/crossings", permission=CROSSING_OWN, articles=ARTICLES, problems=[PersonErased])
async def own_crossings(tx: Tx) -> Page[OwnCrossingView]:
    """One's own moves: to whom, and what would cross."""
    return Page[OwnCrossingView](items=await actions.own(tx))


@router.post(
    "/own/crossings/{crossing_id}/consent",
    permission=CROSSING_OWN,
    creates=True,
    articles=ARTICLES,
    problems=[WrongState, PersonErased],
)
async def answer_crossing(tx: Tx, crossing_id: UUID, body: CrossingConsent) -> CrossingView:
    """Consent to one's own move, or decline it; nothing reaches the other jurisdiction before."""
    return await actions.consent(tx, crossing_id, body)

"""Operations on workers offered from other tenants: looking, accepting, refusing."""

from uuid import UUID

from kernel.errors import ParameterNotSet, RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from kernel.privacy.keys import PersonErased
from services.roster.incoming import actions, queries
from services.roster.incoming.schemas import Acceptance, IncomingOpenView, IncomingView, Refusal
from services.roster.permissions import CROSSING_ACCEPT, CROSSING_READ

router = Router(service="roster", tag="crossings")
ARTICLES = ["NM-23"]


@router.get("/incoming-crossings", permission=CROSSING_READ, articles=ARTICLES)
async def list_incoming_crossings(tx: Tx, paging: PageOf) -> Page[IncomingView]:
    """The workers offered to the scope from other jurisdictions, without personal data."""
    return await queries.incomings(tx, paging)


@router.get("/incoming-crossings/{crossing_id}", permission=CROSSING_ACCEPT, articles=ARTICLES, problems=[PersonErased])
async def read_incoming_crossing(tx: Tx, crossing_id: UUID) -> IncomingOpenView:
    """One worker offered, with years, certificates and rank as evidence; identity de-identified."""
    return await actions.read_incoming(tx, crossing_id)


@router.post(
    "/incoming-crossings/{crossing_id}/acceptance",
    permission=CROSSING_ACCEPT,
    creates=True,
    articles=ARTICLES,
    problems=[RuleRefused, WrongState, ParameterNotSet, PersonErased],
)
async def accept_incoming_crossing(tx: Tx, crossing_id: UUID, body: Acceptance) -> IncomingView:
    """Accept a worker into a community, saying of each part of the evidence whether it is recognised and why."""
    return await actions.accept(tx, crossing_id, body)


@router.post(
    "/incoming-crossings/{crossing_id}/refusal",
    permission=CROSSING_ACCEPT,
    creates=True,
    articles=ARTICLES,
    problems=[WrongState],
)
async def refuse_incoming_crossing(tx: Tx, crossing_id: UUID, body: Refusal) -> IncomingView:
    """Refuse a worker offered; what came sealed is destroyed."""
    return await actions.refuse(tx, crossing_id, body)

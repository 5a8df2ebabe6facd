"""Operations on methods of assessment."""

from uuid import UUID

from kernel.errors import ParameterNotSet, RuleRefused, WrongState
from kernel.http.etag import IfMatch
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.assessment.permissions import SCHEME_READ, SCHEME_WRITE
from services.assessment.scheme import actions, queries
from services.assessment.scheme.schemas import SchemeDraft, SchemeView

router = Router(service="assessment", tag="schemes")
ARTICLES = ["NM-28", "SH-20", "SH-21", "SH-22", "SH-23"]
REFUSALS = [RuleRefused, ParameterNotSet, WrongState]


@router.post("/schemes", permission=SCHEME_WRITE, creates=True, status_code=201, articles=ARTICLES, problems=REFUSALS)
async def draft_scheme(tx: Tx, body: SchemeDraft) -> SchemeView:
    """Draft a method of assessment for the unit of the acting post."""
    return await actions.draft(tx, body)


@router.get("/schemes", permission=SCHEME_READ, articles=ARTICLES)
async def list_schemes(tx: Tx, paging: PageOf) -> Page[SchemeView]:
    """The methods of the scope."""
    return await queries.page(tx, paging)


@router.get("/schemes/{scheme_id}", permission=SCHEME_READ, articles=ARTICLES)
async def read_scheme(tx: Tx, scheme_id: UUID) -> SchemeView:
    """One method."""
    return await queries.view(tx, scheme_id)


@router.put("/schemes/{scheme_id}", permission=SCHEME_WRITE, articles=ARTICLES, problems=REFUSALS)
async def change_scheme(tx: Tx, scheme_id: UUID, version: IfMatch, body: SchemeDraft) -> SchemeView:
    """Replace a draft."""
    return await actions.change(tx, scheme_id, version, body)


@router.post("/schemes/{scheme_id}/submit", permission=SCHEME_WRITE, creates=True, articles=ARTICLES, problems=REFUSALS)
async def submit_scheme(tx: Tx, scheme_id: UUID) -> SchemeView:
    """Submit a draft to the approval that the regulation writes."""
    return await actions.submit(tx, scheme_id)

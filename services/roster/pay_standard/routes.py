"""Operations on pay standards."""

from uuid import UUID

from kernel.errors import ParameterNotSet, RuleRefused, WrongState
from kernel.http.etag import IfMatch
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.pay_standard import actions, queries
from services.roster.pay_standard.schemas import StandardBody, StandardProposal, StandardView
from services.roster.permissions import PAY_STANDARD_PROPOSE, PAY_STANDARD_READ

router = Router(service="roster", tag="pay standards")
ARTICLES = ["NM-16"]


@router.post(
    "/pay-standards",
    permission=PAY_STANDARD_PROPOSE,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[RuleRefused, ParameterNotSet],
)
async def propose_pay_standard(tx: Tx, body: StandardProposal) -> StandardView:
    """Propose the figures of a pay standard for the acting office's unit; they hold once the other offices agreed."""
    return await actions.propose(tx, body)


@router.get("/pay-standards", permission=PAY_STANDARD_READ, articles=ARTICLES)
async def list_pay_standards(tx: Tx, paging: PageOf) -> Page[StandardView]:
    """The pay standards of the scope, newest first."""
    items, following = await queries.page(tx, paging)
    return Page(items=items, next=following)


@router.get("/pay-standards/{standard_id}", permission=PAY_STANDARD_READ, articles=ARTICLES)
async def read_pay_standard(tx: Tx, standard_id: UUID) -> StandardView:
    """One pay standard."""
    return await queries.view(tx, await queries.get(tx, standard_id))


@router.put(
    "/pay-standards/{standard_id}",
    permission=PAY_STANDARD_PROPOSE,
    articles=ARTICLES,
    problems=[RuleRefused, ParameterNotSet, WrongState],
)
async def correct_pay_standard(tx: Tx, standard_id: UUID, body: StandardBody, version: IfMatch) -> StandardView:
    """Correct a pay standard that was returned, before its case is submitted again."""
    return await actions.correct(tx, standard_id, body, version)

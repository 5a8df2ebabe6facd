"""HTTP of the regulation room."""

from fastapi import Path

from gateway.regulation import actions, permissions, queries
from gateway.regulation.schemas import ArticleView, EvaluateBody, FindingView, PackVersionView
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.router import Router, Tx
from kernel.org import queries as org
from kernel.regulation.pack import UnknownMember

router = Router(service="regulation", tag="regulation")


@router.get("/packs", permission=permissions.PACK_READ)
async def list_packs(tx: Tx) -> list[PackVersionView]:
    """The published versions of the tenant's regulation."""
    return await queries.versions(tx)


@router.get("/articles/{number}", permission=permissions.PACK_READ)
async def get_article(tx: Tx, number: str = Path(max_length=40)) -> ArticleView:
    """An article of the regulation in force, with its text."""
    return await _article(tx, number)


async def _article(tx: Transaction, number: str) -> ArticleView:
    try:
        article = (await org.pack(tx)).article(number)
    except UnknownMember as error:
        raise NotFound from error
    detail = article.model_dump(mode="json", exclude_none=True)
    return ArticleView(number=number, status=detail.pop("status"), text=detail.pop("text", None), detail=detail)


@router.post("/evaluations", permission=permissions.RULE_EVALUATE)
async def evaluate_rule(tx: Tx, body: EvaluateBody) -> FindingView:
    """Try a rule on given facts; nothing is stored."""
    return await actions.evaluate(tx, body)

"""HTTP of the regulation room."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from gateway.regulation import actions, permissions, queries
from gateway.regulation.schemas import (
    ArticleView,
    EvaluateBody,
    FigureView,
    FindingView,
    LocalParameterDecision,
    LocalParameterProposal,
    LocalParameterView,
    LocalState,
    PackVersionView,
    TermsView,
)
from kernel.db.transaction import Transaction
from kernel.errors import NotFound, ParameterNotSet, RuleRefused, WrongState
from kernel.http.interpretations import interpretations
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page
from kernel.org import queries as org
from kernel.regulation.pack import UnknownMember

router = Router(service="regulation", tag="regulation")


@router.get("/packs", permission=permissions.PACK_READ)
async def list_packs(tx: Tx) -> list[PackVersionView]:
    """The published versions of the tenant's regulation."""
    return await queries.versions(tx)


@router.get("/terms", permission=permissions.PACK_READ)
async def get_terms(tx: Tx) -> TermsView:
    """What the regulation in force calls its levels, departments, facts, workflows and their steps."""
    return await actions.terms(tx)


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
    return ArticleView(
        number=number,
        status=detail.pop("status"),
        text=detail.pop("text", None),
        detail=detail,
        interpretations=await interpretations(tx, [number], tx.today),
    )


@router.post("/evaluations", permission=permissions.RULE_EVALUATE)
async def evaluate_rule(tx: Tx, body: EvaluateBody) -> FindingView:
    """Try a rule on given facts; nothing is stored."""
    return await actions.evaluate(tx, body)


@router.get("/figures", permission=permissions.PACK_READ, problems=[ParameterNotSet])
async def list_figures(
    tx: Tx,
    prefix: Annotated[str, Query(max_length=80, description="The beginning of the paths asked for.")] = "",
    unit_id: UUID | None = None,
    on: IsoDay | None = None,
) -> list[FigureView]:
    """The figures of the regulation on a day, with what the offices of a unit and above it set locally."""
    return await actions.figures(tx, prefix, unit_id, on)


@router.get("/figures/{path}", permission=permissions.PACK_READ, problems=[ParameterNotSet])
async def get_figure(
    tx: Tx,
    path: Annotated[str, Path(max_length=80)],
    unit_id: UUID | None = None,
    on: IsoDay | None = None,
) -> FigureView:
    """One figure: its value and article, or that this regulation does not say, and what applies then."""
    return await actions.figure(tx, path, unit_id, on)


@router.post(
    "/local-parameters",
    permission=permissions.LOCAL_PROPOSE,
    creates=True,
    status_code=201,
    problems=[RuleRefused, ParameterNotSet],
)
async def propose_local_parameter(tx: Tx, body: LocalParameterProposal) -> LocalParameterView:
    """Propose a figure that the regulation leaves to the acting office."""
    return await actions.propose(tx, body)


@router.get("/local-parameters", permission=permissions.LOCAL_READ)
async def list_local_parameters(
    tx: Tx,
    paging: PageOf,
    path: Annotated[str | None, Query(max_length=80)] = None,
    unit_id: UUID | None = None,
    state: LocalState | None = None,
) -> Page[LocalParameterView]:
    """Figures that offices set or propose, in the order in which they were proposed."""
    items, following = await queries.local_parameters(tx, paging, path=path, unit_id=unit_id, state=state)
    return Page(items=items, next=following)


@router.get("/local-parameters/{parameter_id}", permission=permissions.LOCAL_READ)
async def get_local_parameter(tx: Tx, parameter_id: UUID) -> LocalParameterView:
    """One figure that an office set or proposes."""
    return LocalParameterView.model_validate(await queries.local_parameter(tx, parameter_id))


@router.post(
    "/local-parameters/{parameter_id}/decisions",
    permission=permissions.LOCAL_DECIDE,
    creates=True,
    problems=[RuleRefused, WrongState, ParameterNotSet],
)
async def decide_local_parameter(tx: Tx, parameter_id: UUID, body: LocalParameterDecision) -> LocalParameterView:
    """Approve or reject a proposed figure; whoever proposed it does not decide."""
    return await actions.decide(tx, parameter_id, body)

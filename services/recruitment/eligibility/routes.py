"""Operations of the qualification review."""

from uuid import UUID

from kernel.errors import RuleRefused
from kernel.http.router import Router, Tx
from kernel.regulation.figures import NotRegulated
from services.recruitment import permissions
from services.recruitment.eligibility import actions, queries
from services.recruitment.eligibility.schemas import (
    Conclude,
    DeterminationView,
    EligibilityView,
    Establish,
    Judge,
    Recommend,
    ResultView,
)

router = Router(service="recruitment", tag="eligibility")


@router.post(
    "/applications/{application_id}/determinations",
    permission=permissions.DETERMINATION_RECORD,
    creates=True,
    status_code=201,
    articles=["NM-9", "NM-11", "SH-6"],
)
async def record_judgement(tx: Tx, application_id: UUID, body: Judge) -> DeterminationView:
    """Record a named official's judgement on a rule that the text leaves to people."""
    return await actions.judge(tx, application_id, body)


@router.post(
    "/applications/{application_id}/facts",
    permission=permissions.DETERMINATION_RECORD,
    creates=True,
    status_code=201,
    articles=["NM-9", "NM-11"],
)
async def record_fact(tx: Tx, application_id: UUID, body: Establish) -> DeterminationView:
    """Record a fact: the quality finding, the decision to relax, a check made."""
    return await actions.establish(tx, application_id, body)


@router.post(
    "/applications/{application_id}/recommendation",
    permission=permissions.RECOMMENDATION_RECORD,
    creates=True,
    status_code=201,
    articles=["NM-9"],
    problems=[NotRegulated],
)
async def record_recommendation(tx: Tx, application_id: UUID, body: Recommend) -> DeterminationView:
    """Record whether the township recommends the applicant: without it neither age nor education is relaxed."""
    return await actions.recommend(tx, application_id, body)


@router.get("/applications/{application_id}/recommendation/{determination_id}", permission=permissions.APPLICATION_READ)
async def read_recommendation(tx: Tx, application_id: UUID, determination_id: UUID) -> DeterminationView:
    """One recommendation of the township."""
    return await queries.determination(tx, application_id, determination_id)


@router.get("/applications/{application_id}/determinations/{determination_id}", permission=permissions.APPLICATION_READ)
async def read_determination(tx: Tx, application_id: UUID, determination_id: UUID) -> DeterminationView:
    """One determination about a rule."""
    return await queries.determination(tx, application_id, determination_id)


@router.get("/applications/{application_id}/facts/{determination_id}", permission=permissions.APPLICATION_READ)
async def read_fact(tx: Tx, application_id: UUID, determination_id: UUID) -> DeterminationView:
    """One determination about a fact."""
    return await queries.determination(tx, application_id, determination_id)


@router.get(
    "/applications/{application_id}/eligibility",
    permission=permissions.APPLICATION_READ,
    articles=["NM-9", "NM-11", "SH-6"],
)
async def explain_eligibility(tx: Tx, application_id: UUID) -> EligibilityView:
    """The findings per rule with article, words and facts, and the determinations they rest on."""
    return await actions.explain(tx, application_id)


@router.post(
    "/applications/{application_id}/conclude",
    permission=permissions.APPLICATION_REVIEW,
    creates=True,
    articles=["NM-8", "NM-9", "NM-11", "SH-6", "SH-8"],
    problems=[RuleRefused],
)
async def conclude_review(tx: Tx, application_id: UUID, body: Conclude) -> ResultView:
    """End the review as qualified or not; refused with the findings where these do not bear it."""
    return await actions.conclude(tx, application_id, body)


@router.get(
    "/my/applications/{application_id}/eligibility",
    permission=permissions.APPLICATION_OWN,
    articles=["NM-9", "NM-11", "SH-6"],
)
async def read_my_eligibility(tx: Tx, application_id: UUID) -> ResultView:
    """How one's own review ended, with the article of a refusal."""
    return await queries.result(tx, application_id)

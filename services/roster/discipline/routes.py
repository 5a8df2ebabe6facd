"""Operations on discipline: the organ's, the worker's own, review and tolerance."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from kernel.errors import RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from kernel.regulation.figures import NotRegulated
from services.roster.discipline import actions, queries
from services.roster.discipline.schemas import (
    AppealReview,
    BreachFinding,
    CaseDecision,
    CaseOpening,
    DisciplineFile,
    DisciplineState,
    DisciplineView,
)
from services.roster.hearing_forms import Answer, OwnAnswer, Serving, Statement, ToleranceFinding
from services.roster.permissions import (
    DISCIPLINE_DECIDE,
    DISCIPLINE_OWN,
    DISCIPLINE_PREPARE,
    DISCIPLINE_READ,
    DISCIPLINE_REVIEW,
    TOLERANCE_FIND,
)

router = Router(service="roster", tag="discipline")
ARTICLES = ["SH-24", "NM-38"]
POST: dict[str, Any] = {"creates": True, "articles": ARTICLES, "problems": [NotRegulated, RuleRefused, WrongState]}
TOLERANCE = POST | {"articles": ["NM-36"]}


@router.post("/discipline-cases", permission=DISCIPLINE_PREPARE, status_code=201, **POST)
async def open_discipline_case(tx: Tx, body: CaseOpening) -> DisciplineView:
    """Open a case on a breach of the regulation's list."""
    return await actions.open_case(tx, body)


@router.get("/discipline-cases", permission=DISCIPLINE_READ, articles=ARTICLES)
async def list_discipline_cases(
    tx: Tx,
    paging: PageOf,
    dossier_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[DisciplineState | None, Query()] = None,
) -> Page[DisciplineView]:
    """The cases of the scope."""
    return await queries.page(tx, paging, dossier_id=dossier_id, state=state)


@router.post("/discipline-cases/{case_id}/file", permission=DISCIPLINE_PREPARE, **POST)
async def open_discipline_file(tx: Tx, case_id: UUID) -> DisciplineFile:
    """Open the whole case with what was written; the reading is audited."""
    return await actions.read_file(tx, case_id)


@router.post("/discipline-cases/{case_id}/reasons", permission=DISCIPLINE_PREPARE, **POST)
async def serve_discipline_reasons(tx: Tx, case_id: UUID, body: Serving) -> DisciplineView:
    """Record that facts and reasons were told to the worker."""
    return await actions.serve(tx, case_id, body)


@router.post("/discipline-cases/{case_id}/answer", permission=DISCIPLINE_PREPARE, **POST)
async def record_discipline_answer(tx: Tx, case_id: UUID, body: Answer) -> DisciplineView:
    """Record the worker's answer, or that it was waived."""
    return await actions.hear(tx, case_id, body)


@router.post("/discipline-cases/{case_id}/finding", permission=DISCIPLINE_DECIDE, **POST)
async def find_on_breach(tx: Tx, case_id: UUID, body: BreachFinding) -> DisciplineView:
    """Find, as a named official, whether the parts of the breach are there."""
    return await actions.find(tx, case_id, body)


@router.post("/discipline-cases/{case_id}/decision", permission=DISCIPLINE_DECIDE, **POST)
async def decide_discipline_case(tx: Tx, case_id: UUID, body: CaseDecision) -> DisciplineView:
    """Decide on gravity and effect, or not to pursue."""
    return await actions.decide(tx, case_id, body)


@router.post("/discipline-cases/{case_id}/review", permission=DISCIPLINE_REVIEW, **POST)
async def review_discipline_case(tx: Tx, case_id: UUID, body: AppealReview) -> DisciplineView:
    """Decide on the worker's appeal; upheld, the effect falls."""
    return await actions.review(tx, case_id, body)


@router.post("/discipline-cases/{case_id}/tolerance-finding", permission=TOLERANCE_FIND, **TOLERANCE)
async def find_on_discipline_tolerance(tx: Tx, case_id: UUID, body: ToleranceFinding) -> DisciplineView:
    """Find on a claim of tolerance; upheld, the error may not be used and the case is closed."""
    return await actions.find_tolerance(tx, case_id, body)


@router.get("/own/discipline-cases", permission=DISCIPLINE_OWN, articles=ARTICLES)
async def own_discipline_cases(tx: Tx) -> Page[DisciplineView]:
    """One's own cases, once reasons were served."""
    return Page[DisciplineView](items=await queries.own(tx))


@router.get("/own/discipline-cases/{case_id}", permission=DISCIPLINE_OWN, articles=ARTICLES)
async def own_discipline_case(tx: Tx, case_id: UUID) -> DisciplineFile:
    """One's own case with everything written in it."""
    return await actions.read_file(tx, case_id)


@router.post("/own/discipline-cases/{case_id}/answer", permission=DISCIPLINE_OWN, **POST)
async def answer_own_discipline_case(tx: Tx, case_id: UUID, body: OwnAnswer) -> DisciplineView:
    """Answer the reasons, or waive it."""
    return await actions.answer(tx, case_id, body)


@router.post("/own/discipline-cases/{case_id}/appeal", permission=DISCIPLINE_OWN, **POST)
async def appeal_own_discipline_case(tx: Tx, case_id: UUID, body: Statement) -> DisciplineView:
    """Appeal against the decision."""
    return await actions.appeal(tx, case_id, body)


@router.post("/own/discipline-cases/{case_id}/tolerance-claim", permission=DISCIPLINE_OWN, **TOLERANCE)
async def claim_discipline_tolerance(tx: Tx, case_id: UUID, body: Statement) -> DisciplineView:
    """Claim tolerance of the error; the case waits for the finding."""
    return await actions.claim_tolerance(tx, case_id, body)

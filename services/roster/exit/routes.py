"""Operations on exits: the township's, the worker's own, and the finding on tolerance."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from kernel.errors import RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page
from services.roster.compensation.schemas import CompensationView
from services.roster.exit import actions, queries
from services.roster.exit.schemas import (
    Decision,
    ExitBody,
    ExitFile,
    ExitState,
    ExitView,
    FitnessBody,
    GroundFinding,
    NoticeKind,
)
from services.roster.hearing_forms import Answer, Code, OwnAnswer, Serving, Statement, ToleranceFinding
from services.roster.permissions import (
    COMPENSATION_READ,
    EXIT_DECIDE,
    EXIT_OWN,
    EXIT_PREPARE,
    EXIT_READ,
    TOLERANCE_FIND,
)

router = Router(service="roster", tag="exits")
ARTICLES = ["NM-37", "SH-25", "LCL-40"]
POST: dict[str, Any] = {"creates": True, "articles": ARTICLES, "problems": [RuleRefused, WrongState]}


@router.post("/exits", permission=EXIT_PREPARE, status_code=201, **POST)
async def open_exit(tx: Tx, body: ExitBody) -> ExitView:
    """Put forward a ground of exit with its evidence."""
    return await actions.put_forward(tx, body)


@router.get("/exits", permission=EXIT_READ, articles=ARTICLES)
async def list_exits(
    tx: Tx,
    paging: PageOf,
    dossier_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[ExitState | None, Query()] = None,
) -> Page[ExitView]:
    """The exits of the scope."""
    return await queries.page(tx, paging, dossier_id=dossier_id, state=state)


@router.post("/exits/{exit_id}/file", permission=EXIT_PREPARE, **POST)
async def open_exit_file(tx: Tx, exit_id: UUID) -> ExitFile:
    """Open the whole case with what was written; the reading is audited."""
    return await actions.read_file(tx, exit_id)


@router.post("/exits/{exit_id}/reasons", permission=EXIT_PREPARE, **POST)
async def serve_reasons(tx: Tx, exit_id: UUID, body: Serving) -> ExitView:
    """Record that the reasons were served."""
    return await actions.serve(tx, exit_id, body)


@router.post("/exits/{exit_id}/answer", permission=EXIT_PREPARE, **POST)
async def record_answer(tx: Tx, exit_id: UUID, body: Answer) -> ExitView:
    """Record the worker's answer, or that it was waived."""
    return await actions.hear(tx, exit_id, body)


@router.post("/exits/{exit_id}/finding", permission=EXIT_DECIDE, **POST)
async def find_on_ground(tx: Tx, exit_id: UUID, body: GroundFinding) -> ExitView:
    """Find, as a named official, whether the parts of the ground are there."""
    return await actions.find(tx, exit_id, body)


@router.post("/exits/{exit_id}/fitness", permission=EXIT_DECIDE, **POST)
async def record_fitness(tx: Tx, exit_id: UUID, body: FitnessBody) -> ExitView:
    """Record training or transfer after two failed years, and whether the worker is still unfit (LCL-40)."""
    return await actions.record_fitness(tx, exit_id, body)


@router.post("/exits/{exit_id}/decision", permission=EXIT_DECIDE, **POST)
async def decide_exit(tx: Tx, exit_id: UUID, body: Decision) -> ExitView:
    """Decide: a contract ends with its last day; recall or removal from an office is opened only."""
    return await actions.decide(tx, exit_id, body)


@router.get(
    "/exits/{exit_id}/compensation",
    permission=COMPENSATION_READ,
    articles=[*ARTICLES, "LCL-46", "LCL-47", "LCL-50"],
    problems=[RuleRefused],
)
async def exit_compensation(
    tx: Tx,
    exit_id: UUID,
    last_day: Annotated[IsoDay, Query(description="The last day on which it would be decided.")],
    notice: Annotated[NoticeKind, Query()] = "none",
    statute_ground: Annotated[Code | None, Query()] = None,
) -> CompensationView:
    """What would be due to the worker if the case were decided so, with every fact and article; nothing is stored."""
    return await actions.compensation(tx, exit_id, last_day, notice, statute_ground)


@router.post("/exits/{exit_id}/tolerance-finding", permission=TOLERANCE_FIND, **POST | {"articles": ["NM-36"]})
async def find_on_tolerance(tx: Tx, exit_id: UUID, body: ToleranceFinding) -> ExitView:
    """Find on a claim of tolerance; upheld, the error may not be used and the case is closed."""
    return await actions.find_tolerance(tx, exit_id, body)


@router.get("/own/exits", permission=EXIT_OWN, articles=ARTICLES)
async def own_exits(tx: Tx) -> Page[ExitView]:
    """One's own cases, once reasons were served."""
    return Page[ExitView](items=await queries.own(tx))


@router.get("/own/exits/{exit_id}", permission=EXIT_OWN, articles=ARTICLES)
async def own_exit(tx: Tx, exit_id: UUID) -> ExitFile:
    """One's own case with everything written in it."""
    return await actions.read_file(tx, exit_id)


@router.post("/own/exits/{exit_id}/answer", permission=EXIT_OWN, **POST)
async def answer_own_exit(tx: Tx, exit_id: UUID, body: OwnAnswer) -> ExitView:
    """Answer the reasons, or waive it."""
    return await actions.answer(tx, exit_id, body)


@router.post("/own/exits/{exit_id}/appeal", permission=EXIT_OWN, **POST)
async def appeal_own_exit(tx: Tx, exit_id: UUID, body: Statement) -> ExitView:
    """Appeal against the decision."""
    return await actions.appeal(tx, exit_id, body)


@router.post("/own/exits/{exit_id}/tolerance-claim", permission=EXIT_OWN, **POST | {"articles": ["NM-36"]})
async def claim_tolerance(tx: Tx, exit_id: UUID, body: Statement) -> ExitView:
    """Claim tolerance of the error; the case waits for the finding."""
    return await actions.claim_tolerance(tx, exit_id, body)

"""Operations on objections against a hire."""

from uuid import UUID

from kernel.errors import RuleRefused, WrongState
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.recruitment import permissions
from services.recruitment.objection import actions, queries
from services.recruitment.objection.schemas import (
    Answer,
    Object,
    ObjectionRecord,
    ObjectionView,
    ObjectorView,
    Unseal,
)

router = Router(service="recruitment", tag="objections")


@router.post(
    "/hires/{hire_id}/objections",
    permission=permissions.OBJECTION_RECORD,
    creates=True,
    status_code=201,
    articles=["NM-8"],
    problems=[WrongState],
)
async def record_objection(tx: Tx, hire_id: UUID, body: Object) -> ObjectionRecord:
    """Record an objection in writing; who objects stays sealed, and nothing is decided before it is answered."""
    return await actions.take_down(tx, hire_id, body)


@router.get("/hires/{hire_id}/objections", permission=permissions.OBJECTION_READ, articles=["NM-8"])
async def list_objections(tx: Tx, hire_id: UUID) -> Page[ObjectionView]:
    """The objections against a hire with their answers, oldest first."""
    return Page(items=await queries.of_hire(tx, hire_id))


@router.get("/hires/{hire_id}/objections/{objection_id}", permission=permissions.OBJECTION_READ)
async def read_objection(tx: Tx, hire_id: UUID, objection_id: UUID) -> ObjectionView:
    """One objection with its answer."""
    return await queries.view(tx, hire_id, objection_id)


@router.post(
    "/hires/{hire_id}/objections/{objection_id}/answer",
    permission=permissions.OBJECTION_ANSWER,
    creates=True,
    articles=["NM-8"],
    problems=[WrongState, RuleRefused],
)
async def answer_objection(tx: Tx, hire_id: UUID, objection_id: UUID, body: Answer) -> ObjectionRecord:
    """Answer an objection: dismissed, the case goes on; upheld, the hire is returned or rejected."""
    return await actions.answer(tx, hire_id, objection_id, body)


# No Idempotency-Key: it would keep the answer, and with it who objected, in clear.
@router.post("/hires/{hire_id}/objections/{objection_id}/objector", permission=permissions.OBJECTION_UNSEAL)
async def unseal_objector(tx: Tx, hire_id: UUID, objection_id: UUID, body: Unseal) -> ObjectorView:
    """Who objected, with the reason why it has to be known; audited."""
    return await actions.unseal(tx, hire_id, objection_id, body)

"""Operations of grading: moving on, how everybody stands, confirmation."""

from uuid import UUID

from kernel.errors import RuleRefused, WrongState
from kernel.http.router import Router, Tx
from services.assessment.cycle.queries import CycleView
from services.assessment.grading import actions
from services.assessment.grading.schemas import Advance, Confirmation, StandingView
from services.assessment.permissions import CYCLE_READ, CYCLE_RUN, GRADE_CONFIRM

router = Router(service="assessment", tag="grading")
REFUSALS = [RuleRefused, WrongState]
CONFIRM_SECONDS = 30
"""A large county's hundreds of results are confirmed and told in one transaction."""


@router.post(
    "/cycles/{cycle_id}/advance",
    permission=CYCLE_RUN,
    creates=True,
    articles=["NM-28", "SH-20", "SH-22"],
    problems=REFUSALS,
)
async def advance_cycle(tx: Tx, cycle_id: UUID, body: Advance) -> CycleView:
    """End the stage that is named and begin the next."""
    return await actions.advance(tx, cycle_id, body.stage)


@router.get(
    "/cycles/{cycle_id}/standing", permission=CYCLE_READ, articles=["NM-28", "SH-21", "SH-23"], problems=REFUSALS
)
async def read_standing(tx: Tx, cycle_id: UUID) -> StandingView:
    """How everybody stands before confirmation: composites, bounds, and the cap of the top grade."""
    return await actions.standing(tx, cycle_id)


@router.post(
    "/cycles/{cycle_id}/confirm",
    permission=GRADE_CONFIRM,
    creates=True,
    deadline=CONFIRM_SECONDS,
    articles=["NM-28", "NM-37", "SH-22", "SH-23", "SH-25"],
    problems=REFUSALS,
)
async def confirm_grades(tx: Tx, cycle_id: UUID, body: Confirmation) -> CycleView:
    """Confirm the grades of everybody in the cycle."""
    return await actions.confirm(tx, cycle_id, body)

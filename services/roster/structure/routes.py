"""Operations on the structure of a community."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import Conflict, ParameterNotSet, RuleRefused, WrongState
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.permissions import STRUCTURE_OWN, STRUCTURE_READ, STRUCTURE_WRITE
from services.roster.structure import actions
from services.roster.structure.schemas import AssignmentBody, AssignmentView, StructureView

router = Router(service="roster", tag="structure")


@router.get("/structure", permission=STRUCTURE_READ, articles=["SH-4", "SH-9", "SH-10"])
async def read_structure(
    tx: Tx, community_unit_id: Annotated[UUID, Query(description="The community.")]
) -> StructureView:
    """Who works where in a community today, and who is not assigned; `not_regulated` where no places are written."""
    return await actions.overview(tx, community_unit_id)


@router.post(
    "/structure-assignments",
    permission=STRUCTURE_WRITE,
    creates=True,
    status_code=201,
    articles=["SH-4", "SH-9", "SH-10"],
    problems=[ParameterNotSet, WrongState, Conflict, RuleRefused],
)
async def assign_place(tx: Tx, body: AssignmentBody) -> AssignmentView:
    """Assign somebody to a place of their community from a day on; the place before ends."""
    return await actions.assign(tx, body)


@router.get("/structure-assignments/{assignment_id}", permission=STRUCTURE_READ, articles=["SH-10"])
async def read_assignment(tx: Tx, assignment_id: UUID) -> AssignmentView:
    """One person's place for a period."""
    return await actions.read(tx, assignment_id)


@router.get("/own/structure-assignments", permission=STRUCTURE_OWN, articles=["SH-10"])
async def own_assignments(tx: Tx) -> Page[AssignmentView]:
    """The places of the person who asks."""
    return Page[AssignmentView](items=await actions.own(tx))

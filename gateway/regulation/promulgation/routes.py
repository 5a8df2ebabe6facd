"""HTTP of drafts, publication and differences."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from gateway.regulation import permissions
from gateway.regulation.promulgation import actions, queries
from gateway.regulation.promulgation.schemas import DifferenceView, DraftBody, DraftDecision, DraftView
from kernel.errors import Conflict, ParameterNotSet, RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from kernel.regulation.faults import PackRefused

router = Router(service="regulation", tag="promulgation")
DRAFT_BYTES = 1024 * 1024
"""A pack with its cases has 150 KB; one event carries at most 900 KB."""
CHECK_SECONDS = 30
Number = Annotated[str, Query(max_length=20, description="A published version.")]


@router.post(
    "/drafts",
    permission=permissions.DRAFT_WRITE,
    creates=True,
    status_code=201,
    body_limit=DRAFT_BYTES,
    deadline=CHECK_SECONDS,
    problems=[PackRefused, ParameterNotSet],
)
async def hand_in_draft(tx: Tx, body: DraftBody) -> DraftView:
    """Hand in a version: it is checked with its cases, and kept only without fault."""
    return await actions.hand_in(tx, body)


@router.get("/drafts", permission=permissions.DRAFT_READ)
async def list_drafts(tx: Tx, paging: PageOf) -> Page[DraftView]:
    """Drafts of the regulation, in the order in which they were handed in."""
    items, following = await queries.drafts(tx, paging)
    return Page(items=items, next=following)


@router.get("/drafts/{draft_id}", permission=permissions.DRAFT_READ)
async def get_draft(tx: Tx, draft_id: UUID) -> DraftView:
    """One draft and what became of it."""
    return DraftView.model_validate(await queries.draft(tx, draft_id))


@router.get("/drafts/{draft_id}/differences", permission=permissions.DRAFT_READ, problems=[ParameterNotSet])
async def compare_draft(tx: Tx, draft_id: UUID) -> DifferenceView:
    """What the draft changes against the version in force, in words."""
    return await actions.compare_draft(tx, draft_id)


@router.post(
    "/drafts/{draft_id}/decisions",
    permission=permissions.DRAFT_DECIDE,
    creates=True,
    problems=[RuleRefused, WrongState, Conflict, ParameterNotSet],
)
async def decide_draft(tx: Tx, draft_id: UUID, body: DraftDecision) -> DraftView:
    """Publish the draft from a day on, or reject it; whoever handed it in does not decide."""
    return await actions.decide(tx, draft_id, body)


@router.get("/differences", permission=permissions.PACK_READ)
async def compare_versions(tx: Tx, earlier: Number, later: Number) -> DifferenceView:
    """What one published version changes against another, in words."""
    return await actions.compare(tx, earlier, later)

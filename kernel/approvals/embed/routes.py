"""The approvals of a service over HTTP, mounted by each service under `/api/v1/<service>/approvals`."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.access.permission import Permission
from kernel.approvals.embed import actions, queries
from kernel.approvals.embed.actions import Approvals
from kernel.approvals.embed.schemas import (
    AllowedActions,
    CaseLine,
    CaseView,
    DecisionBody,
    RecordLine,
)
from kernel.approvals.machine import ACTION_LABELS, STATE_LABELS
from kernel.approvals.model import Action, CaseState
from kernel.errors import RuleRefused, WrongState
from kernel.http.labels import labelled
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page

labelled("approval.case_state", STATE_LABELS)
labelled("approval.action", ACTION_LABELS)


def approval_router(service: str, approvals: Approvals, *, read: Permission, decide: Permission) -> Router:
    """The operations on the cases of `service`: list, one, what is allowed, decisions, timeline."""
    router = Router(service=service, tag="approvals")

    @router.get("/approvals", permission=read)
    async def list_approvals(
        tx: Tx,
        page: PageOf,
        state: CaseState | None = None,
        mine: Annotated[bool, Query(description="Only cases at which the acting post can act now.")] = False,
        unstaffed: Annotated[bool, Query(description="Only cases with an open step at which nobody can act.")] = False,
        subject_id: UUID | None = None,
    ) -> Page[CaseLine]:
        items, following = await queries.cases(
            tx, page, state=state, mine=mine, unstaffed=unstaffed, subject_id=subject_id
        )
        return Page(items=items, next=following)

    @router.get("/approvals/{case_id}", permission=read)
    async def get_approval(tx: Tx, case_id: UUID) -> CaseView:
        return await actions.one(tx, case_id)

    @router.get("/approvals/{case_id}/allowed-actions", permission=read)
    async def get_allowed_actions(tx: Tx, case_id: UUID) -> AllowedActions:
        return await actions.allowed_actions(tx, case_id)

    @router.get("/approvals/{case_id}/timeline", permission=read)
    async def get_approval_timeline(tx: Tx, case_id: UUID, page: PageOf) -> Page[RecordLine]:
        items, following = await queries.timeline(tx, case_id, page)
        return Page(items=items, next=following)

    @router.post("/approvals/{case_id}/decisions", permission=decide, creates=True, problems=[WrongState, RuleRefused])
    async def decide_approval(tx: Tx, case_id: UUID, body: DecisionBody) -> CaseView:
        action = Action(
            body.action,
            tx.context.actor,
            body.step,
            comment=body.comment,
            objection=body.objection,
            upheld=body.upheld,
        )
        return await approvals.decide(tx, case_id, action)

    return router

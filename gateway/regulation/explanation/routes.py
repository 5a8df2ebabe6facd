"""HTTP of explanations."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from gateway.regulation import permissions
from gateway.regulation.explanation import actions
from gateway.regulation.explanation.schemas import (
    ExplainBody,
    ExplanationView,
    GroupView,
    Question,
    WhatIfBody,
    WhatIfView,
)
from kernel.errors import ParameterNotSet
from kernel.http.router import Router, Tx

router = Router(service="regulation", tag="explanations")


@router.get("/rule-groups/{group}", permission=permissions.PACK_READ, problems=[ParameterNotSet])
async def get_rule_group(tx: Tx, group: Annotated[str, Path(max_length=60)]) -> GroupView:
    """The rules of a group of the regulation in force, and the facts they read."""
    return await actions.group(tx, group)


@router.post("/explanations", permission=permissions.RULE_EVALUATE, problems=[ParameterNotSet])
async def explain(tx: Tx, body: ExplainBody) -> ExplanationView:
    """The findings of a group of rules on given facts, with article, words and facts; nothing is stored."""
    return await actions.explain(tx, body)


@router.post("/what-ifs", permission=permissions.RULE_EVALUATE, problems=[ParameterNotSet])
async def what_if(tx: Tx, body: WhatIfBody) -> WhatIfView:
    """What other facts or another version would change; nothing is stored."""
    return await actions.what_if(tx, body)


@router.post("/drafts/{draft_id}/what-ifs", permission=permissions.DRAFT_READ, problems=[ParameterNotSet])
async def what_if_draft(tx: Tx, draft_id: UUID, body: Question) -> WhatIfView:
    """What a draft would change on given facts; nothing is stored."""
    return await actions.under_draft(tx, draft_id, body)

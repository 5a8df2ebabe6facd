"""Every cell of docs/approvals.md over HTTP: what the machine says is what the operation does."""

from typing import Any, get_args

import pytest

from kernel.approvals import cells
from kernel.approvals.acts import BY_SYSTEM
from kernel.approvals.definition import STEP_KINDS
from kernel.approvals.model import ActionKind
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.kernel.approvals.desk import OURS, Desk, label, pack

EXPECTED = cells.table()


def written(step: dict[str, Any]) -> dict[str, Any]:
    """A step of the table in the form of a pack."""
    return {**step, "label": label(step["id"]), "blocks": step["kind"] not in ("file", "guide", "notify"), **OURS}


FINAL = {"id": cells.NEXT, "kind": "approve", "by": {"department": cells.LEAD, "level": cells.LEVEL}}
WORKFLOWS: dict[str, Any] = {f"cell_{kind}": [written(cells.step_of(kind)), written(FINAL)] for kind in STEP_KINDS}
PACK = pack(**WORKFLOWS)


@pytest.fixture(scope="module")
async def cell_desk(approval_service: ServiceUnderTest) -> Desk:
    """A tenant whose regulation has a workflow for each kind of step."""
    return await Desk.at(approval_service, PACK)


@pytest.mark.parametrize("kind", STEP_KINDS)
async def test_each_action_at_a_step_of_the_kind(cell_desk: Desk, kind: str) -> None:
    actors = {
        "submitter": cell_desk.handler,
        # The clock's actions are offered to nobody: who asks for them is told that there is no such decision.
        "system": cell_desk.handler,
        **{each: await cell_desk.tenant.appoint(cells.LEVEL, each, "approver") for each in cells.DEPARTMENTS},
    }
    case = None
    for action in get_args(ActionKind):
        # What was refused has left the case as it was.
        case = case or await cell_desk.case(f"cell_{kind}")
        step = None if action in ("submit", "withdraw", "remind") else cells.STEP
        answer = await cell_desk.decide(
            actors[cells.acts_for(kind, action)], case.id, action, step, **cells.brings(action)
        )
        if action in BY_SYSTEM:
            assert answer.status_code == 422
            continue
        body = answer.json()
        if answer.status_code == 200:
            got, case = f"{body['state']} · {body['steps'][0]['state']}", None
        else:
            got = body["type"].removeprefix("/problems/")
        assert got == EXPECTED[kind][action], (kind, action, answer.text)

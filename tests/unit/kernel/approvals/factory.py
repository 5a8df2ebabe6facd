"""Offices, actors and workflows for the tests of approvals. Made-up, of no jurisdiction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from kernel.approvals import machine
from kernel.approvals.definition import WorkflowDefinition
from kernel.approvals.model import Action, ActionKind, Case, Transition
from kernel.calendar import WorkingCalendar
from kernel.context import Actor
from kernel.ids import new_id

CALENDAR = WorkingCalendar("test")
TODAY = date(2026, 3, 2)
COUNTY, LEAGUE = 11_000, 10_000
UNITS = {"county": COUNTY, "league": LEAGUE}


def official(level: str, department: str, duty: str = "approver", user: UUID | None = None) -> Actor:
    """An official in one post of the test tree."""
    return Actor(
        "official",
        user=user or new_id(),
        post=new_id(),
        unit_no=UNITS[level],
        department_kind=department,
        level=level,
        duty=duty,
    )


SYSTEM = Actor("system")


def step(step_id: str, kind: str, department: str, level: str = "league", **more: Any) -> dict[str, Any]:
    """One step in the form of a pack."""
    return {"id": step_id, "kind": kind, "by": {"department": department, "level": level}, **more}


def workflow(*steps: dict[str, Any]) -> WorkflowDefinition:
    """A workflow of those steps."""
    return WorkflowDefinition.load({"name": "test_flow", "version": 1, "steps": list(steps)})


def seated(transition: Transition, without: Sequence[str] = ()) -> Transition:
    """The transition with the acting units found, as the embed does when steps open."""
    case = transition.case
    for each in case.steps:
        if each.state == "open" and each.id not in without:
            signers = tuple(replace(signer, unit_no=UNITS[signer.office.level]) for signer in each.signers)
            case = case.put(replace(each, unit_no=UNITS[each.definition.by.level], signers=signers))
    return replace(transition, case=case)


def opened(flow: WorkflowDefinition, submitter: Actor, **more: Any) -> Case:
    """A case on its first step."""
    return seated(started(flow, submitter, **more)).case


def started(flow: WorkflowDefinition, submitter: Actor, **more: Any) -> Transition:
    """What opening a case leads to."""
    return machine.start(
        new_id(),
        flow,
        subject_type="thing",
        subject_id=new_id(),
        actor=submitter,
        today=TODAY,
        calendar=CALENDAR,
        **more,
    )


def act(
    case: Case,
    kind: ActionKind,
    actor: Actor,
    step_id: str | None = None,
    *,
    today: date = TODAY,
    **more: Any,
) -> Transition:
    """Apply one action with a comment, and seat the steps it opens."""
    more.setdefault("comment", "理由")
    return seated(machine.apply(case, Action(kind, actor, step_id, **more), today=today, calendar=CALENDAR))

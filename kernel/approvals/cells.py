"""The table step kind × action → what comes of it, worked out by the machine itself for docs/approvals.md.

Each cell stands for one situation: a step of the kind is open and another step follows it, the action brings all that
it needs, and whoever acts is of the office that the action is for.
"""

from dataclasses import replace
from datetime import date
from typing import Any, get_args
from uuid import UUID

from kernel.approvals import machine
from kernel.approvals.acts import ACTION_LABELS, BY_SYSTEM, OF_CASE, OF_SUBMITTER
from kernel.approvals.definition import STEP_KINDS, Office, WorkflowDefinition
from kernel.approvals.model import Action, ActionKind, Case
from kernel.calendar import WorkingCalendar
from kernel.context import Actor
from kernel.errors import Problem
from kernel.ids import new_id

STEP, NEXT = "step", "next"
LEAD, PARTNER, ADDED = "lead_department", "partner_department", "added_department"
DEPARTMENTS = (LEAD, PARTNER, ADDED)
LEVEL = "league"
_UNIT, _SUBMITTING = 2, 3
_DAY, _CALENDAR = date(2026, 3, 2), WorkingCalendar("cells")


def step_of(kind: str) -> dict[str, Any]:
    """The step of a kind in the form of a definition, with what the kind needs."""
    form: dict[str, Any] = {"id": STEP, "kind": kind, "by": {"department": LEAD, "level": LEVEL}}
    if kind in ("joint", "countersign"):
        form["partners"] = [{"department": PARTNER, "level": LEVEL}]
    match kind:
        case "countersign":
            form["mode"] = "all"
        case "publicize":
            form["period"] = {"count": 5, "unit": "calendar"}
        case "fix":
            form["figures"] = ["posts"]
        case _:
            pass
    return form


def brings(action: ActionKind) -> dict[str, Any]:
    """What the action brings with it, in the members of a decision over HTTP."""
    more: dict[str, Any] = {"comment": "说明"}
    match action:
        case "fix":
            more["figures"] = {"posts": 1}
        case "determine":
            more["met"] = True
        case "add_signer" | "remove_signer":
            more["office"] = {"department": ADDED, "level": LEVEL}
        case "handle_objection":
            more["upheld"] = False
            more["objection"] = str(UUID(int=1))
        case _:
            pass
    return more


def acts_for(kind: str, action: ActionKind) -> str:
    """Who acts in the cell: `submitter`, `system`, or the department of the acting post."""
    if action in (*OF_CASE, *OF_SUBMITTER):
        return "submitter"
    if action in BY_SYSTEM:
        return "system"
    return PARTNER if action in ("sign", "refuse") else LEAD


def table() -> dict[str, dict[ActionKind, str]]:
    """By step kind and action: `case state · step state`, or the name of the problem that refuses it."""
    return {kind: {action: _cell(kind, action) for action in get_args(ActionKind)} for kind in STEP_KINDS}


def markdown() -> str:
    """The table as docs/approvals.md holds it: an action in each line, a kind in each column."""
    found = table()
    lines = [
        "| action | " + " | ".join(f"`{kind}`" for kind in found) + " |",
        "|---" * (len(found) + 1) + "|",
    ]
    for action in get_args(ActionKind):
        cells = " | ".join(found[kind][action] for kind in found)
        lines.append(f"| `{action}` {ACTION_LABELS[action][0]} | {cells} |")
    return "\n".join(lines) + "\n"


def _cell(kind: str, action: ActionKind) -> str:
    case, submitter = _open(kind)
    who = acts_for(kind, action)
    actor = {"submitter": submitter, "system": Actor("system")}.get(who) or _official(who)
    more = brings(action)
    office, objection = more.get("office"), more.get("objection")
    asked = Action(
        action,
        actor,
        None if action in OF_CASE else STEP,
        comment=more["comment"],
        objection=UUID(objection) if objection else None,
        upheld=more.get("upheld"),
        office=Office(office["department"], office["level"]) if office else None,
        figures=more.get("figures", {}),
        met=more.get("met"),
    )
    try:
        after = machine.apply(case, asked, today=_DAY, calendar=_CALENDAR).case
    except Problem as problem:
        return problem.name
    return f"{after.state} · {after.steps[0].state}"


def _open(kind: str) -> tuple[Case, Actor]:
    final = {"id": NEXT, "kind": "approve", "by": {"department": LEAD, "level": LEVEL}}
    flow = WorkflowDefinition.load({"name": "cells", "version": 1, "steps": [step_of(kind), final]})
    submitter = replace(_official("submitting_department"), unit_no=_SUBMITTING, level="county")
    case = machine.start(
        new_id(),
        flow,
        subject_type="cell",
        subject_id=new_id(),
        actor=submitter,
        today=_DAY,
        calendar=_CALENDAR,
    ).case
    for step in case.steps:
        signers = tuple(replace(each, unit_no=_UNIT) for each in step.signers)
        case = case.put(replace(step, unit_no=_UNIT, signers=signers))
    return case, submitter


def _official(department: str) -> Actor:
    return Actor(
        "official",
        user=new_id(),
        post=new_id(),
        unit_no=_UNIT,
        department_kind=department,
        level=LEVEL,
        duty="approver",
    )

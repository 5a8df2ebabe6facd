"""Drafting, changing and submitting a plan, and what its approval leads to (NM-8)."""

from typing import Any
from uuid import UUID

from contracts.recruitment import PlanApproved
from kernel.approvals.model import CaseState
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, Forbidden, InvalidInput, NotFound, Text
from kernel.events.outbox import audit, emit
from kernel.http.etag import check_version
from kernel.ids import new_id
from kernel.org import queries as org_queries
from kernel.regulation.pack import Pack
from services.recruitment.approvals import approvals
from services.recruitment.plan import queries, rules
from services.recruitment.plan.schemas import PlanDraft, PlanItemDraft, PlanView
from services.recruitment.plan.tables import Plan, PlanItem

SUBJECT = "plan"


async def draft(tx: Transaction, body: PlanDraft) -> PlanView:
    """Draft a plan for the unit of the acting post, under the regulation in force today.

    Raises `RuleRefused` where units of that level do not organise recruitments, `InvalidInput` for a community
    outside the unit or a category that is not recruited.
    """
    actor = tx.context.actor
    if actor.unit_no is None or actor.level is None:
        raise Forbidden(Text("请以岗位身份办理", "Act in a post: a plan belongs to its unit."))
    pack = await org_queries.pack(tx)
    rules.check_organiser(pack, actor.level)
    unit = await org_queries.unit_by_no(tx, actor.unit_no)
    plan = Plan(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=unit.unit_no,
        unit_id=unit.id,
        level=unit.level,
        state="draft",
        pack_id=pack.id,
        pack_version=pack.version,
        drafted_at=tx.now,
        drafted_by_post=actor.post,
        **_members(body),
    )
    tx.session.add(plan)
    await tx.session.flush()
    await queries.replace_items(tx, plan.id, await _items(tx, plan, pack, body.items))
    await audit(tx, "recruitment.plan.draft", subject_type=SUBJECT, subject_id=plan.id)
    return await queries.view(tx, plan.id)


async def change(tx: Transaction, plan_id: UUID, body: PlanDraft, version: int) -> PlanView:
    """Replace a draft, or a plan that was returned for correction. Raises `WrongState` while others decide on it."""
    plan = await queries.row(tx, plan_id, lock=True)
    check_version(plan.version, version)
    rules.check_editable(await queries.state(tx, plan))
    pack = await org_queries.pack_version(tx, plan.pack_id, plan.pack_version)
    for name, value in _members(body).items():
        setattr(plan, name, value)
    plan.version += 1
    await queries.replace_items(tx, plan.id, await _items(tx, plan, pack, body.items))
    await audit(tx, "recruitment.plan.change", subject_type=SUBJECT, subject_id=plan.id)
    return await queries.view(tx, plan.id)


async def submit(tx: Transaction, plan_id: UUID) -> PlanView:
    """Submit a draft: it goes its way of approval, or stands at once where the regulation writes none (NM-8).

    Raises `ParameterNotSet` where the plan leaves open a time that the regulation leaves to it.
    """
    plan = await queries.row(tx, plan_id, lock=True)
    rules.check_submittable(plan.state)
    pack = await org_queries.pack_version(tx, plan.pack_id, plan.pack_version)
    rules.check_times_set(pack, plan.level, facts_of(plan))
    # Before the case opens: a workflow in which nothing blocks is decided within `open`.
    _move(plan, "submitted")
    await tx.session.flush()
    case = await approvals.open(
        tx,
        workflow=rules.WORKFLOW,
        subject_type=SUBJECT,
        subject_id=plan.id,
        subject_unit_no=plan.unit_no,
        facts=facts_of(plan),
    )
    if case is None:
        await _approve(tx, plan)
    else:
        plan.case_id = case.id
    await tx.session.flush()
    await audit(tx, "recruitment.plan.submit", subject_type=SUBJECT, subject_id=plan.id, facts={"state": plan.state})
    return await queries.view(tx, plan.id)


async def decided(tx: Transaction, plan_id: UUID, outcome: CaseState) -> None:
    """Follow the plan's case to its end: approved or rejected; withdrawn, it is a draft again."""
    plan = await queries.row(tx, plan_id, lock=True)
    if plan.state != "submitted":
        return
    if outcome == "approved":
        await _approve(tx, plan)
    else:
        _move(plan, "draft" if outcome == "withdrawn" else "rejected")
    await audit(tx, "recruitment.plan.decided", subject_type=SUBJECT, subject_id=plan.id, facts={"outcome": outcome})
    await tx.session.flush()


def facts_of(plan: Plan) -> dict[str, object]:
    """What the plan sets for cases that rest on it: times that the regulation leaves to the plan."""
    return {
        name: value
        for name, value in (("publicity_days", plan.publicity_days), ("publicity_unit", plan.publicity_unit))
        if value is not None
    }


async def _approve(tx: Transaction, plan: Plan) -> None:
    _move(plan, "approved")
    posts = sum(item.posts for item in await queries.items(tx, plan.id))
    await emit(
        tx,
        PlanApproved(
            plan_id=str(plan.id),
            organiser_unit_id=str(plan.unit_id),
            organiser_unit_no=plan.unit_no,
            posts=posts,
            pack_id=plan.pack_id,
            pack_version=plan.pack_version,
        ),
        aggregate_id=plan.id,
        unit_no=plan.unit_no,
    )


def _move(plan: Plan, state: str) -> None:
    plan.state = state
    plan.version += 1


def _members(body: PlanDraft) -> dict[str, Any]:
    return body.model_dump(exclude={"items"})


async def _items(tx: Transaction, plan: Plan, pack: Pack, drafts: list[PlanItemDraft]) -> list[PlanItem]:
    made = []
    for index, item in enumerate(drafts):
        rules.check_category(pack, item.category, f"/items/{index}/category")
        pointer = f"/items/{index}/community_unit_id"
        try:
            community = await org_queries.unit_in_scope(tx, item.community_unit_id)
        except NotFound:
            raise _not_a_community(pointer) from None
        if community.level != "community":
            raise _not_a_community(pointer)
        made.append(
            PlanItem(
                tenant_id=tx.tenant,
                id=new_id(),
                plan_id=plan.id,
                unit_no=plan.unit_no,
                community_unit_no=community.unit_no,
                community_title=community.title,
                **item.model_dump(),
            )
        )
    return made


def _not_a_community(pointer: str) -> InvalidInput:
    return InvalidInput(
        errors=[FieldError(pointer, Text("不是本单位所辖社区", "Not a community of the organising unit."))]
    )

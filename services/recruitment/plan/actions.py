"""Drafting, changing and submitting a plan, the posts kept for it, and what its approval leads to (NM-5, NM-8)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contracts.recruitment import PlanApproved, PlanAsksForPosts, PlanEnded
from contracts.roster import HeadcountReserved
from kernel.approvals.model import Action, CaseState
from kernel.context import Actor
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, Forbidden, InvalidInput, NotFound, Text
from kernel.events.outbox import audit, emit
from kernel.http.etag import check_version
from kernel.ids import new_id
from kernel.org import queries as org_queries
from kernel.regulation.pack import Pack
from services.recruitment.approvals import approvals
from services.recruitment.headcount import actions as headcount
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
    _check_asked_for(pack, actor.level, body)
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
    _check_asked_for(pack, plan.level, body)
    for name, value in _members(body).items():
        setattr(plan, name, value)
    plan.version += 1
    await queries.replace_items(tx, plan.id, await _items(tx, plan, pack, body.items))
    await audit(tx, "recruitment.plan.change", subject_type=SUBJECT, subject_id=plan.id)
    return await queries.view(tx, plan.id)


async def submit(tx: Transaction, plan_id: UUID) -> PlanView:
    """Submit a draft: roster is asked to keep its posts, then it goes its way of approval (NM-5, NM-8).

    Raises `RuleRefused` with the numbers where the posts are not free as far as is known here, `ParameterNotSet` where
    a community has no number or the plan leaves open a time that the regulation leaves to it. Where the regulation
    sets no number nothing is asked and the way of approval begins at once.
    """
    plan = await queries.row(tx, plan_id, lock=True)
    rules.check_submittable(plan.state)
    pack = await org_queries.pack_version(tx, plan.pack_id, plan.pack_version)
    rules.check_times_set(pack, plan.level, facts_of(plan))
    plan.submitter = _as_json(tx.context.actor)
    if await _ask(tx, plan, pack):
        _move(plan, "reserving")
    else:
        await _open(tx, plan)
    await tx.session.flush()
    await audit(tx, "recruitment.plan.submit", subject_type=SUBJECT, subject_id=plan.id, facts={"state": plan.state})
    return await queries.view(tx, plan.id)


async def answered(tx: Transaction, answer: HeadcountReserved) -> None:
    """Follow roster's answer: the way of approval begins, or the plan ends as refused with the finding (NM-5).

    An answer to an earlier request, or one that comes after the plan ended, changes nothing.
    """
    plan = await queries.row(tx, UUID(answer.plan_id), lock=True)
    if plan.seats != "asked" or plan.round != answer.round:
        return
    if answer.granted:
        plan.seats = "held"
        if plan.state == "reserving":
            await _open(tx, plan)
    else:
        await _refuse(tx, plan, answer)
    await tx.session.flush()
    facts = {"granted": answer.granted, "asked": answer.asked, "free": answer.free}
    await audit(tx, "recruitment.plan.seats_answered", subject_type=SUBJECT, subject_id=plan.id, facts=facts)


async def decided(tx: Transaction, plan_id: UUID, outcome: CaseState) -> None:
    """Follow the plan's case to its end: approved or rejected; withdrawn, it is a draft again.

    Raises `WrongState` for an approval before roster has answered, which undoes it.
    """
    plan = await queries.row(tx, plan_id, lock=True)
    if plan.state != "submitted":
        return
    if outcome == "approved":
        rules.check_seats_answered(plan.seats)
        await _approve(tx, plan)
    else:
        await _release(tx, plan, outcome)
        _move(plan, "draft" if outcome == "withdrawn" else "rejected")
    await audit(tx, "recruitment.plan.decided", subject_type=SUBJECT, subject_id=plan.id, facts={"outcome": outcome})
    await tx.session.flush()


async def moved(tx: Transaction, plan_id: UUID, state: CaseState) -> None:
    """A plan that was returned keeps no posts; submitted again it asks for those that it has now.

    Raises as `submit` does where they are not free, which undoes the submission.
    """
    plan = await queries.row(tx, plan_id, lock=True)
    if plan.state != "submitted":
        return
    if state == "returned":
        await _release(tx, plan, state)
    elif state == "open" and plan.seats == "released":
        plan.submitter = _as_json(tx.context.actor)
        await _ask(tx, plan, await org_queries.pack_version(tx, plan.pack_id, plan.pack_version))
    await tx.session.flush()


async def finish(tx: Transaction, plan_id: UUID, filled: Mapping[UUID, int]) -> None:
    """End an approved plan; posts that were not filled are free again. `filled`: hires decided, by community."""
    plan = await queries.row(tx, plan_id, lock=True)
    rules.check_finishable(plan.state)
    await _release(tx, plan, "finished", filled)
    _move(plan, "finished")
    await tx.session.flush()
    facts = {"filled": sum(filled.values())}
    await audit(tx, "recruitment.plan.finish", subject_type=SUBJECT, subject_id=plan.id, facts=facts)


async def _ask(tx: Transaction, plan: Plan, pack: Pack) -> bool:
    """Ask roster to keep the plan's posts; False where the regulation sets no number, so that nothing is asked."""
    asked = await queries.posts_by_community(tx, plan.id)
    found = await headcount.check(tx, pack, asked, plan.over_reason)
    if found is None:
        plan.seats, plan.findings = "none", []
        return False
    plan.round += 1
    plan.seats, plan.findings = "asked", [each.as_json() for each in found]
    request = PlanAsksForPosts(
        plan_id=str(plan.id), unit_ids=list(map(str, asked)), posts=list(asked.values()), round=plan.round
    )
    tx.position(await emit(tx, request, aggregate_id=plan.id, unit_no=plan.unit_no))
    return True


async def _open(tx: Transaction, plan: Plan) -> None:
    """Begin the way of approval, in the name of whoever submitted, or approve where the regulation writes none."""
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
        submitter=_submitter(plan),
    )
    if case is None:
        await _approve(tx, plan)
    else:
        plan.case_id = case.id


async def _refuse(tx: Transaction, plan: Plan, answer: HeadcountReserved) -> None:
    pack = await org_queries.pack_version(tx, plan.pack_id, plan.pack_version)
    finding = await headcount.refused(
        tx, pack, UUID(answer.unit_id), asked=answer.asked, free=answer.free, fixed=answer.fixed
    )
    had_case = plan.state == "submitted" and plan.case_id is not None
    plan.seats, plan.findings = "refused", [finding.as_json()]
    _move(plan, "refused")
    await tx.session.flush()
    await emit(
        tx,
        PlanEnded(plan_id=str(plan.id), why="refused", round=plan.round),
        aggregate_id=plan.id,
        unit_no=plan.unit_no,
    )
    if had_case and plan.case_id is not None:
        # Submitted again after a return: the case has nothing left to decide.
        end = Action("withdraw", tx.context.actor, comment=finding.message.zh)
        await approvals.decide(tx, plan.case_id, end)


async def _release(tx: Transaction, plan: Plan, why: str, filled: Mapping[UUID, int] | None = None) -> None:
    if plan.seats not in ("asked", "held"):
        return
    plan.seats = "released"
    ended = PlanEnded(
        plan_id=str(plan.id),
        why=why,
        round=plan.round,
        unit_ids=[str(unit) for unit in filled or {}],
        filled=list((filled or {}).values()),
    )
    await emit(tx, ended, aggregate_id=plan.id, unit_no=plan.unit_no)


def _as_json(actor: Actor) -> dict[str, Any]:
    return {name: None if (value := getattr(actor, name)) is None else str(value) for name in _OF_ACTOR} | {
        "unit_no": actor.unit_no
    }


def _submitter(plan: Plan) -> Actor | None:
    kept = plan.submitter
    if kept is None:
        return None
    ids = {name: UUID(kept[name]) if kept[name] else None for name in ("user", "post")}
    return Actor(**kept | ids)


_OF_ACTOR = ("kind", "user", "post", "unit_no", "department_kind", "level", "duty")


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


def _check_asked_for(pack: Pack, level: str, body: PlanDraft) -> None:
    rules.check_asked_for(
        pack,
        level,
        publicity=body.publicity_days is not None,
        relaxed_age=body.relaxed_age_limit is not None,
        relaxed_education=bool(body.relaxed_education_codes),
    )


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

"""Opening the assessment of a year: the method is frozen, participants are chosen with the reason (NM-28, SH-22)."""

from datetime import date
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import Conflict, Forbidden, Text
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from services.assessment.cycle import queries, rules
from services.assessment.cycle.schemas import CycleOpening, CycleView, RoundView
from services.assessment.cycle.tables import Cycle, Result, Round
from services.assessment.method import Method, Stage
from services.assessment.participant import actions as participants
from services.assessment.runner import check_runner
from services.assessment.scheme import actions as schemes


async def open_cycle(tx: Transaction, body: CycleOpening) -> CycleView:
    """Open the assessment of a year for the unit of the acting post, under its method in force today.

    Raises `ParameterNotSet` naming article and unit where it has set no method, `RuleRefused` for a unit of another
    level, `Conflict` where the year is assessed already.
    """
    actor = tx.context.actor
    if actor.unit_no is None:
        raise Forbidden(Text("请以岗位身份办理", "Act in a post: an assessment belongs to its unit."))
    pack = await org.pack(tx)
    check_runner(pack, actor.level, actor.department_kind)
    reference_on = body.reference_on or tx.today
    rules.check_year(body.year, reference_on, tx.today)
    unit = await org.unit_by_no(tx, actor.unit_no)
    scheme_id, method = await schemes.method_of(tx, pack, unit)
    row = Cycle(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=unit.unit_no,
        unit_id=unit.id,
        year=body.year,
        reference_on=reference_on,
        scheme_id=scheme_id,
        method=method.model_dump(mode="json"),
        stage=method.stages[0].id,
        state="open",
        pack_id=pack.id,
        pack_version=pack.version,
        opened_at=tx.now,
        opened_by_post=actor.post,
    )
    if not await queries.add(tx, row):
        raise Conflict(
            Text(f"{body.year} 年度考核已组织", f"The year {body.year} is assessed already."), article=method.article
        )
    listed = await participants.choose(tx, unit, method.terms.participation, body.year, reference_on)
    taking_part = await _enrol(tx, row, listed)
    facts = {"year": body.year, "listed": len(listed), "taking_part": taking_part}
    await audit(tx, "assessment.cycle.open", subject_type="cycle", subject_id=row.id, facts=facts)
    return await queries.view(tx, row.id)


async def _enrol(tx: Transaction, cycle: Cycle, listed: list[participants.Listed]) -> int:
    rounds: dict[int, UUID] = {}
    for each in listed:
        post = each.post
        if post.unit_no not in rounds:
            rounds[post.unit_no] = new_id()
            tx.session.add(
                Round(
                    tenant_id=tx.tenant,
                    id=rounds[post.unit_no],
                    cycle_id=cycle.id,
                    unit_no=post.unit_no,
                    community_unit_id=post.community_unit_id,
                    stage=cycle.stage,
                    state=cycle.state,
                    method=cycle.method,
                )
            )
    await tx.session.flush()
    for each in listed:
        post, standing = each.post, each.standing
        tx.session.add(
            Result(
                tenant_id=tx.tenant,
                id=new_id(),
                cycle_id=cycle.id,
                round_id=rounds[post.unit_no],
                unit_no=post.unit_no,
                community_unit_id=post.community_unit_id,
                year=cycle.year,
                person_id=post.person_id,
                dossier_id=post.dossier_id,
                category=post.category,
                role=post.role,
                post_title=post.post_title,
                state="open" if standing.takes_part else "out",
                reason=standing.reason,
                months=standing.months,
                explained={"zh": standing.said.zh, "en": standing.said.en},
            )
        )
    await tx.session.flush()
    return sum(each.standing.takes_part for each in listed)


def stage_under_way(cycle: CycleView | RoundView, *kinds: str) -> Stage:
    """The stage under way, where it is of one of those kinds; `WrongState` with the article in any other."""
    rules.check_open(cycle.state, cycle.method.article)
    return rules.check_stage(cycle.method, cycle.stage, kinds)


def may_act(tx: Transaction, stage: Stage) -> None:
    """Raise `RuleRefused` unless the acting post stands in an office of the stage."""
    rules.check_office(stage, tx.context.actor.department_kind, tx.context.actor.level)


async def move_on(tx: Transaction, cycle_id: UUID, named: str) -> CycleView:
    """End the stage that is named and begin the next; what the stage must have ready is checked by who calls.

    `RuleRefused` for a post that may look on and does not run the assessment (SH-20: the departments that guide).
    """
    actor = tx.context.actor
    row = await queries.get(tx, cycle_id, lock=True)
    pack = await org.pack_version(tx, row.pack_id, row.pack_version)
    check_runner(pack, actor.level, actor.department_kind)
    method = Method.model_validate(row.method)
    rules.check_open(row.state, method.article)
    row.stage = rules.next_stage(method, row.stage, named).id
    row.version += 1
    await tx.session.flush()
    await queries.move(tx, row.id, stage=row.stage)
    facts = {"ended": named, "begun": row.stage}
    await audit(tx, "assessment.cycle.advance", subject_type="cycle", subject_id=row.id, facts=facts)
    return await queries.view(tx, row.id)


async def set_state(tx: Transaction, cycle: Cycle, state: str, on: date | None = None) -> None:
    """Bring the cycle and its parts in the communities to a state."""
    cycle.state = state
    if state == "sealed":
        cycle.sealed_on = on
    cycle.version += 1
    await tx.session.flush()
    await queries.move(tx, cycle.id, state=state)

"""Publication of packs, figures that offices set locally, and evaluation without storing."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from contracts.roster import PayStandardApproved
from gateway.regulation import queries, rules
from gateway.regulation.schemas import (
    EvaluateBody,
    FigureView,
    FindingView,
    LocalParameterDecision,
    LocalParameterProposal,
    LocalParameterView,
    TermsView,
    WorkflowTerms,
)
from gateway.regulation.tables import LocalParameter
from kernel.db.table import days
from kernel.db.transaction import Transaction
from kernel.errors import (
    FieldError,
    Forbidden,
    InvalidInput,
    NotFound,
    ParameterNotSet,
    RuleRefused,
    Text,
    WrongState,
)
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.published import LocalParameterSet
from kernel.regulation import local
from kernel.regulation.figures import Figure
from kernel.regulation.pack import Pack, UnknownMember

CLOSED = Text("机构已撤销", "The unit is closed.")


async def evaluate(tx: Transaction, body: EvaluateBody) -> FindingView:
    """What one rule of the pack in force says about the given facts; nothing is stored (P4)."""
    pack = await org.pack(tx, body.on)
    try:
        finding = pack.evaluate(body.rule, body.facts, on=body.on or tx.today)
    except UnknownMember as error:
        raise InvalidInput(
            errors=[FieldError("/rule", Text("管理办法中没有此规则", "the regulation has no such rule"))]
        ) from error
    return FindingView(**finding.as_json())


async def terms(tx: Transaction) -> TermsView:
    """What the pack in force calls what answers name by a code (X5)."""
    known = (await org.pack(tx)).document
    named = {
        kind: [one.name for one in each.names if one.valid_from <= tx.today] for kind, each in known.departments.items()
    }
    return TermsView(
        levels={code: level.name.model_dump() for code, level in known.levels.items()},
        departments={kind: names[-1].model_dump() for kind, names in named.items() if names},
        facts={name: fact.label.model_dump() for name, fact in known.facts.items()},
        workflows={
            name: WorkflowTerms(
                label=workflow.label.model_dump(),
                article=workflow.article,
                steps={step.id: step.label.model_dump() for step in workflow.steps},
            )
            for name, workflow in known.workflows.items()
        },
    )


async def propose(tx: Transaction, body: LocalParameterProposal) -> LocalParameterView:
    """Propose a figure for the acting office's unit (P7).

    Raises `RuleRefused` with the article for a figure that the regulation leaves to nobody, to another office or to an
    approval in which others take part,
    `InvalidInput` for a value outside its kind or bounds or a day on which another value already held, and
    `ParameterNotSet` where no regulation is in force on the first day.
    """
    actor = tx.context.actor
    if actor.user is None:
        raise Forbidden
    article = await _check(tx, body.path, body.unit_id, body.value, body.valid_from)
    held = [_held(one) for one in await queries.periods(tx, body.path, body.unit_id)]
    rules.place(held, body.valid_from, tx.today, article)
    row = LocalParameter(
        tenant_id=tx.tenant,
        id=new_id(),
        **body.model_dump(include={"path", "unit_id", "value", "valid_from", "source", "reason"}),
        article=article,
        state="proposed",
        proposed_by=actor.user,
        proposed_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    await _audit(tx, row)
    return LocalParameterView.model_validate(row)


async def decide(tx: Transaction, parameter_id: UUID, body: LocalParameterDecision) -> LocalParameterView:
    """Approve or reject a proposal; an approval brings it into force and ends the period it begins in.

    Raises `NotFound`, `WrongState` for one decided on already, `RuleRefused` for another office or the proposer,
    `InvalidInput` for a rejection without reason, and what `propose` raises, since the regulation or the periods may
    have changed since.
    """
    row = await queries.local_parameter(tx, parameter_id, lock=True)
    await _check_office(tx, await org.pack(tx, row.valid_from), row.path, row.unit_id)
    if row.state != "proposed":
        raise WrongState(Text("该参数已审批", "This proposal was decided on already."), article=row.article)
    rules.check_four_eyes(row.proposed_by, tx.context.actor.user, row.article)
    if body.action == "reject" and body.comment is None:
        raise InvalidInput(errors=[FieldError("/comment", Text("请写明理由", "Give the reason."))])
    row.decided_by, row.decided_at, row.comment = tx.context.actor.user, tx.now, body.comment
    if body.action == "approve":
        await _check(tx, row.path, row.unit_id, row.value, row.valid_from)
        await _bring_into_force(tx, row)
    else:
        row.state = "rejected"
        await tx.session.flush()
    await _audit(tx, row)
    return LocalParameterView.model_validate(row)


async def set_by_case(tx: Transaction, told: PayStandardApproved) -> None:
    """Bring into force what an office set by the approval that the regulation asks for; once, however often told.

    What the regulation does not allow any more, since it or the unit changed meanwhile, is kept as rejected with the
    reason. Where another value held on the first day it is replaced from today on: days past stay as they were.
    """
    case_id, unit = UUID(told.case_id), await org.unit(tx, UUID(told.unit_id))
    for path, value in zip(told.paths, told.values, strict=True):
        if await queries.of_case(tx, case_id, path) is not None:
            continue
        row = LocalParameter(
            tenant_id=tx.tenant,
            id=new_id(),
            path=path,
            unit_id=unit.id,
            value=orjson.loads(value),
            valid_from=date.fromisoformat(told.valid_from),
            source=told.document,
            reason=told.reason,
            state="proposed",
            proposed_by=UUID(told.proposed_by),
            proposed_at=datetime.fromisoformat(told.proposed_at),
            decided_by=UUID(told.decided_by) if told.decided_by else None,
            decided_at=tx.now,
            case_id=case_id,
        )
        held = [_held(one) for one in await queries.periods(tx, path, unit.id)]
        first = rules.first_day(held, row.valid_from, tx.today)
        if first != row.valid_from:
            row.comment = f"{row.valid_from} 已有生效的值，自 {first} 起替换"
            row.valid_from = first
        tx.session.add(row)
        await tx.session.flush()
        try:
            row.article = await _check_approved(tx, row, told.workflow, unit.valid_before)
        except (InvalidInput, ParameterNotSet, RuleRefused, WrongState) as refused:
            row.state, row.comment = "rejected", refused.detail.zh if refused.detail else refused.title.zh
            await tx.session.flush()
        else:
            await _bring_into_force(tx, row)
        await _audit(tx, row)


async def _check_approved(tx: Transaction, row: LocalParameter, workflow: str, closed: date | None) -> str | None:
    """The figure against the pack in force on its first day and against its unit; the article that leaves it open."""
    if closed is not None and closed <= row.valid_from:
        raise WrongState(CLOSED)
    pack = await org.pack(tx, row.valid_from)
    local.check_way(pack, row.path, workflow)
    local.check_value(pack, row.path, row.value)
    return pack.parameter(row.path).article


async def _bring_into_force(tx: Transaction, row: LocalParameter) -> None:
    before = await queries.periods(tx, row.path, row.unit_id)
    found = rules.place([_held(one) for one in before], row.valid_from, tx.today, row.article)
    ended = next((older for older in before if older.id == found.ends), None)
    if ended is not None:
        ended.valid_before, ended.state = row.valid_from, "superseded"
        ended.period = days(ended.valid_from, row.valid_from) if ended.valid_from < row.valid_from else None
        # The database compares periods row by row: the older one must have made room first.
        await tx.session.flush()
    row.state, row.valid_before = "in_force", found.valid_before
    row.period = days(row.valid_from, found.valid_before)
    await tx.session.flush()
    position = await _tell(tx, row)
    if ended is not None:
        position = await _tell(tx, ended, followed=True)
    tx.position(position)


async def end_of_unit(tx: Transaction, unit_id: UUID, day: date) -> None:
    """End what the office of a unit that is closed on that day set, and what it proposed."""
    for row in await queries.of_unit(tx, unit_id, day):
        if row.state == "proposed":
            row.state, row.decided_at, row.comment = "rejected", tx.now, CLOSED.zh
        else:
            row.valid_before = max(day, row.valid_from)
            row.period = days(row.valid_from, row.valid_before) if row.valid_from < day else None
            await _tell(tx, row)
        await tx.session.flush()
        await _audit(tx, row, "ended")


async def copy_of_unit(tx: Transaction, unit_id: UUID, part_id: UUID, day: date) -> None:
    """Have what holds in a unit hold in a part that is split off it on that day, too, by the same decision."""
    for row in await queries.of_unit(tx, unit_id, day):
        if row.state != "in_force":
            continue
        since = max(day, row.valid_from)
        there = {"id": new_id(), "unit_id": part_id, "valid_from": since, "period": days(since, row.valid_before)}
        made = LocalParameter(**row.model_dump(exclude={"recorded_at"}) | there)
        tx.session.add(made)
        await tx.session.flush()
        await _tell(tx, made)
        await _audit(tx, made)


async def _check(tx: Transaction, path: str, unit_id: UUID, value: Any, valid_from: date) -> str | None:
    """Office and value against the pack in force on the first day; the article that leaves the figure open."""
    pack = await org.pack(tx, valid_from)
    article = await _check_office(tx, pack, path, unit_id)
    local.check_way(pack, path, None)
    local.check_value(pack, path, value)
    return article


async def _check_office(tx: Transaction, pack: Pack, path: str, unit_id: UUID) -> str | None:
    unit, actor = await org.unit(tx, unit_id), tx.context.actor
    setter, article = local.setter_of(pack, path), pack.parameter(path).article
    seat = local.Seat(actor.unit_no, actor.department_kind, actor.level)
    name = local.office_name(pack, setter)
    local.check_office(setter, seat, unit.unit_no, unit.level, name=name, article=article)
    return article


async def root_seat(tx: Transaction) -> rules.RootSeat:
    """The acting post where its unit is the tenant's topmost one, which alone acts for all of it."""
    actor = tx.context.actor
    unit = await org.unit_by_no(tx, actor.unit_no) if actor.unit_no is not None else None
    if unit is None or unit.parent_id is not None:
        return rules.RootSeat(None, None)
    return rules.RootSeat(actor.department_kind, actor.level)


def _held(row: LocalParameter) -> rules.Held:
    return rules.Held(row.id, row.valid_from, row.valid_before)


async def _tell(tx: Transaction, row: LocalParameter, *, followed: bool = False) -> UUID:
    told = LocalParameterSet(
        path=row.path,
        unit_id=str(row.unit_id),
        value=orjson.dumps(row.value).decode(),
        document=row.source,
        valid_from=row.valid_from.isoformat(),
        valid_before=row.valid_before.isoformat() if row.valid_before else None,
        followed=followed,
    )
    return await emit(tx, told, aggregate_id=row.id)


async def _audit(tx: Transaction, row: LocalParameter, what: str | None = None) -> None:
    await audit(
        tx,
        f"regulation.local.{what or row.state}",
        subject_type="local_parameter",
        subject_id=row.id,
        reason=row.comment or row.reason,
        facts={"path": row.path, "unit": str(row.unit_id), "valid_from": row.valid_from.isoformat()},
    )


async def figure(tx: Transaction, path: str, unit_id: UUID | None, on: date | None) -> FigureView:
    """The figure as it stands in a unit (or in the text itself) on a day; `NotFound` for an unknown path."""
    pack = await _pack(tx, unit_id, on)
    try:
        return _view(pack.parameter(path, on or tx.today))
    except UnknownMember as error:
        raise NotFound from error


async def figures(tx: Transaction, prefix: str, unit_id: UUID | None, on: date | None) -> list[FigureView]:
    """All figures whose path begins so, in alphabetical order."""
    pack = await _pack(tx, unit_id, on)
    paths = sorted(path for path in pack.document.parameters if path.startswith(prefix))
    return [_view(pack.parameter(path, on or tx.today)) for path in paths]


async def _pack(tx: Transaction, unit_id: UUID | None, on: date | None) -> Pack:
    unit = await org.unit(tx, unit_id) if unit_id else None
    return await org.pack(tx, on, unit_no=unit.unit_no if unit else None)


def _view(found: Figure) -> FigureView:
    parameter, state, value = found.parameter, found.state, None
    if state == "set":
        try:
            value = found.value()
        except ParameterNotSet:
            state = "not_regulated"  # dated, and the day lies before its first date
    return FigureView(
        path=found.path,
        label=parameter.label.model_dump(),
        kind=parameter.kind,
        unit=parameter.unit,
        state=state,
        value=value,
        article=parameter.article,
        words=parameter.words,
        source=found.source,
        statute=parameter.national,
        waits_for=parameter.unresolved or parameter.deferred,
        set_by=parameter.set_by.model_dump(exclude_none=True) if parameter.set_by else None,
    )
